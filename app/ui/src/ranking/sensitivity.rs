//! 敏感性与追加评审: what would have to be different for the list to differ, and which further reviews would settle the line.

use super::parts::{chance, rank};
use super::views::{code, tabs};
use crate::components::{
    Alert, AlertKind, Bar, BarChart, Card, CardBody, EmptyState, PageHead, Table, Tag, Tone, num, text,
};
use crate::frame::{Page, page};
use crate::request::path_id;
use crate::routes::Round;
use domain::ids::RoundId;
use domain::ranking::{Changed, Row, Sensitivity};
use leptos::prelude::*;
use service::calibration::{FurtherLine, FurtherPlan, Record};
use service::dossier::Dossier;
use service::ranking::View;

/// The number of further reviews between two bars.
const STEP: usize = 10;
/// A chance of being misclassified that counts as settled.
const SETTLED: f64 = 0.1;

#[component]
pub fn SensitivityPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    page(move |ctx| async move {
        let view = service::ranking::view(&ctx, round?).await?;
        let round = view.dossier.round.clone();
        let content = view! {
            <PageHead
                title="敏感性与追加评审"
                lede=|| "换一种方法、权重变动5分、少一名专家，名单会不会不同；入围线附近再评几份才能分清"
            />
            {tabs(round.id, round.kind, Round::sensitivity)}
            {content(&view)}
        };
        Ok(Page::new("敏感性与追加评审", content).of(round).landscape())
    })
}

fn content(view: &View) -> AnyView {
    let ranked = view.ranking.as_ref().map(|kept| &kept.ranking);
    let Some((ranking, sensitivity)) = ranked.and_then(|ranking| Some((ranking, ranking.sensitivity.as_ref()?))) else {
        let title =
            if view.ranking.is_some() { "这次排序的记录不含敏感性分析" } else { "尚未计算排序" };
        return view! {
            <Alert
                kind=AlertKind::Info
                title=title
                details=vec!["敏感性分析随排序一起计算并保存；请由协调员在“排序”步骤计算。".to_owned()]
            />
        }
        .into_any();
    };
    let further = view.calibration.as_ref().map(|kept| further(&view.dossier, &kept.record, &ranking.rows));
    view! {
        {table(&view.dossier, sensitivity)}
        {further}
    }
    .into_any()
}

fn table(dossier: &Dossier, sensitivity: &Sensitivity) -> impl IntoView + use<> {
    let Sensitivity { methods, weights, experts, experts_tried } = sensitivity;
    let differing = [methods, weights, experts].iter().flat_map(|all| all.iter()).filter(|c| !c.is_none()).count();
    let tried = methods.len() + weights.len() + experts_tried;
    let rest = experts_tried - experts.len();
    let unmoved = (rest > 0).then(|| {
        let words = if experts.is_empty() {
            format!("逐一剔除{rest}名专家中的任何一名，名单都不变")
        } else {
            format!("逐一剔除其余{rest}名专家中的任何一名，名单都不变")
        };
        view! {
            <tr>
                <td colspan="4" class="muted">{words}</td>
                <td>{verdict(true)}</td>
            </tr>
        }
    });
    let group = |name: &str| {
        view! { <tr class="group"><th scope="colgroup" colspan="5">{name.to_owned()}</th></tr> }
    };
    let rows = |all: &[Changed], words: &dyn Fn(&Changed) -> String| {
        all.iter().map(|changed| row(dossier, words(changed), changed)).collect_view()
    };
    let (methods, weights, experts) = (
        rows(methods, &|changed| changed.what.clone()),
        rows(weights, &|changed| weight(dossier, changed)),
        alike(experts).into_iter().map(|(names, changed)| row(dossier, without(&names), changed)).collect_view(),
    );
    let hint = format!("试算{tried}种情形，{differing}种会使名单不同；冻结的办法仍然决定结果");
    let method = format!("其他校准方法（冻结方法：{}）", dossier.round.terms.method);
    view! {
        <Card
            title="什么情况下名单会不同"
            hint=hint
            body=CardBody::Flush
            footer="剔除专家时，混合效应校准的方差沿用全部评分表的估计，逐份扣除，与重新拟合一致；其他方法重新计算。权重变动时，其余权重按比例相应增减，合计仍为100。"
        >
            <Table
                label="什么情况下名单会不同"
                class="tight ranking"
                columns=[text("情形"), text("新入围"), text("退出"), text("跨线并列"), text("名单")]
            >
                <tbody>
                    {group(&method)}
                    {methods}
                    {group("权重变动5分")}
                    {weights}
                    {group("逐一剔除专家")}
                    {experts}
                    {unmoved}
                </tbody>
            </Table>
        </Card>
    }
}

/// Experts whose absence does the same to the list, the largest group first.
fn alike(experts: &[Changed]) -> Vec<(Vec<&str>, &Changed)> {
    let same = |a: &Changed, b: &Changed| (&a.enter, &a.leave, &a.tied) == (&b.enter, &b.leave, &b.tied);
    let mut groups: Vec<(Vec<&str>, &Changed)> = Vec::new();
    for changed in experts {
        match groups.iter_mut().find(|(_, first)| same(first, changed)) {
            Some((names, _)) => names.push(&changed.what),
            None => groups.push((vec![&changed.what], changed)),
        }
    }
    groups.sort_by_key(|(names, _)| std::cmp::Reverse(names.len()));
    groups
}

fn without(names: &[&str]) -> String {
    match names {
        [only] => format!("不计专家 {only}"),
        _ => format!("不计下列{}名专家中的任何一名：{}", names.len(), names.join("、")),
    }
}

fn weight(dossier: &Dossier, changed: &Changed) -> String {
    let dimension = dossier.round.rubric.dimensions.iter().find(|d| d.name == changed.what);
    let own = dimension.map_or(domain::points::Points::ZERO, domain::rubric::Dimension::full);
    let then = domain::points::Points(own.0 + i64::from(changed.points) * 100);
    format!("{} {} 分 → {} 分", changed.what, own.short(), then.short())
}

fn row(dossier: &Dossier, words: String, changed: &Changed) -> impl IntoView + use<> {
    let round = dossier.round.id;
    let cell = |codes: &[String]| {
        let links = codes.iter().map(|c| view! { {code(round, c)} " " }).collect_view();
        if codes.is_empty() {
            view! { <td class="muted">"—"</td> }.into_any()
        } else {
            view! { <td>{links}</td> }.into_any()
        }
    };
    view! {
        <tr>
            <td class="what">{words}</td>
            {cell(&changed.enter)}
            {cell(&changed.leave)}
            {cell(&changed.tied)}
            <td>{verdict(changed.is_none())}</td>
        </tr>
    }
}

fn verdict(same: bool) -> impl IntoView {
    if same {
        view! { <Tag label="不变" tone=Tone::Good /> }
    } else {
        view! { <Tag label="不同" tone=Tone::Warn glyph="▲" /> }
    }
}

fn further(dossier: &Dossier, record: &Record, ranked: &[Row]) -> AnyView {
    let Some(plan) = record.further.as_ref().filter(|plan| !plan.applications.is_empty()) else {
        let what = if record.further.is_some() {
            "入围线附近没有误判概率超过10%的项目，现有评分已经分清。"
        } else {
            "没有名次的概率可以推算，原因见校准页的假定核查。"
        };
        return view! { <Card title="追加评审"><EmptyState title="没有追加评审的方案" what_to_do=what /></Card> }
            .into_any();
    };
    let rows = plan.applications.iter().map(|line| further_row(dossier, record, ranked, line)).collect_view();
    let hint = format!("{}项误判概率超过10%", plan.applications.len());
    let gain = gain(plan);
    view! {
        <div class="halves narrow-left">
            <Card title="追加多少份，能分清多少" hint="合计，按收益从高到低逐份安排">{gain}</Card>
            <Card
                title="追加评审：再评哪些项目"
                hint=hint
                body=CardBody::Flush
                footer="误判概率：现有评分把项目判在入围线一侧、其真实水平却在另一侧的概率。入围线由其他项目划出，单独一项再评多少份也分不清，因此合在一起逐份安排：每一份给能使误判项目数的预期下降最多的项目。追加的评审由新的专家独立评分，宽严和误差按本轮估计的方差。是否追加由三厅决定，程序只作推算。"
            >
                <Table
                    label="追加评审"
                    class="tight"
                    columns=[text("项目"), num("名次"), num("入围概率"), num("现在误判概率"), num("追加份数"), num("追加后")]
                >
                    <tbody>{rows}</tbody>
                </Table>
            </Card>
        </div>
    }
    .into_any()
}

/// The expected number of misclassified applications after so many reviews in all.
fn gain(plan: &FurtherPlan) -> impl IntoView + use<> {
    let last = plan.steps.len();
    let shown: Vec<usize> = (0..last).step_by(STEP).chain([last]).collect();
    let bars = shown
        .into_iter()
        .map(|count| {
            let expected = plan.misclassified.get(count).copied().unwrap_or(0.0);
            let label = if count == 0 { "现在".to_owned() } else { format!("再评{count}份") };
            Bar::new(label, expected, format!("{expected:.1}项"))
        })
        .collect();
    view! { <BarChart label="误判项目数的预期" bars=bars unit="项" /> }
}

fn further_row(dossier: &Dossier, record: &Record, ranked: &[Row], line: &FurtherLine) -> impl IntoView + use<> {
    let own = record.application(&line.application);
    let rank = ranked.iter().find(|row| row.code == line.application).map_or_else(|| "—".to_owned(), rank);
    let reviews = if line.reviews == 0 { "—".to_owned() } else { line.reviews.to_string() };
    let class = if line.after <= SETTLED { "n settled" } else { "n" };
    view! {
        <tr>
            <td class="nowrap">{code(dossier.round.id, &line.application)}</td>
            <td class="n">{rank}</td>
            <td class="n">{chance(own.and_then(|l| l.p_top))}</td>
            <td class="n">{chance(Some(line.before))}</td>
            <td class="n"><b>{reviews}</b></td>
            <td class=class>{chance(Some(line.after))}</td>
        </tr>
    }
}
