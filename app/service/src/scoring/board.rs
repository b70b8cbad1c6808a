//! 核对: all sheets of a round side by side. Values only once scoring is closed.

use crate::dossier::Dossier;
use crate::{Context, Result};
use domain::Timestamp;
use domain::access::Permission;
use domain::ids::{ApplicationId, PanelId, RoundId, SheetId};
use domain::round::Work;
use domain::rubric::ExactScore;
use domain::seat::Seat;
use domain::sheet::{SheetState, Vote};
use store::Repositories;

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

/// The sheets of a round.
#[derive(Debug, Clone)]
pub struct Board {
    pub dossier: Dossier,
    pub panels: Vec<(PanelId, Vec<Seat>, Vec<BoardRow>)>,
    /// Whether values are shown.
    pub closed: bool,
}

/// # Errors
/// `Denied` without `ReadProgress`, `NotFound`.
pub async fn board(ctx: &Context, round: RoundId) -> Result<Board> {
    ctx.require(Permission::ReadProgress)?;
    let dossier = Dossier::load(ctx, round).await?;
    let closed = dossier.round.permits(Work::ExportScores).is_ok() && ctx.may(Permission::ReadScores);
    let seats = ctx.store().panels().seats(round).await?;
    let sheets = ctx.store().sheets().of_round(round).await?;
    let objectives = ctx.store().findings().objectives(round).await?;
    let row = |application: &domain::application::Application, own: &[Seat]| {
        let facts = dossier.facts(application);
        let objective = super::shared_points(&objectives, application.id);
        let of_seat = |seat: &Seat| {
            let of_pair = |s: &&domain::sheet::Sheet| s.application == application.id && s.expert == seat.expert;
            let sheet = sheets.iter().filter(of_pair).max_by_key(|s| (s.state.key() != "voided", s.id))?;
            let submitted = closed && sheet.is_submitted();
            Some(BoardSheet {
                id: sheet.id,
                state: sheet.state.clone(),
                saved_at: sheet.saved_at,
                total: if submitted { sheet.total(&dossier.round.rubric, facts, &objective) } else { None },
                vote: if submitted { sheet.vote } else { None },
                outlier: Outlier::None,
            })
        };
        let guest = |seat: &Seat| Some((seat.clone(), of_seat(seat)?));
        let home = dossier.panel_of(application.id);
        let mut row = BoardRow {
            application: application.id,
            cells: own.iter().map(of_seat).collect(),
            guests: seats.iter().filter(|seat| Some(seat.panel) != home).filter_map(guest).collect(),
        };
        mark_outliers(&mut row);
        row
    };
    let panels = dossier
        .panels
        .iter()
        .map(|panel| {
            let own: Vec<Seat> = seats.iter().filter(|s| s.panel == panel.id).cloned().collect();
            let rows = dossier.in_panel(panel.id).map(|a| row(a, &own)).collect();
            (panel.id, own, rows)
        })
        .collect();
    Ok(Board { dossier, panels, closed })
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
