//! The reader of story tables: `date  actor verb words  -> stage remarks` or `!! words`.
//!
//! A line says on which day who does what, and what the dossier shows afterwards or in which words
//! it is refused. Several remarks may follow the stage; each must be among what the dossier shows.
//! `各方` is every party in turn, `专家` every expert with a seat. A person who acts in a second
//! capacity is written `形审员兼经办`; a second person of an office `经办乙`.

use consortium::{
    Command, Dossier, Refusal,
    actor::{Actor, Capacity},
    annual_report,
    cancellation::Ground,
    change::{ChangeContent, ChangeKind},
    decision::{Matter, Outcome},
    department,
    dossier::{CorrectionItem, Judgement, Stage},
    expert_review::{Declaration, Vote},
    formal_review,
    ids::{Digest, PersonId, UnitId},
    materials::{Attachment, Part, PlatformLevel, Section},
    measures,
    name::Hold,
    public_notice::ObjectionEffect,
    reference, register,
    support::SupportClause,
    task::{self, Holder},
    unit::{self, CreditRecord},
};
use jiff::civil::Date;

use crate::{
    content,
    world::{
        World, agreement_digest, department, digest, expert, handler, official, operator,
        representative,
    },
};

/// Plays a table, line by line.
pub(crate) fn play(world: &mut World, table: &str) {
    for line in table.lines().map(str::trim) {
        if !line.is_empty() && !line.starts_with('#') {
            play_line(world, line);
        }
    }
    world.hold_together();
}

/// Plays a table up to and including the first line after which the dossier is in that stage.
pub(crate) fn play_until(world: &mut World, table: &str, stage: &str) {
    for line in table.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        play_line(world, line);
        if shown(world).first().is_some_and(|shown| shown == stage) {
            return;
        }
    }
    panic!("the table never reaches {stage}");
}

fn play_line(world: &mut World, line: &str) {
    let (told, refused, expected) = match (line.split_once("->"), line.split_once("!!")) {
        (Some((told, expected)), _) => (told, false, expected.trim()),
        (None, Some((told, expected))) => (told, true, expected.trim()),
        (None, None) => panic!("no outcome: {line}"),
    };
    let words: Vec<&str> = told.split_whitespace().collect();
    let [day, who, verb, rest @ ..] = &words[..] else { panic!("too few words: {line}") };
    world.on(day.parse().unwrap_or_else(|_| panic!("no date: {line}")));
    match (act(world, who, verb, rest), refused) {
        (Ok(()), false) => {
            let shown = shown(world);
            for word in expected.split_whitespace() {
                assert!(shown.iter().any(|s| s == word), "{line}\n  shows {}", shown.join(" "));
            }
            let stage = expected.split_whitespace().next();
            assert_eq!(stage, shown.first().map(String::as_str), "{line}");
        }
        (Err(refusal), true) => {
            let words = refusal.to_string();
            assert!(words.contains(expected), "{line}\n  refused with: {words}");
        }
        (Ok(()), true) => panic!("{line}\n  not refused; shows {}", shown(world).join(" ")),
        (Err(refusal), false) => panic!("{line}\n  refused: {refusal}\n  {:?}", refusal.findings),
    }
}

/// Carries out one line: every command of every actor it names, until one is refused.
fn act(world: &mut World, who: &str, verb: &str, words: &[&str]) -> Result<(), Refusal> {
    if let Some(answer) = outside(world, verb, words) {
        return answer;
    }
    for who in everybody(world, who) {
        for command in commands(world, &who, verb, words) {
            let actor = actor(world, &who, verb);
            world.perform(&actor, &command)?;
        }
    }
    Ok(())
}

fn everybody(world: &World, who: &str) -> Vec<String> {
    match who {
        "各方" | "各成员" => {
            let skip = usize::from(who == "各成员");
            let standing = world.dossier().materials.standing().skip(skip);
            standing.map(|party| party.unit.to_string()).collect()
        }
        "专家" => {
            let panel = world.dossier().panel().expect("a panel");
            panel.sitting().map(|seat| seat.seating.label.clone()).collect()
        }
        one => vec![one.to_owned()],
    }
}

/// Who that is. A unit's handler signs as its legal representative.
fn actor(world: &World, who: &str, verb: &str) -> Actor {
    if let Some((one, other)) = who.split_once('兼') {
        let person = actor(world, one, verb).person;
        return Actor { person, ..actor(world, other, verb) };
    }
    if let Some(first) = who.strip_suffix('乙').filter(|first| office(first).is_some()) {
        let mut second = actor(world, first, verb);
        second.person = PersonId(format!("{}乙", second.person));
        return second;
    }
    if let Some(actor) = office(who) {
        return actor;
    }
    if who.starts_with("专家") {
        let panel = world.dossier().panel().expect("a panel");
        let seat = panel.seats.iter().find(|seat| seat.seating.label == who).expect("a seat");
        return expert(seat.seating.expert.as_str());
    }
    let signs = matches!(verb, "签字" | "签字盖章" | "拒签");
    if let Some(unit) = who.strip_suffix("经办") {
        return handler(unit);
    }
    match who.strip_suffix("法人") {
        Some(unit) => representative(unit),
        None if signs => representative(who),
        None => handler(who),
    }
}

fn office(who: &str) -> Option<Actor> {
    let of = department;
    Some(match who {
        "呼市初审" => official("RA01", Capacity::Clerk),
        "呼市签发" => official("RA01", Capacity::Signatory),
        "包头初审" => official("RA02", Capacity::Clerk),
        "包头签发" => official("RA02", Capacity::Signatory),
        "形审员" => of(Capacity::Reviewer),
        "组织员" => of(Capacity::Organiser),
        "经办" => of(Capacity::Drafter),
        "厅领导" => of(Capacity::Decider),
        "发布员" => of(Capacity::Publisher),
        "监督处" => of(Capacity::Supervisor),
        "公众" => Actor::public(),
        "日历" => Actor::calendar(),
        "运维" => operator(),
        _ => return None,
    })
}

/// What happens beside the dossier: credit records, moves, the roster, the calendar, the hour.
fn outside(world: &mut World, verb: &str, words: &[&str]) -> Option<Result<(), Refusal>> {
    let supervisor = department(Capacity::Supervisor);
    let done = match verb {
        "列入失信" => {
            let record = CreditRecord {
                source: "信用中国".into(),
                list: String::new(),
                proof: None,
                basis: "行政处罚决定书".into(),
                from: world.today(),
                until: words.get(1).map(|day| day.parse().unwrap()),
            };
            world.unit(words[0], &supervisor, &unit::Command::RecordCredit(record)).map(drop)
        }
        "移出失信" => {
            let lift = unit::Command::LiftCredit { record: 0, proof: "移出决定".into() };
            world.unit(words[0], &supervisor, &lift).map(drop)
        }
        "住所迁至" => {
            let mut profile = world.units[&UnitId::from(words[0])].profile.clone();
            words[1].clone_into(&mut profile.area);
            world.unit(words[0], &handler(words[0]), &unit::Command::Amend(profile)).map(drop)
        }
        "停聘" => {
            let person = actor(world, words[0], verb).person;
            let command =
                department::Command::DismissExpert { person, reason: "本人申请".into() };
            world.affair(&department(Capacity::Organiser), &command).map(drop)
        }
        "签成补充协议" => {
            sign_supplement(world, words.first().unwrap_or(&"各方商定，照此变更"))
        }
        "到时刻" => {
            let hour = words[0].parse().unwrap();
            world.now = world.today().at(hour, 0, 0, 0);
            Ok(())
        }
        _ => return None,
    };
    Some(done)
}

/// The lead writes and locks, and everybody who is asked signs and seals.
fn sign_supplement(world: &mut World, words: &str) -> Result<(), Refusal> {
    let lead = handler(world.dossier().lead().as_str());
    let write = Command::WriteSupplement { text: words.to_owned(), void_signatures: false };
    world.perform(&lead, &write)?;
    world.perform(&lead, &Command::LockSupplement {})?;
    let (.., round) = world.dossier().open_supplement().expect("a locked supplement");
    let (digest, slots) = (round.digest.clone(), round.slots.clone());
    for slot in slots {
        let unit = slot.unit.as_str();
        world.perform(&representative(unit), &Command::sign_by_password(digest.clone()))?;
        let scan = crate::world::digest(&format!("{unit}公章"));
        world.perform(&handler(unit), &Command::seal_by_scan(digest.clone(), scan))?;
    }
    Ok(())
}

fn matter(word: &str) -> Matter {
    match word {
        "备案" => Matter::Filing,
        "终止" => Matter::Termination,
        "取消" => Matter::Cancellation,
        other => panic!("no matter: {other}"),
    }
}

fn outcome(word: &str) -> Outcome {
    match word {
        "同意" => Outcome::Grant,
        "不同意" => Outcome::Refuse,
        other => panic!("no outcome: {other}"),
    }
}

fn part(word: &str) -> Part {
    Part::ALL.into_iter().find(|part| part.term() == word).expect(word)
}

fn level(word: &str) -> PlatformLevel {
    PlatformLevel::ALL.into_iter().find(|level| level.term().starts_with(word)).expect(word)
}

fn change(word: &str) -> ChangeKind {
    ChangeKind::ALL.into_iter().find(|kind| kind.term().starts_with(word)).expect(word)
}

fn dossier_inputs(world: &World) -> Vec<consortium::materials::Input> {
    world.dossier().materials.inputs.clone()
}

/// The commands of one actor's line.
fn commands(world: &World, who: &str, verb: &str, words: &[&str]) -> Vec<Command> {
    let void_signatures = words.contains(&"作废签署");
    let words: Vec<&str> = words.iter().copied().filter(|word| *word != "作废签署").collect();
    let nth = |at: usize| words.get(at).copied().unwrap_or("见所附材料").to_owned();
    let unit = |at: usize| UnitId(nth(at));
    let day = |at: usize| nth(at).parse::<Date>().unwrap();
    let number = |at: usize| nth(at).parse::<u32>().unwrap();
    let year = |at: usize| nth(at).parse::<i16>().unwrap();
    let digest_now = || match world.dossier().open_supplement() {
        Some((.., round)) => round.digest.clone(),
        None => agreement_digest(world.dossier()),
    };
    let one = match verb {
        "命名" => Command::Open { name: nth(0) },
        "更名" => Command::Rename { name: nth(0), void_signatures },
        "邀请" => {
            let invite =
                |unit: &&str| Command::Invite { unit: UnitId::from(*unit), void_signatures };
            return words.iter().map(invite).collect();
        }
        "接受邀请" => Command::AnswerInvitation { accept: true, reason: String::new() },
        "谢绝邀请" => Command::AnswerInvitation { accept: false, reason: nth(0) },
        "移出" => Command::RemoveMember { unit: unit(0), void_signatures },
        "填写登记表" => {
            let write = |content| Command::WriteApplication { content };
            let lead = UnitId::from(who);
            return content::sections(&lead).into_iter().map(write).collect();
        }
        "填写本单位情况" => {
            Command::WriteApplication { content: content::member(&UnitId::from(who)) }
        }
        "填写平台" => {
            let mut platform = content::platform(level(&nth(0)), &unit(1));
            platform.valid_to = words.get(2).map(|day| day.parse().unwrap());
            Command::WriteApplication { content: Section::Platforms { platforms: vec![platform] } }
        }
        "说明特殊情况" => {
            Command::WriteApplication { content: Section::Special { special: nth(0) } }
        }
        "修改目标" => Command::WriteApplication {
            content: Section::Goals { goals: nth(0), yearly: vec![], indicators: vec![] },
        },
        "上传附件" => Command::Attach {
            moves: false,
            attachment: Attachment {
                digest: digest(&nth(0)),
                name: format!("{}.pdf", nth(0)),
                size_bytes: 1024,
                item: nth(0),
                unit: None,
            },
        },
        "起草协议" => {
            Command::WriteAgreement { text: content::agreement(&nth(0)), void_signatures }
        }
        "续留名称" => Command::ReserveName {},
        "发起签署" => Command::StartSigning {},
        "签字" => Command::sign_by_password(digest_now()),
        "签旧文本" => Command::sign_by_password(digest("旧文本")),
        "盖章" => Command::seal_by_scan(digest_now(), digest(&format!("{who}公章"))),
        "签字盖章" => {
            return vec![
                Command::sign_by_password(digest_now()),
                Command::seal_by_scan(digest_now(), digest(&format!("{who}公章"))),
            ];
        }
        "撤回锁定" => Command::ReopenAgreement { reason: nth(0) },
        "提交纸质件" => Command::OfferPaper {
            digest: digest_now(),
            scan: digest(&nth(0)),
            custodian: "牵头单位档案室".into(),
        },
        "确认纸质件" => Command::ConfirmPaper { digest: digest_now(), scan: digest(&nth(0)) },
        "催签" => Command::RemindToSign { unit: UnitId(nth(0)) },
        "提意见" => Command::RemarkOnAgreement { heading: nth(0), remark: nth(1) },
        "答复意见" => Command::AnswerRemark { no: number(0), answer: nth(1) },
        "修改投入" => {
            let mut inputs = dossier_inputs(world);
            inputs[0].amount_fen = i64::from(number(0));
            Command::WriteApplication {
                content: Section::Inputs {
                    inputs,
                    total_fen: 0,
                    public_money: vec![],
                    sharing: vec![],
                    custodian: None,
                    audit: String::new(),
                },
            }
        }
        "拒签" => Command::DeclineToSign { reason: nth(0) },
        "提交" => Command::Submit {},
        "撤回" => Command::Withdraw { reason: nth(0) },
        "审核" => Command::CheckMaterials { opinion: nth(0) },
        "推荐" => Command::Recommend { opinion: nth(0) },
        "退回" => Command::ReturnForChanges { reason: nth(0) },
        "不予推荐" => Command::DeclineToRecommend { reason: nth(0) },
        "形审通过" => Command::PassFormalReview { judgements: judgements(world, &words) },
        "通知补正" => Command::RequestCorrection {
            items: words
                .iter()
                .map(|name| CorrectionItem {
                    part: part(name),
                    reason: "与证明材料不一致".into(),
                    clause: "6.5".into(),
                })
                .collect(),
        },
        "提交补正" => Command::SubmitCorrection {},
        "延长补正" => Command::ExtendCorrection {
            days: i64::from(number(0)),
            reason: "检测报告要等".into(),
        },
        "延长审查" => Command::ExtendReview {
            days: i64::from(number(0)),
            reason: "需要实地核实".into(),
        },
        "形审不通过" => Command::NotAccept { reason: nth(0) },
        "抽取专家" => Command::DrawPanel { size: number(0) as usize },
        "声明无利害关系" => {
            Command::DeclareInterest { conflict: false, reason: String::new() }
        }
        "申请回避" => Command::DeclareInterest { conflict: true, reason: nth(0) },
        "补抽" => Command::FillSeat {},
        "评分" => {
            let against = nth(1).split('、').any(|label| label == who);
            let vote = if against || nth(1) == "不同意" { Vote::Disagree } else { Vote::Agree };
            Command::SubmitSheet { sheet: content::sheet(nth(0).parse().unwrap(), vote) }
        }
        "作废评分" => Command::VoidSheet {
            expert: actor(world, &nth(0), verb).person,
            reason: "事后查明任职于成员单位".into(),
        },
        "拟定" => Command::DraftDecision {
            matter: matter(&nth(0)),
            outcome: outcome(&nth(1)),
            reason: "依据评审意见".into(),
        },
        "复核" => Command::ConfirmDecision { matter: matter(&nth(0)) },
        "退稿" => {
            Command::ReturnDraft { matter: matter(&nth(0)), reason: "理由不充分".into() }
        }
        "公示" => Command::PublishNotice {},
        "提出异议" => Command::Object(content::objection(&nth(0))),
        "办结异议" => Command::ConcludeObjection {
            receipt: open_receipt(world.dossier()),
            upheld: nth(0) == "成立",
            effect: match &*nth(1) {
                "终止" => ObjectionEffect::Terminate,
                _ => ObjectionEffect::Continue,
            },
            reason: "经核查".into(),
            public_reason: "经核查".into(),
        },
        "备案" => Command::File {},
        "导入" => Command::ImportTrialFiling {
            name: nth(0),
            lead: unit(1),
            members: words[4..].iter().map(|unit| UnitId::from(*unit)).collect(),
            field: "T6".into(),
            number: nth(2),
            sequence: 1,
            filed_on: day(3),
        },
        "报送总结" => {
            Command::SubmitReport { year: year(0), summary: content::summary(year(0)) }
        }
        "只报计划" => Command::SubmitPlan { year: year(0), plan: "明年扩大示范".into() },
        "报告变更" => {
            let kind = change(&nth(0));
            let named = words.get(1).map(|word| (*word).to_owned());
            let content = match kind {
                ChangeKind::Name => {
                    ChangeContent {
                        reason: "各方商定更名".into(), new_name: named, unit: None
                    }
                }
                _ => ChangeContent {
                    reason: "客观原因，详见附件".into(),
                    new_name: None,
                    unit: named.map(UnitId),
                },
            };
            Command::ReportChange { kind, occurred_on: world.today(), content }
        }
        "起草补充协议" => Command::WriteSupplement { text: nth(0), void_signatures },
        "锁定补充协议" => Command::LockSupplement {},
        "办结变更" => Command::DecideChange {
            no: number(0),
            accepted: nth(1) == "同意",
            reason: "经核对".into(),
        },
        "认定疑点" => {
            Command::SettleDoubt { rule: nth(0), reason: "属特殊情况，予以认可".into() }
        }
        "登记任务" => {
            Command::RecordUndertaking {
                title: nth(0), level: "自治区级".into(), until: day(1)
            }
        }
        "任务完成" => Command::FinishUndertaking { no: number(0), how: "验收通过".into() },
        "记录支持" => Command::RecordSupport {
            clause: SupportClause::ALL.into_iter().find(|c| c.id() == nth(0)).expect("a clause"),
            measure: "优先推荐".into(),
            document: "内科发〔2026〕9号".into(),
            on: world.today(),
        },
        "申请终止" => Command::ApplyForTermination {
            circumstance: "目标已经完成".into(),
            resolution: "各方一致同意".into(),
        },
        "启动取消" => Command::ProposeCancellation {
            ground: match &*nth(0) {
                "未履约" => Ground::LeadFailed,
                "不真实" => Ground::Falsehood,
                _ => Ground::TwoYearsWithoutSummary { years: vec![2026, 2027] },
            },
            facts: "经调查认定".into(),
        },
        "送达告知书" => Command::ServeCancellationNotice {
            served_on: world.today(),
            proof: digest("送达回证"),
            text: "拟取消备案资格，你有权陈述申辩".into(),
        },
        "送达无凭证" => Command::ServeCancellationNotice {
            served_on: world.today(),
            proof: Digest(String::new()),
            text: "拟取消备案资格，你有权陈述申辩".into(),
        },
        "陈述申辩" => Command::MakeStatement { text: nth(0) },
        "终止取消" => Command::DropCancellation { reason: "已经改正".into() },
        "走过一日" => Command::DayPassed {},
        other => panic!("no verb: {other}"),
    };
    vec![one]
}

/// Every open question answered with 符合; those named with 不符合; `未判断` leaves them open.
fn judgements(world: &World, words: &[&str]) -> Vec<Judgement> {
    if words.contains(&"未判断") {
        return vec![];
    }
    let actor = department(Capacity::Reviewer);
    let dossier = world.dossier();
    let findings =
        world.in_context(&dossier.id, &actor, None, |ctx| measures::examine(dossier, ctx));
    formal_review::open_questions(&findings)
        .into_iter()
        .map(|finding| Judgement {
            rule: finding.rule.clone(),
            met: !words.contains(&finding.rule.as_str()),
            reason: "已核对证明材料".into(),
        })
        .collect()
}

fn open_receipt(dossier: &Dossier) -> String {
    match &dossier.stage {
        Stage::PublicNotice(stage) => {
            stage.open_objections().next().map(|o| o.receipt.clone()).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// What the dossier shows: the stage or the end first, then remarks.
fn shown(world: &World) -> Vec<String> {
    let Some(dossier) = world.dossiers.get(&world.current) else {
        return vec!["没有卷宗".to_owned()];
    };
    let mut shown = vec![match &dossier.stage {
        Stage::Ended(ended) => ended.end.term().to_owned(),
        _ => dossier.stage_kind().term().to_owned(),
    }];
    let mut say = |words: String| shown.push(words);
    if let Some(authority) = dossier.authority.as_ref() {
        let name = reference::authority(authority.as_str()).map_or("", |found| found.name);
        say(format!("归口{name}"));
    }
    say(format!("{}家", dossier.materials.standing().count()));
    match dossier.hold {
        Hold::Reserved { until, .. } => say(format!("名称留至{until}")),
        Hold::Lapsed { until } => say(format!("名称于{until}到期")),
        Hold::Firm => say("名称已定".to_owned()),
    }
    say(format!("第{}版协议", dossier.materials.agreement.version));
    if let Some(at) = dossier.materials.agreement.effective_at() {
        say(format!("协议{}生效", at.date()));
    }
    for slot in dossier.materials.agreement.round.iter().flat_map(|round| &round.slots) {
        say(format!("{}催{}次", slot.unit, slot.reminded.len()));
    }
    say(format!("作废{}轮签署", dossier.materials.agreement.voided.len()));
    match &dossier.stage {
        Stage::FormalReview(stage) => {
            if let Some(correction) = &stage.correction {
                say("补正中".to_owned());
                say(format!("补正至{}", correction.due.expect("a day")));
                if correction.overdue.is_some() {
                    say("补正逾期".to_owned());
                }
            }
        }
        Stage::ExpertReview(stage) => {
            if let Some(panel) = &stage.panel {
                say(format!("{}席", panel.sitting().count()));
                say(format!("{}人排除", panel.excluded.len()));
                let recused =
                    |declaration: &Declaration| matches!(declaration, Declaration::Recused(_));
                let count = panel.seats.iter().filter(|s| recused(&s.declaration)).count();
                say(format!("{count}人回避"));
            }
        }
        Stage::Decision(stage) => {
            let conclusion = &stage.judged.conclusion;
            let mean = conclusion.mean_hundredths;
            say(format!("{}票同意", conclusion.agree));
            say(format!("{}份评分", conclusion.sheets));
            say(format!("均分{}.{:02}", mean / 100, mean % 100));
            say(if conclusion.passed { "评审通过" } else { "评审未通过" }.to_owned());
            if stage.confirmed.is_some() {
                say("已决定".to_owned());
            }
        }
        Stage::PublicNotice(stage) => {
            say(format!("公示{}至{}", stage.notice.from, stage.notice.to));
            say(format!("{}件异议", stage.open_objections().count()));
        }
        Stage::Filed(filed) => {
            if let Some((_, supplement, round)) = dossier.open_supplement() {
                say(format!("补充协议{}方签", round.slots.len()));
                if supplement.effective_at().is_some() {
                    say("补充协议已生效".to_owned());
                }
            }
            let year = annual_report::next_year(filed);
            let due = annual_report::due(year, &dossier.parameters);
            say(filed.number.clone());
            say(format!("应于{due}前报{year}年度"));
            say(format!("第{}版", filed.versions.len()));
            for missed in &filed.missed {
                say(format!("{missed}年度未提交"));
            }
            for report in filed.reports.iter().filter(|report| report.late) {
                say(format!("{}年度逾期", report.year));
            }
            for doubt in &filed.doubts {
                say(format!("疑点{}", doubt.rule));
            }
            if let Some(case) = &filed.cancellation {
                say(format!("取消程序中：{}", case.ground.term()));
                if let Some(served) = &case.served {
                    say(format!("陈述至{}", served.statement_due));
                }
            } else {
                say("无取消程序".to_owned());
            }
            if filed.doubts.is_empty() {
                say("无疑点".to_owned());
            }
        }
        Stage::Ended(ended) => say(ended.reason.clone()),
        Stage::Drafting(_) | Stage::Signing(_) | Stage::Recommendation(_) => {}
    }
    if let Some(status) = register::status(dossier) {
        say(format!("名录：{}", status.term()));
    } else {
        say("名录上没有".to_owned());
    }
    say(format!("牵头{}", dossier.lead()));
    say(dossier.materials.name.clone());
    for task in task::tasks(dossier, &world.calendar) {
        say(format!("待{}{}", holder(&task.holder), task.verb));
        if let Some(day) = task.due.date() {
            say(format!("{}限{day}", task.verb));
        }
    }
    shown
}

fn holder(holder: &Holder) -> String {
    match holder {
        Holder::Unit(unit, _) => unit.to_string(),
        Holder::Authority(_, capacity) | Holder::Department(capacity) => capacity.term().to_owned(),
        Holder::Expert(_) => "专家".to_owned(),
    }
}
