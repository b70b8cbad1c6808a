//! The expert pool: who they are, where they work, where they worked before.

use crate::names;
use crate::source::Dice;
use crate::tasks::topics;
use crate::units::{SECTORS, Unit, Units};
use domain::NaiveDate;
use domain::access::Department;
use domain::discipline::Discipline;
use domain::expert::{Tie, TieKind};
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use import::experts::ExpertRow;

const METHODS: [&str; 6] = ["测试与表征", "数值模拟", "可靠性评价", "标准化研究", "过程强化", "质量管理"];

/// `count` experts from number `first` on, coded `prefix` and a number from 1 on.
pub fn pool(units: &Units, prefix: &str, first: usize, count: usize) -> Vec<ExpertRow> {
    let mut dice = Dice::about(&format!("experts/{prefix}"));
    (0..count).map(|i| expert(units, &mut dice, format!("{prefix}{:04}", i + 1), first + i)).collect()
}

fn expert(units: &Units, dice: &mut Dice, code: String, number: usize) -> ExpertRow {
    // 70 % technical, 15 % finance, 15 % management, spread over the codes.
    let role = match number * 7 % 20 {
        0..14 => ExpertRole::Technical,
        14..17 => ExpertRole::Finance,
        _ => ExpertRole::Management,
    };
    let sector = SECTORS[dice.below(SECTORS.len())];
    let mut sectors = vec![sector];
    if dice.percent(30) {
        let second = SECTORS[dice.below(SECTORS.len())];
        sectors.extend((second != sector).then_some(second));
    }
    let employer = employer(units, dice, role, sector);
    ExpertRow {
        code: Some(code),
        name: names::expert(number),
        source: Department::ALL[dice.below(3)],
        role,
        specialities: specialities(dice, role, sector),
        disciplines: vec![discipline(role, sector)],
        title: professional_title(dice, role).to_owned(),
        employer: employer.name.clone(),
        employer_uscc: Some(employer.uscc.clone()),
        region: employer.region.label().to_owned(),
        id_number: names::id_number(number),
        phone: Some(format!("1390931{:04}", number % 10_000)),
        bank_card: None,
        ties: history(units, dice, sector, employer),
        sectors,
        standing: None,
    }
}

fn employer<'a>(units: &'a Units, dice: &mut Dice, role: ExpertRole, sector: Sector) -> &'a Unit {
    let kind = dice.below(100);
    match (role, kind) {
        (ExpertRole::Technical, 0..45) | (ExpertRole::Finance, 70..85) | (ExpertRole::Management, 40..75) => {
            dice.pick(&units.universities)
        }
        (ExpertRole::Technical, 45..78) => dice.pick(&units.institutes),
        (ExpertRole::Finance, 0..70) => dice.pick(&units.accountants),
        (ExpertRole::Management, 0..40) => dice.pick(&units.associations),
        _ => dice.pick(units.firms_of(sector)),
    }
}

fn specialities(dice: &mut Dice, role: ExpertRole, sector: Sector) -> String {
    match role {
        ExpertRole::Technical => {
            let (title, ..) = *dice.pick(&topics(sector));
            let half: String = title.chars().take(title.chars().count() / 2).collect();
            format!("{half}、{}", dice.pick(&METHODS))
        }
        ExpertRole::Finance => (*dice.pick(&["审计", "财务管理", "项目预算评审", "税务与内控"])).to_owned(),
        ExpertRole::Management => (*dice.pick(&["产业规划", "科技管理", "知识产权管理", "产业政策研究"])).to_owned(),
    }
}

fn discipline(role: ExpertRole, sector: Sector) -> Discipline {
    let (code, name) = match (role, sector) {
        (ExpertRole::Finance, _) => ("790", "经济学"),
        (ExpertRole::Management, _) | (_, Sector::Other) => ("630", "管理学"),
        (_, Sector::Metallurgy) => ("450", "冶金工程技术"),
        (_, Sector::Chemical) => ("530", "化学工程"),
        (_, Sector::Electronics) => ("510", "电子与通信技术"),
        (_, Sector::Equipment) => ("460", "机械工程"),
        (_, Sector::Materials) => ("430", "材料科学"),
        (_, Sector::Biomedicine) => ("350", "药学"),
        (_, Sector::Aerospace) => ("590", "航空航天科学技术"),
        (_, Sector::Circular) => ("610", "资源科学技术"),
    };
    Discipline { code: code.to_owned(), name: name.to_owned() }
}

fn professional_title(dice: &mut Dice, role: ExpertRole) -> &'static str {
    let titles: [&'static str; 4] = match role {
        ExpertRole::Technical => ["教授", "研究员", "正高级工程师", "高级工程师"],
        ExpertRole::Finance => ["正高级会计师", "高级会计师", "注册会计师", "高级审计师"],
        ExpertRole::Management => ["正高级经济师", "高级经济师", "研究员", "教授"],
    };
    titles[dice.below(titles.len())]
}

/// One to three ties: earlier employment, mostly long over; for some a change within three years or a post elsewhere.
fn history(units: &Units, dice: &mut Dice, sector: Sector, employer: &Unit) -> Vec<Tie> {
    let mut ties = Vec::new();
    let earlier = if dice.percent(60) { units.scholarly(dice) } else { dice.pick(units.firms_of(sector)) };
    let since = dice.between(1995, 2012);
    // One in six changed within three years.
    let until = if dice.percent(16) {
        date(dice, 2022, 2024)
    } else {
        let year = since + dice.between(2, 8);
        date(dice, year, year)
    };
    if earlier.uscc != employer.uscc {
        ties.push(tie(TieKind::Employment, earlier, "工程师", date(dice, since, since), until));
    }
    if dice.percent(35) {
        let first = dice.pick(units.firms_of(sector));
        let since = since - 8;
        let left = date(dice, since + 5, since + 6);
        ties.push(tie(TieKind::Employment, first, "技术员", date(dice, since, since), left));
    }
    let post = match dice.below(100) {
        0..4 => Some((TieKind::Director, "独立董事")),
        4..6 => Some((TieKind::Supervisor, "监事")),
        6..8 => Some((TieKind::Shareholder, "控股股东")),
        _ => None,
    };
    if let Some((kind, position)) = post {
        let firm = dice.pick(units.firms_of(sector));
        let since = date(dice, 2016, 2021);
        // Half of the posts are over for more than three years.
        let until = if dice.percent(50) { date(dice, 2021, 2021) } else { None };
        ties.push(tie(kind, firm, position, since.min(until.or(since)), until));
    }
    if ties.is_empty() {
        let unit = dice.pick(units.firms_of(sector));
        ties.push(tie(TieKind::Employment, unit, "工程师", date(dice, 1996, 1999), date(dice, 2001, 2006)));
    }
    ties
}

pub fn tie(kind: TieKind, unit: &Unit, position: &str, since: Option<NaiveDate>, until: Option<NaiveDate>) -> Tie {
    Tie { kind, uscc: Some(unit.uscc.clone()), unit: unit.name.clone(), position: position.to_owned(), since, until }
}

/// The first of some month between the two years.
fn date(dice: &mut Dice, from: i64, to: i64) -> Option<NaiveDate> {
    let year = i32::try_from(dice.between(from, to)).ok()?;
    NaiveDate::from_ymd_opt(year, u32::try_from(dice.between(1, 12)).ok()?, 1)
}
