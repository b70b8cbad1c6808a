//! One suite, run on SQLite and on the throw-away PostgreSQL server that `HENGPING_TEST_POSTGRES` names.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod migrations;
mod people;
mod programme;
mod queue;
mod records;
mod rounds;
mod scopes;
mod scoring;
mod support;
mod transactions;

/// Makes two tests of every body: one on each database.
macro_rules! on_both {
    ($($module:ident::{$($body:ident),* $(,)?})*) => {
        mod sqlite {
            $(mod $module {$(
                #[tokio::test]
                async fn $body() {
                    crate::$module::$body(crate::support::Opened::sqlite().await).await;
                }
            )*})*
        }
        mod postgres {
            $(mod $module {$(
                #[tokio::test]
                async fn $body() {
                    crate::$module::$body(crate::support::Opened::postgres().await).await;
                }
            )*})*
        }
    };
}

on_both! {
    migrations::{the_schema_goes_up_down_and_up_again, one_step_down_at_a_time_leaves_nothing_behind, keys_that_lead_nowhere_are_found, id_numbers_move_to_their_own_table_and_back}
    people::{
        accounts_come_back_with_their_standing,
        a_login_is_taken_once,
        an_account_can_be_disabled_and_given_a_new_password,
        sessions_open_are_touched_and_close,
        failed_attempts_are_remembered_and_forgotten,
        settings_are_replaced_and_removed,
        experts_come_back_with_their_ties,
        an_expert_code_is_taken_once,
        numbers_are_found_by_hash_resealed_and_forgotten,
        five_thousand_experts_go_in_at_once,
        surroundings_are_read_as_the_rules_use_them,
    }
    programme::{
        batches_come_newest_first,
        tasks_come_back_with_their_indicators,
        applications_come_back_with_members_and_people,
        codes_are_taken_once_within_a_batch,
        an_application_has_one_lead,
        an_application_needs_its_task,
        the_formal_state_changes_with_its_reason,
    }
    rounds::{
        a_round_comes_back_with_rubric_terms_and_freeze,
        entries_know_their_panel,
        a_department_signs_a_content_once,
        an_expert_has_one_seat_in_a_round,
        panels_are_replaced_with_their_seats,
        presence_is_noted_on_a_seat,
        undecided_findings_are_forgotten_and_decided_ones_stay,
    }
    scopes::{
        a_scope_bounds_every_query,
        nobody_signs_pledges_or_scores_for_another,
        a_review_is_written_by_those_who_run_it,
        accounts_are_their_holders_and_their_administrators,
        the_audit_opens_to_those_who_watch,
    }
    scoring::{
        a_sheet_comes_back_in_every_state,
        a_pair_has_one_live_sheet_and_a_new_one_after_voiding,
        tasks_scored_in_other_rounds_are_found,
        a_stale_version_is_refused_and_changes_nothing,
        nobody_reaches_the_sheet_of_another_expert,
        objective_points_are_replaced_per_application,
        indicator_results_and_knockouts_come_back,
    }
    records::{
        the_latest_run_of_a_kind_is_found,
        an_import_file_is_finished_once,
        the_audit_comes_in_pages_newest_first,
        the_audit_is_searched_literally_and_without_regard_to_case,
        audit_rows_are_neither_changed_nor_removed,
    }
    queue::{
        writes_happen_in_the_order_of_asking,
        a_write_that_fails_takes_no_other_down,
        a_write_that_ignores_a_failure_is_told_the_truth,
        a_caller_that_goes_away_leaves_nothing_and_holds_nobody_up,
        who_reads_does_not_wait_for_a_long_write,
    }
    transactions::{
        an_error_leaves_nothing_behind,
        two_hundred_writers_that_read_first_all_succeed,
        a_foreign_key_that_points_nowhere_is_not_found,
        statements_are_counted_inside_and_outside_a_transaction,
        what_is_kept_is_made_again_after_a_change,
    }
}
