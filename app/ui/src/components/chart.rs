//! Charts as plain SVG, fluid in width, each with a name and its figures in a table below.

mod bar;
mod boxes;
mod interval;
mod interval_row;
mod scale;

pub use bar::{Bar, BarChart, Ruler};
pub use boxes::{BoxPlot, PanelSpread};
pub use interval::IntervalPlot;
pub use interval_row::{IntervalRow, Quota, Zone};
use scale::{Scale, points};

use super::{Column, Table, num, text};
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

/// The drawing of a chart: row labels of fixed width, and the plot, which takes the rest and scales by per cent.
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
    let columns: Vec<Column> =
        heads.iter().enumerate().map(|(i, head)| if i > 0 { num(*head) } else { text(*head) }).collect();
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
            <Table label=label class="tight" columns=columns>
                <tbody>{rows}</tbody>
            </Table>
        </details>
    }
    .into_any()
}
