//! Small pieces that the lists of both kinds of round share.

use crate::components::{Tag, Tone};
use domain::acceptance::Conclusion;
use domain::ranking::Row;
use domain::result::Outcome;
use leptos::prelude::*;
use service::dossier::Dossier;

/// The suggestion in a word with a shape. Whoever is in the 边界区 carries a diamond.
pub fn outcome_tag(row: &Row) -> impl IntoView + use<> {
    let near =
        row.borderline && matches!(row.outcome, Outcome::Shortlisted | Outcome::Reserve | Outcome::NotShortlisted);
    let label = if near { format!("{}·边界", row.outcome) } else { row.outcome.to_string() };
    let (tone, glyph) = if near { (Tone::Warn, "◆") } else { look(row.outcome) };
    view! { <Tag label=label tone=tone glyph=glyph /> }
}

const fn look(outcome: Outcome) -> (Tone, &'static str) {
    match outcome {
        Outcome::Shortlisted => (Tone::Good, "✓"),
        Outcome::Reserve => (Tone::Accent, "●"),
        Outcome::NotShortlisted => (Tone::Neutral, "○"),
        Outcome::LineTie | Outcome::TooFewSheets | Outcome::NoScore => (Tone::Warn, "▲"),
        Outcome::KnockedOut => (Tone::Bad, "✕"),
        Outcome::BelowPass => (Tone::Bad, "▽"),
    }
}

/// A suggestion that nothing is known of but itself.
pub fn plain_outcome_tag(outcome: Outcome) -> impl IntoView {
    let (tone, glyph) = look(outcome);
    view! { <Tag label=outcome.to_string() tone=tone glyph=glyph /> }
}

pub fn conclusion_tag(conclusion: Conclusion) -> impl IntoView {
    let (tone, label) = match conclusion {
        Conclusion::Passed => (Tone::Good, "通过"),
        Conclusion::Rectify => (Tone::Warn, "限期整改"),
        Conclusion::Failed => (Tone::Bad, "不通过"),
        Conclusion::Diligent => (Tone::Accent, "结题（勤勉尽责）"),
    };
    view! { <Tag label=label tone=tone title=conclusion.label() /> }
}

/// Rank, with 并 before it where others share it.
pub fn rank(row: &Row) -> String {
    match row.rank {
        Some(rank) if row.tied => format!("并列 {rank}"),
        Some(rank) => rank.to_string(),
        None => "—".to_owned(),
    }
}

pub fn rank_interval(row: &Row) -> String {
    row.rank_low.zip(row.rank_high).map_or_else(|| "—".to_owned(), |(low, high)| format!("{low}–{high}"))
}

/// A probability in whole per cent; certainty is only claimed where every draw agrees.
pub fn chance(p: Option<f64>) -> String {
    match p {
        None => "—".to_owned(),
        Some(p) if p > 0.0 && p < 0.01 => "<1%".to_owned(),
        Some(p) if p > 0.99 && p < 1.0 => ">99%".to_owned(),
        Some(p) => format!("{:.0}%", p * 100.0),
    }
}

/// The group whose quota a row competes for, in full: a task's code with its title.
pub fn group_name(dossier: &Dossier, group: &str) -> String {
    dossier
        .tasks
        .values()
        .find(|t| t.code == group)
        .map_or_else(|| group.to_owned(), |t| format!("{} {}", t.code, t.title))
}

pub fn panel_name(dossier: &Dossier, row: &Row) -> String {
    let panel = dossier.panel_of(row.application).and_then(|p| dossier.panel(p));
    panel.map_or_else(String::new, |p| p.name.clone())
}

pub fn sector_name(dossier: &Dossier, row: &Row) -> &'static str {
    let task = dossier.application(row.application).and_then(|a| dossier.task(a));
    task.map_or("", |t| t.sector.label())
}

/// Title and lead unit, for the line under a code.
pub fn project(dossier: &Dossier, row: &Row) -> (String, String) {
    dossier.application(row.application).map_or_else(Default::default, |a| {
        (a.title.clone(), a.lead().map_or_else(String::new, |lead| lead.name.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::chance;

    #[test]
    fn certainty_is_not_rounded_into_being() {
        let all = [None, Some(0.0), Some(0.004), Some(0.5), Some(0.996), Some(1.0)].map(chance);
        assert_eq!(all, ["—", "0%", "<1%", "50%", ">99%", "100%"]);
    }
}
