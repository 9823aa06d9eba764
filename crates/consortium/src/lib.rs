//! 内蒙古自治区创新联合体备案管理办法, as a program: the law, pure.
//!
//! This crate knows no files, network, SQL, HTTP, clock or randomness: time and chance are
//! arguments, and time passing is a command. The whole of it on one screen:
//!
//! - [`decide`] answers a [`Command`] on a [`Dossier`] with [`Event`]s or a [`Refusal`];
//! - [`evolve::evolve`] applies one event, [`evolve::replay`] a journal;
//! - [`measures::examine`] applies every rule of the regulation, each [`Finding`] with its clause;
//! - [`task::tasks`] says whose turn it is, [`access::may`] who may;
//! - [`command::VERBS`] is the one table of what can be done, by whom, when, under which clause.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod access;
pub mod actor;
pub mod agreement;
pub mod annual_report;
pub mod application;
pub mod calendar;
pub mod cancellation;
pub mod change;
pub mod checklist;
pub mod command;
pub mod context;
pub mod credit_code;
pub mod day;
pub mod decision;
pub mod department;
pub mod dossier;
pub mod event;
pub mod evolve;
pub mod expert_review;
pub mod formal_review;
pub mod ids;
pub mod materials;
pub mod measures;
pub mod name;
pub mod official_paper;
pub mod outstanding;
pub mod parameter;
pub mod public_notice;
pub mod recommendation;
pub mod reference;
pub mod refusal;
pub mod register;
pub mod sealed;
pub mod support;
pub mod task;
pub mod text;
pub mod unit;
pub mod view;

pub use command::Command;
pub use context::Context;
pub use dossier::Dossier;
pub use event::Event;
pub use measures::Finding;
pub use refusal::Refusal;

use ids::DossierId;

/// Answers a command on one dossier; `None` where it does not exist yet.
///
/// First [`access::may`], then the rule. Asking again for what already happened is answered with
/// no events.
pub fn decide(
    id: &DossierId,
    dossier: Option<&Dossier>,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let verb = command.verb();
    let Some(dossier) = dossier else {
        access::may(ctx.actor, verb, None)?;
        return begin(id, command, ctx);
    };
    match access::may(ctx.actor, verb, Some(dossier)) {
        Ok(_) => answer(dossier, command, ctx),
        // Whoever asks again for what already happened is told so, even if the stage moved on.
        Err(refusal) if refusal.kind == refusal::RefusalKind::NotNow => {
            match answer(dossier, command, ctx) {
                Ok(events) if events.is_empty() => Ok(events),
                Ok(_) | Err(_) => Err(refusal),
            }
        }
        Err(refusal) => Err(refusal),
    }
}

fn begin(id: &DossierId, command: &Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if let Command::Open { name } = command {
        return application::open(id, name, ctx);
    }
    if let Command::ImportTrialFiling { .. } = command {
        return register::import(id, command, ctx);
    }
    Err(Refusal::not_found("没有这一件", "核对链接，或从工作台进入"))
}

fn answer(dossier: &Dossier, command: &Command, ctx: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Open { .. } | Command::ImportTrialFiling { .. } => {
            Err(Refusal::not_now("6.1", "这一件已经立卷", "从工作台进入"))
        }
        Command::Rename { name, void_signatures } => {
            application::rename(dossier, name, *void_signatures, ctx)
        }
        Command::ReserveName {} => name::reserve(dossier, ctx),
        Command::Invite { unit, void_signatures } => {
            application::invite(dossier, unit, *void_signatures, ctx)
        }
        Command::AnswerInvitation { accept, reason } => {
            application::answer(dossier, *accept, reason, ctx)
        }
        Command::RemoveMember { unit, void_signatures } => {
            application::remove(dossier, unit, *void_signatures)
        }
        Command::WriteApplication { content } => application::write(dossier, content, ctx),
        Command::Attach { attachment, moves } => application::attach(dossier, attachment, *moves),
        Command::Detach { digest } => application::detach(dossier, digest),
        Command::WriteAgreement { text, void_signatures } => {
            agreement::write(dossier, text, *void_signatures)
        }
        Command::StartSigning {} => agreement::start_signing(dossier, ctx.agreement_digest),
        Command::ReopenAgreement { reason } => agreement::reopen(dossier, reason),
        Command::Sign { digest, method, letter, .. } => {
            agreement::sign(dossier, digest, method, letter.as_ref(), ctx)
        }
        Command::Seal { digest, scan, method, .. } => {
            agreement::seal(dossier, digest, scan, method, ctx)
        }
        Command::OfferPaper { digest, scan, custodian } => {
            agreement::offer_paper(dossier, digest, scan, custodian, ctx.actor)
        }
        Command::ConfirmPaper { digest, scan } => {
            agreement::confirm_paper(dossier, digest, scan, ctx)
        }
        Command::RemindToSign { unit } => agreement::remind(dossier, unit, ctx),
        Command::RemarkOnAgreement { heading, remark } => {
            agreement::remark(dossier, heading, remark, ctx)
        }
        Command::AnswerRemark { no, answer } => agreement::answer_remark(dossier, *no, answer),
        Command::DeclineToSign { reason } => agreement::decline(dossier, reason, ctx.actor),
        Command::Submit {} => application::submit(dossier, ctx.package_digest, ctx),
        Command::Withdraw { reason } => application::withdraw(dossier, reason),
        Command::CheckMaterials { opinion } => recommendation::check(dossier, opinion),
        Command::Recommend { opinion } => recommendation::recommend(dossier, opinion, ctx),
        Command::ReturnForChanges { reason } => recommendation::return_for_changes(dossier, reason),
        Command::DeclineToRecommend { reason } => recommendation::decline(dossier, reason, ctx),
        Command::PassFormalReview { judgements } => formal_review::pass(dossier, judgements, ctx),
        Command::RequestCorrection { items } => {
            formal_review::request_correction(dossier, items, ctx)
        }
        Command::SubmitCorrection {} => formal_review::submit_correction(dossier, ctx),
        Command::ExtendCorrection { days, reason } => {
            formal_review::extend_correction(dossier, *days, reason, ctx)
        }
        Command::ExtendReview { days, reason } => formal_review::extend(dossier, *days, reason),
        Command::NotAccept { reason } => formal_review::not_accept(dossier, reason, ctx),
        Command::DrawPanel { size } => expert_review::draw(dossier, *size, ctx),
        Command::DeclareInterest { conflict, reason } => {
            expert_review::declare(dossier, *conflict, reason, ctx)
        }
        Command::FillSeat {} => expert_review::fill(dossier, ctx),
        Command::SubmitSheet { sheet } => expert_review::submit(dossier, sheet, ctx),
        Command::VoidSheet { expert, reason } => expert_review::void(dossier, expert, reason, ctx),
        Command::DraftDecision { matter, outcome, reason } => {
            decision::draft(dossier, *matter, *outcome, reason, ctx)
        }
        Command::ConfirmDecision { matter } => decision::confirm(dossier, *matter, ctx),
        Command::ReturnDraft { matter, reason } => {
            decision::return_draft(dossier, *matter, reason, ctx)
        }
        Command::PublishNotice {} => public_notice::publish(dossier, ctx),
        Command::Object(text) => public_notice::object(dossier, text, ctx),
        Command::ConcludeObjection { receipt, upheld, effect, reason, public_reason } => {
            public_notice::conclude(dossier, receipt, *upheld, *effect, reason, public_reason)
        }
        Command::File {} => public_notice::file(dossier, ctx),
        Command::SubmitReport { year, summary } => {
            annual_report::report(dossier, *year, summary, ctx)
        }
        Command::SubmitPlan { year, plan } => {
            annual_report::plan(dossier, *year, plan, ctx.today())
        }
        Command::ReportChange { kind, occurred_on, content } => {
            change::report(dossier, *kind, *occurred_on, content, ctx)
        }
        Command::WriteSupplement { text, void_signatures } => {
            agreement::supplement::write(dossier, text, *void_signatures)
        }
        Command::LockSupplement {} => agreement::supplement::lock(dossier, ctx),
        Command::DecideChange { no, accepted, reason } => {
            change::decide(dossier, *no, *accepted, reason, ctx)
        }
        Command::SettleDoubt { rule, reason } => change::settle(dossier, rule, reason),
        Command::RecordUndertaking { title, level, until } => {
            support::undertake(dossier, title, level, *until)
        }
        Command::FinishUndertaking { no, how } => support::finish(dossier, *no, how),
        Command::RecordSupport { clause, measure, document, on } => {
            support::record(dossier, *clause, measure, document, *on, ctx.today())
        }
        Command::ApplyForTermination { circumstance, resolution } => {
            change::apply_for_termination(dossier, circumstance, resolution)
        }
        Command::ProposeCancellation { ground, facts } => {
            cancellation::propose(dossier, ground, facts)
        }
        Command::ServeCancellationNotice { served_on, proof, text } => {
            cancellation::serve(dossier, *served_on, proof, text, ctx)
        }
        Command::AttachSealed { paper, file, reason, compared } => {
            sealed::attach(dossier, paper, file, reason, *compared, ctx)
        }
        Command::MakeStatement { text } => cancellation::state(dossier, text),
        Command::DropCancellation { reason } => cancellation::drop_case(dossier, reason),
        Command::DayPassed {} => Ok(day::passed(dossier, ctx)),
    }
}
