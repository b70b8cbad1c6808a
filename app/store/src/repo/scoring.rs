//! Score sheets.

use crate::corrupt::{code, count, json, to_json};
use crate::entity::{application, application_member, indicator, round, sheet, task};
use crate::scope::{of_application, of_expert, of_program, of_round, of_staff};
use crate::within::{Bounded, Within, columns};
use crate::{Result, StoreError};
use domain::Timestamp;
use domain::access::Owner;
use domain::application::{IndicatorKind, MemberRole, UnitKind};
use domain::ids::{ApplicationId, ExpertId, RoundId, SaveId, SheetId};
use domain::round::Round;
use domain::rubric::Applicability;
use domain::sheet::{Sheet, SheetState};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QueryResult,
};
use std::collections::{BTreeMap, HashMap};

/// A sheet without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    pub id: SheetId,
    pub expert: ExpertId,
    pub application: ApplicationId,
    pub state: SheetState,
    /// `None` while the expert has not saved anything.
    pub saved_at: Option<Timestamp>,
}

impl From<&Sheet> for Outline {
    fn from(sheet: &Sheet) -> Self {
        Self {
            id: sheet.id,
            expert: sheet.expert,
            application: sheet.application,
            state: sheet.state.clone(),
            saved_at: sheet.saved_at,
        }
    }
}

/// How many sheets of an application stand, and how many of them are submitted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub standing: usize,
    pub submitted: usize,
}

pub struct Sheets<'a, C>(pub(crate) Within<'a, C>);

fn read_state(state: &str, at: Option<Timestamp>, reason: String) -> Result<SheetState> {
    let at = || at.ok_or_else(|| StoreError::Corrupt(format!("a {state} sheet without its time")));
    match state {
        "draft" => Ok(SheetState::Draft),
        "submitted" => Ok(SheetState::Submitted { at: at()? }),
        "voided" => Ok(SheetState::Voided { at: at()?, reason }),
        other => Err(StoreError::Corrupt(other.to_owned())),
    }
}

fn read(row: sheet::Model) -> Result<Sheet> {
    Ok(Sheet {
        id: SheetId(row.id),
        round: RoundId(row.round_id),
        expert: ExpertId(row.expert_id),
        application: ApplicationId(row.application_id),
        version: count(row.version)?,
        entries: json(&row.entries)?,
        vote: row.vote.as_deref().map(code).transpose()?,
        comment: row.comment,
        state: read_state(&row.state, row.state_at, row.state_reason)?,
        saved_at: row.saved_at,
        last_save: row.last_save.map(SaveId),
    })
}

fn row(sheet: &Sheet) -> Result<sheet::Model> {
    let (state_at, state_reason) = match &sheet.state {
        SheetState::Draft => (None, String::new()),
        SheetState::Submitted { at } => (Some(*at), String::new()),
        SheetState::Voided { at, reason } => (Some(*at), reason.clone()),
    };
    Ok(sheet::Model {
        id: sheet.id.0,
        round_id: sheet.round.0,
        expert_id: sheet.expert.0,
        application_id: sheet.application.0,
        version: i32::try_from(sheet.version).map_err(|_| StoreError::Stale)?,
        entries: to_json(&sheet.entries)?,
        vote: sheet.vote.map(|v| v.key().to_owned()),
        comment: sheet.comment.clone(),
        state: sheet.state.key().to_owned(),
        state_at,
        state_reason,
        saved_at: sheet.saved_at,
        last_save: sheet.last_save.map(|save| save.0),
        salt: None,
    })
}

impl<'a, C: ConnectionTrait> Sheets<'a, C> {
    /// Every sheet of a round, voided ones included.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn of_round(&self, round: RoundId) -> Result<Vec<Sheet>> {
        let query = self
            .0
            .find::<sheet::Entity>(of_expert(sheet::Column::ExpertId))
            .filter(sheet::Column::RoundId.eq(round.0))
            .order_by_asc(sheet::Column::Id);
        query.all().await?.into_iter().map(read).collect()
    }

    /// Every sheet of a round without what it says, voided ones included.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn outlines(&self, round: RoundId) -> Result<Vec<Outline>> {
        let columns = [
            sheet::Column::Id,
            sheet::Column::ExpertId,
            sheet::Column::ApplicationId,
            sheet::Column::State,
            sheet::Column::StateAt,
            sheet::Column::StateReason,
            sheet::Column::SavedAt,
        ];
        let query = Query::select()
            .columns(columns)
            .from(sheet::Entity)
            .and_where(sheet::Column::RoundId.eq(round.0))
            .order_by(sheet::Column::Id, Order::Asc)
            .to_owned();
        let read = |row: QueryResult| {
            Ok(Outline {
                id: SheetId(row.try_get_by_index(0)?),
                expert: ExpertId(row.try_get_by_index(1)?),
                application: ApplicationId(row.try_get_by_index(2)?),
                state: read_state(
                    &row.try_get_by_index::<String>(3)?,
                    row.try_get_by_index(4)?,
                    row.try_get_by_index(5)?,
                )?,
                saved_at: row.try_get_by_index(6)?,
            })
        };
        self.0.select(of_expert(sheet::Column::ExpertId), query).await?.into_iter().map(read).collect()
    }

    /// The sealed salts of the submitted sheets of a round.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn salts(&self, round: RoundId) -> Result<HashMap<SheetId, String>> {
        let query = Query::select()
            .columns([sheet::Column::Id, sheet::Column::Salt])
            .from(sheet::Entity)
            .and_where(sheet::Column::RoundId.eq(round.0))
            .and_where(sheet::Column::Salt.is_not_null())
            .to_owned();
        let read = |row: QueryResult| Ok((SheetId(row.try_get_by_index(0)?), row.try_get_by_index(1)?));
        self.0.select(of_staff(), query).await?.into_iter().map(read).collect()
    }

    /// Every sealed salt with its sheet, to seal them anew.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn sealed(&self) -> Result<Vec<(SheetId, String)>> {
        let query = self.0.find::<sheet::Entity>(of_program()).filter(sheet::Column::Salt.is_not_null());
        Ok(query.all().await?.into_iter().filter_map(|row| Some((SheetId(row.id), row.salt?))).collect())
    }

    /// How many sheets the applications of a round have.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn counts(&self, round: RoundId) -> Result<HashMap<ApplicationId, Count>> {
        let query = Query::select()
            .columns([sheet::Column::ApplicationId, sheet::Column::State])
            .expr(Expr::col(sheet::Column::Id).count())
            .from(sheet::Entity)
            .and_where(sheet::Column::RoundId.eq(round.0))
            .and_where(sheet::Column::State.ne("voided"))
            .group_by_columns([sheet::Column::ApplicationId, sheet::Column::State])
            .to_owned();
        let mut counts: HashMap<ApplicationId, Count> = HashMap::new();
        for row in self.0.select(of_expert(sheet::Column::ExpertId), query).await? {
            let count = counts.entry(ApplicationId(row.try_get_by_index(0)?)).or_default();
            let sheets = usize::try_from(row.try_get_by_index::<i64>(2)?).unwrap_or_default();
            count.standing += sheets;
            if row.try_get_by_index::<String>(1)? == "submitted" {
                count.submitted += sheets;
            }
        }
        Ok(counts)
    }

    /// The titles of the tasks that each expert has scored in other rounds, in order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn tasks_scored_outside(&self, round: RoundId) -> Result<BTreeMap<ExpertId, Vec<String>>> {
        let (of_sheet, of_application) = (sheet::Column::ApplicationId, application::Column::Id);
        let (of_filing, of_task) = (application::Column::TaskId, task::Column::Id);
        let query = Query::select()
            .distinct()
            .column((sheet::Entity, sheet::Column::ExpertId))
            .column((task::Entity, task::Column::Title))
            .from(sheet::Entity)
            .inner_join(
                application::Entity,
                Expr::col((sheet::Entity, of_sheet)).equals((application::Entity, of_application)),
            )
            .inner_join(task::Entity, Expr::col((application::Entity, of_filing)).equals((task::Entity, of_task)))
            .and_where(sheet::Column::RoundId.ne(round.0))
            .and_where(sheet::Column::State.eq("submitted"))
            .order_by((task::Entity, task::Column::Title), Order::Asc)
            .to_owned();
        let mut tasks: BTreeMap<ExpertId, Vec<String>> = BTreeMap::new();
        for row in self.0.select(of_staff(), query).await? {
            let expert = ExpertId(row.try_get_by_index(0)?);
            tasks.entry(expert).or_default().push(row.try_get_by_index(1)?);
        }
        Ok(tasks)
    }

    /// Narrows to the sheets of one expert: nothing else can be reached through it.
    pub const fn of(&self, expert: ExpertId) -> OwnSheets<'a, C> {
        OwnSheets { within: self.0.again(), expert }
    }
}

/// The facts that decide how a sheet may change.
#[derive(Debug, Clone)]
pub struct Frame {
    pub round: Round,
    pub facts: Applicability,
}

/// Under which names the columns of these tables come back.
const SHEET: &str = "sheet_";
const ROUND: &str = "round_";

/// `None` if round or application are out of the caller's reach.
fn frame(row: &QueryResult) -> Result<Option<Frame>> {
    let (round, form) = (row.try_get::<Option<uuid::Uuid>>(ROUND, "id")?, row.try_get::<Option<String>>("", "form")?);
    let (Some(_), Some(form)) = (round, form) else { return Ok(None) };
    let lead: Option<String> = row.try_get("", "lead")?;
    let economic: i64 = row.try_get("", "economic")?;
    let facts = Applicability {
        consortium: code(&form)?,
        lead: lead.as_deref().map_or(Ok(UnitKind::Other), code)?,
        economic_indicators: usize::try_from(economic).map_err(|_| StoreError::Corrupt(economic.to_string()))?,
    };
    Ok(Some(Frame { round: super::round::read(round::Model::from_query_result(row, ROUND)?)?, facts }))
}

/// How many economic indicators the task of the application has.
fn economic_indicators() -> SelectStatement {
    Query::select()
        .expr(Expr::col((indicator::Entity, indicator::Column::Id)).count())
        .from(indicator::Entity)
        .and_where(
            Expr::col((indicator::Entity, indicator::Column::TaskId))
                .equals((application::Entity, application::Column::TaskId)),
        )
        .and_where(indicator::Column::Kind.eq(IndicatorKind::Economic.key()))
        .to_owned()
}

/// The sheets of one expert.
pub struct OwnSheets<'a, C> {
    within: Within<'a, C>,
    expert: ExpertId,
}

impl<C: ConnectionTrait> OwnSheets<'_, C> {
    fn own(&self) -> Bounded<'_, C, sheet::Entity> {
        let reached = self.within.find::<sheet::Entity>(of_expert(sheet::Column::ExpertId));
        reached.filter(sheet::Column::ExpertId.eq(self.expert.0))
    }

    /// # Errors
    /// `NotFound` if the sheet is another expert's or does not exist.
    pub async fn get(&self, id: SheetId) -> Result<Sheet> {
        read(self.own().filter(sheet::Column::Id.eq(id.0)).one().await?.ok_or(StoreError::NotFound)?)
    }

    /// A sheet with what changing it needs, in one statement.
    ///
    /// # Errors
    /// `NotFound` if the sheet is another expert's or does not exist.
    pub async fn framed(&self, id: SheetId) -> Result<(Sheet, Option<Frame>)> {
        let of_application = self.within.bound(of_application((application::Entity, application::Column::Id)));
        let of_round = self.within.bound(of_round((round::Entity, round::Column::Id)));
        let mut query = Query::select();
        columns::<sheet::Entity>(&mut query, SHEET);
        columns::<round::Entity>(&mut query, ROUND);
        let query = query
            .expr_as(Expr::col((application::Entity, application::Column::Form)), "form")
            .expr_as(Expr::col((application_member::Entity, application_member::Column::Kind)), "lead")
            .expr_as(Expr::SubQuery(None, Box::new(economic_indicators().into())), "economic")
            .from(sheet::Entity)
            .left_join(
                round::Entity,
                of_round
                    .add(Expr::col((round::Entity, round::Column::Id)).equals((sheet::Entity, sheet::Column::RoundId))),
            )
            .left_join(
                application::Entity,
                of_application.add(
                    Expr::col((application::Entity, application::Column::Id))
                        .equals((sheet::Entity, sheet::Column::ApplicationId)),
                ),
            )
            .left_join(
                application_member::Entity,
                Condition::all()
                    .add(
                        Expr::col((application_member::Entity, application_member::Column::ApplicationId))
                            .equals((sheet::Entity, sheet::Column::ApplicationId)),
                    )
                    .add(application_member::Column::Role.eq(MemberRole::Lead.key())),
            )
            .and_where(sheet::Column::Id.eq(id.0))
            .and_where(sheet::Column::ExpertId.eq(self.expert.0))
            .to_owned();
        let rows = self.within.select(of_expert((sheet::Entity, sheet::Column::ExpertId)), query).await?;
        let found = rows.first().ok_or(StoreError::NotFound)?;
        Ok((read(sheet::Model::from_query_result(found, SHEET)?)?, frame(found)?))
    }

    /// The expert's live sheets in a round.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn in_round(&self, round: RoundId) -> Result<Vec<Sheet>> {
        let live = self.own().filter(sheet::Column::RoundId.eq(round.0)).filter(sheet::Column::State.ne("voided"));
        live.all().await?.into_iter().map(read).collect()
    }

    /// The expert's live sheets in all rounds.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn live(&self) -> Result<Vec<Sheet>> {
        self.own().filter(sheet::Column::State.ne("voided")).all().await?.into_iter().map(read).collect()
    }
}

impl<C: ConnectionTrait> Sheets<'_, C> {
    /// The expert who holds the sheet.
    ///
    /// # Errors
    /// `NotFound` for an unknown id, or one out of scope.
    pub async fn holder(&self, id: SheetId) -> Result<ExpertId> {
        let query = self.0.find::<sheet::Entity>(of_expert(sheet::Column::ExpertId)).filter(sheet::Column::Id.eq(id.0));
        Ok(ExpertId(query.one().await?.ok_or(StoreError::NotFound)?.expert_id))
    }
}

impl Sheets<'_, DatabaseTransaction> {
    /// Hands out blank sheets.
    ///
    /// # Errors
    /// `OutOfScope` for a sheet that says something already: only its expert fills it. `Duplicate` if the expert has a live sheet for the
    /// application.
    pub async fn insert(&self, sheets: &[Sheet]) -> Result<()> {
        if !sheets.iter().all(Sheet::is_blank) {
            return Err(StoreError::OutOfScope);
        }
        let tx = self.0.writing(Owner::Review)?;
        let rows = sheets.iter().map(|s| Ok(row(s)?.into_active_model())).collect::<Result<_>>()?;
        super::insert_all(tx, rows).await
    }

    /// Replaces what the expert's own stored sheet says, if it is still at version `expected`. A submitted one keeps the sealed salt of its
    /// digest.
    ///
    /// # Errors
    /// `OutOfScope` for anyone but its expert; `Stale` if it is not at that version, or another expert's.
    pub async fn save(&self, sheet: &Sheet, expected: u32, salt: Option<String>) -> Result<()> {
        let tx = self.0.writing(Owner::Expert(sheet.expert))?;
        if sheet.is_submitted() {
            self.0.changing();
        }
        let expected = i32::try_from(expected).map_err(|_| StoreError::Stale)?;
        let done = sheet::Entity::update_many()
            .set(sheet::Model { salt, ..row(sheet)? }.into_active_model().reset_all())
            .filter(sheet::Column::Id.eq(sheet.id.0))
            .filter(sheet::Column::ExpertId.eq(sheet.expert.0))
            .filter(sheet::Column::Version.eq(expected))
            .exec(tx)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Replaces a sealed salt by the same one sealed anew.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn reseal(&self, id: SheetId, salt: &str) -> Result<()> {
        let change = sheet::ActiveModel { salt: Set(Some(salt.to_owned())), ..Default::default() };
        let tx = self.0.writing(Owner::Program)?;
        sheet::Entity::update_many().set(change).filter(sheet::Column::Id.eq(id.0)).exec(tx).await?;
        Ok(())
    }

    /// Brings the stored sheet back as `reinstated` has it; what it says stays.
    ///
    /// # Errors
    /// `OutOfScope` for anyone but those who run the review; `Stale` if it is not set aside; `Duplicate` if the expert has another live sheet for the
    /// application.
    pub async fn reinstate(&self, reinstated: &Sheet) -> Result<()> {
        let tx = self.0.writing(Owner::Review)?;
        let sheet::Model { id, version, state, state_at, state_reason, last_save, .. } = row(reinstated)?;
        let change = sheet::ActiveModel {
            version: Set(version),
            state: Set(state),
            state_at: Set(state_at),
            state_reason: Set(state_reason),
            last_save: Set(last_save),
            ..Default::default()
        };
        let done = sheet::Entity::update_many()
            .set(change)
            .filter(sheet::Column::Id.eq(id))
            .filter(sheet::Column::Version.eq(version - 1))
            .filter(sheet::Column::State.eq("voided"))
            .exec(tx)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    /// Sets the stored sheet aside as `voided` has it; what it says stays.
    ///
    /// # Errors
    /// `OutOfScope` for anyone but its expert and those who run the review; `Stale` if it was saved in the meantime, or is set aside.
    pub async fn set_aside(&self, voided: &Sheet) -> Result<()> {
        let tx = self.0.writing(Owner::Concerning(voided.expert))?;
        let sheet::Model { id, expert_id, version, state, state_at, state_reason, .. } = row(voided)?;
        let change = sheet::ActiveModel {
            state: Set(state),
            state_at: Set(state_at),
            state_reason: Set(state_reason),
            ..Default::default()
        };
        let done = sheet::Entity::update_many()
            .set(change)
            .filter(sheet::Column::Id.eq(id))
            .filter(sheet::Column::ExpertId.eq(expert_id))
            .filter(sheet::Column::Version.eq(version))
            .filter(sheet::Column::State.ne("voided"))
            .exec(tx)
            .await?;
        if done.rows_affected == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }
}
