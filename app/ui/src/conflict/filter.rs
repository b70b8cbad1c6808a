//! The filters of the recusal page.

use super::pairs::{Pair, PairState};
use crate::components::{Choice, Field, FilterBar, InputKind, Query, Select};
use domain::application::Application;
use domain::conflict::Rule;
use domain::expert::Expert;
use domain::ids::PanelId;
use domain::text::name_key;
use leptos::prelude::*;
use service::conflict::Picture;

/// `None` and empty mean all.
pub struct Filter {
    panel: Option<PanelId>,
    pub rule: Option<Rule>,
    state: Option<PairState>,
    /// Only experts who have a seat.
    seated: bool,
    /// In code, name or employer of an expert, or code or title of an application.
    text: String,
}

impl Filter {
    pub fn read(query: &Query) -> Self {
        Self {
            panel: query.get("panel").and_then(|id| id.parse().ok()),
            rule: query.get("rule").and_then(Rule::from_key),
            state: query.get("state").and_then(PairState::from_key),
            seated: query.get("experts") == Some("seated"),
            text: name_key(query.get("q").unwrap_or_default()),
        }
    }

    /// Whether rows and columns without a mark are left out.
    pub fn narrows(&self) -> bool {
        self.rule.is_some() || self.state.is_some() || !self.text.is_empty()
    }

    pub fn admits(&self, picture: &Picture, pair: &Pair<'_>) -> bool {
        self.admits_column(picture, pair.application)
            && (!self.seated || picture.seats.contains_key(&pair.expert.id))
            && self.rule.is_none_or(|rule| pair.records.iter().any(|c| c.rule == rule))
            && self.state.is_none_or(|state| pair.state == state)
            && self.admits_text(pair)
    }

    /// Applications of the panel looked at.
    pub fn admits_column(&self, picture: &Picture, application: &Application) -> bool {
        self.panel.is_none_or(|panel| picture.dossier.panel_of(application.id) == Some(panel))
    }

    /// Experts who sit in the panel looked at stand in the matrix even without a mark.
    pub fn admits_seat(&self, picture: &Picture, expert: &Expert) -> bool {
        picture.seats.get(&expert.id).is_some_and(|seat| self.panel.is_none_or(|panel| panel == *seat))
    }

    fn admits_text(&self, pair: &Pair<'_>) -> bool {
        let (expert, application) = (pair.expert, pair.application);
        let fields = [&expert.code, &expert.name, &expert.employer, &application.code, &application.title];
        self.text.is_empty() || fields.into_iter().any(|field| name_key(field).contains(&self.text))
    }
}

/// The filters as a form. The view is kept, the page is not.
pub fn bar(picture: &Picture, query: &Query) -> AnyView {
    let panels = picture.dossier.panels.iter().map(|p| Choice::new(p.id.to_string(), p.name.clone())).collect();
    let present = |rule: &&Rule| picture.conflicts.iter().any(|c| c.rule == **rule);
    let rules = Rule::ALL
        .iter()
        .filter(present)
        .map(|rule| Choice::new(rule.key(), format!("{} {}", rule.mark(), rule.label())))
        .collect();
    let states = PairState::ALL.iter().map(|s| Choice::new(s.key(), s.label())).collect();
    let value = |key: &str| query.get(key).map(ToOwned::to_owned);
    let seated = (!picture.seats.is_empty()).then(|| {
        view! {
            <Select
                name="experts"
                label="专家"
                choices=vec![Choice::new("seated", "就位专家")]
                empty="全部"
                value=value("experts")
            />
        }
    });
    let grouped = (!picture.dossier.panels.is_empty()).then(|| {
        view! { <Select name="panel" label="评审组" choices=panels empty="全部" value=value("panel") /> }
    });
    let (rule, state, text) = (value("rule"), value("state"), value("q"));
    view! {
        <FilterBar query=query.without("pair").without("columns") keep=&["view"]>
            {grouped}
            <Select name="rule" label="规则" choices=rules empty="全部" value=rule />
            <Select name="state" label="状态" choices=states empty="全部" value=state />
            {seated}
            <Field name="q" label="查找" kind=InputKind::Search value=text placeholder="专家、单位、项目编号" />
        </FilterBar>
    }
    .into_any()
}
