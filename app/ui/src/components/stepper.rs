use leptos::prelude::*;

use super::Text;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    Now,
    /// The present step, stopped by something.
    Held,
    Todo,
}

impl StepState {
    const fn class(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Held => "held",
            Self::Todo => "todo-step",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Done => "（已完成）",
            Self::Now => "（进行中）",
            Self::Held => "（受阻）",
            Self::Todo => "（未开始）",
        }
    }
}

/// One step of a way: `Step::new("核对", StepState::Todo).date("9月20日").href("…")`.
#[derive(Clone, Debug)]
pub struct Step {
    label: String,
    state: StepState,
    date: Text,
    href: Text,
}

impl Step {
    pub fn new(label: impl Into<String>, state: StepState) -> Self {
        Self { label: label.into(), state, date: Text::none(), href: Text::none() }
    }

    /// A short date below the label: 9月12日.
    #[must_use]
    pub fn date(self, date: impl Into<Text>) -> Self {
        Self { date: date.into(), ..self }
    }

    #[must_use]
    pub fn href(self, href: impl Into<Text>) -> Self {
        Self { href: href.into(), ..self }
    }
}

/// An ordered way with what is done, what is now and what comes. Up to 16 steps fit one row at 1366, two rows at 768.
#[component]
pub fn Stepper(#[prop(into)] label: String, steps: Vec<Step>) -> impl IntoView {
    let class = if steps.len() > 8 { "steps long" } else { "steps" };
    let steps = steps
        .into_iter()
        .map(|step| {
            let current = matches!(step.state, StepState::Now | StepState::Held);
            let words = view! {
                {step.label}
                <span class="sr">{step.state.words()}</span>
            };
            let label = match step.href.get() {
                Some(href) => view! { <a href=href>{words}</a> }.into_any(),
                None => words.into_any(),
            };
            view! {
                <li class=step.state.class() aria-current=current.then_some("step")>
                    {label}
                    {step.date.get().map(|date| view! { <time>{date}</time> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class=class aria-label=label>
            {steps}
        </ol>
    }
}
