//! 登记表 — the form as its reader sees it: without trade secrets for those who do not read them.

use serde::Serialize;

use crate::{
    access::Mask,
    dossier::Dossier,
    ids::UnitId,
    materials::{
        Attachment, Basics, Conditions, Funding, Indicator, Input, KeyTechnology, LeadProfile,
        LeadPromise, Materials, MemberBlock, MemberPromise, Organisation, Plan, Platform, Rights,
        UnitBlock, WorkPackage, YearGoal,
    },
};

/// The form as seen; empty inside where a trade secret is masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormView {
    /// T1.
    pub basics: Option<Basics>,
    /// T2, T3: a block a unit.
    pub units: Vec<UnitBlock>,
    /// T2.
    pub lead: Option<LeadProfile>,
    /// T3.
    pub members: Vec<MemberBlock>,
    /// T4.
    pub platforms: Vec<Platform>,
    /// T5: a block a unit.
    pub conditions: Vec<Conditions>,
    /// T6.
    pub goals: String,
    /// T6.
    pub yearly: Vec<YearGoal>,
    /// T6.
    pub indicators: Vec<Indicator>,
    /// T7.
    pub technologies: Vec<KeyTechnology>,
    /// T8.
    pub work: Vec<WorkPackage>,
    /// T9.
    pub inputs: Vec<Input>,
    /// T9, beside the rows.
    pub funding: Funding,
    /// T10.
    pub rights: Rights,
    /// T11.
    pub organisation: Organisation,
    /// T12.
    pub plan: Plan,
    /// T13.
    pub safeguards: String,
    /// T14.
    pub special: String,
    /// T15.
    pub truthful: bool,
    /// T15.
    pub promise: LeadPromise,
    /// T15: a promise a member.
    pub promises: Vec<MemberPromise>,
    /// 附件.
    pub attachments: Vec<Attachment>,
}

/// The form through a mask; a unit reads what it wrote of its own people.
pub(super) fn form(dossier: &Dossier, mask: Mask, own: Option<&UnitId>) -> FormView {
    let mut materials = dossier.materials.clone();
    if !mask.personal {
        for block in materials.units.iter_mut().filter(|block| Some(&block.unit) != own) {
            (block.contact, block.contact_phone, block.contact_email) = (None, None, None);
        }
        if let Some(lead) = &mut materials.lead {
            (lead.contact, lead.contact_phone) = (None, None);
        }
    }
    if !mask.secrets {
        without_secrets(&mut materials);
    }
    whole_form(materials)
}

/// The form as it stands, for whoever writes it and for its paper.
pub fn whole_form(materials: Materials) -> FormView {
    FormView {
        basics: materials.basics,
        units: materials.units,
        lead: materials.lead,
        members: materials.members,
        platforms: materials.platforms,
        conditions: materials.conditions,
        goals: materials.goals,
        yearly: materials.yearly,
        indicators: materials.indicators,
        technologies: materials.technologies,
        work: materials.work,
        inputs: materials.inputs,
        funding: materials.funding,
        rights: materials.rights,
        organisation: materials.organisation,
        plan: materials.plan,
        safeguards: materials.safeguards,
        special: materials.special,
        truthful: materials.truthful,
        promise: materials.promise,
        promises: materials.promises,
        attachments: materials.attachments,
    }
}

/// Takes out amounts and technical routes (政府信息公开条例 第十五条).
pub(super) fn without_secrets(materials: &mut Materials) {
    materials.technologies.clear();
    materials.inputs.clear();
    materials.funding = Funding::default();
    materials.plan.rows.iter_mut().for_each(|row| row.amount_fen = 0);
    if let Some(lead) = &mut materials.lead {
        (lead.revenue_fen, lead.rd_spend_fen) = (0, 0);
    }
    for block in &mut materials.units {
        block.years.clear();
    }
    for block in &mut materials.members {
        block.contracts_fen = 0;
    }
    for block in &mut materials.conditions {
        block.equipment_fen = 0;
        block.projects.iter_mut().for_each(|row| row.funds_fen = 0);
        block.conversions.iter_mut().for_each(|row| row.amount_fen = 0);
    }
}
