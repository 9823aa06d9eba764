//! 要求 — what each clause asks, and which parts of the program carry it out.
//!
//! [`law`] is the registry behind `chuanglian law`: clause by clause, where it lives and which
//! tests show it. A clause without an entry fails the build; "a person's" and "not yet" are
//! entries, and show.

use super::{
    ClauseId,
    clauses::{CLAUSES, Clause},
};

use Carried::{Command, Document, NotYet, Page, Person, Rule, Task};

/// 要求 — one thing that a clause asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The clause's own number and a letter: `R5.1b`.
    pub id: &'static str,
    /// The clause that asks it.
    pub clause: ClauseId,
    /// What is asked, in short.
    pub text: &'static str,
    /// What is asked, for people.
    pub zh: &'static str,
    /// What carries it out.
    pub carried: &'static [Carried],
    /// The tests that show it, by name.
    pub tests: &'static [&'static str],
}

/// What carries a requirement out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carried {
    /// A rule, by module and function: `article_05::units`.
    Rule(&'static str),
    /// A command, by name: `submit`.
    Command(&'static str),
    /// A task, by name: `recommend`.
    Task(&'static str),
    /// A page, by path.
    Page(&'static str),
    /// A document, by its Chinese name.
    Document(&'static str),
    /// 由人判断 — a person's, and why no program can decide it.
    Person(&'static str),
    /// 尚未实现 — not yet, and why.
    NotYet(&'static str),
}

impl Carried {
    /// What it is, for people: `规则`.
    pub const fn kind(self) -> &'static str {
        match self {
            Rule(_) => "规则",
            Command(_) => "操作",
            Task(_) => "待办",
            Page(_) => "页面",
            Document(_) => "文书",
            Person(_) => "由人判断",
            NotYet(_) => "尚未实现",
        }
    }

    /// What it is, for programs: `rule`.
    pub const fn word(self) -> &'static str {
        match self {
            Rule(_) => "rule",
            Command(_) => "command",
            Task(_) => "task",
            Page(_) => "page",
            Document(_) => "document",
            Person(_) => "person",
            NotYet(_) => "not_yet",
        }
    }

    /// Its name, path or reason.
    pub const fn name(self) -> &'static str {
        match self {
            Rule(name) | Command(name) | Task(name) | Page(name) | Document(name)
            | Person(name) | NotYet(name) => name,
        }
    }
}

/// A clause, and all that carries it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawEntry {
    /// The clause.
    pub clause: &'static Clause,
    /// What it asks; for a clause that only opens a list, what its items ask.
    pub requirements: Vec<&'static Requirement>,
    /// Kind and name of everything that carries it out, each once.
    pub carried_by: Vec<Carried>,
    /// The tests that show it, each once.
    pub tests: Vec<&'static str>,
}

/// The regulation, clause by clause, with what carries it out.
pub fn law() -> Vec<LawEntry> {
    CLAUSES.iter().map(entry).collect()
}

/// The requirement of that id.
pub fn requirement(id: &str) -> Option<&'static Requirement> {
    REQUIREMENTS.iter().find(|asked| asked.id == id)
}

fn entry(clause: &'static Clause) -> LawEntry {
    let mut requirements: Vec<_> = REQUIREMENTS.iter().filter(|r| r.clause == clause.id).collect();
    if requirements.is_empty() {
        let items = format!("{}.", clause.id.0);
        requirements = REQUIREMENTS.iter().filter(|r| r.clause.0.starts_with(&items)).collect();
    }
    let carried = requirements.iter().flat_map(|r| r.carried).copied();
    let tests = requirements.iter().flat_map(|r| r.tests).copied();
    let (carried_by, tests) = (each_once(carried), each_once(tests));
    LawEntry { clause, requirements, carried_by, tests }
}

fn each_once<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    all.fold(Vec::new(), |mut kept, one| {
        if !kept.contains(&one) {
            kept.push(one);
        }
        kept
    })
}

const fn asks(
    id: &'static str,
    clause: &'static str,
    text: &'static str,
    zh: &'static str,
    carried: &'static [Carried],
    tests: &'static [&'static str],
) -> Requirement {
    Requirement { id, clause: ClauseId(clause), text, zh, carried, tests }
}

/// Everything that the regulation asks, in its order.
pub const REQUIREMENTS: &[Requirement] = &[
    asks(
        "R1a",
        "1",
        "The purpose: join science and industry, solve key technical problems, strengthen enterprises.",
        "联合体应当面向明确的关键技术问题，由企业主导、产学研合作。",
        &[
            Person("是否针对关键技术问题，由专家评审判断"),
            Command("submit_sheet"),
            Page("/regulation"),
        ],
        &[],
    ),
    asks(
        "R2a",
        "2",
        "The Department makes the measures that promote consortia.",
        "自治区科技厅制定促进创新联合体发展的各项措施。",
        &[Person("政策由自治区科技厅制定"), Page("/announcements")],
        &[],
    ),
    asks(
        "R2b",
        "2",
        "The Department alone files, manages, cancels and closes.",
        "备案、取消、注销只由自治区科技厅作出。",
        &[Command("confirm_decision"), Command("file"), Command("import_trial_filing")],
        &["every_role_may_in_every_stage_exactly_what_its_duty_is"],
    ),
    asks(
        "R3a",
        "3",
        "The lead is a key enterprise of the region in its field.",
        "由区内相关领域的重点企业牵头。",
        &[Person("“重点企业”没有量化标准，由推荐部门和专家判断"), Rule("article_05::lead_hard")],
        &["a_lead_is_an_enterprise_with_legal_personality_in_the_region"],
    ),
    asks(
        "R3b",
        "3",
        "Members are enterprises, institutes, universities, transfer agencies and others, from anywhere.",
        "成员可以是区内外企业、科研院所、高等学校、技术转移机构等。",
        &[Command("invite"), Page("/apply/{id}/members")],
        &[
            "s05_a_lead_outside_the_region_is_refused_at_the_first_step_and_may_be_a_member",
            "a_member_is_a_legal_person_of_any_form_and_place",
            "s05_a_lead_outside_the_region_is_told_at_once_to_join_as_a_member",
        ],
    ),
    asks(
        "R3c",
        "3",
        "Its work is research and development and the transfer of results.",
        "任务中研究开发和科技成果转化都要有。",
        &[Rule("article_06::both_tasks")],
        &["each_thing_that_articles_3_6_and_7_ask_of_a_filing_is_missed_when_it_is_missing"],
    ),
    asks(
        "R3d",
        "3",
        "It is formed by the market and is no legal person.",
        "联合体以市场化方式组建，本身不是法人，由牵头单位和成员单位行事。",
        &[Command("open"), Person("是否市场化组建，由评审判断")],
        &[],
    ),
    asks(
        "R4a",
        "4",
        "The lead starts it.",
        "由牵头单位发起。",
        &[Command("open"), Page("/apply")],
        &[
            "s05_a_lead_outside_the_region_is_refused_at_the_first_step_and_may_be_a_member",
            "every_role_may_in_every_stage_exactly_what_its_duty_is",
        ],
    ),
    asks(
        "R4b",
        "4",
        "Members have the intention to cooperate.",
        "各成员单位用本单位账号确认合作意向。",
        &[
            Rule("article_06::intention"),
            Command("invite"),
            Command("remove_member"),
            Command("answer_invitation"),
            Task("answer_invitation"),
        ],
        &[
            "an_invited_unit_answers_for_itself_and_one_that_declined_sees_nothing_more_of_it",
            "each_thing_that_articles_3_6_and_7_ask_of_a_filing_is_missed_when_it_is_missing",
        ],
    ),
    asks(
        "R4c",
        "4",
        "All sign an agreement with legal force before the recommendation.",
        "推荐前，各方共同签署具有法律效力的合作协议。",
        &[Rule("article_06::in_force"), Command("sign"), Command("seal")],
        &[
            "s01_a_consortium_is_filed_and_owes_its_first_report_at_the_end_of_the_year",
            "a_member_that_does_not_sign_brings_it_back_to_drafting",
        ],
    ),
    asks(
        "R4d",
        "4",
        "The recommending authority recommends.",
        "经盟市科技局等归口管理部门推荐。",
        &[Command("recommend"), Command("attach_sealed"), Task("recommend"), Document("推荐函")],
        &[
            "the_office_that_issued_a_paper_brings_it_back_sealed_and_no_other",
            "the_domicile_decides_and_county_cities_and_zones_come_first",
            "s06_a_lead_that_moved_into_the_region_is_routed_by_its_domicile_not_by_its_code",
            "every_step_may_be_refused_with_reasons_by_its_office_alone",
        ],
    ),
    asks(
        "R4e",
        "4",
        "The Department examines and files.",
        "由自治区科技厅审核备案。",
        &[Command("file"), Command("attach_sealed"), Page("/registry/{no}"), Document("备案证明")],
        &[
            "a_sealed_certificate_is_shown_with_what_was_found_to_everybody",
            "s01_a_consortium_is_filed_and_owes_its_first_report_at_the_end_of_the_year",
            "the_number_of_a_year_counts_up_and_is_never_used_again",
            "s01_runs_from_the_first_visit_to_the_register_in_a_browser",
        ],
    ),
    asks(
        "R5.1a",
        "5.1",
        "It consists of several units of these kinds.",
        "由企业、科研院所、高等学校、技术转移机构或其他组织机构等多个单位组成。",
        &[Rule("article_05::units")],
        &["several_units_are_needed_and_three_in_principle", "one_unit_alone_is_no_consortium"],
    ),
    asks(
        "R5.1b",
        "5.1",
        "Three units or more, in principle.",
        "原则上不少于3家；不足的写明特殊情况，由人决定。",
        &[Rule("article_05::units"), Person("“原则上”的例外由自治区科技厅决定")],
        &[
            "several_units_are_needed_and_three_in_principle",
            "s03_two_units_are_not_refused_by_the_machine_and_a_person_decides_with_reasons",
            "members_that_leave_raise_a_doubt_and_a_person_settles_it",
            "s03_two_units_explain_themselves_and_a_person_decides_with_reasons",
        ],
    ),
    asks(
        "R5.1c",
        "5.1",
        "At least one platform of regional level or above.",
        "建有自治区级以上科技创新平台至少一家。",
        &[Rule("article_05::platform"), Person("平台类型和证明由审查人员核对")],
        &[
            "each_kind_has_its_level_and_says_whether_it_counts",
            "only_what_is_below_the_region_never_counts",
            "one_platform_of_the_region_or_above_must_stand_at_a_party_today",
            "s04_no_regional_platform_is_refused_at_submission_and_accepted_once_there_is_one",
            "s04_a_platform_that_lapses_is_not_accepted_at_the_formal_review",
            "a_platform_of_another_province_counts_only_when_a_person_confirms_it",
            "a_platform_counts_by_its_level_its_status_its_kind_and_its_period",
            "a_row_that_names_an_entry_is_read_by_the_register_and_no_entry_is_passed_over",
            "a_platform_is_entered_looked_at_and_read_by_the_rule",
            "s04_without_a_regional_platform_nothing_is_submitted_nor_accepted_without_script",
        ],
    ),
    asks(
        "R5.2a",
        "5.2",
        "The lead is registered in Inner Mongolia.",
        "牵头单位在内蒙古自治区内注册，以营业执照住所为准。",
        &[Rule("article_05::lead_hard")],
        &[
            "the_area_digits_hint_and_do_not_decide",
            "a_lead_is_an_enterprise_with_legal_personality_in_the_region",
            "s05_a_lead_outside_the_region_is_refused_at_the_first_step_and_may_be_a_member",
            "s06_a_lead_that_moved_into_the_region_is_routed_by_its_domicile_not_by_its_code",
            "s05_a_lead_outside_the_region_is_told_at_once_to_join_as_a_member",
        ],
    ),
    asks(
        "R5.2b",
        "5.2",
        "The lead is an enterprise with legal personality.",
        "牵头单位是独立法人企业。",
        &[Rule("article_05::lead_hard")],
        &[
            "a_valid_code_is_taken_without_a_warning_and_tells_its_type",
            "a_lead_is_an_enterprise_with_legal_personality_in_the_region",
        ],
    ),
    asks(
        "R5.2c",
        "5.2",
        "The lead can gather firms, institutes and universities of its chain.",
        "牵头单位能够集聚产业链上下游企业、科研院所和高等学校等创新资源。",
        &[Rule("article_05::lead_materials"), Person("集聚能力由推荐部门和专家判断")],
        &["what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine"],
    ),
    asks(
        "R5.2d",
        "5.2",
        "The lead has research ability, a mature team and complete rules.",
        "牵头单位有一定的研发能力、成熟的科研团队和完善的科技管理制度。",
        &[Rule("article_05::lead_materials"), Person("“一定”“成熟”“完善”由人判断")],
        &["what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine"],
    ),
    asks(
        "R5.2e",
        "5.2",
        "The lead works well with institutes, universities and scientists.",
        "牵头单位与科研院所、高等学校及科学家团队有良好的合作基础。",
        &[Rule("article_05::lead_materials"), Person("合作基础是否良好由人判断")],
        &["what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine"],
    ),
    asks(
        "R5.2f",
        "5.2",
        "The lead has no record of serious dishonesty within its period.",
        "牵头单位无在惩戒期内严重失信行为记录。",
        &[Rule("article_05::credit"), Person("信用查询结果由人核对")],
        &[
            "a_credit_record_counts_from_its_first_to_its_last_day_unless_lifted",
            "each_list_weighs_what_it_is_and_a_repair_ends_a_record",
            "s10_a_lead_that_enters_a_list_during_the_notice_cannot_be_filed_within_the_period",
            "a_condition_lost_is_found_once_a_year_and_waits_for_a_person_until_settled",
        ],
    ),
    asks(
        "R5.3a",
        "5.3",
        "Members are legal persons with innovation capacity, from anywhere.",
        "成员单位是具备创新能力的独立法人单位，不受地域限制。",
        &[Rule("article_05::member_legal"), Person("创新能力由人判断")],
        &[
            "a_member_is_a_legal_person_of_any_form_and_place",
            "s08_a_branch_is_no_independent_legal_person",
            "s08_a_branch_is_refused_as_a_member_on_a_telephone",
        ],
    ),
    asks(
        "R5.3b",
        "5.3",
        "Members have a basis of cooperation with the lead.",
        "成员单位与牵头单位在技术研发、成果转化、标准制定、人才培养等方面有合作基础。",
        &[Rule("article_05::member_materials"), Person("合作基础由人核对")],
        &["what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine"],
    ),
    asks(
        "R5.3c",
        "5.3",
        "Institutes and universities have a strong team and conditions.",
        "科研院所、高等学校有较强的研发团队和科研条件。",
        &[Rule("article_05::member_materials"), Person("“较强的”由人判断")],
        &["what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine"],
    ),
    asks(
        "R5.3d",
        "5.3",
        "Enterprises have research and matching ability and complement others.",
        "企业成员有一定的研发和技术配套能力，与其他单位有效互补。",
        &[Rule("article_05::member_materials"), Person("“一定的”和互补性由人判断")],
        &["what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine"],
    ),
    asks(
        "R5.3e",
        "5.3",
        "Transfer agencies have service ability and help the consortium.",
        "技术转移机构有相关服务能力，对联合体建设起到助力作用。",
        &[Rule("article_05::member_materials"), Person("助力作用由人判断")],
        &["what_the_lead_and_members_must_write_is_there_or_not_and_never_judged_by_the_machine"],
    ),
    asks(
        "R5.3f",
        "5.3",
        "No record of serious dishonesty within its period.",
        "无在惩戒期内严重失信行为记录；文义可只及于技术转移机构，其他成员由人判断。",
        &[Rule("article_05::credit"), Person("对其他成员的适用由人判断")],
        &[
            "a_credit_record_counts_from_its_first_to_its_last_day_unless_lifted",
            "each_list_weighs_what_it_is_and_a_repair_ends_a_record",
            "s09_a_transfer_agency_on_a_list_leads_to_a_correction_and_not_to_a_refusal",
            "a_record_of_another_member_is_left_to_a_person",
        ],
    ),
    asks(
        "R6.1a",
        "6.1",
        "They agree around technical problems and directions.",
        "围绕相关领域技术难题和发展方向达成合作意向。",
        &[Command("write_application"), Person("由专家评审判断")],
        &[],
    ),
    asks(
        "R6.1b",
        "6.1",
        "The name is 内蒙古自治区…创新联合体.",
        "以“内蒙古自治区xxxx创新联合体”命名。",
        &[Rule("article_06::naming"), Command("open"), Command("rename"), Command("reserve_name")],
        &[
            "a_name_of_the_form_in_the_regulation_is_taken",
            "a_name_of_another_form_is_refused_with_the_form_that_would_be_right",
            "names_that_people_take_for_the_same_have_the_same_key",
            "five_hundred_variants_of_a_name_have_one_skeleton",
            "a_name_is_judged_alike_for_everybody",
            "of_many_who_reserve_one_name_exactly_one_wins",
            "a_name_lapses_on_the_day_after_its_last_and_takes_nothing_else",
            "s02_a_name_of_another_form_is_refused_with_the_right_form_and_a_new_name_is_signed_anew",
            "a_name_in_use_is_refused_and_free_again_once_its_application_ended",
            "s02_a_wrong_name_is_refused_with_the_right_one_and_a_new_name_is_signed_anew",
        ],
    ),
    asks(
        "R6.2a",
        "6.2",
        "An agreement of that title, fair and voluntary.",
        "本着公平、自愿的原则签署《内蒙古自治区创新联合体组建协议》。",
        &[
            Command("write_agreement"),
            Command("decline_to_sign"),
            Document("组建协议"),
            Person("是否公平由各方自行判断"),
        ],
        &["a_member_that_does_not_sign_brings_it_back_to_drafting"],
    ),
    asks(
        "R6.2b",
        "6.2",
        "The agreement states the six contents.",
        "协议明确组建时间、技术创新目标、任务分工、科技成果及知识产权归属、投入与收益分配办法、解决争议的方式。",
        &[Rule("article_06::contents"), Command("write_agreement")],
        &[
            "each_thing_that_articles_3_6_and_7_ask_of_a_filing_is_missed_when_it_is_missing",
            "the_agreement_may_leave_risk_breach_and_other_terms_open",
        ],
    ),
    asks(
        "R6.2c",
        "6.2",
        "Legal representatives or heads sign.",
        "由各单位法定代表人或负责人签署。",
        &[
            Command("start_signing"),
            Command("sign"),
            Command("confirm_paper"),
            Rule("article_06::signatories"),
            Task("sign"),
        ],
        &[
            "a_member_that_does_not_sign_brings_it_back_to_drafting",
            "a_signature_says_how_it_was_made",
            "paper_signed_by_all_is_in_force_when_the_last_party_confirmed_the_same_scan",
            "what_is_signed_stands_still_until_the_lead_takes_the_lock_back",
            "s02_a_wrong_name_is_refused_with_the_right_one_and_a_new_name_is_signed_anew",
        ],
    ),
    asks(
        "R6.2d",
        "6.2",
        "Each unit seals with its official seal.",
        "加盖各单位公章。",
        &[Command("seal"), Task("seal"), Person("印文由审核人员核对")],
        &["a_member_that_does_not_sign_brings_it_back_to_drafting"],
    ),
    asks(
        "R6.2e",
        "6.2",
        "In force once all have signed and sealed.",
        "各方签字盖章后协议生效。",
        &[Rule("article_06::in_force")],
        &[
            "every_history_holds_together_and_every_drawn_way_is_walked",
            "two_agreements_share_their_canonical_text_only_when_they_are_the_same",
            "any_one_change_of_what_is_signed_changes_its_canonical_text",
        ],
    ),
    asks(
        "R6.3",
        "6.3",
        "The lead fills in and submits on line.",
        "由牵头单位在线填报提交备案材料。",
        &[
            Command("write_application"),
            Command("submit"),
            Command("withdraw"),
            Task("submit"),
            Document("提交回执"),
        ],
        &[
            "s01_a_consortium_is_filed_and_owes_its_first_report_at_the_end_of_the_year",
            "the_lead_withdraws_until_the_decision_is_made_and_no_later",
            "s01_runs_from_the_first_visit_to_the_register_in_a_browser",
        ],
    ),
    asks(
        "R6.4a",
        "6.4",
        "The authority checks truth and accuracy.",
        "归口管理部门审核材料的真实性和准确性。",
        &[
            Command("check_materials"),
            Command("return_for_changes"),
            Task("recommend"),
            Person("真实性、准确性由审核人员负责"),
        ],
        &[
            "what_was_returned_is_submitted_again_and_checked_again",
            "no_person_takes_two_steps_that_must_be_apart",
        ],
    ),
    asks(
        "R6.4b",
        "6.4",
        "The authority gives its opinion on the formation.",
        "归口管理部门提出审核推荐意见。",
        &[Command("recommend"), Command("decline_to_recommend"), Document("推荐函")],
        &["every_step_may_be_refused_with_reasons_by_its_office_alone"],
    ),
    asks(
        "R6.5a",
        "6.5",
        "The Department reviews formally.",
        "自治区科技厅进行形式审查，需补正的一次告知。",
        &[
            Rule("examine::examine"),
            Command("pass_formal_review"),
            Command("request_correction"),
            Command("submit_correction"),
            Command("extend_correction"),
            Command("extend_review"),
            Command("not_accept"),
            Task("formal_review"),
            Document("补正通知"),
        ],
        &[
            "a_correction_opens_only_what_it_lists_and_stops_the_offices_clock",
            "a_correction_that_never_comes_ends_in_non_acceptance_after_its_day",
            "an_overdue_correction_is_the_reviewers_turn_until_a_person_decides",
            "s03_two_units_explain_themselves_and_a_person_decides_with_reasons",
            "s04_without_a_regional_platform_nothing_is_submitted_nor_accepted_without_script",
        ],
    ),
    asks(
        "R6.5b",
        "6.5",
        "The Department organises expert review.",
        "自治区科技厅组织专家评审论证。",
        &[
            Command("draw_panel"),
            Command("declare_interest"),
            Command("submit_sheet"),
            Command("void_sheet"),
            Command("fill_seat"),
            Task("score"),
            Document("专家评审意见"),
            Person("评审意见由专家作出"),
        ],
        &[
            "s14_an_expert_on_a_partys_payroll_is_excluded_and_a_score_found_tainted_is_struck",
            "an_expert_who_recuses_is_replaced_and_one_whose_appointment_ended_is_not_the_replacement",
            "a_panel_is_odd_at_least_five_and_at_most_fifteen",
            "a_draw_is_the_same_for_the_same_seed_and_roster_in_any_order",
            "the_order_of_the_sheets_makes_no_difference",
            "s14_an_expert_of_a_party_is_not_drawn_and_a_tainted_score_is_struck_and_given_anew",
        ],
    ),
    asks(
        "R6.5c",
        "6.5",
        "Those that pass are filed.",
        "对评审通过的予以备案。",
        &[
            Command("draft_decision"),
            Command("return_draft"),
            Command("confirm_decision"),
            Command("file"),
            Task("decide"),
            Person("核准由两人先后作出"),
        ],
        &[
            "a_failed_review_is_decided_against_by_two_persons",
            "no_person_takes_two_steps_that_must_be_apart",
        ],
    ),
    asks(
        "R6.5d",
        "6.5",
        "And public notice is given.",
        "予以公示，公示期内任何人可以提出异议。",
        &[
            Command("publish_notice"),
            Command("object"),
            Command("conclude_objection"),
            Task("publish_notice"),
            Task("answer_objection"),
            Page("/notices"),
            Document("拟备案公示"),
        ],
        &[
            "periods_of_five_days_end_where_the_study_of_the_regulation_computed",
            "a_missing_year_is_refused_and_an_imported_one_answers",
            "s12_an_upheld_objection_ends_the_application_and_a_dismissed_one_does_not",
            "s13_an_objection_after_the_period_is_not_taken_as_one",
            "s31_a_notice_past_the_calendar_is_refused",
            "an_objection_is_raised_with_the_keyboard_alone_and_a_refusal_takes_the_focus",
        ],
    ),
    asks(
        "R7.1",
        "7.1",
        "The application form.",
        "《内蒙古自治区创新联合体备案申请登记表》。",
        &[Rule("article_06::form"), Command("write_application"), Document("备案申请登记表")],
        &["each_thing_that_articles_3_6_and_7_ask_of_a_filing_is_missed_when_it_is_missing"],
    ),
    asks(
        "R7.1a",
        "7.1",
        "What the form says fits together.",
        "登记表各表填写齐全、前后一致。",
        &[Rule("article_06::consistent"), Person("能否成立由人判断，提示不妨碍提交")],
        &["each_hint_is_given_where_it_belongs_and_nowhere_else"],
    ),
    asks(
        "R7.2",
        "7.2",
        "The agreement.",
        "《内蒙古自治区创新联合体组建协议》。",
        &[Rule("article_06::in_force"), Document("组建协议")],
        &["each_thing_that_articles_3_6_and_7_ask_of_a_filing_is_missed_when_it_is_missing"],
    ),
    asks(
        "R7.3",
        "7.3",
        "Attachments.",
        "相关附件材料，按附件清单列出，未经公布的不作必备。",
        &[
            Rule("article_06::attachments"),
            Command("attach"),
            Page("/guide"),
            Person("附件是否齐备由人核对"),
        ],
        &[
            "a_filing_takes_so_many_attachments_and_no_more",
            "what_the_list_of_attachments_asks_for_is_left_to_a_person_until_it_is_published",
        ],
    ),
    asks(
        "R8.1",
        "8.1",
        "Recommended first for national and regional projects.",
        "优先推荐申报国家和自治区级科技计划项目。",
        &[
            Command("record_support"),
            Page("/registry/{no}"),
            Document("备案证明"),
            Person("推荐由主管部门作出"),
        ],
        &["support_is_recorded_under_its_clause"],
    ),
    asks(
        "R8.2",
        "8.2",
        "Support for members’ platforms, firms and talent teams.",
        "支持成员单位建设平台、创建科技型企业、引育人才团队，落实相应政策。",
        &[Command("record_support"), Person("是否符合条件由主管部门判断")],
        &["support_is_recorded_under_its_clause"],
    ),
    asks(
        "R8.3",
        "8.3",
        "Think tanks and a part in planning are encouraged.",
        "鼓励建立产业技术高端智库，参与产业战略规划制定。",
        &[Command("record_support"), Person("由科技管理部门组织")],
        &["support_is_recorded_under_its_clause"],
    ),
    asks(
        "R8.4",
        "8.4",
        "Chosen first as pilots of reform.",
        "优先选择为科技创新改革试点单位。",
        &[Command("record_support"), Person("试点由主管部门选定")],
        &["support_is_recorded_under_its_clause"],
    ),
    asks(
        "R9a",
        "9",
        "Every filed consortium reports yearly.",
        "经备案的联合体建立年报制度。",
        &[Task("submit_report")],
        &["s01_a_consortium_is_filed_and_owes_its_first_report_at_the_end_of_the_year"],
    ),
    asks(
        "R9b",
        "9",
        "At the end of the year: this year’s summary and next year’s plan.",
        "每年年底报送本年度总结和下一年度计划。",
        &[
            Command("submit_report"),
            Command("submit_plan"),
            Task("submit_report"),
            Document("年度总结"),
        ],
        &[
            "a_month_and_day_falls_in_the_year_asked_for",
            "s16_a_late_summary_is_a_summary_and_no_miss",
            "a_filing_up_to_30_september_reports_that_year_and_a_later_one_the_next",
            "s16_a_late_summary_is_taken_on_a_telephone_and_marked_as_late",
            "s19_a_plan_alone_leaves_the_summary_owed_and_the_year_missed_in_a_browser",
        ],
    ),
    asks(
        "R9c",
        "9",
        "Two consecutive years without a summary lead to cancellation.",
        "连续两年未提交总结，取消备案资格；由人启动程序并决定。",
        &[
            Rule("annual_report::two_years_missed"),
            Command("day_passed"),
            Command("propose_cancellation"),
            Command("serve_cancellation_notice"),
            Command("make_statement"),
            Command("draft_decision"),
            Command("drop_cancellation"),
            Command("confirm_decision"),
            Task("propose_cancellation"),
            Document("取消备案事先告知书"),
            Person("是否取消由自治区科技厅决定"),
        ],
        &[
            "two_silent_years_in_a_row_open_a_case_and_nothing_else_does",
            "s17_two_missed_years_that_are_not_consecutive_open_no_case",
            "s18_two_silent_years_open_a_case_and_only_two_persons_cancel",
            "s19_a_plan_alone_is_no_summary",
            "a_day_that_passed_twice_passed_once",
            "s18_two_silent_years_open_a_case_with_notice_and_speech_and_two_persons_cancel",
            "s19_a_plan_alone_leaves_the_summary_owed_and_the_year_missed_in_a_browser",
        ],
    ),
    asks(
        "R9d.1",
        "9.1",
        "Internal rules.",
        "总结写明内部制度建设情况。",
        &[Command("submit_report"), Document("年度总结")],
        &["a_summary_states_each_of_its_six_contents_or_why_not"],
    ),
    asks(
        "R9d.2",
        "9.2",
        "Key technology and platforms.",
        "总结写明核心技术攻关、创新平台建设实施情况。",
        &[Command("submit_report"), Document("年度总结")],
        &["a_summary_states_each_of_its_six_contents_or_why_not"],
    ),
    asks(
        "R9d.3",
        "9.3",
        "Transfer of results or incubation.",
        "总结写明市场化成果转化或企业孵化情况。",
        &[Command("submit_report"), Document("年度总结")],
        &["a_summary_states_each_of_its_six_contents_or_why_not"],
    ),
    asks(
        "R9d.4",
        "9.4",
        "Use of new technology and products.",
        "总结写明新技术、新产品应用推广情况。",
        &[Command("submit_report"), Document("年度总结")],
        &["a_summary_states_each_of_its_six_contents_or_why_not"],
    ),
    asks(
        "R9d.5",
        "9.5",
        "Other important tasks.",
        "总结写明承担其他重要任务情况。",
        &[Command("submit_report"), Document("年度总结")],
        &["a_summary_states_each_of_its_six_contents_or_why_not"],
    ),
    asks(
        "R9d.6",
        "9.6",
        "The plan of the next year.",
        "总结写明下一年度工作计划。",
        &[Command("submit_report"), Document("年度总结")],
        &["a_summary_states_each_of_its_six_contents_or_why_not"],
    ),
    asks(
        "R10a",
        "10",
        "No dissolution of its own accord while tasks run.",
        "承担任务期间不得自行解散；终止须申请，由自治区科技厅决定。",
        &[
            Command("record_undertaking"),
            Command("finish_undertaking"),
            Command("apply_for_termination"),
            Command("confirm_decision"),
            Task("decide_termination"),
            Person("客观原因由自治区科技厅判断"),
        ],
        &[
            "s22_a_consortium_with_open_tasks_does_not_dissolve",
            "s22_a_consortium_does_not_dissolve_while_a_task_runs_in_a_browser",
        ],
    ),
    asks(
        "R10b",
        "10",
        "Major changes go through the platform in time.",
        "因客观原因有重大事项变更的，及时履行变更程序并报备。",
        &[
            Command("report_change"),
            Command("settle_doubt"),
            Command("decide_change"),
            Task("decide_change"),
            Person("是否重大由人判断"),
        ],
        &[
            "s20_a_new_lead_must_meet_what_a_lead_must_meet",
            "members_that_leave_raise_a_doubt_and_a_person_settles_it",
            "a_new_name_and_a_units_own_data_are_recorded_each_as_a_version",
        ],
    ),
    asks(
        "R11a",
        "11",
        "The agreement is followed and interests are guaranteed.",
        "严格按照组建协议建立责权利统一的利益保障机制。",
        &[Person("履约情况由各方和自治区科技厅判断"), Command("submit_report")],
        &[],
    ),
    asks(
        "R11b",
        "11",
        "A lead that organises badly and breaches loses the status.",
        "牵头单位组织不力、未按协议履约的，取消其资格；须有事实、告知、听取意见和决定。",
        &[
            Command("propose_cancellation"),
            Command("serve_cancellation_notice"),
            Command("make_statement"),
            Command("draft_decision"),
            Command("confirm_decision"),
            Command("drop_cancellation"),
            Task("serve_cancellation_notice"),
            Document("取消备案决定书"),
            Person("组织不力、未履约由自治区科技厅认定"),
        ],
        &[
            "art_11_a_lead_that_failed_is_cancelled_only_after_notice_proof_period_and_two_persons",
            "s25_a_cured_breach_is_closed_without_cancelling",
            "falsehood_voids_and_breach_cancels",
        ],
    ),
    asks(
        "R12a",
        "12",
        "The Department interprets.",
        "本办法由自治区科技厅负责解释，解释公开并与条款对应。",
        &[Command("publish_interpretation"), Page("/regulation")],
        &["an_interpretation_names_its_clause_and_is_the_deciders"],
    ),
    asks(
        "R13a",
        "13",
        "In force on publication; the trial version is repealed.",
        "自发布之日起实施；试行办法下的备案转入并保持效力，以前年度不追溯。",
        &[Command("import_trial_filing")],
        &["s23_a_filing_of_the_trial_edition_stays_filed_and_no_earlier_year_is_counted"],
    ),
];

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use super::*;
    use crate::measures;

    #[test]
    fn every_clause_is_carried_out_by_something() {
        for entry in law() {
            assert!(!entry.carried_by.is_empty(), "{}", entry.clause.id.0);
        }
        assert_eq!(law().len(), CLAUSES.len());
    }

    #[test]
    fn every_requirement_has_a_clause_words_and_something_that_carries_it_out() {
        for (index, asked) in REQUIREMENTS.iter().enumerate() {
            assert!(measures::clause(asked.clause.0).is_some(), "{}", asked.id);
            assert!(asked.id.starts_with(&format!("R{}", article(asked))), "{}", asked.id);
            assert!(!asked.text.is_empty() && asked.zh.ends_with('。'), "{}", asked.id);
            assert!(!asked.carried.is_empty(), "{}", asked.id);
            let named = REQUIREMENTS.iter().position(|other| other.id == asked.id);
            assert_eq!(named, Some(index), "{} stands twice", asked.id);
        }
    }

    #[test]
    fn the_requirements_stand_in_the_order_of_the_regulation() {
        let place = |asked: &Requirement| CLAUSES.iter().position(|c| c.id == asked.clause);
        assert!(REQUIREMENTS.windows(2).all(|pair| place(&pair[0]) <= place(&pair[1])));
    }

    #[test]
    fn a_clause_that_opens_a_list_is_carried_out_by_what_carries_its_items() {
        let opening = law().into_iter().find(|entry| entry.clause.id.0 == "5").unwrap();
        assert!(opening.carried_by.contains(&Rule("article_05::units")));
        let own = law().into_iter().find(|entry| entry.clause.id.0 == "9").unwrap();
        assert!(own.requirements.iter().all(|asked| asked.clause.0 == "9"));
    }

    #[test]
    fn every_named_rule_is_a_function_of_this_crate() {
        for asked in REQUIREMENTS {
            for carried in asked.carried {
                if let Rule(path) = carried {
                    let (module, function) = path.split_once("::").unwrap();
                    let found = sources().iter().any(|(file, text)| {
                        file.file_stem().is_some_and(|stem| stem == module)
                            && text.contains(&format!("fn {function}("))
                    });
                    assert!(found, "{}: {path}", asked.id);
                }
            }
        }
    }

    #[test]
    fn every_named_command_is_a_command() {
        for asked in REQUIREMENTS {
            for carried in asked.carried {
                if let Command(name) = carried {
                    let variant = format!("\n    {} ", pascal(name));
                    let tuple = format!("\n    {}(", pascal(name));
                    let found = sources().iter().any(|(file, text)| {
                        file.file_stem()
                            .is_some_and(|stem| stem == "command" || stem == "department")
                            && (text.contains(&variant) || text.contains(&tuple))
                    });
                    assert!(found, "{}: {name}", asked.id);
                }
            }
        }
    }

    #[test]
    fn every_rule_that_a_finding_cites_is_a_requirement() {
        let articles = sources().iter().filter(|(file, _)| {
            file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("article_"))
        });
        for (file, text) in articles {
            let cited = text.split('"').filter(|literal| {
                literal.strip_prefix('R').is_some_and(|rest| rest.starts_with(char::is_numeric))
            });
            for id in cited {
                assert!(requirement(id).is_some(), "{id} in {}", file.display());
            }
        }
    }

    #[test]
    fn every_named_test_is_there() {
        for asked in REQUIREMENTS {
            for test in asked.tests {
                let written = format!("fn {test}(");
                let found = sources().iter().any(|(_, text)| text.contains(&written));
                assert!(found, "{}: {test}", asked.id);
            }
        }
    }

    /// `start_signing` as the variant is written: `StartSigning`.
    fn pascal(name: &str) -> String {
        let word = |word: &str| word[..1].to_uppercase() + &word[1..];
        name.split('_').map(word).collect()
    }

    fn article(asked: &Requirement) -> &str {
        asked.clause.0.split('.').next().unwrap_or_default()
    }

    /// Every Rust source of the workspace.
    fn sources() -> &'static [(PathBuf, String)] {
        static SOURCES: std::sync::LazyLock<Vec<(PathBuf, String)>> =
            std::sync::LazyLock::new(|| {
                let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
                let mut found = Vec::new();
                collect(&crates, &mut found);
                found
            });
        &SOURCES
    }

    fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
}
