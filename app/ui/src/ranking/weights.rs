//! 权重试算: the weights of the dimensions moved by slider, the list re-ranked as one drags. Nothing is kept.

use super::parts::plain_outcome_tag;
use super::views::{code, tabs};
use crate::calibration::movement;
use crate::components::format::score;
use crate::components::{Alert, AlertKind, Card, CardBody, LinkButton, PageHead, Query, Table, Tag, Tone, num, text};
use crate::frame::{Page, page};
use crate::live::{LiveAnswer, Pace};
use crate::request::{path_id, query};
use crate::routes::Round;
use domain::ids::RoundId;
use domain::points::Points;
use domain::result::Outcome;
use leptos::prelude::*;
use service::ranking::{Weighed, Weighing};
use service::{Case, Error};

const LIST: &str = "weighed";

#[component]
pub fn WeightsPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let round = round?;
        let (weighing, query, senseless) = match service::ranking::weigh(&ctx, round, &asked(&query)).await {
            Err(Error::Rule(why)) if why.case() == Case::Input => {
                let plain = Query::new(query.path());
                (service::ranking::weigh(&ctx, round, &[]).await?, plain, Some(why.to_string()))
            }
            other => (other?, query, None),
        };
        let round = weighing.dossier.round.clone();
        let content = view! {
            <PageHead
                title="权重试算"
                lede=|| "拖动一级指标的权重，名单随之重排；只作试算，不保存，冻结的权重决定结果"
            />
            {tabs(round.id, round.kind, Round::weights)}
            <div class="halves narrow-left">
                {sliders(&weighing, &query)}
                {list(&weighing, senseless)}
            </div>
        };
        Ok(Page::new("权重试算", content).of(round).landscape())
    })
}

/// The weights in the address, in 1/100 point; none of them if there are none. What is not a number counts as 0.
fn asked(query: &Query) -> Vec<i64> {
    let weight = |place: usize| query.get(&field(place)).map(|text| Points::parse(text).map_or(0, |points| points.0));
    (0..).map_while(weight).collect()
}

fn field(place: usize) -> String {
    format!("w{place}")
}

fn share(place: usize) -> String {
    format!("share-{place}")
}

fn sliders(weighing: &Weighing, query: &Query) -> impl IntoView + use<> {
    let round = weighing.dossier.round.id;
    let page = Round(round).weights();
    let dimensions = &weighing.dossier.round.rubric.dimensions;
    let regions = (0..dimensions.len()).map(share).chain([LIST.to_owned()]).collect::<Vec<_>>();
    let rows = dimensions
        .iter()
        .enumerate()
        .map(|(place, dimension)| {
            let (frozen, tried) = (weighing.frozen[place], weighing.tried[place]);
            // A slider stands where one put it; without one, on the frozen weight.
            let now = query.get(&field(place)).map_or_else(|| frozen.short(), str::to_owned);
            view! {
                <div class="slider">
                    <label for=field(place)>{dimension.name.clone()}</label>
                    <input id=field(place) name=field(place) type="range" min="0" max="100" step="1" value=now
                        aria-describedby=share(place) />
                    <output id=share(place) for=field(place)>
                        <b>{tried.short()}</b>
                        " 分 "
                        <span class="muted">{format!("冻结 {}", frozen.short())}</span>
                    </output>
                </div>
            }
        })
        .collect_view();
    let own = page.clone();
    view! {
        <Card title="权重" hint="按比例折算，合计100分">
            <form method="get" action=page.clone() class="stack">
                {rows}
                <LiveAnswer page=page.clone() regions=regions when=Pace::Drag />
                <div class="row">
                    <button class="btn" type="submit">"试算"</button>
                    <LinkButton href=own>"恢复冻结的权重"</LinkButton>
                </div>
                <p class="small muted">
                    "每份评分表按试算的权重重新合计，再按冻结方法校准、排序，包括不适用项的折算、一票否决和合格线。"
                </p>
            </form>
        </Card>
    }
}

fn list(weighing: &Weighing, senseless: Option<String>) -> impl IntoView + use<> {
    let inside = |outcome: Outcome| outcome == Outcome::Shortlisted;
    let differ = |row: &&Weighed| inside(row.outcome) != inside(row.frozen_outcome);
    let (enter, leave): (Vec<_>, Vec<_>) = weighing.rows.iter().filter(differ).partition(|row| inside(row.outcome));
    let names = |rows: Vec<&Weighed>| rows.iter().map(|row| row.code.as_str()).collect::<Vec<_>>().join("、");
    let verdict = if enter.is_empty() && leave.is_empty() {
        view! { <Tag label="入围名单不变" tone=Tone::Good /> }.into_any()
    } else {
        let words = |verb: &str, rows: Vec<&Weighed>| {
            (!rows.is_empty()).then(|| view! { <span class="small">{format!("{verb}：{}", names(rows))}</span> })
        };
        view! {
            <Tag label="入围名单不同" tone=Tone::Warn glyph="▲" />
            {words("新入围", enter)}
            {words("退出", leave)}
        }
        .into_any()
    };
    let rows = weighing.rows.iter().map(|row| line(weighing.dossier.round.id, row)).collect_view();
    view! {
        <section id=LIST aria-live="polite" class="stack">
            {senseless.map(|why| view! { <Alert kind=AlertKind::Warn title=format!("{why}；下面是冻结的权重") /> })}
            <Card title="试算名次" hint=format!("{} 项", weighing.rows.len()) body=CardBody::Flush>
                <div class="row padded">{verdict}</div>
                <Table
                    label="试算名次"
                    class="tight ranking"
                    columns=[num("名次"), text("项目"), num("试算分"), num("冻结分"), num("冻结名次"), text("升降"), text("试算结果")]
                >
                    <tbody>{rows}</tbody>
                </Table>
            </Card>
        </section>
    }
}

fn line(round: RoundId, row: &Weighed) -> impl IntoView + use<> {
    let number = |rank: Option<usize>| rank.map_or_else(|| "—".to_owned(), |rank| rank.to_string());
    let points = |points: Option<Points>| points.map_or_else(|| "—".to_owned(), |points| score(points.0));
    let (was, is) = (row.frozen_outcome == Outcome::Shortlisted, row.outcome == Outcome::Shortlisted);
    let changed = (was != is).then(|| view! { <b class="small">{if is { "（新入围）" } else { "（退出）" }}</b> });
    view! {
        <tr aria-current=(was != is).then_some("true")>
            <td class="n">{number(row.rank)}</td>
            <td class="nowrap" title=row.title.clone()>{code(round, &row.code)}</td>
            <td class="n"><b>{points(row.score)}</b></td>
            <td class="n">{points(row.frozen_score)}</td>
            <td class="n">{number(row.frozen_rank)}</td>
            <td class="nowrap">{row.frozen_rank.zip(row.rank).map(|(was, is)| movement(was, is))}</td>
            <td class="nowrap">
                {plain_outcome_tag(row.outcome)}
                {changed}
            </td>
        </tr>
    }
}
