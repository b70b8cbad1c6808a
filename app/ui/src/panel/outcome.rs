//! The last assignment in words: proved best, or why it cannot be done and what would help.

use crate::components::{Alert, AlertKind, Card, CardBody, KeyValue, KeyValues, Tag, Tone};
use leptos::prelude::*;
use service::assignment::{Shortfall, Solution, Status};

pub fn outcome(outcome: &Solution, seated: usize) -> AnyView {
    match outcome.status {
        Status::Infeasible => infeasible(outcome, seated),
        Status::Optimal | Status::Feasible => found(outcome),
    }
}

fn found(outcome: &Solution) -> AnyView {
    let (label, tone, meaning) = if outcome.status == Status::Optimal {
        ("最优", Tone::Good, "已证明：满足全部条件的方案中，没有匹配度合计更高的")
    } else {
        ("可行", Tone::Warn, "满足全部条件，但未证明为最优")
    };
    let figure = |value: Option<f64>| value.map_or_else(|| "—".to_owned(), |v| format!("{v:.3}"));
    let bound = if outcome.status == Status::Feasible {
        format!("任何方案不超过 {}", figure(outcome.bound))
    } else {
        "各席位匹配度（0至1，个别项目回避的每项减0.15）之和".to_owned()
    };
    let items = vec![
        KeyValue::new("结论", view! { <Tag label=label tone=tone /> }).source(meaning),
        KeyValue::new("席位", format!("{} 个", outcome.assignments.len())),
        KeyValue::new("匹配度合计", figure(outcome.objective)).source(bound),
        KeyValue::new("算法", view! { <code>{outcome.algorithm.clone()}</code> }),
        KeyValue::new("输入摘要", view! { <code>{outcome.input_digest.clone()}</code> })
            .source("SHA-256；用同样的专家库、回避记录和条件重算，摘要和结果应当相同"),
    ];
    view! { <Card title="指派结果" body=CardBody::Padded><KeyValues items=items /></Card> }.into_any()
}

/// Shortfalls whose reasons stand open; more would hide the next thing to do.
const OPEN: usize = 2;

fn infeasible(outcome: &Solution, seated: usize) -> AnyView {
    let folded = outcome.shortfalls.len() > OPEN;
    let shortfalls = outcome.shortfalls.iter().map(|found| shortfall(found, folded)).collect_view();
    let kept =
        if seated > 0 { "下列席位来自此前的指派，没有改动。" } else { "没有安排任何席位。" };
    let digest = outcome.input_digest.clone();
    view! {
        <Alert
            kind=AlertKind::Error
            title="不可行：没有满足全部条件的指派方案"
            body=move || view! {
                <p>{kept} "能够解决的单项调整（均已试算）列在相应条件旁；也可以补充专家，或者移动任务、重新分组。"</p>
                <ol class="shortfalls">{shortfalls}</ol>
                <p class="small muted">"输入摘要 " <code>{digest}</code></p>
            }
        />
    }
    .into_any()
}

/// The engine speaks of what is reviewed; here that is a panel.
fn of_panels(text: &str) -> String {
    let text = text.replace("项目 ", "").replace("一个项目中", "一个评审组中").replace("的项目共", "的评审组共");
    text.replace(" 的", "的").replace(" 需要", "需要")
}

/// Where an expert sits in one panel at most, a full expert is one who is seated elsewhere.
fn reason_in_panels(reason: &str) -> &str {
    match reason {
        "评审数已满" => "已安排在其他评审组",
        "未列为候选" => "专业领域不符",
        "同单位人数已达上限" => "同一单位人数已达上限",
        other => other,
    }
}

fn shortfall(shortfall: &Shortfall, folded: bool) -> impl IntoView + use<> {
    let excluded = shortfall
        .excluded
        .iter()
        .map(|(reason, count)| view! { <li>{reason_in_panels(reason).to_owned()} <span class="n">{format!("{count} 名")}</span></li> })
        .collect_view();
    let has_excluded = !shortfall.excluded.is_empty();
    let competing = (shortfall.competing.len() > 1)
        .then(|| view! { <p>"争用同一批专家的评审组：" {shortfall.competing.join("、")}</p> });
    // The reasons follow as a list of their own.
    let message = of_panels(&shortfall.message);
    let message = message.split("；不能安排的专家").next().unwrap_or_default().to_owned();
    view! {
        <li>
            <details open=!folded>
                <summary>{message}</summary>
                {has_excluded.then(|| view! { <p>"不能安排的专家，按首要原因："</p> <ul class="counts">{excluded}</ul> })}
                {competing}
            </details>
        </li>
    }
}
