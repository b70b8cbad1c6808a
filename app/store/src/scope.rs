//! 数据范围 as conditions of queries: which rows of a table a scope reaches. Every query names one of these.

use crate::entity::{application, conflict, round, seat, sheet};
use domain::access::{AccountReach, Reach, Scope};
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

fn if_so(reached: bool) -> Condition {
    if reached { Condition::all() } else { nothing() }
}

/// Rows that are one expert's own.
pub fn of_expert(expert: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| match scope.reach() {
        Reach::All => Condition::all(),
        Reach::Expert(own) => Condition::all().add(Expr::col(expert).eq(own.0)),
        Reach::Region(_) | Reach::Nothing => nothing(),
    }
}

/// Rows by which an application is judged, given the column with its id: none of them is a region's to see.
///
/// An expert reaches the applications of the own sheets that stand, in rounds that are not archived, unless a recusal stands: no sheet
/// exists for a recused pair of the same round, but one may of another.
pub fn of_application(application: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| match scope.reach() {
        Reach::All => Condition::all(),
        Reach::Expert(expert) => {
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
        Reach::Region(_) | Reach::Nothing => nothing(),
    }
}

/// Rows filed with an application, given the column with its id: also the region's that recommended it.
pub fn of_filing(application: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| match scope.reach() {
        Reach::Region(region) => {
            let recommended = Query::select()
                .column((application::Entity, application::Column::Id))
                .from(application::Entity)
                .and_where(Expr::col((application::Entity, application::Column::Recommender)).eq(region.key()))
                .to_owned();
            Condition::all().add(Expr::col(application).in_subquery(recommended))
        }
        _ => of_application(application)(scope),
    }
}

/// Applications under review: of the own panel also those that one is recused from: that they are there, and nothing else.
pub fn under_review(panel: impl IntoColumnRef, application: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| Condition::any().add(of_panel(panel)(scope)).add(of_application(application)(scope))
}

/// Rows of a panel: an expert reaches those with a seat of their own.
pub fn of_panel(panel: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| own_seat(scope, seat::Column::PanelId, panel)
}

/// Rounds: an expert reaches those with a seat of their own.
pub fn of_round(round: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| own_seat(scope, seat::Column::RoundId, round)
}

fn own_seat(scope: Scope, of_seat: seat::Column, column: impl IntoColumnRef) -> Condition {
    match scope.reach() {
        Reach::All => Condition::all(),
        Reach::Expert(expert) => {
            let own = Query::select()
                .column(of_seat)
                .from(seat::Entity)
                .and_where(Expr::col(seat::Column::ExpertId).eq(expert.0))
                .to_owned();
            Condition::all().add(Expr::col(column).in_subquery(own))
        }
        Reach::Region(_) | Reach::Nothing => nothing(),
    }
}

/// Rows that only those reach who reach the whole review.
pub fn of_staff() -> impl FnOnce(Scope) -> Condition {
    |scope| if_so(scope.reach() == Reach::All)
}

/// Batches and tasks, which are published: whoever has a part in a review.
pub fn published() -> impl FnOnce(Scope) -> Condition {
    |scope| if_so(scope.reach() != Reach::Nothing)
}

/// Rows of an account: the own one's, or all for who keeps the accounts.
pub fn of_account(account: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| match scope.accounts() {
        AccountReach::All => Condition::all(),
        AccountReach::Own(own) => Condition::all().add(Expr::col(account).eq(own.0)),
    }
}

/// Rows that are nobody's but the account's own: sessions, second factors, earlier passwords.
pub fn of_own_account(account: impl IntoColumnRef) -> impl FnOnce(Scope) -> Condition {
    move |scope| match scope.account() {
        None => Condition::all(),
        Some(own) => Condition::all().add(Expr::col(account).eq(own.0)),
    }
}

/// Rows that only those reach who keep accounts and roles.
pub fn of_keepers() -> impl FnOnce(Scope) -> Condition {
    |scope| if_so(scope.accounts() == AccountReach::All)
}

/// The names of people who acted, as lists and records show them.
pub fn named() -> impl FnOnce(Scope) -> Condition {
    |scope| if_so(scope.reach() == Reach::All || scope.accounts() == AccountReach::All)
}

/// The audit.
pub fn of_audit() -> impl FnOnce(Scope) -> Condition {
    |scope| if_so(scope.reads_audit())
}

/// Reported approaches.
pub fn of_approaches() -> impl FnOnce(Scope) -> Condition {
    |scope| if_so(scope.reads_approaches())
}

/// Rows that the program keeps for itself.
pub fn of_program() -> impl FnOnce(Scope) -> Condition {
    |scope| if_so(scope.is_program())
}

/// Traces that everybody leaves and nobody owns: the end of the audit chain, counts of failed attempts. They tell nothing of anybody.
pub fn traces() -> impl FnOnce(Scope) -> Condition {
    |_| Condition::all()
}
