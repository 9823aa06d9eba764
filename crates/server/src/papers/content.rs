//! 文书的内容 — what a paper says, taken from one event and the dossier before and after it.

use consortium::{
    Dossier, Event,
    decision::{Matter, Outcome},
    dossier::{Filed, Regime, Stage},
    evolve::Stamp,
    expert_review::{CRITERIA, Conclusion, Sheet},
    materials::Party,
    parameter::ParameterKey,
    reference,
};
use documents::paper::{self, Line, SheetLine};
use documents::{Body, Check, Consortium, Document, Head, Kind};
use jiff::civil::Date;

use super::application;
use crate::office::Occurred;

/// The Department, as its papers name it.
pub(super) const DEPARTMENT: &str = "内蒙古自治区科学技术厅";
/// Whose receipt it is: no office has looked at anything yet.
const PLATFORM: &str = "内蒙古自治区创新联合体备案管理平台";

/// The paper of this kind that an event carries; `None` where it carries none.
pub(super) fn document(kind: Kind, from: &Occurred, site: &str, code: &str) -> Option<Document> {
    let body = body(kind, from, site)?;
    let dossier = &from.after;
    Some(Document {
        head: Head {
            dossier: dossier.id.to_string(),
            event: dossier.sequence,
            on: from.stamp.at.date(),
            office: office(kind, dossier),
            consortium: consortium(dossier),
            check: Check { code: code.to_owned(), link: format!("{site}/verify") },
        },
        body,
    })
}

fn office(kind: Kind, dossier: &Dossier) -> String {
    match kind {
        Kind::Application | Kind::Agreement | Kind::AnnualReport | Kind::ChangeReport => {
            lead(dossier)
        }
        Kind::Recommendation | Kind::NotRecommended => authority(dossier),
        Kind::SubmissionReceipt => PLATFORM.to_owned(),
        _ => DEPARTMENT.to_owned(),
    }
}

fn consortium(dossier: &Dossier) -> Consortium {
    let materials = &dossier.materials;
    let field = materials.basics.as_ref().and_then(|basics| reference::field(&basics.field));
    Consortium {
        name: materials.name.clone(),
        lead: lead(dossier),
        members: materials.standing().skip(1).map(|party| party.name.clone()).collect(),
        authority: authority(dossier),
        field: field.map_or("未登记", |class| class.name).to_owned(),
    }
}

fn lead(dossier: &Dossier) -> String {
    dossier.materials.lead_unit().map(|party| party.name.clone()).unwrap_or_default()
}

fn authority(dossier: &Dossier) -> String {
    let id = dossier.authority.as_ref().map_or("", |id| id.as_str());
    reference::authority(id).map_or("归口管理部门", |authority| authority.name).to_owned()
}

fn body(kind: Kind, from: &Occurred, site: &str) -> Option<Body> {
    let Occurred { event, stamp, after, .. } = from;
    Some(match (kind, event) {
        (Kind::Application, _) => Body::Application(application::application(from)?),
        (Kind::Agreement, _) => Body::Agreement(application::agreement(after)?),
        (Kind::SubmissionReceipt, Event::Submitted { package, .. }) => {
            Body::SubmissionReceipt(paper::SubmissionReceipt {
                at: second(stamp),
                package: package.0.clone(),
                materials: application::handed_in(after),
                next: format!("{}审核推荐", authority(after)),
            })
        }
        (Kind::Recommendation, Event::Recommended { opinion, .. }) => {
            Body::Recommendation(paper::Recommendation { opinion: opinion.clone() })
        }
        (Kind::NotRecommended, Event::RecommendationDeclined { reason }) => {
            Body::NotRecommended(paper::NotRecommended { reason: reason.clone() })
        }
        (Kind::Acceptance, _) => Body::Acceptance(paper::Acceptance {
            submitted_on: after.submission().map(|submission| submission.at.date()),
        }),
        (Kind::Correction, Event::CorrectionRequested { items, due }) => {
            let item = |item: &consortium::dossier::CorrectionItem| paper::CorrectionItem {
                part: item.part.term().to_owned(),
                reason: item.reason.clone(),
                clause: item.clause.clone(),
            };
            Body::Correction(paper::Correction {
                items: items.iter().map(item).collect(),
                due: *due,
            })
        }
        (Kind::NotAccepted, Event::NotAccepted { reason }) => {
            Body::NotAccepted(paper::NotAccepted { reason: reason.clone() })
        }
        (Kind::ReviewSheet, Event::SheetSubmitted { expert, sheet }) => {
            let seat = seats(from).find(|seat| seat.seating.expert == *expert)?;
            Body::ReviewSheet(review_sheet(&seat.seating.label, sheet))
        }
        (Kind::ReviewSummary, Event::ReviewConcluded { conclusion }) => {
            Body::ReviewSummary(review_summary(from, conclusion))
        }
        (Kind::PublicNotice, Event::NoticePublished { from: first, to, days, .. }) => {
            Body::PublicNotice(paper::PublicNotice {
                from: *first,
                to: *to,
                days: *days,
                link: Some(format!("{site}/notices/{}", after.id)),
            })
        }
        (Kind::ObjectionReceipt, Event::ObjectionReceived { receipt, kind, .. }) => {
            Body::ObjectionReceipt(paper::ObjectionReceipt {
                receipt: receipt.clone(),
                subject: kind.clone(),
                at: second(stamp),
            })
        }
        (Kind::FilingNotice, Event::Filed { number, first_report_year, .. }) => {
            Body::FilingNotice(paper::FilingNotice {
                number: number.clone(),
                first_report_year: *first_report_year,
            })
        }
        (Kind::Certificate, _) => Body::Certificate(certificate(after, site)?),
        (Kind::AnnualReport, Event::ReportSubmitted { year, summary, late, after_window, .. }) => {
            let contents = summary.contents();
            let content = |(_, clause, heading, text): &(&str, &str, &str, &str)| {
                ((*clause).to_owned(), (*heading).to_owned(), (*text).to_owned())
            };
            Body::AnnualReport(paper::AnnualReport {
                year: *year,
                number: number(after),
                state: reported(stamp.at.date(), *late, *after_window),
                contents: contents.iter().map(content).collect(),
            })
        }
        (Kind::ChangeReport, Event::ChangeReported { no, kind, occurred_on, content }) => {
            Body::ChangeReport(paper::ChangeReport {
                number: number(after),
                no: *no,
                kind: kind.term().to_owned(),
                class: class(kind.class()).to_owned(),
                occurred_on: *occurred_on,
                lines: change_lines(after, content),
            })
        }
        (Kind::ChangeAnswer, Event::ChangeDecided { no, accepted, reason, .. }) => {
            let change = after.register_entry()?.changes.iter().find(|change| change.no == *no)?;
            Body::ChangeAnswer(paper::ChangeAnswer {
                no: *no,
                kind: change.kind.term().to_owned(),
                accepted: *accepted,
                reason: reason.clone(),
            })
        }
        _ => return ending(kind, from),
    })
}

/// The papers of the ends: refusal, termination, cancellation.
fn ending(kind: Kind, from: &Occurred) -> Option<Body> {
    let Occurred { before, event, after, .. } = from;
    let stood = before.as_ref().and_then(Dossier::register_entry);
    let case = stood.and_then(|filed| filed.cancellation.as_ref());
    Some(match (kind, event) {
        (Kind::NotFiled, Event::DecisionConfirmed { reason, .. }) => {
            Body::NotFiled(paper::NotFiled { reason: reason.clone() })
        }
        (Kind::CancellationNotice, Event::CancellationNoticeServed { text, statement_due, .. }) => {
            let case = case?;
            Body::CancellationNotice(paper::CancellationNotice {
                number: number(after),
                ground: case.ground.term().to_owned(),
                clauses: owned(case.ground.clauses()),
                facts: case.facts.clone(),
                text: text.clone(),
                statement_due: *statement_due,
            })
        }
        (Kind::ServiceReceipt, Event::CancellationNoticeServed { served_on, proof, .. }) => {
            Body::ServiceReceipt(paper::ServiceReceipt {
                paper: Kind::CancellationNotice.term().to_owned(),
                to: lead(after),
                served_on: *served_on,
                proof: proof.0.clone(),
            })
        }
        (Kind::CancellationDecision, Event::DecisionConfirmed { reason, .. }) => {
            let case = case?;
            Body::CancellationDecision(paper::CancellationDecision {
                number: number(after),
                ground: case.ground.term().to_owned(),
                clauses: owned(case.ground.clauses()),
                facts: case.facts.clone(),
                reason: reason.clone(),
                served_on: case.served.as_ref().map(|served| served.on),
                statements: case.statements.len(),
                voided: voided(after),
            })
        }
        (
            Kind::CancellationClosed,
            Event::DecisionConfirmed { reason, .. } | Event::CancellationDropped { reason },
        ) => Body::CancellationClosed(paper::CancellationClosed {
            number: number(after),
            ground: case?.ground.term().to_owned(),
            reason: reason.clone(),
        }),
        (Kind::TerminationDecision, Event::DecisionConfirmed { outcome, reason, .. }) => {
            let asked = stood.and_then(|filed| filed.termination.as_ref())?;
            Body::TerminationDecision(paper::TerminationDecision {
                number: number(after),
                circumstance: asked.circumstance.clone(),
                granted: *outcome == Outcome::Grant,
                reason: reason.clone(),
            })
        }
        (Kind::Announcement, Event::DecisionConfirmed { matter, .. }) => {
            Body::Announcement(announcement(*matter, stood?, after))
        }
        _ => return None,
    })
}

fn announcement(matter: Matter, stood: &Filed, after: &Dossier) -> paper::Announcement {
    let case = stood.cancellation.as_ref();
    let (what, clauses, ground) = match (matter, case) {
        (Matter::Cancellation, Some(case)) => {
            let what = if voided(after) { "撤销备案" } else { "取消备案资格" };
            (what, case.ground.clauses(), case.ground.term())
        }
        _ => ("注销备案", matter.clauses(), "各方申请终止"),
    };
    paper::Announcement {
        number: stood.number.clone(),
        what: what.to_owned(),
        clauses: owned(clauses),
        ground: ground.to_owned(),
    }
}

fn voided(dossier: &Dossier) -> bool {
    matches!(&dossier.stage, Stage::Ended(ended) if ended.end == consortium::dossier::End::Voided)
}

fn owned(clauses: &[&str]) -> Vec<String> {
    clauses.iter().map(|clause| (*clause).to_owned()).collect()
}

fn number(dossier: &Dossier) -> String {
    dossier.register_entry().map(|filed| filed.number.clone()).unwrap_or_default()
}

fn certificate(dossier: &Dossier, site: &str) -> Option<paper::Certificate> {
    let filed = dossier.register_entry()?;
    let regime = match dossier.regime {
        Regime::Current => "现行办法",
        Regime::Trial => "试行办法备案，转入现行办法管理",
    };
    Some(paper::Certificate {
        number: filed.number.clone(),
        filed_on: filed.on,
        version: filed.versions.last().map_or(1, |version| version.no),
        regime: regime.to_owned(),
        link: format!("{site}/registry/{}", dossier.id),
        mongolian: None,
    })
}

fn seats(from: &Occurred) -> impl Iterator<Item = &consortium::expert_review::Seat> {
    from.after.panel().into_iter().flat_map(|panel| &panel.seats)
}

fn review_sheet(label: &str, sheet: &Sheet) -> paper::ReviewSheet {
    let score = |(at, (name, full)): (usize, &(&str, u8))| {
        let points = sheet.scores.get(at).copied().unwrap_or(0);
        let remark = sheet.remarks.get(at).cloned().unwrap_or_default();
        ((*name).to_owned(), *full, points, remark)
    };
    paper::ReviewSheet {
        label: label.to_owned(),
        scores: CRITERIA.iter().enumerate().map(score).collect(),
        total: sheet.total(),
        vote: sheet.vote.term().to_owned(),
        opinion: sheet.opinion.clone(),
    }
}

fn review_summary(from: &Occurred, conclusion: &Conclusion) -> paper::ReviewSummary {
    use consortium::expert_review::Vote;
    let handed_in = seats(from).filter_map(|seat| {
        let sheet = seat.sheet.as_ref()?;
        Some(SheetLine {
            label: seat.seating.label.clone(),
            total: sheet.total(),
            vote: sheet.vote.term().to_owned(),
            voided: seat.voided.clone(),
        })
    });
    let votes = [Vote::Agree, Vote::AgreeWithChanges, Vote::Disagree].map(|vote| {
        let standing = seats(from).filter(|seat| seat.sits());
        let count = standing.filter(|seat| seat.sheet.as_ref().is_some_and(|s| s.vote == vote));
        format!("{} {} 票", vote.term(), count.count())
    });
    let trim_from = from.after.parameters.get(ParameterKey::TrimFrom);
    let method = if i64::from(conclusion.sheets) >= trim_from {
        "去掉一个最高分和一个最低分后的平均"
    } else {
        "全部有效评分的算术平均"
    };
    paper::ReviewSummary {
        sheets: handed_in.collect(),
        method: method.to_owned(),
        mean: format!(
            "{}.{:02}",
            conclusion.mean_hundredths / 100,
            conclusion.mean_hundredths % 100
        ),
        votes: votes.join("，"),
        conclusion: if conclusion.passed { "通过" } else { "不通过" }.to_owned(),
        spread: conclusion
            .dispersed
            .then(|| format!("最高分与最低分相差 {} 分，提请讨论", conclusion.spread)),
    }
}

fn reported(on: Date, late: bool, after_window: bool) -> String {
    let when = match (late, after_window) {
        (_, true) => "报送期已过，只作记录",
        (true, false) => "逾期",
        (false, false) => "按期",
    };
    format!("{on} 报送，{when}")
}

const fn class(class: char) -> &'static str {
    match class {
        'A' => "审核",
        'C' => "登记",
        _ => "报备",
    }
}

fn change_lines(dossier: &Dossier, content: &consortium::change::ChangeContent) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(name) = &content.new_name {
        lines.push(Line::new("新名称", name));
    }
    if let Some(unit) = &content.unit {
        let known = dossier.materials.party(unit).map(|party: &Party| party.name.clone());
        lines.push(Line::new("涉及的单位", known.unwrap_or_else(|| format!("单位编号 {unit}"))));
    }
    lines.push(Line::new("客观原因与变更内容", &content.reason));
    lines
}

/// An instant as a receipt writes it.
fn second(stamp: &Stamp) -> String {
    stamp.at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
