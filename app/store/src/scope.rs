//! 数据范围 as conditions of queries.

use crate::entity::{conflict, round, seat, sheet};
use domain::access::{Reach, Scope};
use domain::conflict::Decision;
use domain::round::Step;
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoColumnRef, Query, SelectStatement};

/// 已归档 rounds.
pub fn archived() -> SelectStatement {
    Query::select()
        .column(round::Column::Id)
        .from(round::Entity)
        .and_where(round::Column::Step.eq(Step::Archive.key()))
        .to_owned()
}

fn nothing() -> Condition {
    Condition::all().add(Expr::cust("1 = 0"))
}

/// For rows that are one expert's own.
pub fn of_expert(scope: Scope, expert: impl IntoColumnRef) -> Condition {
    match scope.reach() {
        Reach::All => Condition::all(),
        Reach::Expert(own) => Condition::all().add(Expr::col(expert).eq(own.0)),
        Reach::Region(_) | Reach::Nothing => nothing(),
    }
}

/// For tables of applications that do not carry the 推荐单位: none of their rows are a region's to see.
pub const NOT_HERE: Option<&str> = None;

/// For rows of an application, given the columns with its id and, where it is in the same table, its 推荐单位.
///
/// An expert reaches the applications of the own sheets that stand, in rounds that are not archived, unless a recusal stands: no sheet
/// exists for a recused pair of the same round, but one may of another.
pub fn of_application(
    scope: Scope,
    application: impl IntoColumnRef,
    recommender: Option<impl IntoColumnRef>,
) -> Condition {
    match (scope.reach(), recommender) {
        (Reach::All, _) => Condition::all(),
        (Reach::Expert(expert), _) => {
            let own = Query::select()
                .column(sheet::Column::ApplicationId)
                .from(sheet::Entity)
                .and_where(Expr::col(sheet::Column::ExpertId).eq(expert.0))
                .and_where(Expr::col(sheet::Column::State).ne("voided"))
                .and_where(Expr::col(sheet::Column::RoundId).not_in_subquery(archived()))
                .to_owned();
            let recused = Query::select()
                .column(conflict::Column::ApplicationId)
                .from(conflict::Entity)
                .and_where(Expr::col(conflict::Column::ExpertId).eq(expert.0))
                .and_where(Expr::col(conflict::Column::Decision).eq(Decision::Upheld.key()))
                .to_owned();
            let application = application.into_column_ref();
            Condition::all()
                .add(Expr::col(application.clone()).in_subquery(own))
                .add(Expr::col(application).not_in_subquery(recused))
        }
        (Reach::Region(region), Some(recommender)) => Condition::all().add(Expr::col(recommender).eq(region.key())),
        (Reach::Region(_), None) | (Reach::Nothing, _) => nothing(),
    }
}

/// For rows of a panel: an expert reaches those with a seat of their own.
pub fn of_panel(scope: Scope, panel: impl IntoColumnRef) -> Condition {
    match scope.reach() {
        Reach::All => Condition::all(),
        Reach::Expert(expert) => {
            let own = Query::select()
                .column(seat::Column::PanelId)
                .from(seat::Entity)
                .and_where(Expr::col(seat::Column::ExpertId).eq(expert.0))
                .to_owned();
            Condition::all().add(Expr::col(panel).in_subquery(own))
        }
        Reach::Region(_) | Reach::Nothing => nothing(),
    }
}

/// For rows that only those see who see everything.
pub fn of_staff(scope: Scope) -> Condition {
    if scope.reach() == Reach::All { Condition::all() } else { nothing() }
}
