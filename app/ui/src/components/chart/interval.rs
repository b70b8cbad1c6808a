use leptos::prelude::*;

use super::{Canvas, Gutter, IntervalRow, Quota, Scale, Zone, data_table, figure, points};
use crate::components::Text;
use crate::components::format::score;

const ROW: u32 = 20;
const TOP: u32 = 24;

/// Final scores with their 90 % intervals, raw means beside them, the line and the 边界区. Rows come ranked.
#[component]
pub fn IntervalPlot(
    #[prop(into)] label: String,
    rows: Vec<IntervalRow>,
    #[prop(optional_no_strip, into)] quota: Option<Quota>,
    /// Shown as 校准后 unless another method's name is given.
    #[prop(optional, into)]
    method: Text,
) -> impl IntoView {
    let count = u32::try_from(rows.len()).unwrap_or(0);
    let height = TOP + ROW * count + 4;
    let names: Vec<String> = rows.iter().map(|row| format!("{}　{}", row.rank, row.label)).collect();
    let gutter = Gutter::for_labels(names.iter().map(String::as_str));
    let low = rows.iter().map(|row| row.low.min(row.raw)).min().unwrap_or(0);
    let high = rows.iter().map(|row| row.high.max(row.raw)).max().unwrap_or(10_000);
    let scale = Scale::around(points(low), points(high));
    let bands = || {
        let edge = (0..).zip(&rows).filter(|(_, row)| row.zone == Zone::Edge);
        edge.map(|(i, _)| {
            let y = (TOP + ROW * i).to_string();
            view! { <rect class="band" x="0" y=y width="100%" height=ROW.to_string()></rect> }
        })
        .collect_view()
    };
    let labels = (0..).zip(&rows).map(|(i, row)| {
        let y = (TOP + ROW * i + 14).to_string();
        view! {
            <text class="end" x="20" y=y.clone()>{row.rank.to_string()}</text>
            <text class="ink" x="28" y=y>{gutter.clip(&row.label)}</text>
        }
    });
    let shapes = (0..).zip(&rows).map(|(i, row)| one_row(row, scale, TOP + ROW * i + ROW / 2));
    let cut = quota.as_ref().map(|quota| (TOP + ROW * quota.places).to_string());
    let line = || {
        let y = cut.clone();
        y.map(|y| view! { <line class="cut" x1="0" x2="100%" y1=y.clone() y2=y></line> })
    };
    // At the left, where rows near the line have no interval; the halo keeps it readable if one has.
    let words = quota.map(|quota| {
        let below = usize::try_from(quota.places).ok().and_then(|places| rows.get(places));
        let tinted = below.is_some_and(|row| row.zone == Zone::Edge);
        let class = if tinted { "ink halo tint" } else { "ink halo" };
        view! { <text class=class x="6" y=(TOP + ROW * quota.places + 14).to_string()>{quota.label}</text> }
    });
    let labels = view! {
        {bands()}
        {labels.collect_view()}
        {line()}
    };
    let plot = view! {
        {bands()}
        {scale.grid(TOP, height)}
        {shapes.collect_view()}
        {line()}
        {words}
    };
    let canvas = Canvas { gutter, height, labels: labels.into_any(), plot: plot.into_any() };
    let table = data_table(
        &label,
        &["项目", "名次", "原始均分", "最终成绩", "90% 下限", "90% 上限", "位置"],
        rows.into_iter().map(cells).collect(),
    );
    figure(label, canvas, legend(&method), table)
}

fn one_row(row: &IntervalRow, scale: Scale, middle: u32) -> impl IntoView + use<> {
    let x = |hundredths: i64| scale.at(points(hundredths));
    let y = middle.to_string();
    let class = row.zone.class();
    let dot = match row.zone {
        Zone::Edge => view! { <rect class=class x="-4" y="-4" width="8" height="8"></rect> }.into_any(),
        Zone::In | Zone::Out => view! { <circle class=class r="4"></circle> }.into_any(),
    };
    view! {
        <g>
            <title>{said(row)}</title>
            <line class=class x1=x(row.low) x2=x(row.high) y1=y.clone() y2=y.clone()></line>
            <svg x=x(row.score) y=y.clone()>{dot}</svg>
            <svg x=x(row.raw) y=y>
                <path class="raw" d="M0 -4.5L4.5 0L0 4.5L-4.5 0Z"></path>
            </svg>
        </g>
    }
}

fn said(row: &IntervalRow) -> String {
    let (final_score, low, high, raw) = (score(row.score), score(row.low), score(row.high), score(row.raw));
    format!(
        "第 {} 名 {}：{final_score}，90% 区间 {low}–{high}，原始均分 {raw}，{}",
        row.rank,
        row.label,
        row.zone.words()
    )
}

fn cells(row: IntervalRow) -> Vec<String> {
    let figures = [row.raw, row.score, row.low, row.high].map(score);
    let mut cells = vec![row.label, row.rank.to_string()];
    cells.extend(figures);
    cells.push(row.zone.words().to_owned());
    cells
}

fn legend(method: &Text) -> AnyView {
    let method = method.as_deref().unwrap_or("校准后").to_owned();
    view! {
        <div class="legend">
            <span>"● 入围　■ 边界　○ 未入围（" {method} "）"</span>
            <span>"◇ 原始均分"</span>
            <span>"— 90% 区间"</span>
            <span class="swatch">"边界区"</span>
        </div>
    }
    .into_any()
}
