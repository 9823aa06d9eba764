//! 规则检查 — every rule of Arts. 3–7 applied to one dossier on one day.
//!
//! The same function answers the applicant's rule panel and the officer's checklist, at every
//! checkpoint: submission, recommendation, formal review, before notice, decision, yearly.

use super::{Finding, article_05, article_06};
use crate::{context::Context, dossier::Dossier};

/// Applies every rule.
pub fn examine(dossier: &Dossier, ctx: &Context<'_>) -> Vec<Finding> {
    let mut findings = standing(dossier, ctx);
    let materials = &dossier.materials;
    findings.push(article_06::intention(materials));
    findings.push(article_06::contents(materials));
    findings.push(article_06::in_force(materials));
    findings.extend(article_06::signatories(materials));
    findings.push(article_06::both_tasks(materials));
    findings.push(article_06::form(materials));
    findings.push(article_06::consistent(materials, ctx.today()));
    findings.push(article_06::attachments(materials, &dossier.parameters));
    findings.extend(article_05::lead_materials(materials));
    for party in materials.standing().skip(1) {
        findings.extend(article_05::member_materials(materials, party));
    }
    findings
}

/// The conditions that must also hold later: after a change, before the decision, every year.
pub fn standing(dossier: &Dossier, ctx: &Context<'_>) -> Vec<Finding> {
    let materials = &dossier.materials;
    let parameters = &dossier.parameters;
    let mut findings = vec![
        article_06::naming(materials),
        article_05::units(materials, parameters),
        article_05::platform(materials, ctx.units, parameters, ctx.today()),
    ];
    for (position, party) in materials.standing().enumerate() {
        let Some(unit) = ctx.units.get(&party.unit) else {
            findings.push(article_05::unknown(party));
            continue;
        };
        let lead = position == 0;
        if lead {
            findings.extend(article_05::lead_hard(unit));
        } else {
            findings.push(article_05::member_legal(unit));
        }
        findings.push(article_05::credit(unit, lead, ctx.today(), parameters));
    }
    findings
}
