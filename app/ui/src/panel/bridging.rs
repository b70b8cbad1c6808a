//! 连接评审: what makes panels comparable, shown before it is decided.

use super::actions::{ClearBridges, SetBridges};
use crate::answer::Refusal;
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, CardBody, Choice, Confirm, EmptyState, Field, FieldWidth, FormActions,
    InputKind, KeyValue, KeyValues, PageHead, Query, Select, Table, num, text,
};
use crate::frame::{Page, page};
use crate::request::{FormError, decimal, number, path_id, post, query};
use crate::routes::Round;
use domain::access::Permission;
use domain::ids::RoundId;
use domain::points::Points;
use domain::round::{When, Work};
use leptos::prelude::*;
use service::panel::{Ask, Assumed, BridgePlan, Comparison, PanelComparison, Placement};
use service::{Context, Error};

#[component]
pub fn BridgingPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let round = round?;
        let (dossier, kept) = service::panel::bridges(&ctx, round).await?;
        let when = dossier.round.when(Work::Bridge);
        let may = ctx.may(Permission::AssignExperts) && when == When::Now;
        let form = if may { Some(planning(&ctx, round, &query, dossier.panels.len()).await?) } else { None };
        let standing = match &kept {
            Some(plan) => standing(plan, round, may),
            None => nothing(when),
        };
        let view = view! {
            <PageHead
                title="连接评审"
                lede=|| "各组专家互不相同，组间宽严无从比较；请少数专家另评其他组的项目，校准才有依据"
            />
            {standing}
            {form}
        };
        Ok(Page::new("连接评审", view).of(dossier.round.clone()))
    })
}

/// The request in the fields.
fn ask(get: impl Fn(&str) -> String) -> Result<Ask, FormError> {
    let points = |field: &str, label: &str| deviation(&get(field), label);
    let whole = |field: &str, label: &str, most: u32| count(&get(field), label, most);
    let placement = match get("kind").as_str() {
        "anchors" => Placement::Anchors {
            applications: whole("count", "份数或项数", 2000)?,
            reviewers: whole("reviewers", "每组专家数", 3)?,
        },
        _ => Placement::Reviews {
            count: whole("count", "份数或项数", 2000)?,
            per_expert: whole("per_expert", "每名专家至多", 20)?,
        },
    };
    let assumed = Assumed {
        application: points("application", "项目之间的标准差")?,
        expert: points("expert", "专家之间的标准差")?,
        panel: points("panel", "评审组之间的标准差")?,
        residual: points("residual", "剩余标准差")?,
    };
    Ok(Ask { placement, assumed })
}

fn count(text: &str, label: &str, most: u32) -> Result<u32, FormError> {
    let count: u32 = number(text, label)?;
    if (1..=most).contains(&count) {
        Ok(count)
    } else {
        Err(FormError(format!("{label}应在1至{most}之间，您填写的是“{}”", text.trim())))
    }
}

/// A standard deviation in points; above fifty no scale of a hundred has one.
fn deviation(text: &str, label: &str) -> Result<f64, FormError> {
    let points = decimal(text, label)?;
    if points < Points::ZERO || points > Points::whole(50) {
        return Err(FormError(format!("{label}应在0至50分之间，您填写的是“{}”", text.trim())));
    }
    Ok(points.0 as f64 / 100.0)
}

async fn planning(ctx: &Context, round: RoundId, query: &Query, panels: usize) -> Result<AnyView, Error> {
    let (assumed, source) = service::panel::assumed(ctx, round).await?;
    let value =
        |name: &str| -> String { query.get(name).map_or_else(|| usual(name, assumed, panels), ToOwned::to_owned) };
    let preview = match query.get("count") {
        None => None,
        Some(_) => Some(match ask(value) {
            Ok(ask) => service::panel::preview_bridges(ctx, round, ask).await.map_err(Refusal::from),
            Err(error) => Err(error.into()),
        }),
    };
    let shown = preview.map(|found| match found {
        Ok(plan) => previewed(&plan, round),
        Err(refusal) => view! { <Alert kind=AlertKind::Error title=refusal.text() /> }.into_any(),
    });
    Ok(view! {
        {form(round, &value, &source)}
        {shown}
    }
    .into_any())
}

fn usual(name: &str, assumed: Assumed, panels: usize) -> String {
    match name {
        "kind" => "reviews".to_owned(),
        // One review of every second expert, at seven seats a panel.
        "count" => (panels * 7).div_ceil(2).to_string(),
        "per_expert" | "reviewers" => "1".to_owned(),
        "application" => format!("{:.1}", assumed.application),
        "expert" => format!("{:.1}", assumed.expert),
        "panel" => format!("{:.1}", assumed.panel),
        _ => format!("{:.1}", assumed.residual),
    }
}

fn form(round: RoundId, value: &impl Fn(&str) -> String, source: &str) -> AnyView {
    let kinds =
        vec![Choice::new("reviews", "连接评审（单份，放在最有用处）"), Choice::new("anchors", "锚定项目（每组都评）")];
    let whole = |name: &'static str, label: &'static str, hint: &'static str| {
        view! {
            <Field name=name label=label kind=InputKind::Whole value=value(name) width=FieldWidth::Short hint=hint />
        }
    };
    let deviation = |name: &'static str, label: &'static str| {
        view! {
            <Field
                name=name
                label=label
                kind=InputKind::Decimal
                value=value(name)
                unit="分"
                width=FieldWidth::Short
            />
        }
    };
    let reviews = view! {
        <Select name="kind" label="方式" choices=kinds value=value("kind") />
        {whole("count", "份数或项数", "连接评审的份数，或锚定项目的项数")}
        {whole("per_expert", "每名专家至多", "连接评审时，每名专家另评几项")}
        {whole("reviewers", "每组专家数", "锚定项目时，其他每组派几名")}
    }
    .into_any();
    let deviations = view! {
        {deviation("application", "项目之间")}
        {deviation("expert", "专家宽严")}
        {deviation("panel", "评审组宽严")}
        {deviation("residual", "剩余")}
    }
    .into_any();
    let action = format!("{}#preview", Round(round).bridging());
    let hint = format!("假定的标准差：{source}");
    view! {
        <Card title="试算" hint="只计算，不改变任何安排" body=CardBody::Stacked>
            <form method="get" action=action class="stack">
                <div class="fields">{reviews}</div>
                <div class="fields">{deviations}</div>
                <FormActions note=hint>
                    <Button tone=ButtonTone::Primary>"试算"</Button>
                </FormActions>
            </form>
        </Card>
    }
    .into_any()
}

fn previewed(plan: &BridgePlan, round: RoundId) -> AnyView {
    if plan.lines.is_empty() {
        return view! {
            <Alert
                kind=AlertKind::Warn
                title="没有可以安排的连接评审"
                details=vec!["其他评审组中没有专业相符且不须回避的专家，或者锚定项目要求的人数过多。".to_owned()]
            />
        }
        .into_any();
    }
    let ask = serde_json::to_string(&plan.ask).unwrap_or_default();
    let (hint, label) = (gain(&plan.comparison), format!("安排这 {} 份连接评审", plan.lines.len()));
    let (panels, reviews) = (panels(plan), reviews(plan));
    view! {
        <Card title="试算结果" hint=hint body=CardBody::Stacked id="preview">
            {panels}
            {reviews}
            <form method="post" action={post::<SetBridges>()}>
                <input type="hidden" name="round" value=round.to_string() />
                <input type="hidden" name="ask" value=ask />
                <FormActions note="替换已有的安排；开始评分之前可以重新安排或取消">
                    <Button tone=ButtonTone::Primary>{label}</Button>
                </FormActions>
            </form>
        </Card>
    }
    .into_any()
}

fn gain(comparison: &Comparison) -> String {
    format!("两组宽严之差的标准误（平均）：{:.2} 分 → {:.2} 分", comparison.mean_before, comparison.mean_after)
}

fn standing(plan: &BridgePlan, round: RoundId, may: bool) -> AnyView {
    let facts = vec![
        KeyValue::new("方式", plan.ask.placement.to_string()),
        KeyValue::new("实际安排", format!("{} 份", plan.lines.len())),
        KeyValue::new("假定的标准差", plan.ask.assumed.to_string()),
        KeyValue::new("组间标准误", gain(&plan.comparison)),
    ];
    let clear = may.then(|| {
        view! {
            <Confirm label="取消连接评审">
                <form method="post" action={post::<ClearBridges>()} class="stack">
                    <p class="small muted">"取消之后，各组之间的比较只能以各组项目总体水平相当为前提。"</p>
                    <input type="hidden" name="round" value=round.to_string() />
                    <FormActions>
                        <Button tone=ButtonTone::Danger>"取消全部连接评审"</Button>
                    </FormActions>
                </form>
            </Confirm>
        }
    });
    let (panels, reviews) = (panels(plan), reviews(plan));
    view! {
        <Card title="已安排的连接评审" body=CardBody::Stacked>
            <KeyValues items=facts />
            {panels}
            {reviews}
            {clear}
        </Card>
    }
    .into_any()
}

fn nothing(when: When) -> AnyView {
    let what = match when {
        When::Ahead => "抽取之后、评分之前，可以在这里安排。",
        When::Now => "各组之间的比较目前只能以各组项目总体水平相当为前提。可在下方试算。",
        When::Over => "本轮次没有安排，各组之间的比较以各组项目总体水平相当为前提。",
    };
    view! { <Card body=CardBody::Flush><EmptyState title="没有安排连接评审" what_to_do=what /></Card> }.into_any()
}

/// One line per panel: how well it compares with the others, before and after.
fn panels(plan: &BridgePlan) -> AnyView {
    let rows = plan
        .by_panel()
        .into_iter()
        .map(|PanelComparison { panel, gives, takes, before, after, worst }| {
            view! {
                <tr>
                    <th scope="row">{panel}</th>
                    <td class="n">{gives}</td>
                    <td class="n">{takes}</td>
                    <td class="n">{format!("{before:.2}")}</td>
                    <td class="n"><b>{format!("{after:.2}")}</b></td>
                    <td class="n">{format!("{worst:.2}")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="各组与其他组比较的标准误"
            columns=[text("评审组"), num("派出（份）"), num("接受（份）"), num("安排前标准误"), num("安排后标准误"), num("安排后最大")]
        >
            <tbody>{rows}</tbody>
        </Table>
        <details>
            <summary>"两两比较的标准误（安排前 → 安排后，分）"</summary>
            {pairs(plan)}
        </details>
    }
    .into_any()
}

/// Every contrast: the lower triangle of a square.
fn pairs(plan: &BridgePlan) -> AnyView {
    let Comparison { before, after, .. } = &plan.comparison;
    let last = plan.panels.len().saturating_sub(1);
    let mut columns = vec![text("评审组")];
    columns.extend(plan.panels[..last].iter().map(num));
    let rows = plan
        .panels
        .iter()
        .enumerate()
        .skip(1)
        .map(|(p, name)| {
            let cells = (0..last)
                .map(|q| {
                    let words = (q < p).then(|| format!("{:.2} → {:.2}", before[p][q], after[p][q]));
                    view! { <td class="n nowrap small">{words}</td> }
                })
                .collect_view();
            view! { <tr><th scope="row" class="nowrap">{name.clone()}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <Table label="两两比较的标准误" columns=columns>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn reviews(plan: &BridgePlan) -> AnyView {
    let rows = plan
        .lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <td>{line.panel.clone()}</td>
                    <td class="tnum">{format!("{} 号", line.number)}</td>
                    <td class="tnum nowrap">{line.code.clone()}</td>
                    <td>{line.home.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>{format!("逐份列出（{} 份）", plan.lines.len())}</summary>
            <Table label="连接评审" columns=[text("专家所在组"), text("席位"), text("另评项目"), text("项目所在组")]>
                <tbody>{rows}</tbody>
            </Table>
        </details>
    }
    .into_any()
}
