//! 导出中心: every document of the round, what it holds, and when it can be had.

use crate::components::{Alert, AlertKind, ButtonSize, Card, KeyValue, KeyValues, LinkButton, PageHead, Tag, Tone};
use crate::frame::{Page, page};
use crate::request::path_id;
use crate::routes;
use crate::time;
use domain::access::Permission;
use domain::ids::RoundId;
use domain::round::{RoundKind, Step, When, Work};
use leptos::prelude::*;
use service::Context;
use service::ranking::View;

#[component]
pub fn ExportsPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    page(move |ctx| async move {
        ctx.require(Permission::Export)?;
        let view = service::ranking::view(&ctx, round?).await?;
        let drawn = service::draw::view(&ctx, view.dossier.round.id).await?.is_some_and(|draw| draw.drawn_at.is_some());
        let cards =
            documents(&ctx, &view, if drawn { Draw::Taken } else { Draw::None }).into_iter().map(card).collect_view();
        let content = view! {
            <PageHead title="导出中心" lede=|| "表格为固定数值，不含公式和宏，可用 WPS 打开；文件注明政策依据与生成时间，每次导出记入审计" />
            <Alert
                kind=AlertKind::Info
                title="含专家实名、评分或回避情况的文件仅限内部使用"
                body=|| view! { <p>"对外公开只限公示名单。评分汇总对外或报送时请用代号版。"</p> }
            />
            <div class="halves">{cards}</div>
        };
        Ok(Page::new("导出中心", content).of(view.dossier.round.clone()))
    })
}

/// One document of the list.
struct Document {
    title: &'static str,
    contents: String,
    /// The command that makes the result again.
    command: Option<String>,
    format: &'static str,
    when: &'static str,
    state: State,
}

enum State {
    /// Labels and addresses of its variants, and what it stands on.
    Ready(Vec<(&'static str, String)>, String),
    /// Why not, and what is missing.
    NotYet(String),
}

/// Whether lots have fallen in the round.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Draw {
    Taken,
    None,
}

fn documents(ctx: &Context, view: &View, draw: Draw) -> Vec<Document> {
    let round = &view.dossier.round;
    let at = |file: &str| routes::Round(round.id).file(file);
    let scored = |links: Vec<(&'static str, String)>| {
        if round.permits(Work::ExportScores).is_ok() {
            State::Ready(links, String::new())
        } else {
            State::NotYet(format!("当前步骤为“{}”。独立评分结束之前，任何人都看不到分数", round.step))
        }
    };
    let ranking = view.ranking.as_ref().map_or_else(
        || State::NotYet(format!("尚未计算排序，当前步骤为“{}”。请在“{}”步骤计算", round.step, Step::Ranking)),
        |kept| {
            let made = format!("排序计算于 {}，摘要 {}", time::date_time(kept.at), short(&kept.digest));
            State::Ready(vec![("签署版", at("ranking.xlsx?edition=signing")), ("全表", at("ranking.xlsx"))], made)
        },
    );
    let (title, outcome) = match round.kind {
        RoundKind::Selection => ("综合排序表", "是否达线、任务内名次、建议（入围、备选、不入围）、会商理由、否决原因"),
        RoundKind::Acceptance => ("验收成绩与结论表", "系统建议与理由、验收结论、一票否决情形"),
    };
    let applications = if view.dossier.applications.is_empty() {
        State::NotYet("本轮还没有申报项目，请先导入汇总表".to_owned())
    } else {
        let count = format!("{}项", view.dossier.applications.len());
        State::Ready(vec![("下载 xlsx", at("applications.xlsx"))], count)
    };
    let mut all = vec![
        Document {
            title,
            contents: format!("名次与并列、组别、组内名次、项目编号、任务、单位、原始分、校准方法、修正系数或校准量、最终分、各维度得分、{outcome}"),
            command: None,
            format: "xlsx；签署版只列所签的内容，A4横向，字号不小于9磅，行高8毫米，附签字栏；全表作为附件，A3横向",
            when: "排序计算之后",
            state: ranking,
        },
        Document {
            title: "组内评分汇总表",
            contents: "每组一张：项目、单位、各位专家的总分、有效份数、最高、最低、平均（去极值）、标准差、各维度得分、推荐票、异常标记，附签字栏。代号版不含专家姓名".to_owned(),
            command: None,
            format: "xlsx，每组一个工作表；签署版A4横向，附签字栏；全表作为附件，A3横向",
            when: "独立评分结束之后",
            state: scored(vec![
                ("签署版（内部）", at("panels.xlsx?names=real&edition=signing")),
                ("全表（代号）", at("panels.xlsx?names=coded")),
                ("全表（实名，内部）", at("panels.xlsx?names=real")),
            ]),
        },
        Document {
            title: "评分数据",
            contents: "项目编号、专家代号、总分、评审组、名额所在的组、各评分项得分，每份有效评分表一行。用下面的命令可在任何计算机上重新算出成绩、名次区间和入围概率，与本系统核对".to_owned(),
            command: Some(service::calibration::command(round)),
            format: "csv，UTF-8",
            when: "独立评分结束之后",
            state: scored(vec![("下载 csv", at("scores.csv"))]),
        },
        receipts(scored(vec![("下载 json（内部）", at("sheets.json"))])),
        Document {
            title: "抽取记录表",
            contents: "所需专家与抽取条件、三厅承诺与随机数、种子、正选与备选名单及通知结果、递补与补充抽取、全部签次及未中原因、回避单位清单，附签字栏".to_owned(),
            command: None,
            format: "xlsx，三个工作表；签到前不含专家姓名",
            when: "抽取完成之后",
            state: match draw {
                Draw::Taken => State::Ready(
                    vec![("下载 xlsx（内部）", at("draw-record.xlsx")), ("下载 json", at("draw.json"))],
                    String::new(),
                ),
                Draw::None => State::NotYet("本轮次没有完成的抽取".to_owned()),
            },
        },
        Document {
            title: "申报汇总表",
            contents: "项目编号、揭榜任务、牵头单位、参与单位、推荐单位、总投资、形式审查结论".to_owned(),
            command: None,
            format: "xlsx，A4横向",
            when: "导入申报之后",
            state: applications,
        },
    ];
    if ctx.may(Permission::ReadConflicts) {
        all.push(Document {
            title: "回避登记表",
            contents: "专家、项目、触犯的规则及其依据、事实与来源、处理结论与理由".to_owned(),
            command: None,
            format: "xlsx，A4横向，含专家实名",
            when: "进入回避审查之后",
            state: if round.when(Work::CompareConflicts) == When::Ahead {
                State::NotYet(format!("当前步骤为“{}”，尚未进行回避比对", round.step))
            } else {
                State::Ready(vec![("下载 xlsx（内部）", at("conflicts.xlsx"))], String::new())
            },
        });
    }
    all
}

fn receipts(state: State) -> Document {
    Document {
        title: "提交凭证",
        contents: "每份评分表提交时的内容、盐和摘要。评分期间审计中只有摘要，得不出分数；结束之后凭盐可以核对：参加计算的就是当时提交的"
            .to_owned(),
        command: Some("hengping audit sheets sheets.json".to_owned()),
        format: "json，UTF-8",
        when: "独立评分结束之后",
        state,
    }
}

fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

fn card(document: Document) -> impl IntoView {
    let (tag, words, links) = match document.state {
        State::Ready(links, words) => (view! { <Tag label="可下载" tone=Tone::Good /> }, words, links),
        State::NotYet(why) => (view! { <Tag label="尚不可用" /> }, why, Vec::new()),
    };
    let buttons = links
        .into_iter()
        .map(|(label, href)| view! { <LinkButton href=href size=ButtonSize::Small>{label}</LinkButton> })
        .collect_view();
    let mut items = vec![
        KeyValue::new("内容", document.contents),
        KeyValue::new("格式", document.format),
        KeyValue::new("何时可用", view! { <span>{document.when} " " {tag}</span> }).source(words),
    ];
    items.extend(document.command.map(|command| KeyValue::new("核对命令", view! { <code>{command}</code> })));
    view! {
        <Card title=document.title actions=move || buttons>
            <KeyValues items=items />
        </Card>
    }
}
