//! Two example workbooks for playing the story: untidy as real ones are, and valid.

use crate::applications::{Filing, sample};
use crate::tasks::title;
use crate::units::{Unit, Units};
use crate::{COMING, experts};
use domain::NaiveDate;
use domain::application::{Form, MemberRole, UnitKind};
use domain::expert::{Tie, TieKind};
use domain::rubric::ExpertRole;
use import::experts::ExpertRow;
use import::table::{Table, write};

const APPLICATIONS: usize = 8;
const EXPERTS: usize = 30;
/// Names from this number on are borne by nobody in the pool.
const FIRST_NUMBER: usize = 9000;

/// `示例-汇总表.xlsx` for the batch that waits, and `示例-专家库.xlsx` with further experts. Name and content.
pub fn sample_files() -> Vec<(String, Vec<u8>)> {
    let Ok(units) = Units::make(1) else { return Vec::new() };
    let files = [("示例-汇总表.xlsx", summary(&units)), ("示例-专家库.xlsx", pool(&units))];
    files.into_iter().filter_map(|(name, tables)| Some((name.to_owned(), write(&tables).ok()?))).collect()
}

fn cells<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

fn summary(units: &Units) -> Vec<Table> {
    let filings = sample(units, &COMING, APPLICATIONS);
    let mut rows = vec![
        cells(["揭榜挂帅项目申报汇总表（示例）"]),
        cells(["汇总单位：示例推荐单位", "", "", "", "单位：万元"]),
        cells([
            "序号",
            "申报编号",
            "揭榜任务",
            "项目名称",
            "申报方式",
            "牵头单位名称",
            "牵头单位信用代码",
            "单位性质",
            "联合体参与单位",
            "推荐单位",
            "项目总投资（万元）",
            "承诺书签署时间",
            "研发基础",
            "攻关方案及创新点",
            "资金筹措情况",
        ]),
    ];
    for (i, filing) in filings.iter().enumerate() {
        rows.push(summary_row(i, filing));
        if i == 3 {
            rows.push(Vec::new());
        }
    }
    rows.push(cells(["合计", "", "", "", "", "", "", "", "", "", "8项"]));
    let mut people = vec![cells(["项目编号", "姓 名", "所在单位", "项目分工"])];
    for filing in &filings {
        let listed = filing.row.people.iter();
        people.extend(listed.map(|p| {
            vec![filing.row.code.clone().unwrap_or_default(), p.name.clone(), p.unit.clone(), p.duty.clone()]
        }));
    }
    vec![Table { name: "汇总表".to_owned(), rows }, Table { name: "参与人员".to_owned(), rows: people }]
}

fn summary_row(i: usize, filing: &Filing) -> Vec<String> {
    let row = &filing.row;
    let lead = row.members.first();
    let wan = row.investment.0 / 1_000_000;
    let section = |part: usize| row.sections.get(part).map(|s| s.body.clone()).unwrap_or_default();
    let task = COMING.iter().position(|sector| *sector == filing.sector).map_or(0, |place| place * 2 + filing.task);
    vec![
        (i + 1).to_string(),
        row.code.clone().unwrap_or_default(),
        // Some write the code, some the title.
        if i % 3 == 2 { title(filing.sector, filing.task) } else { format!("B2-RW{:02}", task + 1) },
        format!(" {}", row.title),
        if row.form == Form::Consortium { "联合申报" } else { "独立申报" }.to_owned(),
        lead.map(|l| l.name.clone()).unwrap_or_default(),
        lead.map(|l| spaced(l.uscc.as_str(), i)).unwrap_or_default(),
        "民营企业".to_owned(),
        partners(i, filing),
        recommender(i, row.recommender.label()),
        if i.is_multiple_of(2) { format!("{},{:03}", wan / 1000, wan % 1000) } else { format!("{wan}.00") },
        row.committed_on.map(|day| written(i, day)).unwrap_or_default(),
        section(0),
        section(1),
        section(2),
    ]
}

/// Codes as people type them: in groups, in lower case, as they are.
fn spaced(code: &str, i: usize) -> String {
    match i % 3 {
        0 => code.to_owned(),
        1 => code.to_lowercase(),
        _ => format!("{} {} {}", &code[..2], &code[2..8], &code[8..]),
    }
}

/// Several units in one cell: numbered lines, or one after the other.
fn partners(i: usize, filing: &Filing) -> String {
    let others = filing.row.members.iter().filter(|m| m.role == MemberRole::Participant);
    let named: Vec<_> = others.map(|m| format!("{}（{}）", m.name, m.uscc)).collect();
    match (named.is_empty(), i % 2) {
        (true, _) => "无".to_owned(),
        (false, 0) => (1..).zip(&named).map(|(n, unit)| format!("{n}.{unit}")).collect::<Vec<_>>().join("\n"),
        (false, _) => named.join("；"),
    }
}

fn recommender(i: usize, label: &str) -> String {
    if i.is_multiple_of(2) { format!("{label}工信局") } else { label.to_owned() }
}

fn written(i: usize, day: NaiveDate) -> String {
    let form = ["%Y-%m-%d", "%Y年%-m月%-d日", "%Y.%-m.%-d", "%Y/%m/%d"][i % 4];
    day.format(form).to_string()
}

fn pool(units: &Units) -> Vec<Table> {
    let mut pool = experts::pool(units, "XZ", FIRST_NUMBER, EXPERTS);
    tie_to_samples(units, &mut pool);
    let mut rows = vec![
        cells(["评审专家入库名单（示例）"]),
        cells([
            "序号",
            "专家编号",
            "专家姓名",
            "推荐部门",
            "专家类型",
            "擅长领域",
            "研究方向",
            "学科代码",
            "技术职称",
            "现工作单位",
            "单位信用代码",
            "所属地区",
            "身份证号码",
            "备注",
        ]),
    ];
    let mut ties = vec![cells(["专家编号", "与单位关系", "任职单位", "信用代码", "担任职务", "开始时间", "截止时间"])];
    for (i, expert) in pool.iter().enumerate() {
        rows.push(expert_row(i, expert));
        ties.extend(expert.ties.iter().map(|tie| tie_row(i, expert.code.as_deref().unwrap_or_default(), tie)));
    }
    rows.push(cells(["注：以上专家均为演示数据。"]));
    vec![Table { name: "专家名单".to_owned(), rows }, Table { name: "近年任职".to_owned(), rows: ties }]
}

/// Some of the further experts have to do with the sample applications.
fn tie_to_samples(units: &Units, pool: &mut [ExpertRow]) {
    for (i, filing) in sample(units, &COMING, APPLICATIONS).iter().enumerate().take(4) {
        let (Some(expert), Some(lead)) = (pool.get_mut(i * 5), filing.row.members.first()) else { continue };
        let unit = Unit {
            uscc: lead.uscc.clone(),
            name: lead.name.clone(),
            kind: UnitKind::Enterprise,
            region: filing.row.recommender,
        };
        let kind = [TieKind::Employment, TieKind::Director, TieKind::Consultant, TieKind::Shareholder][i];
        expert.ties.push(experts::tie(kind, &unit, "", NaiveDate::from_ymd_opt(2022, 9, 1), None));
    }
}

fn expert_row(i: usize, expert: &ExpertRow) -> Vec<String> {
    let separator = ["、", "，", "/"][i % 3];
    let role = match expert.role {
        ExpertRole::Technical => ["技术", "技术专家"][i % 2],
        ExpertRole::Finance => ["财务", "财务会计"][i % 2],
        ExpertRole::Management => "产业/管理",
    };
    // Two characters are padded to the width of three.
    let name: String =
        expert.name.chars().map(String::from).collect::<Vec<_>>().join(if i.is_multiple_of(7) { " " } else { "" });
    vec![
        (i + 1).to_string(),
        expert.code.clone().unwrap_or_default(),
        name,
        expert.source.label().to_owned(),
        role.to_owned(),
        expert.sectors.iter().map(|s| s.label()).collect::<Vec<_>>().join(separator),
        expert.specialities.clone(),
        expert.disciplines.iter().map(|d| d.code.clone()).collect::<Vec<_>>().join("、"),
        expert.title.clone(),
        expert.employer.clone(),
        expert.employer_uscc.as_ref().map(|code| spaced(code.as_str(), i)).unwrap_or_default(),
        expert.region.clone(),
        expert.id_number.clone().unwrap_or_default(),
        String::new(),
    ]
}

fn tie_row(i: usize, code: &str, tie: &Tie) -> Vec<String> {
    let kind = match tie.kind {
        TieKind::Employment => ["任职", "工作"][i % 2],
        TieKind::Director => "董事",
        TieKind::Supervisor => "监事",
        TieKind::Shareholder => "控股股东",
        TieKind::Consultant => "技术顾问",
    };
    let month = |day: Option<NaiveDate>, open: &str| {
        let form = ["%Y-%m", "%Y年%-m月", "%Y/%m"][i % 3];
        day.map_or_else(|| open.to_owned(), |day| day.format(form).to_string())
    };
    vec![
        code.to_owned(),
        kind.to_owned(),
        tie.unit.clone(),
        tie.uscc.as_ref().map(ToString::to_string).unwrap_or_default(),
        tie.position.clone(),
        month(tie.since, ""),
        month(tie.until, "至今"),
    ]
}
