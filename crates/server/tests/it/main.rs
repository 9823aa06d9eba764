//! The office asked from outside, through its router, on SQLite and on PostgreSQL.
//!
//! PostgreSQL is asked for with `TEST_POSTGRES_URL`; without it those tests say that they were
//! skipped, and with `CHUANGLIAN_REQUIRE_POSTGRES=1` they fail instead.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]
#![expect(clippy::print_stdout, reason = "a test says its seed, and what it skipped")]

use std::{env, fs, path::Path};

mod authenticator;
mod backup;
mod browser;
mod canonical;
mod certificates;
mod documents;
mod drafts;
mod evidence;
mod factors;
mod house;
mod kill;
mod model;
mod papers;
mod people;
mod place;
mod previews;
mod provider;
mod tale;

mod form;
mod hostile;
mod inspect;
mod life;
mod masks;
mod matrix;
mod names;
mod nodes;
mod pages;
mod passkeys;
mod reading;
mod recovery;
mod sealed;
mod session;
mod signatures;
mod signing;
mod simulation;
mod stream;
mod strength;
mod supplements;
mod units;
mod uploads;
mod workspace;

/// Compares with a golden file; `UPDATE_GOLDEN=1` writes it anew, to be read before it is kept.
fn golden(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    for (number, (is, was)) in text.lines().zip(kept.lines()).enumerate() {
        assert_eq!(is, was, "{file} line {}; UPDATE_GOLDEN=1 writes it anew", number + 1);
    }
    assert_eq!(text.lines().count(), kept.lines().count(), "{file} has other lines");
}

/// Runs a test on an engine.
fn run<F: Future<Output = ()>>(engine: place::Engine, fact: impl FnOnce(place::Engine) -> F) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(fact(engine));
}

/// Makes a test of each fact for each engine.
macro_rules! on_every_engine {
    ($($room:ident :: $fact:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $fact() { super::run(super::place::Engine::Sqlite, super::$room::$fact); })*
        }
        mod postgres {
            $(#[test] fn $fact() { super::run(super::place::Engine::Postgres, super::$room::$fact); })*
        }
    };
}

on_every_engine![
    life::s01_a_consortium_is_filed_and_owes_its_first_report,
    life::s02_a_name_of_another_form_is_refused_with_the_right_one,
    life::s03_two_units_are_left_to_a_person_with_reasons,
    life::s04_without_a_regional_platform_nothing_is_submitted,
    life::s05_a_lead_outside_the_region_is_told_to_join_as_a_member,
    life::s08_a_branch_is_no_independent_legal_person,
    life::s14_an_expert_of_a_party_is_excluded_and_a_tainted_sheet_struck,
    life::s16_a_late_summary_is_a_summary_and_no_miss,
    life::s18_two_silent_years_open_a_case_and_only_two_persons_cancel,
    life::s19_a_plan_alone_is_no_summary,
    life::s22_a_consortium_with_open_tasks_does_not_dissolve,
    life::a_trial_filing_is_taken_over_with_its_number,
    life::a_session_shows_whom_it_is_for_and_what_it_may_do_next,
    documents::every_paper_is_made_once_and_read_by_whom_it_is_for,
    documents::the_public_page_gives_the_certificate_in_force,
    documents::a_paper_that_cannot_be_made_holds_nothing_up,
    drafts::two_who_type_into_one_section_lose_nothing_acknowledged,
    drafts::a_draft_is_for_who_may_write_and_nobody_else,
    drafts::a_program_throws_away_what_it_was_shown_and_nothing_typed_since,
    drafts::a_draft_waits_while_a_command_writes_over_it_and_is_asked_about,
    drafts::what_is_posted_without_script_is_kept_whatever_comes_of_it,
    drafts::a_session_that_ended_costs_no_text,
    workspace::a_precheck_is_answered_by_the_rules_and_keeps_nothing,
    workspace::j19_only_what_is_asked_is_corrected_and_only_that_is_shown,
    workspace::a_section_is_handed_to_a_colleague_or_put_off,
    workspace::a_unit_that_was_meant_is_taken_with_one_press,
    workspace::a_second_list_goes_by_the_first_and_says_what_belongs_elsewhere,
    workspace::a_form_that_was_read_leads_on_and_so_does_its_last_section,
    workspace::what_members_owe_is_said_before_the_lock_and_they_are_reminded,
    workspace::a_draft_behind_the_lock_or_the_submission_is_read_and_thrown_away,
    form::each_unit_fills_its_own_blocks_and_promises_for_itself,
    form::rows_are_added_and_taken_out_by_post_and_summed,
    form::a_hint_leads_to_its_field_and_stops_nobody,
    certificates::certificates_sign_and_seal_exactly_what_the_office_made_out,
    certificates::an_agent_brings_a_letter_that_stays_through_refusals,
    sealed::a_sealed_certificate_is_shown_with_what_was_found_to_everybody,
    sealed::a_paper_for_some_is_sealed_for_those_alone,
    sealed::a_scan_is_compared_by_a_person_and_replaced_with_a_reason,
    names::a_name_is_judged_alike_for_everybody,
    names::of_many_who_reserve_one_name_exactly_one_wins,
    names::a_reservation_lapses_takes_nothing_else_and_can_be_made_again,
    signing::every_way_of_signing_is_open_to_a_program,
    signing::every_version_stays_and_any_two_are_told_apart,
    signing::all_parties_at_once_make_one_moment,
    signing::the_progress_of_every_party_is_told,
    supplements::a_member_joins_once_it_and_the_lead_have_signed,
    supplements::new_terms_on_paper_are_void_once_they_are_rewritten,
    evidence::a_package_holds_without_the_platform,
    passkeys::a_passkey_is_registered_named_used_and_taken_away,
    passkeys::a_registration_that_is_not_right_is_refused_in_words,
    passkeys::a_sign_in_that_is_not_right_is_refused_in_words,
    passkeys::a_passkey_shows_one_to_be_oneself_again,
    passkeys::where_passkeys_are_asked_for_the_last_one_stays,
    passkeys::a_program_sees_to_its_makers_passkeys,
    passkeys::a_passkey_signs_the_statement_and_nothing_else,
    passkeys::who_signs_by_passkey_is_the_legal_representative,
    provider::whoever_is_linked_signs_in_and_shows_what_else_the_post_asks,
    provider::only_the_named_word_stands_for_two_factors,
    provider::an_unknown_identity_opens_nothing_and_is_offered_after_signing_in,
    provider::an_identity_is_linked_to_one_account_after_a_fresh_proof,
    provider::a_token_that_does_not_hold_opens_nothing,
    provider::a_state_serves_once_in_its_browser_for_ten_minutes,
    provider::the_provider_that_answers_is_the_one_that_was_asked,
    provider::a_refusal_over_there_is_told_in_words,
    provider::a_provider_that_does_not_answer_well_holds_nobody_up,
    provider::a_new_key_is_asked_for_and_not_too_often,
    provider::a_provider_shows_one_to_be_oneself_again_when_it_asked_just_now,
    provider::the_only_way_in_is_not_given_up,
    provider::a_program_reads_and_ends_what_its_person_linked,
    provider::the_way_out_is_a_link_of_our_own_page_and_no_form,
    matrix::everybody_asks_for_everything_in_every_stage,
    matrix::every_page_of_a_dossier_opens_for_whom_it_is_in_every_stage,
    matrix::what_is_not_ones_own_answers_as_what_is_not_there,
    matrix::no_list_names_what_its_reader_may_not_read,
    people::j9_one_invitation_stands_and_looking_does_not_use_it_up,
    people::an_invitation_ends_by_the_clock_by_revocation_and_by_a_new_link,
    people::whoever_left_can_do_nothing_from_the_next_day_on,
    people::a_representative_is_shown_confirmed_and_replaced,
    people::j13_who_has_no_power_to_sign_is_told_who_has,
    people::a_second_claim_is_a_dispute_and_the_first_stays,
    people::of_two_who_register_one_code_at_once_the_first_stays,
    pages::every_page_opens_for_whom_it_is_and_takes_no_forged_post,
    pages::every_operation_is_served_and_described,
    reading::a_hit_tells_nothing_of_materials_its_reader_does_not_read,
    reading::a_message_whose_task_is_done_says_so,
    reading::what_was_judged_and_when_it_was_on_notice_stays_to_be_read,
    masks::nobody_reads_a_word_that_is_not_for_them,
    masks::a_sheet_is_its_experts_until_all_are_in,
    hostile::odd_bodies_are_refused_in_words,
    hostile::odd_values_in_commands_are_refused_in_words,
    hostile::odd_addresses_are_refused_in_words,
    hostile::files_are_what_they_are_and_belong_to_who_brought_them,
    hostile::a_hundred_submissions_under_one_key_are_one_act,
    hostile::opening_under_one_key_opens_one_dossier,
    hostile::of_two_who_act_on_the_same_state_one_wins,
    hostile::a_stale_head_is_a_conflict_and_the_new_one_is_told,
    signatures::every_paper_is_signed_and_found_by_its_code,
    previews::a_page_is_drawn_once_and_again_when_it_is_gone,
    previews::no_file_does_anything_to_the_office,
    previews::a_helper_is_given_its_time_and_not_believed,
    previews::a_file_is_leafed_through_by_whom_it_is_for,
    previews::who_reviews_sees_a_mark_of_number_and_time,
    session::a_token_is_made_for_the_password_and_ends_when_asked,
    session::guessing_passwords_is_slowed_down_and_tells_nothing,
    session::a_signature_takes_the_password_again,
    session::a_session_writes_only_with_its_own_token_from_our_own_pages,
    session::every_writing_page_refuses_a_forged_post,
    strength::an_act_with_effect_asks_for_a_fresh_proof_and_keeps_what_was_typed,
    strength::a_proof_serves_so_long_and_what_only_prepares_needs_none,
    strength::a_program_shows_its_person_to_be_oneself_before_it_acts,
    strength::what_a_demonstration_gave_is_nothing_elsewhere,
    strength::every_page_that_binds_asks_for_a_proof,
    units::what_a_unit_keeps_goes_into_a_draft_only_as_chosen,
    units::an_unwritten_section_says_what_its_unit_keeps_and_counts_once_saved,
    units::what_somebody_changed_meanwhile_is_not_taken_over,
    units::a_platform_is_entered_looked_at_and_read_by_the_rule,
    units::a_table_is_tried_row_by_row_and_then_carried_out_once,
    units::units_and_records_come_in_tables_and_go_out_the_same,
    units::a_table_that_cannot_be_read_says_what_to_do,
    factors::whoever_has_no_second_factor_binds_one_before_anything_else,
    factors::a_code_works_once_and_only_near_its_time,
    factors::guessing_codes_is_slowed_down_and_written_down,
    factors::a_recovery_code_serves_once_in_place_of_the_phone,
    factors::what_the_post_asks_for_is_not_given_up_and_another_phone_is_bound,
    factors::an_outsider_does_not_lock_a_known_device_out,
    factors::a_program_reads_of_factors_that_they_are_there_and_signs_devices_out,
    recovery::a_password_is_set_anew_and_the_second_factor_stays,
    recovery::a_link_lives_a_day_and_the_last_one_counts,
    recovery::a_lost_factor_takes_another_person_and_for_signatories_a_day,
    recovery::the_person_stops_what_somebody_else_asked_for,
    recovery::who_runs_the_accounts_begins_and_the_authority_hands_the_link_over,
    recovery::a_reset_over_the_api_is_stopped_by_its_person,
    recovery::the_operator_asks_for_more_and_never_for_less,
    uploads::a_file_in_pieces_is_taken_and_attached,
    uploads::an_upload_has_its_limits,
    uploads::a_damaged_file_is_never_served_and_its_dossier_opens,
    uploads::every_download_is_whole,
    uploads::a_page_takes_a_file_whole_and_keeps_it_while_other_fields_are_mended,
    uploads::several_files_come_at_once_and_a_broken_one_loses_none_of_the_others,
    uploads::one_post_takes_twenty_files_and_answers_the_next,
];
