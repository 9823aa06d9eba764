//! Who may do what in which stage, and who sees what: every cell, against a second opinion.
//!
//! The model below was written from the regulation and the duties of each office, not from the
//! code; the golden files hold what the code answers, for people to read.

use std::fmt::Write;

use consortium::{
    Dossier,
    access::{self, Mask},
    actor::{Actor, Capacity},
    calendar::Calendar,
    command::{VERBS, Verb},
    refusal::RefusalKind,
};

use crate::{
    golden,
    stories::after_the_naming,
    story::{play, play_until},
    world::{World, department, expert, handler, of_unit, official, operator, representative},
};

/// One letter a role, in the order of the columns.
const ROLES: [(char, &str); 25] = [
    ('L', "牵头单位经办人"),
    ('l', "牵头单位法定代表人"),
    ('M', "成员单位经办人"),
    ('m', "成员单位法定代表人"),
    ('Y', "牵头单位管理员"),
    ('K', "成员单位印章保管人"),
    ('T', "成员单位联系人"),
    ('D', "谢绝邀请的单位"),
    ('O', "其他单位经办人"),
    ('o', "其他单位法定代表人"),
    ('A', "归口部门初审员"),
    ('a', "归口部门签发人"),
    ('B', "其他归口部门初审员"),
    ('b', "其他归口部门签发人"),
    ('R', "形式审查员"),
    ('G', "评审组织员"),
    ('F', "业务处室经办"),
    ('Z', "厅领导"),
    ('P', "公示发布员"),
    ('S', "监督处"),
    ('E', "有席位的专家"),
    ('e', "没有席位的专家"),
    ('U', "社会公众"),
    ('X', "运维"),
    ('C', "日历"),
];

const BEFORE: &str = "起草 签署 推荐 形式审查 专家评审 审定";
const EDITING: &str = "起草 签署 形式审查";
/// 备案前签协议，备案后签补充协议。
const SIGNED: &str = "起草 签署 形式审查 已备案";

/// 从第一份公文制发起。
const SEALED: &str = "形式审查 专家评审 审定 公示 已备案 不予推荐 形式审查不通过 不予备案 已撤回 已取消 已注销 已撤销";

/// verb, roles that may, stages in which they may
const MODEL: &[(&str, &str, &str)] = &[
    // 第六条(1)–(2)：牵头单位发起，成员答复，各方法定代表人签字。
    ("rename", "Ll", EDITING),
    ("invite", "Ll", EDITING),
    ("answer_invitation", "MmD", EDITING),
    ("remove_member", "Ll", EDITING),
    ("write_application", "LlMm", EDITING),
    ("reserve_name", "Ll", "起草 签署"),
    ("attach", "Ll", EDITING),
    ("detach", "Ll", EDITING),
    ("write_agreement", "Ll", EDITING),
    ("start_signing", "Ll", EDITING),
    ("reopen_agreement", "Ll", EDITING),
    // 经办人代签须附授权委托书，由规则判断，不由身份。
    ("sign", "LlMm", SIGNED),
    // 公章由保管人加盖；保管人不签字，联系人和管理员不办理。
    ("seal", "LlMmK", SIGNED),
    ("offer_paper", "LlMm", SIGNED),
    ("confirm_paper", "LlMm", SIGNED),
    ("remind_to_sign", "Ll", SIGNED),
    ("remark_on_agreement", "LlMm", EDITING),
    ("answer_remark", "Ll", EDITING),
    ("decline_to_sign", "lm", SIGNED),
    // 第六条(3)：牵头单位申报。
    ("submit", "Ll", "起草 签署"),
    ("withdraw", "Ll", BEFORE),
    // 第六条(4)：本归口管理部门，初审与签发分开。
    ("check_materials", "A", "推荐"),
    ("recommend", "a", "推荐"),
    ("return_for_changes", "Aa", "推荐"),
    ("decline_to_recommend", "a", "推荐"),
    // 第六条(5)：科技厅各岗位。
    ("pass_formal_review", "R", "形式审查"),
    ("request_correction", "R", "形式审查"),
    ("submit_correction", "Ll", "形式审查"),
    ("extend_correction", "R", "形式审查"),
    ("extend_review", "R", "形式审查"),
    ("not_accept", "R", "形式审查"),
    ("draw_panel", "G", "专家评审"),
    ("declare_interest", "E", "专家评审"),
    ("fill_seat", "G", "专家评审"),
    ("submit_sheet", "E", "专家评审"),
    ("void_sheet", "G", "专家评审 审定"),
    ("draft_decision", "F", "审定 公示 已备案"),
    ("confirm_decision", "Z", "审定 公示 已备案"),
    ("return_draft", "Z", "审定 公示 已备案"),
    ("publish_notice", "P", "审定"),
    ("object", "LlMmYKTDOoAaBbRGFZPSEeUX", "公示"),
    ("conclude_objection", "S", "公示"),
    ("file", "P", "公示"),
    // 第八条至第十一条。
    ("submit_report", "Ll", "已备案"),
    ("submit_plan", "Ll", "已备案"),
    ("report_change", "Ll", "已备案"),
    ("write_supplement", "Ll", "已备案"),
    ("lock_supplement", "Ll", "已备案"),
    ("decide_change", "F", "已备案"),
    ("settle_doubt", "S", "已备案"),
    ("record_undertaking", "FS", "已备案"),
    ("finish_undertaking", "FS", "已备案"),
    ("record_support", "F", "已备案"),
    ("apply_for_termination", "Ll", "已备案"),
    ("propose_cancellation", "S", "已备案"),
    ("serve_cancellation_notice", "S", "已备案"),
    ("make_statement", "Ll", "已备案"),
    ("drop_cancellation", "S", "已备案"),
    // 第六条(4)(5)、第九条至第十一条：制发公文的机关上传盖章件，办结以后也可以；哪份由谁，看公文。
    ("attach_sealed", "AaRFZPS", SEALED),
    ("day_passed", "C", "起草 签署 形式审查 已备案"),
    // 立卷：没有卷宗时才有。
    ("open", "LlMmDOo", ""),
    ("import_trial_filing", "P", ""),
];

/// Whether a role sees the dossier at all in that stage or after that end.
fn sees(role: char, stage: &str) -> bool {
    let submitted = !matches!(stage, "起草" | "签署");
    let public = matches!(stage, "公示" | "已备案" | "已取消" | "已注销" | "已撤销");
    public
        || match role {
            'L' | 'l' | 'M' | 'm' | 'Y' | 'K' | 'T' | 'D' | 'C' => true,
            'A' | 'a' | 'R' | 'G' | 'F' | 'Z' | 'P' | 'S' => submitted,
            'E' => matches!(stage, "专家评审" | "审定"),
            _ => false,
        }
}

/// `+` may, `-` another's, `t` another time, `.` does not see it.
fn modelled(verb: &str, role: char, stage: &str) -> char {
    let (_, roles, stages) = MODEL.iter().find(|row| row.0 == verb).unwrap();
    let theirs = roles.contains(role);
    let seat = role == 'E' && !matches!(stage, "专家评审" | "审定" | "公示");
    if stage == "无卷宗" {
        return match (stages.is_empty(), theirs) {
            (true, true) => '+',
            (true, false) => '-',
            (false, _) => '.',
        };
    }
    match (sees(role, stage), theirs && (!seat || verb == "object")) {
        (false, _) => '.',
        (true, false) => '-',
        (true, true) if stages.split(' ').any(|known| known == stage) => '+',
        (true, true) => 't',
    }
}

/// What a role sees of a dossier, by what its duty needs: 材料、秘密、过程、专家、评分、异议人、个人信息.
fn modelled_mask(role: char, stage: &str) -> String {
    let judged = !matches!(stage, "起草" | "签署" | "推荐" | "形式审查" | "专家评审");
    let mut seen = match role {
        'L' | 'l' | 'Y' | 'C' => "材料 秘密 过程 个人",
        'M' | 'm' | 'K' | 'T' => "材料 秘密",
        // Who has judged needs the materials no more.
        'E' if stage == "专家评审" => "材料 秘密",
        'A' | 'a' | 'R' | 'G' | 'F' | 'Z' | 'P' | 'S' if !matches!(stage, "起草" | "签署") => {
            "材料 秘密 过程 个人"
        }
        _ => "",
    }
    .to_owned();
    if "RGFZPSC".contains(role) && judged {
        seen.push_str(" 评分");
    }
    if role == 'G' && !seen.is_empty() {
        seen.push_str(" 专家");
    }
    if role == 'S' && !seen.is_empty() {
        seen.push_str(" 异议人");
    }
    seen
}

fn mask_words(mask: Mask) -> String {
    let words = [
        (mask.materials, "材料"),
        (mask.secrets, "秘密"),
        (mask.procedure, "过程"),
        (mask.personal, "个人"),
        (mask.sheets, "评分"),
        (mask.experts, "专家"),
        (mask.objectors, "异议人"),
    ];
    words.iter().filter(|(seen, _)| *seen).map(|(_, word)| *word).collect::<Vec<_>>().join(" ")
}

/// The dossier of S01 with a unit that declined, in each stage and after each end.
fn dossiers() -> Vec<(&'static str, Dossier)> {
    let reach = |stage: &str| {
        let mut world = World::official();
        play(
            &mut world,
            "
2026-02-10  云川 命名 内蒙古自治区电化学储能创新联合体  -> 起草
2026-02-10  云川 邀请 绿氢 塞北                         -> 起草
2026-02-10  绿氢 谢绝邀请 没有人手                      -> 起草
",
        );
        if stage != "起草" {
            play_until(&mut world, &after_the_naming(), stage);
        }
        world.calendar = Calendar::fictional(2026, 2040);
        world
    };
    let then = |stage: &str, told: &str| {
        let mut world = reach(stage);
        play(&mut world, told);
        world.dossier().clone()
    };
    let panel = "
2026-03-20  组织员 抽取专家 5                     -> 专家评审
2026-03-25  专家 声明无利害关系                   -> 专家评审
";
    let cancel = |ground: &str| {
        format!(
            "
2027-06-01  监督处 启动取消 {ground}              -> 已备案
2027-06-03  监督处 送达告知书                     -> 已备案
2027-06-21  经办 拟定 取消 同意                   -> 已备案
2027-06-22  厅领导 复核 取消                      -> {}
",
            if ground == "不真实" { "已撤销" } else { "已取消" }
        )
    };
    vec![
        ("起草", then("起草", "")),
        ("签署", then("签署", "")),
        ("推荐", then("推荐", "")),
        ("形式审查", then("形式审查", "")),
        ("专家评审", then("专家评审", panel)),
        ("审定", then("审定", "")),
        ("公示", then("公示", "")),
        ("已备案", then("已备案", "")),
        (
            "不予推荐",
            then(
                "推荐",
                "
2026-03-05  呼市初审 审核                         -> 推荐
2026-03-06  呼市签发 不予推荐                     -> 不予推荐
",
            ),
        ),
        ("形式审查不通过", then("形式审查", "2026-03-12 形审员 形审不通过 -> 形式审查不通过")),
        (
            "不予备案",
            then(
                "公示",
                "
2026-05-08  公众 提出异议 张三                    -> 公示
2026-05-20  监督处 办结异议 成立 终止             -> 不予备案
",
            ),
        ),
        ("已撤回", then("形式审查", "2026-03-12 云川 撤回 -> 已撤回")),
        ("已取消", then("已备案", &cancel("未履约"))),
        (
            "已注销",
            then(
                "已备案",
                "
2026-06-04  云川 申请终止                         -> 已备案
2026-06-08  经办 拟定 终止 同意                   -> 已备案
2026-06-09  厅领导 复核 终止                      -> 已注销
",
            ),
        ),
        ("已撤销", then("已备案", &cancel("不真实"))),
    ]
}

fn person(role: char, dossier: Option<&Dossier>) -> Actor {
    let seated = dossier.and_then(Dossier::panel).and_then(|panel| panel.sitting().next());
    match role {
        'L' => handler("云川"),
        'l' => representative("云川"),
        'M' => handler("塞北"),
        'm' => representative("塞北"),
        'Y' => of_unit("云川", Capacity::Administrator),
        'K' => of_unit("塞北", Capacity::SealKeeper),
        'T' => of_unit("塞北", Capacity::Contact),
        'D' => handler("绿氢"),
        'O' => handler("远图"),
        'o' => representative("远图"),
        'A' => official("RA01", Capacity::Clerk),
        'a' => official("RA01", Capacity::Signatory),
        'B' => official("RA02", Capacity::Clerk),
        'b' => official("RA02", Capacity::Signatory),
        'R' => department(Capacity::Reviewer),
        'G' => department(Capacity::Organiser),
        'F' => department(Capacity::Drafter),
        'Z' => department(Capacity::Decider),
        'P' => department(Capacity::Publisher),
        'S' => department(Capacity::Supervisor),
        'E' => expert(seated.map_or("E01", |seat| seat.seating.expert.as_str())),
        'e' => expert("E05"),
        'U' => Actor::public(),
        'X' => operator(),
        'C' => Actor::calendar(),
        other => panic!("no role: {other}"),
    }
}

fn answered(verb: &str, role: char, dossier: Option<&Dossier>) -> char {
    let row = consortium::command::named(verb).unwrap();
    match access::may(&person(role, dossier), row, dossier) {
        Ok(_) => '+',
        Err(refusal) => match refusal.kind {
            RefusalKind::Forbidden => '-',
            RefusalKind::NotNow => 't',
            RefusalKind::NotFound => '.',
            RefusalKind::Unmet | RefusalKind::Malformed => panic!("{refusal}"),
        },
    }
}

fn legend() -> String {
    let mut out = String::new();
    for (letter, role) in ROLES {
        let _ = writeln!(out, "# {letter} {role}");
    }
    out
}

#[test]
fn every_role_may_in_every_stage_exactly_what_its_duty_is() {
    let mut out = String::from("# + may   - another's   t another time   . does not see it\n");
    out.push_str(&legend());
    let dossiers = dossiers();
    let cases = dossiers.iter().map(|(stage, dossier)| (*stage, Some(dossier)));
    for (stage, dossier) in std::iter::once(("无卷宗", None)).chain(cases) {
        let letters: String = ROLES.iter().map(|(letter, _)| letter).collect();
        let _ = writeln!(out, "\n{stage}\n{:26}{letters}", "");
        for verb in VERBS {
            let row: String =
                ROLES.iter().map(|(role, _)| answered(verb.name, *role, dossier)).collect();
            let model: String =
                ROLES.iter().map(|(role, _)| modelled(verb.name, *role, stage)).collect();
            assert_eq!(row, model, "{} in {stage}\n{letters}", verb.name);
            let _ = writeln!(out, "{:26}{row}", verb.name);
        }
    }
    golden("access.txt", &out);
}

#[test]
fn what_binds_somebody_has_legal_effect_and_what_only_prepares_has_none() {
    // By hand, beside the program's own list: Arts. 6(2) to 6(5), 9, 10 and 11.
    let binding = "sign seal confirm_paper decline_to_sign submit withdraw check_materials \
        recommend return_for_changes decline_to_recommend pass_formal_review request_correction \
        submit_correction extend_correction extend_review not_accept declare_interest submit_sheet \
        void_sheet confirm_decision publish_notice conclude_objection file import_trial_filing \
        submit_report submit_plan report_change decide_change settle_doubt record_support \
        apply_for_termination propose_cancellation serve_cancellation_notice make_statement \
        drop_cancellation attach_sealed";
    let preparing = "open reserve_name rename invite answer_invitation remove_member \
        write_application attach detach write_agreement start_signing reopen_agreement offer_paper remark_on_agreement \
        remind_to_sign answer_remark write_supplement lock_supplement draw_panel fill_seat \
        draft_decision return_draft record_undertaking \
        finish_undertaking object day_passed";
    for (names, effect) in [(binding, true), (preparing, false)] {
        for name in names.split_whitespace() {
            let verb = VERBS.iter().find(|verb| verb.name == name);
            assert_eq!(verb.map(Verb::has_effect), Some(effect), "{name}");
        }
    }
    // A verb that is new has effect until somebody says that it only prepares.
    let told = binding.split_whitespace().count() + preparing.split_whitespace().count();
    let without = VERBS.iter().filter(|verb| !verb.has_effect()).count();
    assert_eq!(without, preparing.split_whitespace().count());
    assert!(told <= VERBS.len());
}

#[test]
fn every_role_sees_of_a_dossier_what_its_duty_needs() {
    let mut out = legend();
    for (stage, dossier) in &dossiers() {
        let _ = writeln!(out, "\n{stage}\n  {}", access::readers(dossier).join(" "));
        for (role, _) in ROLES {
            let actor = person(role, Some(dossier));
            let seen = mask_words(access::mask(&actor, dossier));
            assert_eq!(seen, modelled_mask(role, stage), "{role} in {stage}");
            let reads = access::may_read(&actor, dossier).is_ok();
            assert_eq!(reads, sees(role, stage), "{role} in {stage}");
            let line = match (reads, &*seen) {
                (false, _) => "看不到",
                (true, "") => "只见公开事项或本人事项",
                (true, seen) => seen,
            };
            let _ = writeln!(out, "  {role} {line}");
        }
    }
    golden("mask.txt", &out);
}

#[test]
fn an_expert_sees_no_material_before_declaring_and_none_after_recusing() {
    let mut world = crate::stories::at("专家评审");
    play(&mut world, "2026-03-20 组织员 抽取专家 5 -> 专家评审");
    let first = person('E', Some(world.dossier()));
    assert_eq!(mask_words(access::mask(&first, world.dossier())), "");
    assert!(access::may_read(&first, world.dossier()).is_ok());
    play(&mut world, "2026-03-23 专家甲 声明无利害关系 -> 专家评审");
    assert_eq!(mask_words(access::mask(&first, world.dossier())), "材料 秘密");
    play(&mut world, "2026-03-24 专家甲 申请回避 想起一项合作 -> 专家评审");
    assert_eq!(mask_words(access::mask(&first, world.dossier())), "");
    assert!(access::may_read(&first, world.dossier()).is_err());
}
