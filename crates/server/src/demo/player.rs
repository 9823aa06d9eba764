//! 演示的推演 — plays the script through the office, day by day under a clock of its own.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use consortium::{
    Command,
    actor::{Actor, Capacity, Side},
    agreement::supplement::signers,
    department,
    dossier::Stage,
    expert_review::{Declaration, ExpertKind},
    formal_review,
    ids::{AuthorityId, Digest, DossierId, PersonId, Personal, UnitId},
    parameter::Signers,
    reference, unit,
};
use jiff::civil::{Date, date};
use store::{Person, Post};

use super::cast::{self, EXPERTS, LEADS, MEMBERS, Role};
use super::filled::{self, Filler};
use super::profiles;
use super::script::{self, Fate, Tale};
use super::step::{self, Step};
use crate::http::session;
use crate::imports;
use crate::inspect::Desk;
use crate::office::{self, Envelope, Office};

/// A one-page PDF made by hand: the stand-in for every scan of the demonstration.
pub(super) const SCAN: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R>>endobj\n4 0 obj<</Length 52>>stream\nBT /F 18 Tf 72 760 Td (Fictional demonstration) Tj ET\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
/// The day the platform of the demonstration begins.
const BEGIN: Date = date(2023, 6, 1);
/// The legal day of the demonstration when it opens.
pub(super) const TODAY: Date = date(2026, 11, 20);

/// Plays the script.
pub(super) struct Player<'a> {
    pub(super) office: &'a Office,
    /// The hash of the demonstration's password: one for all its accounts.
    password_hash: String,
    people: BTreeMap<String, Actor>,
    scan: Digest,
    dossiers: BTreeMap<&'static str, DossierId>,
}

impl<'a> Player<'a> {
    pub(super) fn new(office: &'a Office, password_hash: String) -> Self {
        Self {
            office,
            password_hash,
            people: BTreeMap::new(),
            scan: Digest(String::new()),
            dossiers: BTreeMap::new(),
        }
    }

    /// Plays everything, in the order of days.
    pub(super) async fn play(mut self) -> anyhow::Result<()> {
        self.go(BEGIN)?;
        let now_ms = self.office.clock().now_ms();
        let scan = self.office.store().put_file(SCAN.to_vec(), "application/pdf", now_ms).await?;
        self.scan = Digest(scan);
        self.staff().await?;
        self.experts().await?;
        self.units().await?;
        let mut acts = Self::schedule()?;
        acts.sort_by_key(|(day, position, _, _)| (*day, *position));
        let mut swept = BEGIN;
        for (day, _, tale, step) in acts {
            self.sweep_between(&mut swept, day).await?;
            self.go(day)?;
            self.take(tale, step)
                .await
                .with_context(|| format!("{} {step:?} on {day}", tale.core))?;
        }
        self.sweep_between(&mut swept, TODAY).await?;
        self.links().await.context("people of units")?;
        self.go(TODAY)?;
        self.profiles().await?;
        self.announce().await
    }

    /// Every step of every tale with its day; steps of one day keep their order.
    fn schedule() -> anyhow::Result<Vec<(Date, usize, &'static Tale, Step)>> {
        let calendar = consortium::calendar::Calendar::official();
        let mut acts = Vec::new();
        for tale in script::TALES.iter().chain(&script::DRAFTS) {
            let (year, month, day) = tale.start;
            let start = date(year, month, day);
            let mut filed = start;
            for (after, step) in script::steps(tale) {
                let day = start.checked_add(jiff::Span::new().days(after))?;
                let day =
                    calendar.working_day_from(day).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
                if step == Step::File {
                    filed = day;
                }
                acts.push((day, acts.len(), tale, step));
            }
            if filed > start {
                let later = script::later(tale.fate, filed);
                acts.extend(
                    later
                        .into_iter()
                        .enumerate()
                        .map(|(at, (day, step))| (day, 10_000 + at, tale, step)),
                );
            }
        }
        acts.retain(|(day, _, _, _)| *day <= TODAY);
        Ok(acts)
    }

    /// Lets the calendar pass on the first day of each April, when a window closes.
    async fn sweep_between(&self, swept: &mut Date, day: Date) -> anyhow::Result<()> {
        for year in swept.year()..=day.year() {
            let april = date(year, 4, 1);
            if *swept < april && april <= day {
                self.go(april)?;
                self.office.sweep().await?;
            }
        }
        *swept = day;
        Ok(())
    }

    /// Sets the clock to half past nine of a day.
    pub(super) fn go(&self, day: Date) -> anyhow::Result<()> {
        let clock = self.office.clock();
        let wanted = day.at(9, 30, 0, 0).to_zoned(crate::clock::zone())?;
        clock.set_ahead_ms(wanted.timestamp().as_millisecond() - clock.wall_ms());
        Ok(())
    }

    async fn account(
        &mut self,
        login: &str,
        name: &str,
        side: &Side,
        capacity: Capacity,
    ) -> anyhow::Result<Actor> {
        let actor = self.person(login, name, side, capacity).await?;
        self.office
            .store()
            .save_post(Post {
                id: format!("t-{login}"),
                person: actor.person.to_string(),
                side: actor.reader_key(),
                capacity: session::capacity_text(capacity),
                from: BEGIN.to_string(),
                to: None,
            })
            .await?;
        Ok(actor)
    }

    /// An account without a post, and how its person will act.
    pub(super) async fn person(
        &mut self,
        login: &str,
        name: &str,
        side: &Side,
        capacity: Capacity,
    ) -> anyhow::Result<Actor> {
        let person = PersonId(format!("p-{login}"));
        let store = self.office.store();
        store
            .save_person(Person {
                id: person.to_string(),
                login: login.to_owned(),
                name: name.to_owned(),
                password_hash: Some(self.password_hash.clone()),
                created_ms: self.office.clock().now_ms(),
                disabled: false,
            })
            .await?;
        let actor = Actor {
            person: person.clone(),
            name: Personal::new(name),
            side: side.clone(),
            capacity,
        };
        self.people.insert(login.to_owned(), actor.clone());
        Ok(actor)
    }

    /// The offices: a clerk and a signatory in each authority, and every desk of the Department.
    async fn staff(&mut self) -> anyhow::Result<()> {
        for (at, authority) in reference::authorities().iter().take(14).enumerate() {
            let side = Side::Authority(AuthorityId::from(authority.id));
            let id = authority.id.to_lowercase();
            let (clerk, signatory) = (cast::person(100 + at), cast::person(130 + at));
            self.account(&format!("clerk-{id}"), &clerk, &side, Capacity::Clerk).await?;
            self.account(&format!("signatory-{id}"), &signatory, &side, Capacity::Signatory)
                .await?;
        }
        let desks = [
            ("reviewer", Capacity::Reviewer),
            ("organiser", Capacity::Organiser),
            ("drafter", Capacity::Drafter),
            ("decider", Capacity::Decider),
            ("publisher", Capacity::Publisher),
            ("supervisor", Capacity::Supervisor),
        ];
        for (at, (login, capacity)) in desks.into_iter().enumerate() {
            self.account(login, &cast::person(160 + at), &Side::Department, capacity).await?;
        }
        self.account("operator", &cast::person(170), &Side::Operator, Capacity::Operator).await?;
        Ok(())
    }

    async fn experts(&mut self) -> anyhow::Result<()> {
        let organiser = self.actor("organiser")?;
        for (at, (employer, management, field)) in EXPERTS.iter().enumerate() {
            let login = format!("expert{}", at + 1);
            let name = cast::person(180 + at);
            let expert = self.account(&login, &name, &Side::Expert, Capacity::Expert).await?;
            let command = department::Command::EnrolExpert {
                person: expert.person,
                name: expert.name,
                employers: vec![(*employer).to_owned()],
                expert_kind: if *management {
                    ExpertKind::Management
                } else {
                    ExpertKind::Technical
                },
                field: (*field).to_owned(),
            };
            self.office.affairs_command(&organiser, &command, Envelope::default()).await?;
        }
        Ok(())
    }

    async fn units(&mut self) -> anyhow::Result<()> {
        for (at, role) in LEADS.iter().chain(&MEMBERS).enumerate() {
            self.unit(at, role).await.with_context(|| role.name.to_owned())?;
        }
        Ok(())
    }

    /// What the cast keeps of itself, its platforms, and a table that was tried.
    async fn profiles(&self) -> anyhow::Result<()> {
        for (at, role) in LEADS.iter().chain(&MEMBERS).enumerate() {
            let (id, handler) = (UnitId(format!("u-{}", role.login)), self.actor(role.login)?);
            for detail in profiles::details(at, role) {
                let command = unit::Command::WriteDetail(detail);
                self.office.unit(&handler, &id, &command, Envelope::default()).await?;
            }
        }
        for (owner, by, command) in profiles::platforms() {
            let id = UnitId(format!("u-{owner}"));
            let actor = self.actor(by)?;
            self.office.unit(&actor, &id, &command, Envelope::default()).await?;
        }
        let mut table = profiles::TABLE.to_owned();
        for (at, role) in LEADS.iter().chain(&MEMBERS).enumerate() {
            table = table.replace(&format!("@{}", role.login), &role.profile(at).code);
        }
        let reviewer = self.actor("reviewer")?;
        let (desk, kind, name) = (Desk::default(), imports::Kind::Platforms, "科技创新平台.csv");
        let tried = imports::bring(self.office, &desk, &reviewer, kind, name, table.into_bytes());
        tried.await.map(drop).map_err(|fault| anyhow::anyhow!("{fault:?}"))
    }

    async fn unit(&mut self, at: usize, role: &Role) -> anyhow::Result<()> {
        let id = UnitId(format!("u-{}", role.login));
        let side = Side::Unit(id.clone());
        let profile = role.profile(at);
        let handler_name = cast::person(at * 2 + 1);
        let handler = self.person(role.login, &handler_name, &side, Capacity::Handler).await?;
        let legal = profile.representative.value.clone();
        let legal_login = format!("{}-fr", role.login);
        self.account(&legal_login, &legal, &side, Capacity::LegalRepresentative).await?;
        let register = unit::Command::Register(profile);
        // Whoever registers a unit acts for nobody yet; the record makes the first people of it.
        let registrant =
            Actor { side: Side::Public, capacity: Capacity::Public, ..handler.clone() };
        self.office.unit(&registrant, &id, &register, Envelope::default()).await?;
        let record = self.office.unit_record(&id).await?.context("registered")?;
        let by = match &record.authority {
            Some(authority) => {
                self.actor(&format!("clerk-{}", authority.as_str().to_lowercase()))?
            }
            None => self.actor("reviewer")?,
        };
        self.office.unit(&by, &id, &unit::Command::Activate {}, Envelope::default()).await?;
        Ok(())
    }

    pub(super) fn actor(&self, login: &str) -> anyhow::Result<Actor> {
        self.people.get(login).cloned().with_context(|| format!("nobody is {login}"))
    }

    fn lead(tale: &Tale) -> &'static str {
        LEADS[tale.lead].login
    }

    fn members(tale: &Tale) -> Vec<&'static str> {
        tale.members.iter().map(|&at| MEMBERS[at].login).collect()
    }

    async fn ask(&self, tale: &Tale, login: &str, command: &Command) -> anyhow::Result<()> {
        let id = self.dossiers.get(tale.core).context("not opened")?;
        let actor = if login == "public" { Actor::public() } else { self.actor(login)? };
        let done = self.office.perform(&actor, id, command, Envelope::default()).await;
        match done {
            Ok(_) => Ok(()),
            Err(office::OfficeError::Refused(refusal)) => {
                bail!("{}: {refusal} {:?}", command.name(), refusal.findings)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Who takes a step.
    async fn by(&self, tale: &Tale, step: Step) -> anyhow::Result<String> {
        let lead = Self::lead(tale);
        Ok(match step {
            Step::Check | Step::Return => self.desk(tale, "clerk").await?,
            Step::Recommend | Step::DeclineToRecommend => self.desk(tale, "signatory").await?,
            Step::Pass | Step::RequestCorrection | Step::NotAccept => "reviewer".to_owned(),
            Step::Draw => "organiser".to_owned(),
            Step::DraftFiling
            | Step::DraftRefusal
            | Step::DraftTermination
            | Step::DraftCancellation
            | Step::DecideChange
            | Step::ChangeDecided
            | Step::Support
            | Step::Undertake
            | Step::FinishUndertaking => "drafter".to_owned(),
            Step::ConfirmFiling | Step::ConfirmTermination | Step::ConfirmCancellation => {
                "decider".to_owned()
            }
            Step::Publish | Step::File => "publisher".to_owned(),
            Step::Propose | Step::ProposeFalsehood | Step::Serve => "supervisor".to_owned(),
            Step::Object => "public".to_owned(),
            _ => lead.to_owned(),
        })
    }

    /// The desk of the authority a dossier went to.
    async fn desk(&self, tale: &Tale, desk: &str) -> anyhow::Result<String> {
        let dossier = self.dossier(tale).await?;
        let authority = dossier.authority.as_ref().context("no authority")?;
        Ok(format!("{desk}-{}", authority.as_str().to_lowercase()))
    }

    async fn dossier(&self, tale: &Tale) -> anyhow::Result<std::sync::Arc<consortium::Dossier>> {
        let id = self.dossiers.get(tale.core).context("not opened")?;
        let lead = self.actor(Self::lead(tale))?;
        Ok(self.office.read(&lead, id).await?.dossier)
    }

    async fn take(&mut self, tale: &'static Tale, step: Step) -> anyhow::Result<()> {
        match step {
            Step::Open => return self.open(tale).await,
            Step::Invite => {
                for member in Self::members(tale) {
                    let unit = UnitId(format!("u-{member}"));
                    let invite = Command::Invite { unit, void_signatures: false };
                    self.ask(tale, Self::lead(tale), &invite).await?;
                }
            }
            Step::Accept => self.accept(tale, usize::MAX).await?,
            Step::AcceptOne => self.accept(tale, 1).await?,
            Step::Write => self.write(tale).await?,
            Step::StartSigning => {
                self.ask(tale, Self::lead(tale), &Command::StartSigning {}).await?;
            }
            Step::SignAll => self.sign(tale, usize::MAX).await?,
            Step::SignSome => self.sign(tale, 2).await?,
            Step::Decline => {
                let last = Self::members(tale).pop().context("no member")?;
                let reason = "收益分配比例与此前商定的不一致。".to_owned();
                self.ask(tale, &format!("{last}-fr"), &Command::DeclineToSign { reason }).await?;
            }
            Step::Remark => {
                let last = Self::members(tale).pop().context("no member")?;
                let heading = "distribution".to_owned();
                let remark = "写明贡献由谁核定、什么时候结算。".to_owned();
                self.ask(tale, last, &Command::RemarkOnAgreement { heading, remark }).await?;
            }
            Step::Reword => self.reword(tale).await?,
            Step::Pass => self.pass(tale).await?,
            Step::ScoreSome => self.score(tale, 2).await?,
            Step::ScoreRest => self.score(tale, usize::MAX).await?,
            Step::DecideChange | Step::ChangeDecided => self.decide_change(tale).await?,
            single => {
                let by = self.by(tale, single).await?;
                let unit = self.changing_unit(tale, single).await?;
                let today = self.office.clock().today();
                let command = step::command(single, today, &self.scan, unit.as_ref())
                    .context("a step without a command")?;
                self.ask(tale, &by, &command).await?;
            }
        }
        Ok(())
    }

    async fn open(&mut self, tale: &'static Tale) -> anyhow::Result<()> {
        let name = format!("内蒙古自治区{}创新联合体", tale.core);
        let lead = self.actor(Self::lead(tale))?;
        let done = self.office.open(&lead, &name, Envelope::default()).await?;
        self.dossiers.insert(tale.core, DossierId(done.id));
        Ok(())
    }

    async fn accept(&self, tale: &Tale, most: usize) -> anyhow::Result<()> {
        let accept = Command::AnswerInvitation { accept: true, reason: String::new() };
        for member in Self::members(tale).into_iter().take(most) {
            self.ask(tale, member, &accept).await?;
        }
        Ok(())
    }

    async fn write(&self, tale: &Tale) -> anyhow::Result<()> {
        let lead = Self::lead(tale);
        let roles = std::iter::once(&LEADS[tale.lead]);
        let roles = roles.chain(tale.members.iter().map(|member| &MEMBERS[*member]));
        let filler = |role: &Role| Filler {
            unit: UnitId(format!("u-{}", role.login)),
            name: role.name,
            kind: role.kind,
        };
        let parties: Vec<Filler> = roles.map(filler).collect();
        let today = self.office.clock().today();
        for content in filled::sections(tale, &parties, today) {
            let own = content.unit().and_then(|unit| unit.as_str().strip_prefix("u-"));
            let by = own.unwrap_or(lead).to_owned();
            self.ask(tale, &by, &Command::WriteApplication { content }).await?;
        }
        let size = u64::try_from(SCAN.len())?;
        for item in ["各单位法人证书", "平台批准文件"] {
            self.ask(tale, lead, &step::attachment(&self.scan, size, item)).await?;
        }
        let text = step::agreement(tale, today);
        self.ask(tale, lead, &Command::WriteAgreement { text, void_signatures: false }).await
    }

    /// The lead takes the text back, answers the remark and writes the next version.
    async fn reword(&self, tale: &Tale) -> anyhow::Result<()> {
        let lead = Self::lead(tale);
        let dossier = self.dossier(tale).await?;
        let formed_on = dossier.materials.agreement.text.formed_on.context("no day")?;
        let no = u32::try_from(dossier.materials.agreement.remarks.len())?;
        let reason = "采纳成员单位对收益分配的意见，另补违约责任的补救期限。".to_owned();
        self.ask(tale, lead, &Command::ReopenAgreement { reason }).await?;
        let answer = "采纳：贡献由理事会每年 3 月核定，结算单送各方。".to_owned();
        self.ask(tale, lead, &Command::AnswerRemark { no, answer }).await?;
        let text = step::reworded(tale, formed_on);
        self.ask(tale, lead, &Command::WriteAgreement { text, void_signatures: false }).await
    }

    async fn sign(&self, tale: &Tale, most: usize) -> anyhow::Result<()> {
        let mut parties = vec![Self::lead(tale)];
        parties.extend(Self::members(tale));
        let dossier = self.dossier(tale).await?;
        let round = dossier.materials.agreement.round.as_ref().context("no round")?;
        self.sign_on_paper(tale, &round.digest, parties.into_iter().take(most)).await
    }

    /// The lead uploads what was signed and sealed on paper, and these confirm that it is what
    /// they signed.
    async fn sign_on_paper(
        &self,
        tale: &Tale,
        digest: &Digest,
        parties: impl Iterator<Item = &str>,
    ) -> anyhow::Result<()> {
        let (digest, scan) = (digest.clone(), self.scan.clone());
        let custodian = "牵头单位档案室".to_owned();
        let offer = Command::OfferPaper { digest: digest.clone(), scan: scan.clone(), custodian };
        self.ask(tale, Self::lead(tale), &offer).await?;
        let confirm = Command::ConfirmPaper { digest, scan };
        for login in parties {
            self.ask(tale, login, &confirm).await?;
        }
        Ok(())
    }

    async fn pass(&self, tale: &Tale) -> anyhow::Result<()> {
        let dossier = self.dossier(tale).await?;
        let findings = self.office.examine(&self.actor("reviewer")?, &dossier).await?;
        let judgements = formal_review::open_questions(&findings)
            .iter()
            .map(|f| step::judgement(&f.rule))
            .collect();
        self.ask(tale, "reviewer", &Command::PassFormalReview { judgements }).await
    }

    async fn score(&self, tale: &Tale, most: usize) -> anyhow::Result<()> {
        let dossier = self.dossier(tale).await?;
        let panel = dossier.panel().context("no panel")?;
        let seats: Vec<_> = panel.sitting().filter(|seat| seat.sheet.is_none()).cloned().collect();
        for (at, seat) in seats.iter().take(most).enumerate() {
            let login = seat.seating.expert.as_str().trim_start_matches("p-").to_owned();
            if seat.declaration == Declaration::Pending {
                let declare = Command::DeclareInterest { conflict: false, reason: String::new() };
                self.ask(tale, &login, &declare).await?;
            }
            let sheet = step::sheet(at, tale.fate != Fate::NotFiled);
            self.ask(tale, &login, &Command::SubmitSheet { sheet }).await?;
        }
        Ok(())
    }

    /// The unit a change is about: the first that could join, or the last that could leave.
    async fn changing_unit(&self, tale: &Tale, step: Step) -> anyhow::Result<Option<UnitId>> {
        let dossier = self.dossier(tale).await?;
        let parties = &dossier.materials.parties;
        Ok(match step {
            Step::ChangeJoin => MEMBERS
                .iter()
                .map(|role| UnitId(format!("u-{}", role.login)))
                .find(|unit| parties.iter().all(|party| party.unit != *unit)),
            Step::ChangeLeave => parties.last().map(|party| party.unit.clone()),
            _ => None,
        })
    }

    /// The lead writes and locks what the kind of the open change asks for; everybody signs and seals.
    async fn supplement(&self, tale: &Tale) -> anyhow::Result<()> {
        let lead = Self::lead(tale);
        let text = "各方商定，自本补充协议生效之日起照变更报告执行；没有写到的仍照组建协议。";
        let write = Command::WriteSupplement { text: text.to_owned(), void_signatures: false };
        self.ask(tale, lead, &write).await?;
        self.ask(tale, lead, &Command::LockSupplement {}).await?;
        let dossier = self.dossier(tale).await?;
        let (.., round) = dossier.open_supplement().context("no supplement")?;
        let parties = round.slots.iter().map(|slot| slot.unit.as_str().trim_start_matches("u-"));
        self.sign_on_paper(tale, &round.digest, parties).await?;
        Ok(())
    }

    async fn decide_change(&self, tale: &Tale) -> anyhow::Result<()> {
        let dossier = self.dossier(tale).await?;
        let open = dossier.open_change().context("no change")?;
        if signers(open.kind, &dossier.parameters) != Signers::Nobody {
            self.supplement(tale).await?;
        }
        let Stage::Filed(filed) = &dossier.stage else { bail!("not filed") };
        let open =
            filed.changes.iter().find(|change| change.decided.is_none()).context("no change")?;
        let command = Command::DecideChange {
            no: open.no,
            accepted: true,
            reason: "材料齐备，予以报备。".to_owned(),
        };
        self.ask(tale, "drafter", &command).await
    }

    /// Two official interpretations, so that the page has something to show.
    async fn announce(&self) -> anyhow::Result<()> {
        let decider = self.actor("decider")?;
        let answers = [
            ("5.1", "牵头单位计入“3家”吗？", "计入。牵头单位和成员单位合计原则上不少于3家。"),
            (
                "9",
                "只报下一年度计划算不算已提交总结？",
                "不算。第九条要求报送的是本年度总结，计划是总结内容之一。",
            ),
        ];
        for (clause, question, answer) in answers {
            let command = department::Command::PublishInterpretation {
                clause: clause.to_owned(),
                question: question.to_owned(),
                answer: answer.to_owned(),
            };
            self.office.affairs_command(&decider, &command, Envelope::default()).await?;
        }
        Ok(())
    }
}
