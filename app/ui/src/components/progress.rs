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
