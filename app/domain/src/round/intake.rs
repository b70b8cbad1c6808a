//! 列入: how rounds take the applications of their batch.

use super::{Intake, Round, RoundKind, Work};
use crate::ids::BatchId;
use crate::import::ImportError;

/// The round that takes applications imported into a batch: its last selection round. Without one they wait for the first; where it is closed,
/// they would be on no page of it.
///
/// # Errors
/// `Closed`, with the way on.
pub fn receiving(rounds: Vec<Round>, batch: BatchId) -> Result<Option<Round>, ImportError> {
    let own = rounds.into_iter().filter(|round| round.batch == batch && round.kind == RoundKind::Selection);
    let Some(round) = own.max_by_key(|round| round.seq) else { return Ok(None) };
    match round.intake() {
        Intake::Open | Intake::Late => Ok(Some(round)),
        Intake::Closed => {
            let refusal = round.permits(Work::AdmitLate).err().map(|error| error.to_string()).unwrap_or_default();
            Err(ImportError::Closed { round: round.title, refusal })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::RoundId;
    use crate::round::{Freeze, Step, Terms};
    use crate::rubric_default::selection;
    use uuid::Uuid;

    fn at(seq: u8, kind: RoundKind, step: Step) -> Round {
        Round {
            id: RoundId(Uuid::from_u128(u128::from(seq))),
            batch: BatchId(Uuid::nil()),
            kind,
            seq: i32::from(seq),
            title: format!("第{seq}轮"),
            step,
            rubric: selection(),
            terms: Terms::default(),
            frozen: Freeze::Open,
            reference_day: chrono::NaiveDate::default(),
        }
    }

    #[test]
    fn the_last_selection_round_takes_what_comes() {
        let batch = BatchId(Uuid::nil());
        let earlier = at(1, RoundKind::Selection, Step::Archive);
        let last = at(2, RoundKind::Selection, Step::Formality);
        let acceptance = at(3, RoundKind::Acceptance, Step::Preparation);
        let taken = receiving(vec![earlier.clone(), last.clone(), acceptance.clone()], batch).unwrap();
        assert_eq!(taken.map(|round| round.id), Some(last.id));
        assert_eq!(receiving(vec![acceptance], batch), Ok(None));
        assert!(matches!(receiving(vec![earlier], batch), Err(ImportError::Closed { .. })));
    }
}
