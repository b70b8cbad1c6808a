//! 抽取记录表: what was asked, who was drawn in which order, who succeeded whom, and the units that were avoided; to be signed.

use super::lists::headers;
use super::{Document, beijing, hand_out};
use crate::assignment::Demand;
use crate::dossier::Dossier;
use crate::draw::{Line, LineOutcome, View};
use crate::session::{concealed, shows_numbers_only};
use crate::{Context, Error, Result};
use domain::access::{Department, Permission};
use domain::expert::Expert;
use domain::ids::RoundId;
use domain::seat::Presence;
use engine::draw::{ALGORITHM, Event};
use export::Cell;
use export::table::{Sheet, Table, book};
use std::collections::HashMap;
use store::Repositories;

/// 抽取记录表. Until sign-in the experts are numbers for whoever does not have to notify them.
///
/// # Errors
/// `Denied` without `Export` and `ReadProgress`; `NotFound` before the lots have fallen.
pub async fn draw_record(ctx: &Context, round: RoundId) -> Result<Document> {
    ctx.require(Permission::Export)?;
    let view = crate::draw::view(ctx, round).await?.filter(|view| view.drawn_at.is_some()).ok_or(Error::NotFound)?;
    let dossier = Dossier::load(ctx, round).await?;
    let numbers_only = shows_numbers_only(ctx, &dossier);
    let experts = ctx.store().experts().all().await?;
    let seats = ctx.store().panels().seats(round).await?;
    let presence: HashMap<_, _> = seats.iter().map(|seat| (seat.expert, seat.presence)).collect();
    let came = experts.iter().filter_map(|e| Some((e.code.clone(), *presence.get(&e.id)?))).collect();
    let shown = experts.into_iter().map(|e| (e.code.clone(), if numbers_only { concealed(e) } else { e })).collect();
    let people = People { experts: shown, came };
    let title = format!("{}专家抽取记录表", dossier.round.title);
    let sheets = [
        result(&view, &dossier, &people, &title, &beijing(ctx.now())),
        every_lot(&view, &title),
        avoided(&dossier, &title),
    ];
    hand_out(ctx, Some(round), format!("{}-抽取记录表.xlsx", dossier.round.title), book(&sheets)?).await
}

struct People {
    experts: HashMap<String, Expert>,
    came: HashMap<String, Presence>,
}

impl People {
    fn cells(&self, code: &str) -> [Cell; 5] {
        let expert = self.experts.get(code);
        let text = |of: fn(&Expert) -> &str| Cell::text(expert.map(of).unwrap_or_default());
        [Cell::text(code), text(|e| &e.name), text(|e| &e.employer), text(|e| &e.specialities), text(|e| &e.title)]
    }

    /// The words for an expert who is still expected.
    fn notice(&self, code: &str) -> &'static str {
        match self.came.get(code) {
            Some(Presence::Present) => "参加",
            Some(Presence::Absent) => "未到会",
            Some(Presence::Expected) | None => "",
        }
    }
}

fn result(view: &View, dossier: &Dossier, people: &People, title: &str, now: &str) -> Sheet {
    let order: HashMap<&str, u32> = view.lots.iter().map(|line| (line.expert.as_str(), line.order)).collect();
    let left = |code: &str| view.events.iter().find(|event| event.vacancy.expert == code);
    let mut rows = Vec::new();
    let mut add = |panel: &str, role: &str, code: &str, kind: &str, notice: String| {
        let number = u32::try_from(rows.len() + 1).unwrap_or(u32::MAX);
        let head = [Cell::count(number), Cell::text(panel), Cell::text(role)];
        let drawn = Cell::or_blank(order.get(code).copied(), Cell::count);
        let cells = head.into_iter().chain([drawn]).chain(people.cells(code));
        rows.push(cells.chain([Cell::text(kind), Cell::text(notice)]).collect::<Vec<_>>());
    };
    let notice = |code: &str| left(code).map_or_else(|| people.notice(code).to_owned(), |e| e.vacancy.reason.clone());
    let mut drawn: Vec<(&str, &str, &Line)> = view.lots.iter().filter_map(seated).collect();
    drawn.sort_by_key(|(panel, _, line)| (dossier.panels.iter().position(|p| p.name == **panel), line.order));
    for (panel, role, line) in drawn {
        add(panel, role, &line.expert, "正选", notice(&line.expert));
    }
    for event in &view.events {
        let kind = if event.is_supplementary() { "补充抽取" } else { "备选递补" };
        let (panel, role) = place(event);
        let words = format!("接替{}", event.vacancy.expert);
        let words = match notice(&event.successor) {
            none if none.is_empty() => words,
            known => format!("{words}；{known}"),
        };
        add(panel, role, &event.successor, kind, words);
    }
    for alternate in view.alternates.iter().filter(|a| view.events.iter().all(|e| e.successor != a.expert)) {
        let places: Vec<_> = alternate.places.iter().map(|p| format!("{} {}", p.application, p.role.label())).collect();
        add("", "", &alternate.expert, "备选", places.join("；"));
    }
    let table = Table {
        title: title.to_owned(),
        lines: facts(view, dossier, now),
        headers: headers(&[
            "序号",
            "评审组",
            "类别",
            "抽中次序",
            "专家编号",
            "姓名",
            "工作单位",
            "专业",
            "职称",
            "正选/备选/补抽",
            "通知结果、备选席位",
        ]),
        rows,
    };
    let blank = "________________";
    let signed: Vec<_> = Department::ALL.iter().map(|department| format!("{department}：{blank}")).collect();
    let tail = vec![
        format!("抽取人（签字）  {}", signed.join("    ")),
        format!("监督人（签字）：{blank}    地点：{blank}    日期：______年____月____日"),
    ];
    Sheet { name: "抽取结果".to_owned(), table, tail }
}

fn seated(line: &Line) -> Option<(&str, &'static str, &Line)> {
    match &line.outcome {
        LineOutcome::Seated { panel, role } => Some((panel, role, line)),
        LineOutcome::PassedOver { .. } => None,
    }
}

fn place(event: &Event) -> (&str, &'static str) {
    let joined = event.change.joined.iter().find(|one| one.expert == event.successor);
    joined.map_or(("", ""), |one| (one.application.as_str(), one.role.label()))
}

fn facts(view: &View, dossier: &Dossier, now: &str) -> Vec<String> {
    let Demand { technical, finance, management, employer_cap, recusals } = view.demand;
    let drawn = view.drawn_at.map(beijing).unwrap_or_default();
    let recused = if recusals == 0 {
        "与组内任一项目有回避情形的不进入该组".to_owned()
    } else {
        format!("每名专家至多回避组内 {recusals} 个项目")
    };
    let mut lines = vec![
        format!(
            "批次：{}    轮次：{}    抽取时间：{drawn}    生成时间：{now}",
            dossier.batch.title, dossier.round.title
        ),
        format!(
            "所需专家：{} 个评审组，每组技术 {technical} 名、财务 {finance} 名、产业/管理 {management} 名，共 {} 名",
            dossier.panels.len(),
            dossier.panels.len() * (technical + finance + management) as usize
        ),
        format!("抽取条件：在库且领域相符；每组同一单位至多 {employer_cap} 名；{recused}"),
        format!("候选池：{} 名，{}关闭，摘要 {}", view.candidates, beijing(view.opened_at), view.pool_digest),
        format!("算法：{ALGORITHM}；种子 {}（由三个部门先承诺、后公布的随机数得出）", view.seed),
    ];
    for department in Department::ALL {
        if let Some(pledge) = view.pledges.get(*department) {
            let nonce = pledge.nonce.as_deref().unwrap_or_default();
            lines.push(format!("{department}：承诺 {}；随机数 {nonce}", pledge.commitment));
        }
    }
    lines.extend(view.voided.iter().map(|(at, reason)| format!("{}开启的抽取已作废：{reason}", beijing(*at))));
    lines
}

fn every_lot(view: &View, title: &str) -> Sheet {
    let row = |line: &Line| {
        let (outcome, why) = match &line.outcome {
            LineOutcome::Seated { panel, role } => ("抽中", format!("{panel} {role}")),
            LineOutcome::PassedOver { reason } => ("未中", reason.clone()),
        };
        vec![
            Cell::count(line.order),
            Cell::text(&line.lot),
            Cell::text(&line.expert),
            Cell::text(outcome),
            Cell::text(why),
        ]
    };
    let table = Table {
        title: format!("{title}：全部签次"),
        lines: vec!["签号是以种子为密钥、以专家编号为内容的 HMAC-SHA-256；签号小的在前，席位排满即止".to_owned()],
        headers: headers(&["次序", "签号", "专家编号", "结果", "席位或未中原因"]),
        rows: view.lots.iter().map(row).collect(),
    };
    Sheet { name: "全部签次".to_owned(), table, tail: Vec::new() }
}

/// 回避单位清单: the members of every application under review.
fn avoided(dossier: &Dossier, title: &str) -> Sheet {
    let mut rows = Vec::new();
    for application in dossier.eligible() {
        let panel = dossier.panel_of(application.id).and_then(|id| dossier.panel(id)).map(|panel| panel.name.as_str());
        for member in &application.members {
            rows.push(vec![
                Cell::count(u32::try_from(rows.len() + 1).unwrap_or(u32::MAX)),
                Cell::text(panel.unwrap_or_default()),
                Cell::text(&application.code),
                Cell::text(&member.name),
                Cell::text(member.uscc.as_str()),
                Cell::text(member.role.label()),
            ]);
        }
    }
    let table = Table {
        title: format!("{title}：回避单位清单"),
        lines: vec![format!("回避基准日：{}", dossier.round.reference_day.format("%Y年%-m月%-d日"))],
        headers: headers(&["序号", "评审组", "项目编号", "单位", "统一社会信用代码", "角色"]),
        rows,
    };
    Sheet { name: "回避单位清单".to_owned(), table, tail: Vec::new() }
}
