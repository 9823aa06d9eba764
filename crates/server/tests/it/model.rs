//! 权限的独立写法 — who may ask for what in which stage, read out of the regulation by a person.
//!
//! This table knows nothing of the program's own: where the two differ, one of them is wrong.

/// letter, login, who
pub(crate) const PRINCIPALS: &[(char, &str, &str)] = &[
    ('L', "yunchuan", "牵头单位经办人"),
    ('l', "yunchuan-fr", "牵头单位法定代表人"),
    ('M', "saibei", "成员单位经办人"),
    ('m', "saibei-fr", "成员单位负责人"),
    ('O', "lvqing", "其他单位经办人"),
    ('o', "lvqing-fr", "其他单位法定代表人"),
    ('A', "clerk-hohhot", "归口部门初审员"),
    ('a', "signatory-hohhot", "归口部门签发人"),
    ('B', "clerk-baotou", "其他归口部门初审员"),
    ('b', "signatory-baotou", "其他归口部门签发人"),
    ('R', "reviewer", "形式审查员"),
    ('G', "organiser", "评审组织员"),
    ('F', "drafter", "业务处室经办"),
    ('Z', "decider", "厅领导"),
    ('P', "publisher", "公示发布员"),
    ('S', "supervisor", "监督处"),
    ('E', "", "有席位的专家"),
    ('e', "", "没有席位的专家"),
    ('X', "operator", "系统管理员"),
    ('U', "", "未登录"),
];

/// The stages of the matrix.
pub(crate) const STAGES: [&str; 10] = [
    "drafting",
    "signing",
    "recommendation",
    "formal_review",
    "correction",
    "expert_review",
    "decision",
    "public_notice",
    "filed",
    "ended",
];

/// What the letters of the golden file mean.
pub(crate) const LEGEND: &str = "\
# + 可以   ~ 身份可以，要看有没有要办的事   t 身份可以，这个环节不可以   - 不由这个身份办理   . 看不到这一件   _ 没有登录
# L l 牵头单位经办人、法定代表人   M m 成员单位   O o 其他单位
# A a 归口部门初审员、签发人   B b 其他归口部门
# R 形式审查员   G 评审组织员   F 业务处室经办   Z 厅领导   P 公示发布员   S 监督处
# E e 有、没有席位的专家   X 系统管理员   U 未登录
";

/// name, who may, in which stages (by the first letters below; `*` is every stage)
///
/// d drafting, s signing, r recommendation, f formal review, g formal review where nothing is to be
/// corrected, c correction, e expert review, n decision, p public notice, F filed, H filed where
/// nothing waits for a decision
pub(crate) const VERBS: &[(&str, &str, &str)] = &[
    // 第四条、第六条（一）（二）（三）: the lead writes, the members answer, each signs for itself.
    ("rename", "Ll", "dsgc"),
    ("invite", "Ll", "dsgc"),
    ("answer_invitation", "Mm", "dsgc"),
    ("remove_member", "Ll", "dsgc"),
    ("write_application", "LlMm", "dsgc"),
    ("attach", "Ll", "dsgc"),
    ("detach", "Ll", "dsgc"),
    ("write_agreement", "Ll", "dsgc"),
    ("start_signing", "Ll", "dsgc"),
    ("sign", "lm", "dsgc"),
    ("seal", "LlMm", "dsgc"),
    ("decline_to_sign", "lm", "dsgc"),
    ("submit", "Ll", "ds"),
    ("withdraw", "Ll", "dsrfcen"),
    // 第六条（四）: the authority of the lead's own league checks and signs off.
    ("check_materials", "A", "r"),
    ("recommend", "a", "r"),
    ("return_for_changes", "Aa", "r"),
    ("decline_to_recommend", "a", "r"),
    // 第六条（五）: formal review, experts, decision, notice, filing.
    ("pass_formal_review", "R", "fc"),
    ("request_correction", "R", "fc"),
    ("submit_correction", "Ll", "fc"),
    ("extend_review", "R", "fc"),
    ("not_accept", "R", "fc"),
    ("draw_panel", "G", "e"),
    ("declare_interest", "E", "e"),
    ("fill_seat", "G", "e"),
    ("submit_sheet", "E", "e"),
    ("void_sheet", "G", "en"),
    ("draft_decision", "F", "npH"),
    ("confirm_decision", "Z", "npH"),
    ("return_draft", "Z", "npH"),
    ("publish_notice", "P", "n"),
    ("object", "*", "p"),
    ("conclude_objection", "S", "p"),
    ("file", "P", "p"),
    // 第八条至第十一条: after the filing.
    ("submit_report", "Ll", "F"),
    ("submit_plan", "Ll", "F"),
    ("report_change", "Ll", "F"),
    ("decide_change", "F", "F"),
    ("settle_doubt", "S", "F"),
    ("record_undertaking", "FS", "F"),
    ("finish_undertaking", "FS", "F"),
    ("record_support", "F", "F"),
    ("apply_for_termination", "Ll", "F"),
    ("propose_cancellation", "S", "F"),
    ("serve_cancellation_notice", "S", "F"),
    ("make_statement", "Ll", "F"),
    ("drop_cancellation", "S", "F"),
];

/// path, name, who may when it can be seen at all: `seen` everybody, `inside` those who handle the
/// materials, `public` everybody once it is public
pub(crate) const READS: &[(&str, &str, &str)] = &[
    ("/api/v1/dossiers/{id}", "卷宗", "seen"),
    ("/api/v1/dossiers/{id}/timeline", "事项记录", "seen"),
    ("/api/v1/dossiers/{id}/findings", "规则检查", "seen"),
    ("/api/v1/dossiers/{id}/files/{digest}", "附件", "inside"),
    ("/api/v1/register/{id}", "名录", "public"),
];

fn stage_letter(stage: &str) -> char {
    match stage {
        "decision" => 'n',
        "filed" => 'F',
        "ended" => '.',
        other => other.chars().next().unwrap(),
    }
}

fn is_public(stage: &str) -> bool {
    matches!(stage, "public_notice" | "filed")
}

/// Who handles a dossier: the parties from the first day, the authority and the Department from
/// the submission on, an expert as long as the case can come back to
/// the experts: until it stands on the register.
fn inside(who: char, stage: &str) -> bool {
    let submitted = !matches!(stage, "drafting" | "signing");
    match who {
        'L' | 'l' | 'M' | 'm' => true,
        'A' | 'a' | 'R' | 'G' | 'F' | 'Z' | 'P' | 'S' => submitted,
        'E' => matches!(stage, "expert_review" | "decision" | "public_notice"),
        _ => false,
    }
}

/// What the answer to a command is.
pub(crate) fn command(who: char, verb: &(&str, &str, &str), stage: &str) -> char {
    let (_, may, stages) = verb;
    if who == 'U' {
        return '_';
    }
    if !inside(who, stage) && !is_public(stage) {
        return '.';
    }
    let has_no_seat = who == 'E' && !inside(who, stage);
    if *may != "*" && (has_no_seat || !may.contains(who)) {
        return '-';
    }
    let open = |letter: char| stages.contains(letter);
    match stage {
        "formal_review" if open('g') => '~',
        "filed" if open('H') => '~',
        _ if open(stage_letter(stage)) => '+',
        _ => 't',
    }
}

/// Whether an answer is what is expected. Whoever asks again for what already is so is told that
/// nothing happened; nothing may change but by those who may.
pub(crate) fn fits(expected: char, cell: char, changed: bool) -> bool {
    match expected {
        '+' => matches!(cell, '+' | '0'),
        '~' => matches!(cell, '+' | '0' | 't') && !changed,
        't' => matches!(cell, 't' | '0') && !changed,
        _ => cell == expected && !changed,
    }
}

/// What the answer to a read is.
pub(crate) fn read(who: char, read: &(&str, &str, &str), stage: &str) -> char {
    let may = match read.2 {
        "inside" => inside(who, stage),
        "public" => is_public(stage),
        _ => inside(who, stage) || is_public(stage),
    };
    if may { '+' } else { '.' }
}

/// The letters of everybody, as the columns have them.
pub(crate) fn letters() -> String {
    PRINCIPALS.iter().map(|(letter, ..)| *letter).collect()
}

/// A stage in words.
pub(crate) fn words(stage: &str) -> &'static str {
    match stage {
        "drafting" => "起草",
        "signing" => "签署",
        "recommendation" => "推荐",
        "formal_review" => "形式审查",
        "correction" => "补正",
        "expert_review" => "专家评审",
        "decision" => "审定",
        "public_notice" => "公示",
        "filed" => "已备案",
        _ => "推荐前撤回",
    }
}
