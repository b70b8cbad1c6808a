//! 抽取记录表: what was asked, who was drawn in which order, who succeeded whom, and the units that were avoided; to be signed.

use crate::table::{ColumnOf, Sheet, Table, book};
use crate::{Cell, ExportError};
use domain::access::Department;
use domain::application::Member;
use domain::beijing::{minute, written};
use domain::demand::Demand;
use domain::draw::{Fate, Pledges};
use domain::expert::Expert;
use domain::{NaiveDate, Timestamp};

/// The whole record.
#[derive(Debug, Clone)]
pub struct DrawRecord<'a> {
    /// The titles of batch and round.
    pub batch: &'a str,
    pub round: &'a str,
    pub demand: &'a Demand,
    pub panels: usize,
    pub candidates: usize,
    pub pool_digest: &'a str,
    pub algorithm: &'a str,
    /// How it was decided who can be seated.
    pub decided: Option<&'a str>,
    pub seed: &'a str,
    pub pledges: &'a Pledges,
    pub opened_at: Timestamp,
    pub drawn_at: Option<Timestamp>,
    pub generated: Timestamp,
    /// When draws were opened that were voided, and why they were.
    pub voided: &'a [(Timestamp, String)],
    pub seats: Vec<Seat<'a>>,
    pub lots: Vec<Lot<'a>>,
    pub reference_day: NaiveDate,
    pub avoided: Vec<Avoided<'a>>,
}

/// The way in which an expert comes by a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// 正选
    Drawn,
    /// 备选递补
    Succeeded,
    /// 补充抽取
    Supplementary,
    /// 备选
    Alternate,
}

impl Turn {
    const fn label(self) -> &'static str {
        match self {
            Self::Drawn => "正选",
            Self::Succeeded => "备选递补",
            Self::Supplementary => "补充抽取",
            Self::Alternate => "备选",
        }
    }
}

/// One expert with a seat, or who may get one.
#[derive(Debug, Clone)]
pub struct Seat<'a> {
    pub panel: &'a str,
    pub role: &'a str,
    /// The place in the order of lots.
    pub order: Option<u32>,
    pub code: &'a str,
    pub expert: Option<&'a Expert>,
    pub turn: Turn,
    /// 通知结果、备选席位
    pub notice: String,
}

/// One lot.
#[derive(Debug, Clone)]
pub struct Lot<'a> {
    pub order: u32,
    pub lot: &'a str,
    pub expert: &'a str,
    pub fate: &'a Fate,
}

/// A unit whose people may not review.
#[derive(Debug, Clone, Copy)]
pub struct Avoided<'a> {
    pub panel: &'a str,
    /// The code of the application.
    pub application: &'a str,
    pub member: &'a Member,
}

/// Writes 抽取记录表.
///
/// # Errors
/// More rows than a sheet holds.
pub fn to_xlsx(record: &DrawRecord<'_>) -> Result<Vec<u8>, ExportError> {
    let title = format!("{}专家抽取记录表", record.round);
    book(&[result(record, &title), lots(record, &title), avoided(record, &title)])
}

fn of_expert(seat: &Seat<'_>, of: fn(&Expert) -> &str) -> Cell {
    Cell::text(seat.expert.map(of).unwrap_or_default())
}

fn result(record: &DrawRecord<'_>, title: &str) -> Sheet {
    let columns: [ColumnOf<Seat<'_>>; 10] = [
        ("评审组", |seat| Cell::text(seat.panel)),
        ("类别", |seat| Cell::text(seat.role)),
        ("抽中次序", |seat| Cell::or_blank(seat.order, Cell::count)),
        ("专家编号", |seat| Cell::text(seat.code)),
        ("姓名", |seat| of_expert(seat, |expert| &expert.name)),
        ("工作单位", |seat| of_expert(seat, |expert| &expert.employer)),
        ("专业", |seat| of_expert(seat, |expert| &expert.specialities)),
        ("职称", |seat| of_expert(seat, |expert| &expert.title)),
        ("正选/备选/补抽", |seat| Cell::text(seat.turn.label())),
        ("通知结果、备选席位", |seat| Cell::text(&seat.notice)),
    ];
    let blank = "________________";
    let signed: Vec<_> = Department::ALL.iter().map(|department| format!("{department}：{blank}")).collect();
    Sheet {
        name: "抽取结果".to_owned(),
        table: Table::numbered(title.to_owned(), facts(record), &columns, &record.seats),
        tail: vec![
            format!("抽取人（签字）  {}", signed.join("    ")),
            format!("监督人（签字）：{blank}    地点：{blank}    日期：______年____月____日"),
        ],
    }
}

fn facts(record: &DrawRecord<'_>) -> Vec<String> {
    let Demand { technical, finance, management, employer_cap, recusals } = record.demand;
    let (drawn, now) = (record.drawn_at.map(minute).unwrap_or_default(), minute(record.generated));
    let recused = if *recusals == 0 {
        "与组内任一项目有回避情形的不进入该组".to_owned()
    } else {
        format!("每名专家至多回避组内 {recusals} 个项目")
    };
    let mut lines = vec![
        format!("批次：{}    轮次：{}    抽取时间：{drawn}    生成时间：{now}", record.batch, record.round),
        format!(
            "所需专家：{} 个评审组，每组技术 {technical} 名、财务 {finance} 名、产业/管理 {management} 名，共 {} 名",
            record.panels,
            record.panels * record.demand.seats() as usize
        ),
        format!("抽取条件：在库且领域相符；每组同一单位至多 {employer_cap} 名；{recused}"),
        format!("候选池：{} 名，{}关闭，摘要 {}", record.candidates, minute(record.opened_at), record.pool_digest),
        format!("算法：{}；种子 {}（由三个部门先承诺、后公布的随机数得出）", record.algorithm, record.seed),
    ];
    lines.extend(record.decided.map(ToOwned::to_owned));
    for department in Department::ALL {
        if let Some(pledge) = record.pledges.get(*department) {
            let nonce = pledge.nonce.as_deref().unwrap_or_default();
            lines.push(format!("{department}：承诺 {}；随机数 {nonce}", pledge.commitment));
        }
    }
    lines.extend(record.voided.iter().map(|(at, reason)| format!("{}开启的抽取已作废：{reason}", minute(*at))));
    lines
}

fn lots(record: &DrawRecord<'_>, title: &str) -> Sheet {
    let row = |lot: &Lot<'_>| {
        let (fate, why) = match lot.fate {
            Fate::Seated { panel, role } => ("抽中", format!("{panel} {role}")),
            Fate::PassedOver { reason } => ("未中", reason.clone()),
        };
        vec![Cell::count(lot.order), Cell::text(lot.lot), Cell::text(lot.expert), Cell::text(fate), Cell::text(why)]
    };
    let table = Table {
        title: format!("{title}：全部签次"),
        lines: vec!["签号是以种子为密钥、以专家编号为内容的 HMAC-SHA-256；签号小的在前，席位排满即止".to_owned()],
        headers: ["次序", "签号", "专家编号", "结果", "席位或未中原因"].map(str::to_owned).to_vec(),
        rows: record.lots.iter().map(row).collect(),
    };
    Sheet { name: "全部签次".to_owned(), table, tail: Vec::new() }
}

/// 回避单位清单
fn avoided(record: &DrawRecord<'_>, title: &str) -> Sheet {
    let columns: [ColumnOf<Avoided<'_>>; 5] = [
        ("评审组", |unit| Cell::text(unit.panel)),
        ("项目编号", |unit| Cell::text(unit.application)),
        ("单位", |unit| Cell::text(&unit.member.name)),
        ("统一社会信用代码", |unit| Cell::text(unit.member.uscc.as_str())),
        ("角色", |unit| Cell::text(unit.member.role.label())),
    ];
    let title = format!("{title}：回避单位清单");
    let lines = vec![format!("回避基准日：{}", written(record.reference_day))];
    let table = Table::numbered(title, lines, &columns, &record.avoided);
    Sheet { name: "回避单位清单".to_owned(), table, tail: Vec::new() }
}
