use leptos::prelude::*;

use super::{Canvas, Gutter, Scale, data_table, figure, points};
use crate::components::format::score;

const ROW: u32 = 30;
const TOP: u32 = 22;

/// How the scores of one panel are spread, in hundredths of a point.
#[derive(Clone, Debug)]
pub struct PanelSpread {
    pub label: String,
    pub min: i64,
    pub q1: i64,
    pub median: i64,
    pub q3: i64,
    pub max: i64,
    /// Scores counted.
    pub n: u32,
}

/// Box plots below each other: whiskers to the extremes, box over the middle half, thick line at the median.
#[component]
pub fn BoxPlot(#[prop(into)] label: String, panels: Vec<PanelSpread>) -> impl IntoView {
    let count = u32::try_from(panels.len()).unwrap_or(0);
    let height = TOP + ROW * count + 4;
    let named: Vec<String> = panels.iter().map(|p| format!("{}（n={}）", p.label, p.n)).collect();
    let gutter = Gutter::for_labels(named.iter().map(String::as_str));
    let low = panels.iter().map(|p| p.min).min().unwrap_or(0);
    let high = panels.iter().map(|p| p.max).max().unwrap_or(10_000);
    let scale = Scale::around(points(low), points(high));
    let labels = (0..).zip(&named).map(|(i, name)| {
        let y = TOP + ROW * i + 19;
        view! { <text class="ink" x="0" y=y.to_string()>{gutter.clip(name)}</text> }
    });
    let shapes = (0..).zip(&panels).map(|(i, panel)| one_box(panel, scale, TOP + ROW * i + ROW / 2));
    let plot = view! {
        {scale.grid(TOP, height)}
        {shapes.collect_view()}
    };
    let canvas = Canvas { gutter, height, labels: labels.collect_view().into_any(), plot: plot.into_any() };
    let legend = view! {
        <div class="legend">
            <span>"├ ┤ 最低至最高"</span>
            <span>"▭ 中间一半"</span>
            <span>"┃ 中位数"</span>
        </div>
    };
    let rows = panels
        .into_iter()
        .map(|p| {
            let figures = [p.min, p.q1, p.median, p.q3, p.max].map(score);
            [p.label, p.n.to_string()].into_iter().chain(figures).collect()
        })
        .collect();
    let heads = ["评审组", "评分数", "最低", "下四分位", "中位数", "上四分位", "最高"];
    let table = data_table(&label, &heads, rows);
    figure(label, canvas, legend.into_any(), table)
}

fn one_box(panel: &PanelSpread, scale: Scale, middle: u32) -> impl IntoView + use<> {
    let x = |hundredths: i64| scale.at(points(hundredths));
    let width = format!("{:.2}%", (scale.share(points(panel.q3)) - scale.share(points(panel.q1))) * 100.0);
    let (y, above, below) = (middle.to_string(), (middle - 8).to_string(), (middle + 8).to_string());
    let (cap_above, cap_below) = ((middle - 4).to_string(), (middle + 4).to_string());
    let title = format!("{}：中位数 {}", panel.label, score(panel.median));
    view! {
        <g>
            <title>{title}</title>
            <line class="whisker" x1=x(panel.min) x2=x(panel.max) y1=y.clone() y2=y></line>
            <line class="whisker" x1=x(panel.min) x2=x(panel.min) y1=cap_above.clone() y2=cap_below.clone()></line>
            <line class="whisker" x1=x(panel.max) x2=x(panel.max) y1=cap_above y2=cap_below></line>
            <rect class="box" x=x(panel.q1) y=above.clone() width=width height="16"></rect>
            <line class="median" x1=x(panel.median) x2=x(panel.median) y1=above y2=below></line>
        </g>
    }
}
