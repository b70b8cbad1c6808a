use std::collections::HashMap;

use leptos::prelude::*;

use super::Text;

/// One expert (row) or application (column).
#[derive(Clone, Debug)]
pub struct Axis {
    pub label: String,
    pub href: Text,
    /// The panel; cells whose row and column share it are tinted.
    pub group: String,
}

impl Axis {
    pub fn new(label: impl Into<String>, group: impl Into<String>) -> Self {
        Self { label: label.into(), group: group.into(), href: Text::none() }
    }

    #[must_use]
    pub fn href(self, href: impl Into<Text>) -> Self {
        Self { href: href.into(), ..self }
    }
}

/// How settled a mark is; each state has its own shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkState {
    /// 确定: filled square.
    Firm,
    /// 待认定: outlined and round.
    Open,
    /// 已排除: dashed, struck through.
    Lifted,
}

impl MarkState {
    const fn class(self) -> &'static str {
        match self {
            Self::Firm => "mark firm",
            Self::Open => "mark open",
            Self::Lifted => "mark lifted",
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Firm => "确定",
            Self::Open => "待认定",
            Self::Lifted => "已排除",
        }
    }
}

/// A mark in the cell (`row`, `column`), counted from 0.
#[derive(Clone, Debug)]
pub struct Mark {
    pub row: usize,
    pub column: usize,
    /// One Chinese character: 同 历 竞 师 请.
    pub letter: char,
    /// The rule in words, read out with the pair.
    pub rule: String,
    pub state: MarkState,
    pub href: String,
}

/// Experts × applications. Every mark is a link of at least 24 px; `selected` rings one of them.
#[component]
pub fn Matrix(
    #[prop(into)] label: String,
    rows: Vec<Axis>,
    columns: Vec<Axis>,
    marks: Vec<Mark>,
    #[prop(optional_no_strip, into)] selected: Option<(usize, usize)>,
) -> impl IntoView {
    let mut cells: HashMap<(usize, usize), Mark> =
        marks.into_iter().map(|mark| ((mark.row, mark.column), mark)).collect();
    let heads = columns.iter().map(|column| view! { <th scope="col">{axis_label(column)}</th> }).collect_view();
    let body = rows
        .iter()
        .enumerate()
        .map(|(r, row)| {
            let line = columns
                .iter()
                .enumerate()
                .map(|(c, column)| {
                    let own = (row.group == column.group).then_some("own");
                    let current = selected == Some((r, c));
                    let mark = cells.remove(&(r, c)).map(|mark| one_mark(mark, row, column, current));
                    view! { <td class=own>{mark}</td> }
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">{axis_label(row)}</th>
                    {line}
                </tr>
            }
        })
        .collect_view();
    let name = label.clone();
    view! {
        <div class="matrix" tabindex="0" role="region" aria-label=name>
            <table aria-label=label>
                <thead>
                    <tr>
                        <th><span class="sr">"专家"</span></th>
                        {heads}
                    </tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
}

fn axis_label(axis: &Axis) -> AnyView {
    let label = axis.label.clone();
    match axis.href.clone().get() {
        Some(href) => view! { <a href=href>{label}</a> }.into_any(),
        None => view! { <span>{label}</span> }.into_any(),
    }
}

fn one_mark(mark: Mark, row: &Axis, column: &Axis, current: bool) -> impl IntoView + use<> {
    let said = format!("{} × {}：{}，{}", row.label, column.label, mark.rule, mark.state.words());
    view! {
        <a
            class=mark.state.class()
            href=mark.href
            title=said.clone()
            aria-label=said
            aria-current=current.then_some("true")
            id=current.then_some("at")
        >
            {mark.letter.to_string()}
        </a>
    }
}

/// The meaning of letters and shapes: `(letter, words, state)`.
#[component]
pub fn Legend(items: Vec<(char, &'static str, MarkState)>) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|(letter, words, state)| {
            view! {
                <li>
                    <span class=state.class() aria-hidden="true">{letter.to_string()}</span>
                    {words}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="marks">{items}</ul> }
}
