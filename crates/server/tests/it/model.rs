//! 权限的独立写法 — who may ask for what in which stage, read out of the regulation by a person.
//!
//! This table knows nothing of the program's own: where the two differ, one of them is wrong.

/// letter, login, who
pub(crate) const PRINCIPALS: &[(char, &str, &str)] = &[
    ('L', "yunchuan", "牵头单位经办人"),
    ('l', "yunchuan-fr", "牵头单位法定代表人"),
    ('M', "saibei", "成员单位经办人"),
    ('m', "saibei-fr", "成员单位负责人"),
    ('y', "yunchuan-gl", "牵头单位管理员"),
    ('k', "saibei-yz", "成员单位印章保管人"),
    ('t', "saibei-lx", "成员单位联系人"),
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
# y 牵头单位管理员   k 成员单位印章保管人   t 成员单位联系人
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
    ("reserve_name", "Ll", "ds"),
    ("invite", "Ll", "dsgc"),
    ("answer_invitation", "Mm", "dsgc"),
    ("remove_member", "Ll", "dsgc"),
    ("write_application", "LlMm", "dsgc"),
    ("attach", "Ll", "dsgc"),
    ("detach", "Ll", "dsgc"),
    ("write_agreement", "Ll", "dsgc"),
    ("start_signing", "Ll", "dsgc"),
    ("reopen_agreement", "Ll", "dsgc"),
    ("remind_to_sign", "Ll", "dsgcF"),
    // 第六条(2)：法定代表人或者负责人签字；代签要附授权委托书，由规则判断。
    // 备案后签的是补充协议。
    ("sign", "LlMm", "dsgcF"),
    // 公章由印章保管人也可以加盖，但他不签字；联系人和管理员不办理。
    ("seal", "LlMmk", "dsgcF"),
    ("offer_paper", "LlMm", "dsgcF"),
    ("confirm_paper", "LlMm", "dsgcF"),
    ("remark_on_agreement", "LlMm", "dsgc"),
    ("answer_remark", "Ll", "dsgc"),
    ("decline_to_sign", "lm", "dsgcF"),
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
    ("extend_correction", "R", "fc"),
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
    ("write_supplement", "Ll", "F"),
    ("lock_supplement", "Ll", "F"),
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
    // 制发公文的机关上传盖章件，从第一份公文制发起；哪份由谁，由规则判断。
    ("attach_sealed", "AaRFZPS", "fcenpF."),
];

/// path, name, who may when it can be seen at all: `seen` everybody, `inside` those who handle the
/// materials, `public` everybody once it is public
pub(crate) const READS: &[(&str, &str, &str)] = &[
    ("/api/v1/dossiers/{id}", "卷宗", "seen"),
    ("/api/v1/dossiers/{id}/timeline", "事项记录", "seen"),
    ("/api/v1/dossiers/{id}/findings", "规则检查", "seen"),
    ("/api/v1/dossiers/{id}/papers", "文书", "seen"),
    ("/api/v1/dossiers/{id}/files/{digest}", "附件", "inside"),
    ("/api/v1/dossiers/{id}/files/{digest}/pages/1", "附件页面", "inside"),
    ("/api/v1/dossiers/{id}/files/{digest}/images/1", "附件图像", "inside"),
    ("/api/v1/dossiers/{id}/slots", "签署位", "inside"),
    ("/api/v1/dossiers/{id}/agreement/versions", "协议各版", "inside"),
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
        'L' | 'l' | 'M' | 'm' | 'y' | 'k' | 't' => true,
        'A' | 'a' | 'R' | 'G' | 'F' | 'Z' | 'P' | 'S' => submitted,
        'E' => matches!(stage, "expert_review" | "decision" | "public_notice"),
        _ => false,
    }
}

/// Who handles the materials: whoever is inside, and an expert only while the review is open.
fn handles(who: char, stage: &str) -> bool {
    inside(who, stage) && (who != 'E' || stage == "expert_review")
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
        "inside" => handles(who, stage),
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

/// What the letters of the golden file of pages mean.
pub(crate) const PAGES_LEGEND: &str = "\
# 页面：+ 打开、受理   > 转到别处   ? 先登录   - 不由这个身份办理   . 没有这一页   k 要有链接里的密钥
# L l 牵头单位   M m 成员单位   O o 其他单位   A a 本地归口部门   B b 外地归口部门
# y 牵头单位管理员   k t 成员单位印章保管人、联系人
# R 形式审查员   G 评审组织员   F 业务处室经办   Z 厅领导   P 公示发布员   S 监督处
# e 专家   X 系统管理员   U 未登录
# {id}：卷宗在“签署”环节，名录和公示在“公示”环节，单位是牵头单位；右边是路由表写明的办理人
";

/// A page, as somebody thinks of it who read the regulation and `security`.
pub(crate) struct Page {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    /// Letters; `*` is anybody, `#` anybody who signed in, `>` leads everybody on, `k` opens with
    /// a secret.
    may: &'static str,
    /// To whom it is not there at all; `*` is everybody else.
    hidden: &'static str,
    /// What is sent, beside the token.
    pub(crate) fields: &'static str,
}

const fn shows(path: &'static str, may: &'static str, hidden: &'static str) -> Page {
    Page { method: "GET", path, may, hidden, fields: "" }
}

const fn takes(path: &'static str, may: &'static str, hidden: &'static str) -> Page {
    Page { method: "POST", path, may, hidden, fields: "reason=&name=" }
}

/// Every unit, in every capacity.
const UNITS: &str = "LlMmOoykt";
/// Who files for a unit.
const HANDLERS: &str = "LlMmOo";
/// The two units of a dossier, in every capacity.
const PARTIES: &str = "LlMmykt";
/// No statement is named: it is not there for those who could sign, nor for those who see nothing.
const SIGNERS: &str = "LlMmkOoAaBbRGFZPSeX";
/// The same of a passkey, which does not seal.
const BY_PASSKEY: &str = "LlMmOoAaBbRGFZPSeX";
/// Everybody who is of neither.
const NO_PARTY: &str = "OoAaBbRGFZPSeX";
/// Nobody takes over what no unit keeps: to those who write there is nothing here either.
const CARRY: &str = "LlOoAaBbRGFZPSeX";
/// Every authority and desk.
const OFFICES: &str = "AaBbRGFZPS";
/// Every desk of the Department.
const DEPARTMENT: &str = "RGFZPS";

/// Pages of one dossier, in every stage: `seen` for whoever sees it, `inside` for those who handle
/// the materials, `told` for these and to others who see it a word about whose it is; a command for
/// one of each who has any.
pub(crate) const PAGES_OF_A_DOSSIER: &[(&str, &str)] = &[
    ("/dossiers/{id}", "seen"),
    ("/dossiers/{id}/agreement", "told"),
    ("/dossiers/{id}/answers", "inside"),
    ("/dossiers/{id}/attachments", "inside"),
    ("/dossiers/{id}/files/{digest}", "inside"),
    ("/dossiers/{id}/files/{digest}/pages/1", "inside"),
    ("/dossiers/{id}/files/{digest}/images/1", "inside"),
    ("/dossiers/{id}/rename", "rename"),
    ("/dossiers/{id}/answer_invitation", "answer_invitation"),
    ("/dossiers/{id}/sign", "sign"),
    ("/dossiers/{id}/check_materials", "check_materials"),
    ("/dossiers/{id}/recommend", "recommend"),
    ("/dossiers/{id}/pass_formal_review", "pass_formal_review"),
    ("/dossiers/{id}/draw_panel", "draw_panel"),
    ("/dossiers/{id}/submit_sheet", "submit_sheet"),
    ("/dossiers/{id}/draft_decision", "draft_decision"),
    ("/dossiers/{id}/confirm_decision", "confirm_decision"),
    ("/dossiers/{id}/publish_notice", "publish_notice"),
    ("/dossiers/{id}/conclude_objection", "conclude_objection"),
    ("/dossiers/{id}/submit_report", "submit_report"),
];

/// What a page of a dossier answers in a stage: a page is led to the login where the API says 401.
pub(crate) fn page_of_a_dossier(who: char, kind: &str, stage: &str) -> char {
    if who == 'U' {
        return '?';
    }
    let inside = inside(who, stage);
    if !inside && !is_public(stage) {
        return '.';
    }
    let otherwise = |other: char| if handles(who, stage) { '+' } else { other };
    let act = |verb: &str| {
        VERBS.iter().find(|row| row.0 == verb).map_or('.', |row| command(who, row, stage))
    };
    match kind {
        "seen" => '+',
        "inside" => otherwise('.'),
        "told" => otherwise('-'),
        // Where nothing is locked, the way leads to the text as it stands.
        "sign" if act("sign") == '+' && matches!(stage, "drafting" | "filed") => '>',
        verb => act(verb),
    }
}

/// Every page. Nothing is open that does not stand here.
pub(crate) const PAGES: &[Page] = &[
    // What everybody may see.
    shows("/", "*", ""),
    shows("/about", "*", ""),
    shows("/accessibility", "*", ""),
    shows("/api", "*", ""),
    shows("/api/openapi.json", "*", ""),
    shows("/assets/{name}", ".", "*"),
    shows("/favicon.ico", "*", ""),
    shows("/guide", "*", ""),
    shows("/healthz", "*", ""),
    shows("/interpretations", "*", ""),
    shows("/names", "*", ""),
    shows("/notices", "*", ""),
    shows("/notices/{id}", "*", ""),
    shows("/notices/{id}/object", "*", ""),
    takes("/notices/{id}/object", "*", ""),
    shows("/objections", "*", ""),
    shows("/objections/receipt", "k", ""),
    shows("/platform.pem", "*", ""),
    shows("/precheck", "*", ""),
    shows("/privacy", "*", ""),
    shows("/readyz", "*", ""),
    shows("/registry", ">", ""),
    shows("/registry.csv", "*", ""),
    shows("/registry.json", "*", ""),
    shows("/registry.xlsx", "*", ""),
    shows("/registry/{id}", "*", ""),
    // No paper is made yet: what is read when it is stands in `documents`.
    shows("/registry/{id}/papers/{sequence}/{kind}", ".", "*"),
    shows("/registry/{id}/papers/{sequence}/{kind}/sealed", ".", "*"),
    shows("/registry/{id}/papers/{sequence}/{kind}/sealed/{no}", ".", "*"),
    shows("/regulation", "*", ""),
    shows("/search", "*", ""),
    shows("/size", ">", ""),
    shows("/stats", "*", ""),
    shows("/verify", "*", ""),
    // No paper is made yet, and nobody knows the code of one.
    shows("/verify/{code}", "k", ""),
    // One's own account.
    shows("/home", "#", ""),
    shows("/login", "*", ""),
    takes("/login", "*", ""),
    takes("/login/code", "*", ""),
    takes("/login/lost", "*", ""),
    takes("/login/lost/open", "*", ""),
    takes("/login/passkey", "*", ""),
    takes("/login/passkey/challenge", "*", ""),
    // No provider is named here: what there is where one is stands in `provider`.
    shows("/login/provider", ".", "*"),
    shows("/login/provider/return", ".", "*"),
    takes("/logout", "#", ""),
    shows("/messages", "#", ""),
    shows("/panel", ">", ""),
    shows("/profile", "#", ""),
    shows("/profile/password", "#", ""),
    takes("/profile/password", "#", ""),
    takes("/profile/post", "#", ""),
    takes("/profile/sessions/end", "#", ""),
    shows("/profile/tokens", "#", ""),
    takes("/profile/tokens", "#", ""),
    takes("/profile/tokens/end", "#", ""),
    // Who lost a factor is known by another person: the operator, or the authority of the unit.
    shows("/recoveries", "AaBbX", ""),
    takes("/recoveries/confirm", "AaBbX", ""),
    takes("/recoveries/refuse", "AaBbX", ""),
    shows("/reset/{secret}", "k", ""),
    takes("/reset/{secret}", "k", ""),
    shows("/security", "#", ""),
    takes("/security/codes", "#", ""),
    takes("/security/recoveries/stop", "#", ""),
    shows("/security/totp", "#", ""),
    takes("/security/totp", "#", ""),
    takes("/security/totp/end", "#", ""),
    takes("/security/totp/offer", "#", ""),
    shows("/security/totp.svg", "#", ""),
    shows("/security/passkeys", "#", ""),
    takes("/security/passkeys", "#", ""),
    takes("/security/passkeys/challenge", "#", ""),
    takes("/security/passkeys/end", "#", ""),
    takes("/security/passkeys/rename", "#", ""),
    takes("/security/proof/challenge", "#", ""),
    shows("/security/provider", "#", ""),
    takes("/security/provider", "#", ""),
    takes("/security/provider/claim", "#", ""),
    takes("/security/provider/end", "#", ""),
    shows("/security/provider/proof", "#", ""),
    shows("/setup/{token}", "k", ""),
    takes("/setup/{token}", "k", ""),
    shows("/welcome/{secret}", "k", ""),
    takes("/welcome/{secret}", "k", ""),
    // Dossiers: any unit begins one; in signing it is its parties', and the lead writes.
    shows("/dossiers", "#", ""),
    shows("/dossiers/new", HANDLERS, ""),
    takes("/dossiers/new", HANDLERS, ""),
    // 第十三条: filings of the trial are taken over by the desk that files.
    shows("/dossiers/import", "P", ""),
    takes("/dossiers/import", "P", ""),
    shows("/dossiers/{id}", PARTIES, "*"),
    shows("/dossiers/{id}/agreement", PARTIES, "*"),
    shows("/dossiers/{id}/agreement/compare", PARTIES, "*"),
    shows("/dossiers/{id}/agreement/versions", PARTIES, "*"),
    // The text is written and locked at once in the tale: there is one version to read.
    shows("/dossiers/{id}/agreement/versions/{version}", PARTIES, "*"),
    shows("/dossiers/{id}/answers", PARTIES, "*"),
    shows("/dossiers/{id}/attachments", PARTIES, "*"),
    // The lead brings them, and says of each what it is.
    takes("/dossiers/{id}/attachments", "Ll", NO_PARTY),
    takes("/dossiers/{id}/attachments/items", "Ll", NO_PARTY),
    shows("/dossiers/{id}/compare", PARTIES, "*"),
    // Nothing was submitted in signing.
    shows("/dossiers/{id}/submitted", "", "*"),
    // Whoever signs or seals: also the seal keeper, and nobody who only reads.
    shows("/dossiers/{id}/certificate", "LlMmk", NO_PARTY),
    takes("/dossiers/{id}/certificate", "LlMmk", NO_PARTY),
    shows("/dossiers/{id}/certificate/{statement}", "", SIGNERS),
    takes("/dossiers/{id}/certificate/{statement}", "", SIGNERS),
    shows("/dossiers/{id}/certificate/{statement}/statement.txt", "", SIGNERS),
    // A passkey signs and does not seal.
    shows("/dossiers/{id}/passkey", "LlMm", NO_PARTY),
    takes("/dossiers/{id}/passkey", "LlMm", NO_PARTY),
    shows("/dossiers/{id}/passkey/{statement}", "", BY_PASSKEY),
    takes("/dossiers/{id}/passkey/{statement}", "", BY_PASSKEY),
    takes("/dossiers/{id}/passkey/{statement}/challenge", "", BY_PASSKEY),
    // A statement is taken out by whoever signs or seals.
    shows("/dossiers/{id}/passkey/{statement}/statement.txt", "", SIGNERS),
    shows("/dossiers/{id}/files/{digest}", PARTIES, "*"),
    shows("/dossiers/{id}/files/{digest}/images/{page}", PARTIES, "*"),
    shows("/dossiers/{id}/files/{digest}/pages/{page}", PARTIES, "*"),
    shows("/dossiers/{id}/agreement.json", PARTIES, "*"),
    // Nothing is in force in signing.
    shows("/dossiers/{id}/evidence.zip", "", "*"),
    // No supplement to the agreement stands in signing.
    shows("/dossiers/{id}/supplements/{no}", "", "*"),
    shows("/dossiers/{id}/supplements/{no}/text.json", "", "*"),
    shows("/dossiers/{id}/supplements/{no}/evidence.zip", "", "*"),
    shows("/dossiers/{id}/papers/{sequence}/{kind}", "", "*"),
    // Nor is one sealed.
    shows("/dossiers/{id}/papers/{sequence}/{kind}/sealed", "", "*"),
    shows("/dossiers/{id}/papers/{sequence}/{kind}/sealed/{no}", "", "*"),
    // Whoever writes, or wrote: each its own.
    shows("/dossiers/{id}/drafts", "LlMm", NO_PARTY),
    takes("/dossiers/{id}/drafts", "LlMm", NO_PARTY),
    // The lead reminds its members.
    takes("/dossiers/{id}/reminders", "Ll", NO_PARTY),
    shows("/dossiers/{id}/sections/{part}", "Ll", NO_PARTY),
    takes("/dossiers/{id}/sections/{part}", "Ll", NO_PARTY),
    takes("/dossiers/{id}/sections/{part}/draft", "Ll", NO_PARTY),
    takes("/dossiers/{id}/sections/{part}/hand", "Ll", NO_PARTY),
    // Goals are no unit's own: there is nothing to take over from its record.
    shows("/dossiers/{id}/sections/{part}/from-unit", "", CARRY),
    takes("/dossiers/{id}/sections/{part}/from-unit", "", CARRY),
    shows("/dossiers/{id}/sections/{part}/to-unit", "", CARRY),
    takes("/dossiers/{id}/sections/{part}/to-unit", "", CARRY),
    shows("/dossiers/{id}/write_agreement", "Ll", NO_PARTY),
    takes("/dossiers/{id}/write_agreement", "Ll", NO_PARTY),
    shows("/dossiers/{id}/{verb}", "Ll", NO_PARTY),
    takes("/dossiers/{id}/{verb}", "Ll", NO_PARTY),
    // Units: their own people write, their authority and the Department read, the authority
    // activates, the supervisor keeps the credit records (第五条).
    shows("/unit", UNITS, ""),
    shows("/units", OFFICES, ""),
    shows("/units/register", "*", ""),
    takes("/units/register", "*", ""),
    shows("/units/{id}", "LlyAaRGFZPS", "*"),
    shows("/units/{id}/amend", "Lly", "MmOokt"),
    takes("/units/{id}/amend", "Lly", "MmOokt"),
    shows("/units/{id}/history", "LlyAaRGFZPS", "*"),
    // Its record names no platform and no section of that name.
    shows("/units/{id}/details/{part}", "", "LlyMmOokt"),
    takes("/units/{id}/details/{part}", "", "LlyMmOokt"),
    // 第五条（一）: built by the unit, entered by it, looked at by the desk of the formal review.
    shows("/platforms", OFFICES, ""),
    shows("/units/{id}/platforms/new", "LlyR", "MmOoktBbeX"),
    takes("/units/{id}/platforms", "LlyR", "MmOoktBbeX"),
    shows("/units/{id}/platforms/{no}", "", "*"),
    takes("/units/{id}/platforms/{no}", "", "*"),
    takes("/units/{id}/platforms/{no}/confirm", "", "R"),
    takes("/units/{id}/platforms/{no}/return", "", "R"),
    takes("/units/{id}/activate", "Aa", "Bb"),
    takes("/units/{id}/refuse", "Aa", "Bb"),
    takes("/units/{id}/credit", "S", ""),
    Page { fields: "record=0&proof=", ..takes("/units/{id}/credit/lift", "S", "") },
    Page { fields: "record=0&outcome=pending", ..takes("/units/{id}/credit/repair", "S", "") },
    // 第六条（二）（三）: who acts for a unit its administrator and its legal representative say, and
    // everybody of it may read; a handler says it only where there is no administrator.
    shows("/units/{id}/people", "Lly", "MmOokt"),
    takes("/units/{id}/people", "ly", "MmOokt"),
    Page { fields: "no=1", ..takes("/units/{id}/people/link", "ly", "MmOokt") },
    Page { fields: "no=1", ..takes("/units/{id}/people/revoke", "ly", "MmOokt") },
    // No link is named: there is none to end.
    shows("/units/{id}/people/end", "", "lyMmOokt"),
    takes("/units/{id}/people/end", "", "lyMmOokt"),
    shows("/units/{id}/people/reset", "", "lyMmOokt"),
    takes("/units/{id}/people/reset", "", "lyMmOokt"),
    shows("/units/{id}/representative", "Lly", "MmOokt"),
    takes("/units/{id}/representative", "Lly", "MmOokt"),
    // Nobody proposed to be the representative: those who would confirm find nothing.
    takes("/units/{id}/representative/confirm", "", "lyAaMmOoktBbeX"),
    takes("/units/{id}/representative/refuse", "", "lyAaMmOoktBbeX"),
    shows("/units/{id}/files/{digest}", "", "*"),
    // 第六条（四）: whose a unit is its own authority decides, and both sides read.
    shows("/units/{id}/disputes", "LlyAa", "*"),
    Page { fields: "no=1", ..takes("/units/{id}/disputes", "LlyAa", "*") },
    Page { fields: "no=1", ..takes("/units/{id}/disputes/decide", "Aa", "Bb") },
    shows("/invitations/{secret}", "k", ""),
    takes("/invitations/{secret}", "k", ""),
    takes("/invitations/{secret}/account", "k", ""),
    // 第六条（五）: who convenes the experts keeps the roster, and nobody else reads it.
    shows("/affairs/experts", "G", ""),
    takes("/affairs/experts", "G", ""),
    takes("/affairs/experts/dismiss", "G", ""),
    takes("/affairs/experts/link", "G", ""),
    // 第二条、第十二条: the Department's leaders set parameters and explain.
    shows("/affairs", DEPARTMENT, ""),
    shows("/affairs/calendar", DEPARTMENT, ""),
    takes("/affairs/calendar", "FP", ""),
    shows("/affairs/interpretations", "Z", ""),
    takes("/affairs/interpretations", "Z", ""),
    shows("/affairs/parameters", DEPARTMENT, ""),
    takes("/affairs/parameters", "Z", ""),
    // Tables: units and platforms are the formal review's, records the supervisor's.
    shows("/affairs/imports", "RS", ""),
    takes("/affairs/imports", "RS", ""),
    shows("/affairs/imports/{id}", "", "RS"),
    takes("/affairs/imports/{id}", "", "RS"),
    shows("/affairs/imports/{id}/{file}", "", "RS"),
    shows("/affairs/exports/{file}", "", "RS"),
    shows("/affairs/trial", ">", ""),
    shows("/settings", ">", ""),
    // Running the platform decides nothing and reads no dossier.
    shows("/ops", "X", "*"),
    shows("/ops/accounts", "X", "*"),
    takes("/ops/accounts", "X", "*"),
    takes("/ops/papers", "X", "*"),
    Page { fields: "person=p-signatory-ordos", ..takes("/ops/accounts/reset", "X", "*") },
    Page { fields: "person=p-clerk-ordos", ..takes("/ops/accounts/close", "X", "*") },
    shows("/ops/strength", "X", "*"),
    takes("/ops/strength", "X", "*"),
    // Counted only where the operator asked for it; a demonstration this is not.
    shows("/metrics", ".", "*"),
    takes("/demo/as", ".", "*"),
    takes("/demo/day", ".", "*"),
];

/// What a page answers somebody.
pub(crate) fn page(who: char, page: &Page) -> char {
    match page.may {
        "*" => '+',
        ">" => '>',
        "k" => 'k',
        "." => '.',
        _ if who == 'U' => '?',
        "#" => '+',
        may if may.contains(who) => '+',
        _ if page.hidden == "*" || page.hidden.contains(who) => '.',
        _ => '-',
    }
}

/// Whether an answer is what is expected. A form that is taken may still have something to mend,
/// name nothing that is there, or lead on.
pub(crate) fn page_fits(expected: char, page: &Page, cell: char) -> bool {
    match expected {
        '+' if page.method == "POST" && page.hidden != "*" => !matches!(cell, '-' | '?'),
        '+' if page.method == "GET" => matches!(cell, '+' | '>'),
        '+' => matches!(cell, '+' | '>' | 'x'),
        'k' => matches!(cell, '.' | '~' | 'x' | '-'),
        _ => cell == expected,
    }
}
