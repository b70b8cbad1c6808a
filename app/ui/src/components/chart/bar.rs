use leptos::prelude::*;

use super::{Canvas, Gutter, Scale, data_table, figure};
use crate::components::{Text, Tone};

const ROW: u32 = 26;
const TOP: u32 = 22;

/// One bar; `figure` is the value as it is read: 62.5 分, 14 项.
#[derive(Clone, Debug)]
pub struct Bar {
    pub label: String,
    pub value: f64,
    pub figure: String,
    pub tone: Tone,
}

impl Bar {
    pub fn new(label: impl Into<String>, value: f64, figure: impl Into<String>) -> Self {
        Self { label: label.into(), value, figure: figure.into(), tone: Tone::Accent }
    }

    #[must_use]
    pub fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

/// A line to compare the bars with: quota, mean, requirement.
#[derive(Clone, Debug)]
pub struct Ruler {
    pub value: f64,
    pub label: String,
}

/// Horizontal bars from zero, each with its label and value.
#[component]
pub fn BarChart(
    #[prop(into)] label: String,
    bars: Vec<Bar>,
    #[prop(optional_no_strip, into)] ruler: Option<Ruler>,
    /// Head of the value column in the table.
    #[prop(optional, into)]
    unit: Text,
) -> impl IntoView {
    let count = u32::try_from(bars.len()).unwrap_or(0);
    let height = TOP + ROW * count + 4;
    let gutter = Gutter::for_labels(bars.iter().map(|bar| bar.label.as_str()));
    let most = bars.iter().map(|bar| bar.value).chain(ruler.iter().map(|r| r.value)).fold(0.0, f64::max);
    // A sixth more than the longest bar, so that its figure fits behind it.
    let scale = Scale::around(0.0, most * 7.0 / 6.0);
    let labels = (0..).zip(&bars).map(|(i, bar)| {
        let y = TOP + ROW * i + 17;
        view! { <text class="ink" x="0" y=y.to_string()>{gutter.clip(&bar.label)}</text> }
    });
    let shapes = (0..).zip(&bars).map(|(i, bar)| {
        let y = TOP + ROW * i;
        let width = scale.at(bar.value);
        view! {
            <rect
                class=format!("bar {}", bar.tone.class())
                x="0"
                y=(y + 5).to_string()
                width=width
                height=(ROW - 10).to_string()
            ></rect>
        }
    });
    // Above the ruler, so that the line does not run through a figure.
    let figures = (0..).zip(&bars).map(|(i, bar)| {
        let y = TOP + ROW * i + 17;
        view! {
            <text class="ink halo" x=scale.at(bar.value) dx="6" y=y.to_string()>
                {bar.figure.clone()}
            </text>
        }
    });
    let line = ruler.as_ref().map(|ruler| {
        let x = scale.at(ruler.value);
        view! { <line class="ref" x1=x.clone() x2=x y1=TOP.to_string() y2=height.to_string()></line> }
    });
    let plot = view! {
        {scale.grid(TOP, height)}
        {shapes.collect_view()}
        {line}
        {figures.collect_view()}
    };
    let canvas = Canvas { gutter, height, labels: labels.collect_view().into_any(), plot: plot.into_any() };
    let legend = ruler.map(|ruler| view! { <div class="legend"><span class="bad">"┆ " {ruler.label}</span></div> });
    let table = data_table(
        &label,
        &["项目", "数值"],
        bars.into_iter().map(|bar| vec![bar.label, with_unit(bar.figure, unit.as_deref())]).collect(),
    );
    figure(label, canvas, legend.into_any(), table)
}

fn with_unit(figure: String, unit: Option<&str>) -> String {
    match unit {
        Some(unit) => format!("{figure} {unit}"),
        None => figure,
    }
}
