//! Charts as plain SVG, fluid in width, each with a name and its figures in a table below.

mod bar;
mod boxes;
mod interval;

pub use bar::{Bar, BarChart, Ruler};
pub use boxes::{BoxPlot, PanelSpread};
pub use interval::{IntervalPlot, IntervalRow, Quota, Zone};

use leptos::prelude::*;

/// Width kept free for row labels. The style sheet holds the matching `.g-*` columns.
#[derive(Clone, Copy)]
pub(super) enum Gutter {
    Narrow,
    Medium,
    Wide,
}

impl Gutter {
    /// By the longest label: a Chinese character is 11.5 px wide, others about 7.
    pub fn for_labels<'a>(labels: impl Iterator<Item = &'a str>) -> Self {
        match labels.map(label_width).max().unwrap_or(0) {
            0..=70 => Self::Narrow,
            71..=134 => Self::Medium,
            _ => Self::Wide,
        }
    }

    pub const fn class(self) -> &'static str {
        match self {
            Self::Narrow => "canvas g-narrow",
            Self::Medium => "canvas g-medium",
            Self::Wide => "canvas g-wide",
        }
    }

    const fn room(self) -> u32 {
        match self {
            Self::Narrow => 76,
            Self::Medium => 138,
            Self::Wide => 218,
        }
    }

    /// The label, cut to the gutter; the table below holds it in full.
    pub fn clip(self, label: &str) -> String {
        if label_width(label) <= self.room() {
            return label.to_owned();
        }
        let mut out = String::new();
        for c in label.chars() {
            out.push(c);
            if label_width(&out) + 12 > self.room() {
                break;
            }
        }
        out.push('…');
        out
    }
}

fn label_width(label: &str) -> u32 {
    label.chars().map(|c| if c.is_ascii() { 7 } else { 12 }).sum()
}

/// From values to per cent of the plot's width.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    /// Round limits around the values, with four to eight ticks.
    pub fn around(low: f64, high: f64) -> Self {
        let span = (high - low).max(1e-9);
        let magnitude = 10f64.powf((span / 4.0).log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|m| m * magnitude).into_iter().find(|step| span / step <= 8.0);
        let step = step.unwrap_or(span);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    pub fn at(self, value: f64) -> String {
        format!("{:.2}%", self.share(value) * 100.0)
    }

    pub fn share(self, value: f64) -> f64 {
        ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    /// Vertical lines with figures above, `top` px for the figures, down to `bottom`.
    pub fn grid(self, top: u32, bottom: u32) -> AnyView {
        let decimals = usize::from(self.step.fract() != 0.0);
        let mut ticks = Vec::new();
        let mut value = self.low;
        while value <= self.high + self.step / 2.0 {
            ticks.push(value);
            value += self.step;
        }
        ticks
            .into_iter()
            .map(|value| {
                let x = self.at(value);
                view! {
                    <line class="grid" x1=x.clone() x2=x.clone() y1=top.to_string() y2=bottom.to_string()></line>
                    <text class="mid" x=x y=(top - 6).to_string()>{format!("{value:.decimals$}")}</text>
                }
            })
            .collect_view()
            .into_any()
    }
}

/// What a chart draws: row labels of fixed width, and the plot that takes the rest and scales by per cent.
pub(super) struct Canvas {
    pub gutter: Gutter,
    pub height: u32,
    pub labels: AnyView,
    pub plot: AnyView,
}

/// The figure around a drawing: name, legend, table.
pub(super) fn figure(label: String, canvas: Canvas, legend: AnyView, table: AnyView) -> AnyView {
    let height = canvas.height.to_string();
    let name = label.clone();
    view! {
        <figure class="chart">
            <div class=canvas.gutter.class() role="img" aria-label=name>
                <svg class="labels" aria-hidden="true" height=height.clone()>
                    {canvas.labels}
                </svg>
                <svg class="plot" height=height>
                    <title>{label}</title>
                    {canvas.plot}
                </svg>
            </div>
            {legend}
            {table}
        </figure>
    }
    .into_any()
}

/// The same figures to read and copy. The first column is text, the rest numbers.
pub(super) fn data_table(label: &str, heads: &[&'static str], rows: Vec<Vec<String>>) -> AnyView {
    let class = |i: usize| (i > 0).then_some("n");
    let heads =
        heads.iter().enumerate().map(|(i, head)| view! { <th class=class(i) scope="col">{*head}</th> }).collect_view();
    let rows = rows
        .into_iter()
        .map(|row| {
            let cells = row.into_iter().enumerate().map(|(i, cell)| view! { <td class=class(i)>{cell}</td> });
            view! { <tr>{cells.collect_view()}</tr> }
        })
        .collect_view();
    view! {
        <details class="no-print">
            <summary>"数据表"</summary>
            <div class="fit">
                <table class="table tight" aria-label=label.to_owned()>
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn limits_are_round_and_enclose_the_values() {
        let scale = Scale::around(57.3, 93.1);
        assert_eq!(scale.at(55.0), "0.00%");
        assert_eq!(scale.at(95.0), "100.00%");
        assert_eq!(scale.at(75.0), "50.00%");
    }
}
