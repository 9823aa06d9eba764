//! One suite for every engine: SQLite in a file, SQLite in memory, and PostgreSQL.
//!
//! PostgreSQL is asked for with `TEST_POSTGRES_URL`; without it those tests say that they were
//! skipped, and with `CHUANGLIAN_REQUIRE_POSTGRES=1` they fail instead. Each test has a schema of
//! its own.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod place;
mod previews;
mod recovery;
mod samples;

mod access;
mod acts;
mod backup;
mod claims;
mod drafts;
mod factors;
mod files;
mod identities;
mod imports;
mod journal;
mod links;
mod lists;
mod migrations;
mod outbox;
mod papers;
mod passkeys;
mod projections;
mod search;
mod tampering;
mod tls;
mod uploads;

/// Makes a test of each function for each engine.
macro_rules! on_every_engine {
    ($($room:ident :: $fact:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $fact() { super::place::in_file(super::$room::$fact); })*
        }
        mod memory {
            $(#[test] fn $fact() { super::place::in_memory(super::$room::$fact); })*
        }
        mod postgres {
            $(#[test] fn $fact() { super::place::in_postgres(super::$room::$fact); })*
        }
    };
}

on_every_engine![
    access::a_login_has_no_case_and_one_owner,
    access::posts_are_listed_by_person_and_by_side_and_end,
    access::sessions_are_touched_listed_and_ended,
    access::tokens_come_and_go,
    links::accounts_and_posts_come_with_their_events_or_not_at_all,
    links::one_link_opens_an_invitation_and_the_next_takes_its_place,
    links::what_one_saw_to_passes_on_in_the_dossiers_of_the_unit_alone,
    access::attempts_are_counted_since_an_instant,
    access::a_setting_is_replaced,
    access::what_is_set_once_is_the_same_for_all_who_ask_at_once,
    recovery::a_reset_is_looked_at_often_and_used_once,
    recovery::a_case_is_confirmed_once_and_ends_once,
    factors::a_step_is_used_once_and_none_before_it,
    factors::a_recovery_code_is_used_once,
    factors::the_security_log_is_only_added_to,
    acts::a_refused_act_undoes_only_itself,
    acts::a_panic_is_an_answer_and_the_store_lives_on,
    acts::an_error_that_was_ignored_undoes_the_act,
    acts::a_read_cannot_write,
    acts::values_of_every_kind_come_back,
    acts::a_wrong_number_of_values_is_an_error,
    backup::a_backup_is_what_was_there_on_either_engine,
    backup::a_place_with_something_in_it_is_not_restored_into,
    claims::one_of_many_gets_a_value_and_the_others_learn_who,
    claims::a_claim_no_longer_listed_is_free,
    claims::the_highest_number_and_the_list_of_a_kind,
    drafts::a_draft_keeps_each_field_until_it_is_written_for_good,
    drafts::a_section_is_somebodys_and_shows_who_is_there,
    drafts::the_drafts_of_a_dossier_go_when_its_stage_has_none,
    drafts::so_many_texts_are_left_behind_and_the_oldest_goes,
    files::a_file_comes_back_with_its_type,
    files::the_first_byte_past_the_limit_is_refused,
    files::a_file_that_changed_or_vanished_is_never_given_away,
    files::the_scrub_finds_what_changed_and_what_is_well_again,
    files::what_no_entry_names_is_swept_and_the_rest_stays,
    files::who_brought_a_file_is_noted,
    files::the_same_content_is_one_file,
    files::a_file_without_runtime,
    identities::an_identity_is_one_accounts_alone,
    identities::an_errand_comes_back_once_to_whoever_was_sent,
    identities::errands_do_not_pile_up,
    identities::what_nobody_claimed_waits_for_its_browser_alone,
    imports::an_import_goes_on_and_is_listed_newest_first,
    imports::rows_left_lying_are_blanked_and_the_report_stays,
    journal::entries_come_back_as_they_were_written,
    journal::a_stale_decision_is_a_conflict,
    journal::exactly_one_wins_each_number_of_a_stream,
    journal::different_streams_all_win_and_indexes_have_no_gap,
    journal::the_same_command_gives_the_same_answer,
    journal::a_command_many_times_at_once_is_carried_out_once,
    journal::a_key_used_for_another_request_is_refused,
    journal::a_command_that_changes_nothing_has_an_answer,
    journal::a_refused_append_leaves_nothing,
    journal::streams_are_listed_by_prefix,
    journal::every_entry_is_visited_in_order,
    journal::text_is_brought_into_one_form,
    journal::a_number_that_would_change_is_refused,
    journal::erasing_keeps_the_journal_verifying,
    journal::one_value_can_be_erased_alone,
    lists::a_reader_sees_what_lists_the_reader,
    lists::dossiers_are_paged_by_their_last_change,
    lists::the_register_is_paged_both_ways,
    lists::the_register_is_filtered,
    lists::a_worklist_is_merged_over_holders_and_paged,
    lists::what_is_due_comes_by_day_and_can_be_paged,
    lists::units_are_found_by_name_and_code,
    lists::hot_lists_walk_an_index,
    migrations::a_newer_schema_is_refused,
    migrations::an_opened_store_can_be_opened_again,
    outbox::a_letter_goes_out_once,
    outbox::a_lease_that_ran_out_gives_the_letter_back,
    outbox::senders_at_once_take_different_letters,
    outbox::letters_are_listed_newest_first,
    papers::a_paper_is_ordered_with_its_event_and_made_once,
    papers::what_could_not_be_made_is_tried_again,
    papers::two_at_once_take_different_papers,
    passkeys::a_passkey_has_one_owner_who_names_and_ends_it,
    passkeys::a_count_of_signatures_only_goes_on,
    passkeys::a_challenge_is_answered_once_by_whom_it_was_asked,
    passkeys::challenges_do_not_pile_up,
    previews::a_page_is_known_until_it_is_forgotten,
    previews::what_can_be_made_again_is_swept_away,
    projections::each_part_replaces_what_stood_there,
    projections::tallies_count_each_stream_once,
    projections::rebuilding_gives_equal_tables,
    projections::a_rebuild_that_fails_leaves_the_tables,
    journal::an_answer_alone_leaves_the_lists_and_is_kept_as_long,
    projections::rebuilding_beside_appends_loses_nothing,
    projections::a_projection_can_be_made_again_without_an_entry,
    search::answers_are_those_of_looking_for_the_words,
    search::the_public_finds_the_public_text_only,
    search::a_reader_finds_only_what_the_reader_may_see,
    search::a_text_without_letters_finds_nothing,
    tampering::the_journal_refuses_to_be_changed,
    tampering::a_changed_body_is_found,
    tampering::a_changed_column_is_found,
    tampering::a_missing_entry_is_found,
    tampering::an_entry_cut_off_at_the_end_is_found,
    tampering::a_changed_value_about_a_person_is_found,
    tampering::a_vanished_value_about_a_person_is_found,
    uploads::pieces_make_a_file_in_their_order,
    uploads::an_upload_goes_on_after_a_restart,
    uploads::of_two_pieces_for_one_place_one_is_taken,
    uploads::an_upload_ends_when_it_is_given_up_or_runs_out,
];
