//! 核对: all sheets of a round side by side. Values only once scoring is closed.

use crate::dossier::Dossier;
use crate::{Context, Result, kept};
use domain::Timestamp;
use domain::access::Permission;
use domain::ids::{ApplicationId, ExpertId, PanelId, RoundId, SheetId};
use domain::round::Work;
use domain::rubric::ExactScore;
use domain::seat::Seat;
use domain::sheet::{Sheet, SheetState, Vote};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use store::repo::scoring::Outline;
use store::{Current, Repositories};

domain::coded! {
    /// 异常
    Outlier {
        None = "none", "";
        /// More than 30 % above or below the application's mean.
        FarFromMean = "far", "偏离平均超过30%";
    }
}

/// One expert's sheet in a row; totals are absent until scoring is closed.
#[derive(Debug, Clone)]
pub struct BoardSheet {
    pub id: SheetId,
    pub expert: ExpertId,
    pub application: ApplicationId,
    pub state: SheetState,
    /// `None` while the expert has not saved anything.
    pub saved_at: Option<Timestamp>,
    pub total: Option<ExactScore>,
    pub vote: Option<Vote>,
    pub outlier: Outlier,
}

/// One application with one cell per seat of its panel.
#[derive(Debug, Clone)]
pub struct BoardRow {
    pub application: ApplicationId,
    /// Aligned with the panel's seats: `None` where the expert is recused or absent.
    pub cells: Vec<Option<BoardSheet>>,
    /// 连接评审: seats of other panels with their sheets.
    pub guests: Vec<(Seat, BoardSheet)>,
}

impl BoardRow {
    pub fn sheets(&self) -> impl Iterator<Item = &BoardSheet> + Clone {
        self.cells.iter().flatten().chain(self.guests.iter().map(|(_, sheet)| sheet))
    }
}

/// A panel with its seats and one row for each of its applications.
pub type BoardPanel = (PanelId, Vec<Seat>, Vec<BoardRow>);

/// The panels with values.
struct Valued(Arc<Vec<BoardPanel>>);

/// The sheets of a round.
#[derive(Debug, Clone)]
pub struct Board {
    pub dossier: Dossier,
    pub panels: Arc<Vec<BoardPanel>>,
    /// Whether values are shown.
    pub closed: bool,
}

/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn board(ctx: &Context, round: RoundId) -> Result<Board> {
    ctx.require(Permission::ReadProgress)?;
    let current = ctx.store().current().await?;
    let dossier = Dossier::at(&current, round).await?;
    let closed = dossier.round.permits(Work::ExportScores).is_ok() && ctx.may(Permission::ReadScores);
    let panels = if closed {
        let load = async || Ok(Valued(Arc::new(valued(&current, &dossier).await?)));
        kept::resting_on_sheets(&current, &dossier.round, load).await?.0.clone()
    } else {
        let sheets = ctx.store().sheets().outlines(round).await?;
        let seats = kept::seats(&current, round).await?;
        Arc::new(arranged(&dossier, &seats, sheets.into_iter().map(BoardSheet::from)))
    };
    Ok(Board { dossier, panels, closed })
}

/// The panels with totals, votes and outliers.
async fn valued(current: &Current<'_>, dossier: &Dossier) -> Result<Vec<BoardPanel>> {
    let rubric = &dossier.round.rubric;
    let findings = kept::findings(current, dossier.round.id).await?;
    let sheets = kept::sheets(current, &dossier.round).await?;
    let seats = kept::seats(current, dossier.round.id).await?;
    let with_value = |sheet: &Sheet| {
        let shown = BoardSheet::from(Outline::from(sheet));
        let submitted = dossier.application(sheet.application).filter(|_| sheet.is_submitted());
        let total = |application| {
            let objective = super::shared_points(&findings.objectives, sheet.application);
            sheet.total(rubric, dossier.facts(application), &objective)
        };
        BoardSheet { total: submitted.and_then(total), vote: submitted.and(sheet.vote), ..shown }
    };
    let mut panels = arranged(dossier, &seats, sheets.iter().map(with_value));
    panels.iter_mut().flat_map(|(_, _, rows)| rows).for_each(mark_outliers);
    Ok(panels)
}

/// Sheets in the rows of their applications: under the seats of the panel, and those of seats elsewhere beside them.
fn arranged(dossier: &Dossier, seats: &[Seat], sheets: impl Iterator<Item = BoardSheet>) -> Vec<BoardPanel> {
    // Of several sheets of a pair the one that stands, else the last.
    let mut of_pair: HashMap<(ApplicationId, ExpertId), BoardSheet> = HashMap::new();
    let rank = |sheet: &BoardSheet| (sheet.state.key() != "voided", sheet.id);
    for sheet in sheets {
        match of_pair.entry((sheet.application, sheet.expert)) {
            Entry::Occupied(mut other) if rank(other.get()) <= rank(&sheet) => drop(other.insert(sheet)),
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => drop(place.insert(sheet)),
        }
    }
    let mut panels = Vec::with_capacity(dossier.panels.len());
    for panel in &dossier.panels {
        let own: Vec<Seat> = seats.iter().filter(|seat| seat.panel == panel.id).cloned().collect();
        let mut rows = Vec::new();
        for application in dossier.in_panel(panel.id) {
            let mut cell = |seat: &Seat| of_pair.remove(&(application.id, seat.expert));
            rows.push(BoardRow {
                application: application.id,
                cells: own.iter().map(&mut cell).collect(),
                guests: Vec::new(),
            });
        }
        panels.push((panel.id, own, rows));
    }
    // The rest was scored from seats of other panels.
    let mut guests: HashMap<ApplicationId, Vec<(usize, BoardSheet)>> = HashMap::new();
    let places: HashMap<ExpertId, usize> = seats.iter().map(|seat| seat.expert).zip(0..).collect();
    for ((application, expert), sheet) in of_pair {
        if let Some(place) = places.get(&expert) {
            guests.entry(application).or_default().push((*place, sheet));
        }
    }
    for row in panels.iter_mut().flat_map(|(_, _, rows)| rows) {
        let mut own = guests.remove(&row.application).unwrap_or_default();
        own.sort_by_key(|(place, _)| *place);
        row.guests = own.into_iter().map(|(place, sheet)| (seats[place].clone(), sheet)).collect();
    }
    panels
}

impl From<Outline> for BoardSheet {
    fn from(sheet: Outline) -> Self {
        let Outline { id, expert, application, state, saved_at } = sheet;
        Self { id, expert, application, state, saved_at, total: None, vote: None, outlier: Outlier::None }
    }
}

/// The ±30 % rule: the deviation from the arithmetic mean of the application's sheets, compared exactly.
fn mark_outliers(row: &mut BoardRow) {
    let totals: Vec<i128> = row.sheets().filter_map(|c| c.total).map(|t| t.numerator).collect();
    let Ok(count) = i128::try_from(totals.len()) else { return };
    let sum: i128 = totals.iter().sum();
    if count == 0 || sum == 0 {
        return;
    }
    for sheet in row.cells.iter_mut().flatten().chain(row.guests.iter_mut().map(|(_, sheet)| sheet)) {
        // All sheets of one application share the denominator, so numerators compare.
        if let Some(total) = sheet.total
            && (total.numerator * count - sum).abs() * 10 > sum * 3
        {
            sheet.outlier = Outlier::FarFromMean;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn sheet(points: i64) -> BoardSheet {
        BoardSheet {
            id: SheetId(Uuid::nil()),
            expert: ExpertId(Uuid::nil()),
            application: ApplicationId(Uuid::nil()),
            state: SheetState::Draft,
            saved_at: None,
            total: Some(ExactScore { numerator: i128::from(points) * 100, denominator: 100 }),
            vote: None,
            outlier: Outlier::None,
        }
    }

    fn row(points: &[i64]) -> BoardRow {
        let cells = points.iter().map(|p| Some(sheet(*p))).collect();
        BoardRow { application: ApplicationId(Uuid::nil()), cells, guests: Vec::new() }
    }

    #[test]
    fn v4_no_sheet_deviates_by_more_than_thirty_percent() {
        let mut row = row(&[8200, 8500, 7900, 9500, 6000]);
        mark_outliers(&mut row);
        assert!(row.sheets().all(|c| c.outlier == Outlier::None));
    }

    #[test]
    fn exactly_thirty_percent_is_no_outlier_and_a_hundredth_more_is() {
        for (low, outlier) in [(7000, Outlier::None), (6999, Outlier::FarFromMean)] {
            let mut row = row(&[low, 20_000 - low]);
            mark_outliers(&mut row);
            assert!(row.sheets().all(|sheet| sheet.outlier == outlier), "{low}");
        }
    }
}
