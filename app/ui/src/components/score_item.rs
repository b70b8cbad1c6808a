use leptos::prelude::*;

use super::form::{is_first_problem, problem, typed};
use super::{Need, Text};

/// One dimension of the rubric with its items: A 研发基础, 30 分.
#[component]
pub fn ScoreGroup(
    #[prop(into)] code: String,
    #[prop(into)] title: String,
    /// Full marks in words: 30 分.
    #[prop(into)]
    max: String,
    /// The expert's sum so far.
    #[prop(into)]
    sum: String,
    children: Children,
) -> impl IntoView {
    let group = code.clone();
    view! {
        <fieldset data-group=group>
            <legend>
                <span>
                    <b>{code} "　" {title}</b>
                    <span class="muted small">{max}</span>
                    <output class="n">{sum}</output>
                </span>
            </legend>
            {children()}
        </fieldset>
    }
}

/// One anchor of an item: 优 9–10 路线清晰、指标量化…. `Band::new("优", "9–10", "…")`.
#[derive(Clone, Debug)]
pub struct Band {
    word: String,
    range: String,
    anchor: String,
}

impl Band {
    pub fn new(word: impl Into<String>, range: impl Into<String>, anchor: impl Into<String>) -> Self {
        Self { word: word.into(), range: range.into(), anchor: anchor.into() }
    }
}

/// The person or rule that fills an item in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ScoreEntry {
    /// The expert.
    #[default]
    Own,
    /// 客观分: scored once for all experts; the basis is shown.
    Shared(String),
}

/// One item of the sheet: input, bands, anchors and the reason. The fields post as `name` and `name.reason`.
#[component]
pub fn ScoreItem(
    #[prop(into)] name: String,
    #[prop(into)] code: String,
    #[prop(into)] title: String,
    /// Full marks: 10.
    #[prop(into)]
    max: String,
    #[prop(optional, into)] value: Text,
    #[prop(optional)] bands: Vec<Band>,
    /// The band the value falls into, by its word.
    #[prop(optional, into)]
    band: Text,
    #[prop(optional, into)] reason: Text,
    #[prop(optional)] reason_need: Need,
    #[prop(optional)] entry: ScoreEntry,
    #[prop(optional, into)] error: Text,
    /// Whether the page opens at this item.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let id = format!("s-{name}");
    let first = first || is_first_problem(&name);
    let (value, error) = (typed(&name, value), problem(&name, error));
    let field = format!("{name}.reason");
    let (reason, about_reason) = (typed(&field, reason), problem(&field, Text::none()));
    let class = if error.is_some() { "item wrong" } else { "item" };
    let error_id = format!("{id}-error");
    let invalid = error.is_some();
    let described = invalid.then(|| error_id.clone());
    let shared = matches!(entry, ScoreEntry::Shared(_));
    let basis = match entry {
        ScoreEntry::Shared(basis) => Some(view! { <p class="hint">"客观分，各专家一致：" {basis}</p> }),
        ScoreEntry::Own => None,
    };
    let required = reason_need == Need::Required;
    let open = required || invalid || reason.is_some() || about_reason.is_some();
    let more = (!shared).then(|| explanation(field, &bands, reason, reason_need, open));
    let about_reason = about_reason.get().map(|words| view! { <p class="error">{words}</p> });
    let bands = (!shared && !bands.is_empty()).then(|| band_row(&bands, &band));
    let (item, input_id, full) = (code.clone(), id.clone(), max.clone());
    view! {
        <div class=class data-item=item>
            <label for=id>
                <span><span class="code">{code}</span>{title}</span>
                <span class="max">"满分 " {full}</span>
            </label>
            <input
                class="input"
                id=input_id
                name=(!shared).then_some(name)
                type="text"
                inputmode="decimal"
                placeholder="—"
                autocomplete="off"
                value=value.get()
                readonly=shared
                autofocus=first
                aria-invalid=invalid.then_some("true")
                aria-describedby=described
            />
            {error.get().map(|words| view! { <p class="error" id=error_id>{words}</p> })}
            {bands}
            {basis}
            {about_reason}
            {more}
        </div>
    }
}

fn band_row(bands: &[Band], chosen: &Text) -> AnyView {
    let bands = bands
        .iter()
        .map(|band| {
            let on = (chosen.as_deref() == Some(band.word.as_str())).then_some("on");
            view! { <li class=on><b>{band.word.clone()}</b> {band.range.clone()}</li> }
        })
        .collect_view();
    view! { <ul class="bands">{bands}</ul> }.into_any()
}

/// Anchors in full and the reason. A disclosure, so that nothing moves while the expert goes from item to item.
fn explanation(field: String, bands: &[Band], reason: Text, need: Need, open: bool) -> AnyView {
    let (summary, placeholder) = match need {
        Need::Required => ("评分标准与理由（须写理由）", "评分理由（必填）"),
        Need::Optional | Need::Unsaid => ("评分标准与理由", "评分理由（选填）"),
    };
    let anchors =
        bands.iter().map(|band| view! { <dt>{band.word.clone()}</dt> <dd>{band.anchor.clone()}</dd> }).collect_view();
    view! {
        <details open=open>
            <summary>{summary}</summary>
            <dl class="anchors">{anchors}</dl>
            <textarea class="input" rows="2" name=field aria-label=placeholder placeholder=placeholder>
                {reason.get().map(|text| super::raw_text(&text))}
            </textarea>
        </details>
    }
    .into_any()
}
