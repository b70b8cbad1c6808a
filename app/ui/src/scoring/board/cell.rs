//! One sheet in one word, with a shape; its total once values are shown.

use crate::components::Query;
use domain::seat::{Presence, Seat};
use domain::sheet::{SheetState, Vote};
use leptos::prelude::*;
use service::scoring::{BoardSheet, Outlier};

/// How a sheet stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    Submitted,
    Draft,
    /// Opened for the expert, nothing saved.
    Untouched,
    Voided,
}

impl Progress {
    pub const fn of(sheet: &BoardSheet) -> Self {
        match (&sheet.state, sheet.saved_at) {
            (SheetState::Submitted { .. }, _) => Self::Submitted,
            (SheetState::Voided { .. }, _) => Self::Voided,
            (SheetState::Draft, Some(_)) => Self::Draft,
            (SheetState::Draft, None) => Self::Untouched,
        }
    }

    pub const fn words(self) -> &'static str {
        match self {
            Self::Submitted => "已提交",
            Self::Draft => "填写中",
            Self::Untouched => "未开始",
            Self::Voided => "作废",
        }
    }

    pub const fn glyph(self) -> &'static str {
        match self {
            Self::Submitted => "✓",
            Self::Draft => "◐",
            Self::Untouched => "○",
            Self::Voided => "✕",
        }
    }

    pub const fn class(self) -> &'static str {
        match self {
            Self::Submitted => "good",
            Self::Draft => "warn",
            Self::Untouched | Self::Voided => "muted",
        }
    }
}

/// Why a seat has no sheet for an application.
const fn no_sheet(seat: &Seat) -> (&'static str, &'static str) {
    match seat.presence {
        Presence::Absent => ("–", "缺席"),
        Presence::Present | Presence::Expected => ("╱", "回避"),
    }
}

/// One 连接评审: whose, and how it stands.
pub fn guest(whose: String, sheet: &BoardSheet, query: &Query, chosen: Option<&str>) -> AnyView {
    let progress = Progress::of(sheet);
    let id = sheet.id.to_string();
    let current = (chosen == Some(id.as_str())).then_some("true");
    let href = format!("{}#sheet", query.with("sheet", id).href());
    let far = (sheet.outlier == Outlier::FarFromMean)
        .then(|| view! { <span class="outlier" title=sheet.outlier.label()>"▲ 偏离"</span> });
    let (class, value) = match sheet.total {
        Some(total) => (None, total.rounded().to_string()),
        None => (Some(progress.class()), progress.words().to_owned()),
    };
    view! {
        <div>
            <small class="muted">{whose} " "</small>
            <a href=href class=class aria-current=current>{value}</a>
            {far}
        </div>
    }
    .into_any()
}

pub fn cell(seat: &Seat, sheet: Option<&BoardSheet>, query: &Query, chosen: Option<&str>) -> AnyView {
    let Some(sheet) = sheet else {
        let (glyph, words) = no_sheet(seat);
        return view! { <td class="sheet muted"><i aria-hidden="true">{glyph}</i> {words}</td> }.into_any();
    };
    let progress = Progress::of(sheet);
    let id = sheet.id.to_string();
    let current = (chosen == Some(id.as_str())).then_some("true");
    let href = format!("{}#sheet", query.with("sheet", id).href());
    let Some(total) = sheet.total else {
        return view! {
            <td class="sheet">
                <a href=href class=progress.class() aria-current=current>
                    <i aria-hidden="true">{progress.glyph()}</i>
                    {progress.words()}
                </a>
            </td>
        }
        .into_any();
    };
    let far = (sheet.outlier == Outlier::FarFromMean)
        .then(|| view! { <span class="outlier" title=sheet.outlier.label()>"▲ 偏离"</span> });
    let declined = (sheet.vote == Some(Vote::Decline)).then(|| view! { <small class="muted">"不推荐"</small> });
    view! {
        <td class="sheet n">
            <a href=href aria-current=current>{total.rounded().to_string()}</a>
            {far}
            {declined}
        </td>
    }
    .into_any()
}
