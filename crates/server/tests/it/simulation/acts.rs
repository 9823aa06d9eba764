//! 办事的人 — what people do about a task of theirs, and what they do that is nobody's task.

use consortium::{
    Command, Dossier,
    actor::Actor,
    annual_report,
    cancellation::Ground,
    change::{ChangeContent, ChangeKind},
    decision::{Matter, Outcome},
    dossier::{CorrectionItem, Judgement, Stage},
    formal_review,
    ids::{PersonId, Personal, UnitId},
    materials::{Attachment, Intention, Part},
    outstanding::outstanding,
    public_notice::{ObjectionEffect, ObjectionText},
    support::SupportClause,
};
use jiff::civil::Date;
use store::TaskRow;

use super::{Decade, PATIENCE, words};

fn text(words: &str) -> String {
    words.to_owned()
}

impl Decade {
    /// Somebody does a task, mostly as it is meant.
    pub(super) async fn do_task(&mut self, number: usize, task: &TaskRow, today: Date) {
        let dossier = self.dossier(number).await;
        if self.tales[number].refused_in_a_row > PATIENCE {
            let lead = self.cast.handler(dossier.lead());
            let reason = text("多次未能办成，牵头单位放弃。");
            self.ask(number, &lead, Command::Withdraw { reason }).await;
            return;
        }
        let actor = match task.holder.strip_prefix("expert:") {
            Some(person) => expert(person),
            None => self.cast.somebody(&task.holder, &mut self.chance),
        };
        if task.kind == "start_signing" {
            return self.prepare(number, &dossier, &actor, today).await;
        }
        if task.kind == "submit_correction" {
            return self.correct(number, &dossier, &actor, today).await;
        }
        if task.kind == "write_application" {
            return self.write_of_itself(number, &dossier, &actor).await;
        }
        if let Some(command) = self.command(number, task, &dossier, &actor, today).await {
            self.ask(number, &actor, command).await;
        }
    }

    /// A member writes what it still owes of itself.
    async fn write_of_itself(&mut self, number: usize, dossier: &Dossier, member: &Actor) {
        let owed = outstanding(dossier).into_iter().find(|owed| Some(&owed.unit) == member.unit());
        for (part, _) in owed.iter().flat_map(|owed| &owed.parts) {
            let content = words::of_itself(*part, &owed.as_ref().unwrap().unit).unwrap();
            self.ask(number, member, Command::WriteApplication { content }).await;
        }
    }

    /// The lead brings a dossier as far as it can.
    async fn prepare(&mut self, number: usize, dossier: &Dossier, lead: &Actor, today: Date) {
        let parties = &dossier.materials.parties;
        let waiting = parties.iter().any(|party| party.intention == Intention::Pending);
        if dossier.materials.basics.is_none() {
            for unit in self.tales[number].members.clone() {
                let invite = Command::Invite { unit, void_signatures: false };
                self.ask(number, lead, invite).await;
            }
            return self.write(number, lead, today).await;
        }
        if waiting {
            if self.chance.percent(10) {
                let pending = parties.iter().find(|party| party.intention == Intention::Pending);
                let unit = pending.map(|party| party.unit.clone()).unwrap();
                self.ask(number, lead, Command::RemoveMember { unit, void_signatures: true }).await;
            }
            return;
        }
        if parties.len() < 3 && self.chance.percent(60) {
            let unit = self.chance.one(&self.cast.members).clone();
            self.ask(number, lead, Command::Invite { unit, void_signatures: true }).await;
            return;
        }
        // Whoever joined after the form was written has no part in it yet.
        let members: Vec<UnitId> =
            dossier.materials.standing().skip(1).map(|party| party.unit.clone()).collect();
        let written = |unit: &UnitId| dossier.materials.members.iter().any(|m| m.unit == *unit);
        let owner = dossier.materials.platforms.first().map(|platform| &platform.owner);
        let stale = !members.iter().all(written) || !members.iter().any(|unit| Some(unit) == owner);
        if stale || self.chance.percent(10) {
            let turn = self.chance.below(1000);
            for content in words::sections(dossier.lead(), &members, today, turn) {
                self.ask(number, lead, Command::WriteApplication { content }).await;
            }
        }
        self.ask(number, lead, Command::StartSigning {}).await;
    }

    async fn write(&mut self, number: usize, lead: &Actor, today: Date) {
        let (unit, members) = (self.tales[number].lead.clone(), self.tales[number].members.clone());
        for content in words::sections(&unit, &members, today, self.tales[number].number) {
            self.ask(number, lead, Command::WriteApplication { content }).await;
        }
        for item in ["各单位法人证书", "平台批准文件"] {
            let digest = words::digest(self.chance.bits());
            let name = format!("{item}.pdf");
            let item = text(item);
            let attachment = Attachment { digest, name, size_bytes: 9_000, item, unit: None };
            self.ask(number, lead, Command::Attach { attachment, moves: false }).await;
        }
        let agreement = words::agreement(today, number);
        let agreement = Command::WriteAgreement { text: agreement, void_signatures: false };
        self.ask(number, lead, agreement).await;
    }

    async fn correct(&mut self, number: usize, dossier: &Dossier, lead: &Actor, today: Date) {
        let Stage::FormalReview(stage) = &dossier.stage else { return };
        let items = stage.correction.as_ref().map(|c| c.items.clone()).unwrap_or_default();
        let member = dossier.materials.standing().last().map(|party| party.unit.clone()).unwrap();
        for item in items {
            let turn = self.chance.below(1000);
            let section = words::section(item.part, dossier.lead(), &member, today, turn);
            if let Some(content) = section
                && self.chance.percent(50)
            {
                self.ask(number, lead, Command::WriteApplication { content }).await;
            }
            if item.part == Part::Agreement && self.chance.percent(20) {
                let text = words::agreement(today, turn);
                self.ask(number, lead, Command::WriteAgreement { text, void_signatures: true })
                    .await;
            }
        }
        let dossier = self.dossier(number).await;
        match &dossier.materials.agreement.round {
            None => drop(self.ask(number, lead, Command::StartSigning {}).await),
            // The others have to sign first; some leads try all the same.
            Some(round) if round.effective_at.is_none() && self.chance.percent(80) => {}
            Some(_) => drop(self.ask(number, lead, Command::SubmitCorrection {}).await),
        }
    }

    /// The command for a task.
    async fn command(
        &mut self,
        number: usize,
        task: &TaskRow,
        dossier: &Dossier,
        actor: &Actor,
        today: Date,
    ) -> Option<Command> {
        let dice = self.chance.below(100);
        let reason = || text("虚构的理由，供推演使用。");
        let round = dossier.signing_round().map(|round| round.digest.clone());
        Some(match task.kind.as_str() {
            "answer_invitation" => {
                Command::AnswerInvitation { accept: dice < 88, reason: reason() }
            }
            "sign" if dice < 4 => Command::DeclineToSign { reason: reason() },
            "sign" => Command::sign_by_password(round?),
            "seal" => Command::seal_by_scan(round?, words::digest(7)),
            "submit" => Command::Submit {},
            "check_materials" if dice < 8 => Command::ReturnForChanges { reason: reason() },
            "check_materials" => {
                Command::CheckMaterials { opinion: text("材料真实、准确。") }
            }
            "recommend" if dice < 5 => Command::DeclineToRecommend { reason: reason() },
            "recommend" if dice < 12 => Command::ReturnForChanges { reason: reason() },
            "recommend" => Command::Recommend { opinion: text("同意推荐。") },
            "not_accept" if dice < 40 => {
                Command::ExtendCorrection { days: 10, reason: text("检测报告在途。") }
            }
            "not_accept" => Command::NotAccept { reason: text("期限内没有补正。") },
            "pass_formal_review" => self.review(dossier, actor, dice).await,
            "draw_panel" => Command::DrawPanel { size: if dice < 80 { 5 } else { 7 } },
            "declare_interest" => {
                // Some fields are so narrow that the reserve runs out.
                let conflicts = if number.is_multiple_of(13) { 70 } else { 12 };
                Command::DeclareInterest { conflict: dice < conflicts, reason: reason() }
            }
            "submit_sheet" => {
                Command::SubmitSheet { sheet: words::sheet(dice < 90, u8::try_from(dice).unwrap()) }
            }
            "fill_seat" => Command::FillSeat {},
            "draft_decision" => {
                let outcome = if dice < 88 { Outcome::Grant } else { Outcome::Refuse };
                Command::DraftDecision { matter: matter(dossier, task), outcome, reason: reason() }
            }
            "confirm_decision" if dice < 8 => {
                Command::ReturnDraft { matter: matter(dossier, task), reason: reason() }
            }
            "confirm_decision" => Command::ConfirmDecision { matter: matter(dossier, task) },
            "publish_notice" => Command::PublishNotice {},
            "conclude_objection" => {
                let Stage::PublicNotice(stage) = &dossier.stage else { return None };
                let upheld = dice < 20;
                let effect =
                    if upheld { ObjectionEffect::Terminate } else { ObjectionEffect::Continue };
                Command::ConcludeObjection {
                    receipt: stage.open_objections().next()?.receipt.clone(),
                    upheld,
                    effect,
                    reason: reason(),
                    public_reason: text("经核查，已答复。"),
                }
            }
            "file" if dice < 80 && early(dossier, today) => return None,
            "file" => Command::File {},
            "submit_report" => return self.report(number, dossier, today),
            "decide_change" => {
                let Stage::Filed(filed) = &dossier.stage else { return None };
                let no = filed.changes.iter().find(|change| change.decided.is_none())?.no;
                Command::DecideChange { no, accepted: dice < 85, reason: reason() }
            }
            "reserve_name" => Command::ReserveName {},
            "write_supplement" => Command::WriteSupplement {
                text: text("各方商定，照此变更。"),
                void_signatures: false,
            },
            "lock_supplement" => Command::LockSupplement {},
            "settle_doubt" => {
                let Stage::Filed(filed) = &dossier.stage else { return None };
                Command::SettleDoubt { rule: filed.doubts.first()?.rule.clone(), reason: reason() }
            }
            "serve_cancellation_notice" if dice < 25 => {
                Command::DropCancellation { reason: reason() }
            }
            "serve_cancellation_notice" => Command::ServeCancellationNotice {
                served_on: today,
                proof: words::digest(9),
                text: text("拟取消备案资格，可在期限内陈述申辩。"),
            },
            other => panic!("nobody knows how to do {other}: {task:?}"),
        })
    }

    async fn review(&mut self, dossier: &Dossier, reviewer: &Actor, dice: usize) -> Command {
        match dice {
            0..4 => Command::NotAccept {
                reason: text("平台证明不在有效期内，期限内未能补正。")
            },
            4..10 => Command::ExtendReview { days: 10, reason: text("材料较多。") },
            10..30 => {
                let parts = [Part::Platforms, Part::Inputs, Part::Goals, Part::Agreement];
                let item = |part: Part| CorrectionItem {
                    part,
                    reason: text("缺最后一页，补全。"),
                    clause: text("6.5"),
                };
                let (one, other) = (*self.chance.one(&parts), *self.chance.one(&parts));
                Command::RequestCorrection { items: vec![item(one), item(other)] }
            }
            _ => {
                let findings = self.office.examine(reviewer, dossier).await.unwrap();
                let judge = |rule: &str| Judgement {
                    rule: rule.to_owned(),
                    met: true,
                    reason: text("核对证明，认为符合。"),
                };
                let open = formal_review::open_questions(&findings);
                let judgements = open.iter().map(|finding| judge(&finding.rule)).collect();
                Command::PassFormalReview { judgements }
            }
        }
    }

    /// The lead reports towards the end of the year, or afterwards, or forgets.
    fn report(&mut self, number: usize, dossier: &Dossier, today: Date) -> Option<Command> {
        let Stage::Filed(filed) = &dossier.stage else { return None };
        let year = annual_report::next_year(filed);
        let begun = today.year() > year || (today.year() == year && today.month() >= 11);
        // The same lead forgets the same years, however often it looks.
        let memory = number * 31 + usize::try_from(year).unwrap() * 17;
        if !begun || u64::try_from(memory % 100).unwrap() < self.tales[number].forgets {
            return None;
        }
        Some(match self.chance.below(100) {
            0..8 => Command::SubmitPlan { year, plan: format!("{year} 年之后继续示范。") },
            _ => Command::SubmitReport { year, summary: words::summary(year) },
        })
    }

    /// Something that is nobody's task, or not this person's.
    pub(super) async fn do_something_else(&mut self, number: usize, today: Date) {
        let dossier = self.dossier(number).await;
        let lead = self.cast.handler(dossier.lead());
        let reason = || text("虚构的理由，供推演使用。");
        let desk = |capacity: &str| format!("department/{capacity}");
        let (actor, command) = match (&dossier.stage, self.chance.below(10)) {
            (Stage::Ended(_), _) => return,
            (_, 0) => {
                // Anybody tries what is not theirs.
                let some = [
                    Command::File {},
                    Command::Submit {},
                    Command::PublishNotice {},
                    Command::Withdraw { reason: reason() },
                    Command::ConfirmDecision { matter: Matter::Filing },
                ];
                let actor = self.cast.anybody(&mut self.chance);
                if actor.unit() == Some(dossier.lead()) {
                    return;
                }
                (actor, self.chance.one(&some).clone())
            }
            (Stage::Drafting(_) | Stage::Signing(_), 1..=2) => {
                let name = words::name(number + 2 * super::DOSSIERS);
                (lead, Command::Rename { name, void_signatures: true })
            }
            (Stage::Drafting(_) | Stage::Signing(_), 3) => {
                let unit = self.chance.one(&self.cast.members).clone();
                (lead, Command::Invite { unit, void_signatures: true })
            }
            (Stage::Drafting(_) | Stage::Signing(_), 4) => {
                let unit = dossier.materials.parties.last().map(|party| party.unit.clone());
                let unit = unit.unwrap_or_else(|| dossier.lead().clone());
                (lead, Command::RemoveMember { unit, void_signatures: true })
            }
            (Stage::PublicNotice(_), 1..=5) => {
                let objection = ObjectionText {
                    objector: Personal::new(format!("虚构异议人{}", self.chance.below(9))),
                    contact: Personal::new("0471-5559999"),
                    kind: text("知识产权"),
                    facts: text("与在先专利的关系需要说明。"),
                };
                (Actor::public(), Command::Object(objection))
            }
            (Stage::ExpertReview(_) | Stage::Decision(_), 1) => {
                let Some(panel) = dossier.panel() else { return };
                let expert = self.chance.one(&panel.seats).seating.expert.clone();
                let actor = self.cast.somebody(&desk("organiser"), &mut self.chance);
                (actor, Command::VoidSheet { expert, reason: reason() })
            }
            (Stage::Filed(_), dice) => return self.in_the_register(number, dice, today).await,
            (_, 9) if self.chance.percent(20) => (lead, Command::Withdraw { reason: reason() }),
            _ => return,
        };
        self.ask(number, &actor, command).await;
    }

    /// What happens to a consortium on the register besides its yearly summary.
    async fn in_the_register(&mut self, number: usize, dice: usize, today: Date) {
        let dossier = self.dossier(number).await;
        let lead = self.cast.handler(dossier.lead());
        let drafter = self.cast.somebody("department/drafter", &mut self.chance);
        let supervisor = self.cast.somebody("department/supervisor", &mut self.chance);
        let Stage::Filed(filed) = &dossier.stage else { return };
        let (actor, command) = match dice {
            1..=4 if filed.cancellation.is_some() => {
                (lead, Command::MakeStatement { text: text("人员变动，请求从轻处理。") })
            }
            1..=3 => (lead, self.change(number, &dossier, today)),
            4 => {
                let title = format!("虚构任务{}", self.chance.below(1000));
                let until = Date::new(today.year() + 1, 6, 30).unwrap();
                (drafter, Command::RecordUndertaking { title, level: text("自治区级"), until })
            }
            5 => {
                let no = u32::try_from(self.chance.below(3)).unwrap() + 1;
                (drafter, Command::FinishUndertaking { no, how: text("验收。") })
            }
            6 => {
                let document = format!("虚构字〔{}〕{}号", today.year(), self.chance.below(99));
                let clause = *self.chance.one(&SupportClause::ALL);
                let measure = text("推荐申报项目");
                (drafter, Command::RecordSupport { clause, measure, document, on: today })
            }
            7 if self.chance.percent(30) => {
                let ground =
                    if self.chance.percent(70) { Ground::LeadFailed } else { Ground::Falsehood };
                let facts = text("投入未到位，经催告仍未履行。");
                (supervisor, Command::ProposeCancellation { ground, facts })
            }
            8 => (lead, Command::MakeStatement { text: text("人员变动，请求从轻处理。") }),
            9 if self.chance.percent(40) => (
                lead,
                Command::ApplyForTermination {
                    circumstance: text("主要任务已完成。"),
                    resolution: text("各方一致同意。"),
                },
            ),
            _ => return,
        };
        self.ask(number, &actor, command).await;
    }

    fn change(&mut self, number: usize, dossier: &Dossier, today: Date) -> Command {
        use ChangeKind as K;
        let kinds = [K::Join, K::Leave, K::Leave, K::Direction, K::Name, K::Lead, K::Contact];
        let kind = *self.chance.one(&kinds);
        let unit = match kind {
            K::Join => Some(self.chance.one(&self.cast.members).clone()),
            K::Lead => Some(self.chance.one(&self.cast.leads).clone()),
            K::Leave => dossier.materials.standing().last().map(|party| party.unit.clone()),
            _ => None,
        };
        let other = number + (3 + self.chance.below(3)) * super::DOSSIERS;
        let new_name = (kind == K::Name).then(|| words::name(other));
        let reason = text("产业链调整。");
        let content = ChangeContent { reason, new_name, unit };
        Command::ReportChange { kind, occurred_on: today, content }
    }
}

/// Whether the notice still runs.
fn early(dossier: &Dossier, today: Date) -> bool {
    matches!(&dossier.stage, Stage::PublicNotice(stage) if today <= stage.notice.to)
}

/// In which matter a decision is due.
fn matter(dossier: &Dossier, task: &TaskRow) -> Matter {
    match &dossier.stage {
        Stage::Filed(_) if task.title.contains("终止") => Matter::Termination,
        Stage::Filed(_) => Matter::Cancellation,
        _ => Matter::Filing,
    }
}

fn expert(person: &str) -> Actor {
    Actor {
        person: PersonId::from(person),
        name: Personal::new(person),
        side: consortium::actor::Side::Expert,
        capacity: consortium::actor::Capacity::Expert,
    }
}
