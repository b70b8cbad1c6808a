//! 数据范围 as conditions of queries.

use crate::entity::sheet;
use domain::access::{Reach, Scope};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, IntoColumnRef, Query};

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

/// For rows of an application, given the columns with its id and, where it is in the same table, its 推荐单位.
///
/// An expert reaches the applications of the own sheets that stand: none exists for a recused pair.
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
                .to_owned();
            Condition::all().add(Expr::col(application).in_subquery(own))
        }
        (Reach::Region(region), Some(recommender)) => Condition::all().add(Expr::col(recommender).eq(region.key())),
        (Reach::Region(_), None) | (Reach::Nothing, _) => nothing(),
    }
}

/// For rows that only those see who see everything.
pub fn of_staff(scope: Scope) -> Condition {
    if scope.reach() == Reach::All { Condition::all() } else { nothing() }
}
