use leptos::prelude::*;

use super::Text;

/// How far something has come, in figures. Without a label only the bar is drawn (table cells) and `title` names it.
#[component]
pub fn ProgressBar(
    done: u64,
    total: u64,
    #[prop(optional, into)] label: Text,
    /// Names the bar where there is no visible label.
    #[prop(optional, into)]
    title: Text,
) -> impl IntoView {
    let figures = format!("{done} / {total}");
    let name = label.as_deref().or(title.as_deref()).map(|name| format!("{name} {figures}"));
    let name = name.unwrap_or_else(|| figures.clone());
    let bar = view! { <progress max=total.max(1).to_string() value=done.to_string() aria-label=name></progress> };
    match label.get() {
        Some(label) => view! {
            <div class="progress">
                <span>{label}</span>
                <span class="n">{figures}</span>
                {bar}
            </div>
        }
        .into_any(),
        None => bar.into_any(),
    }
}

/// Where a value counts as low and as good, on a scale from 0 to `max`; all in the same unit.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    pub value: f64,
    pub max: f64,
    /// Below this it is bad.
    pub low: f64,
    /// From here on it is good.
    pub good: f64,
}

/// A quantity against its thresholds: workload, coverage, completion rate. `figures` says it in words.
#[component]
pub fn Meter(#[prop(into)] label: String, level: Level, #[prop(into)] figures: String) -> impl IntoView {
    view! {
        <div class="level">
            <span>{label.clone()}</span>
            <span class="n">{figures.clone()}</span>
            <meter
                min="0"
                max=level.max.to_string()
                low=level.low.to_string()
                high=level.good.to_string()
                optimum=level.max.to_string()
                value=level.value.to_string()
                aria-label=format!("{label} {figures}")
            >
                {figures.clone()}
            </meter>
        </div>
    }
}
