//! 权限 — `may(actor, verb, dossier)`: the one predicate behind pages, API, lists and search.

use crate::{
    actor::{Actor, Capacity, Side},
    command::{Relation, Verb},
    dossier::{Dossier, Stage, StageKind},
    refusal::Refusal,
};

/// 可以办的理由 — "you see this because …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    /// The sentence shown to the person.
    pub because: &'static str,
}

/// How an actor stands to a dossier, and why.
pub fn relations(actor: &Actor, dossier: &Dossier) -> Vec<(Relation, &'static str)> {
    let mut held = Vec::new();
    if actor.side != Side::Calendar {
        held.push((Relation::Anybody, "公示和备案信息向社会公开"));
    }
    match &actor.side {
        Side::Unit(unit) => {
            held.push((Relation::AnyUnit, "任何单位都可以发起"));
            if dossier.lead() == unit {
                held.push((Relation::Lead, "你所在单位是牵头单位"));
                held.push((Relation::Party, "你所在单位是牵头单位"));
            } else if dossier.materials.standing().any(|party| party.unit == *unit) {
                held.push((Relation::Member, "你所在单位是成员单位"));
                held.push((Relation::Party, "你所在单位是成员单位"));
            } else if signs_supplement(dossier, unit) {
                held.push((Relation::Party, "你所在单位是补充协议的签署方"));
            } else if dossier.materials.party(unit).is_some() {
                // It may read its own answer, and nothing of the materials.
                held.push((Relation::Member, "你所在单位曾受邀请，已答复不参加"));
            }
        }
        Side::Authority(authority) => {
            if authority_of(dossier) == Some(authority) {
                held.push((Relation::OwnAuthority, "这一件由你所在部门归口管理"));
                held.push((Relation::Office, "这一件由你所在部门归口管理"));
            }
        }
        Side::Department => {
            if reached_department(dossier) {
                held.push((Relation::Department, "这一件由自治区科技厅办理"));
                held.push((Relation::Office, "这一件由自治区科技厅办理"));
            }
        }
        Side::Expert => {
            if dossier.panel().is_some_and(|panel| panel.seat(&actor.person).is_some()) {
                held.push((Relation::Seat, "你是这一件的评审专家"));
            }
        }
        Side::Calendar => held.push((Relation::Calendar, "日历")),
        Side::Public | Side::Operator => {}
    }
    held
}

/// Whether a unit signs the supplement that is open: whoever joins reads what it signs.
fn signs_supplement(dossier: &Dossier, unit: &crate::ids::UnitId) -> bool {
    let open = dossier.open_supplement();
    open.is_some_and(|(_, supplement, _)| supplement.parties.iter().any(|p| p.unit == *unit))
}

/// The authority whose case it is: frozen at submission, kept for life.
pub fn authority_of(dossier: &Dossier) -> Option<&crate::ids::AuthorityId> {
    dossier.authority.as_ref()
}

/// Whether the Department may see it: from the recommendation on, and every end after it.
fn reached_department(dossier: &Dossier) -> bool {
    dossier.authority.is_some()
}

/// Whether an actor may, in this capacity, ask this of this dossier in its present stage.
///
/// Says nothing about the facts: `decide` does. A dossier the actor cannot see is answered as
/// one that does not exist.
pub fn may(actor: &Actor, verb: &Verb, dossier: Option<&Dossier>) -> Result<Permit, Refusal> {
    let Some(dossier) = dossier else { return may_begin(actor, verb) };
    let because = may_read(actor, dossier)?.because;
    let held = relations(actor, dossier);
    let Some((_, because)) = held.iter().find(|(relation, _)| *relation == verb.by) else {
        return Err(not_yours(verb, because));
    };
    in_capacity(actor, verb)?;
    if !verb.stages.contains(&dossier.stage_kind()) {
        return Err(dossier.not_while(verb.clause));
    }
    Ok(Permit { because })
}

fn may_begin(actor: &Actor, verb: &Verb) -> Result<Permit, Refusal> {
    if !verb.stages.is_empty() {
        return Err(Refusal::not_found("没有这一件", "核对链接，或从工作台进入"));
    }
    let (fits, because) = match verb.by {
        Relation::AnyUnit => (matches!(actor.side, Side::Unit(_)), "任何单位都可以发起"),
        Relation::Department => (actor.side == Side::Department, "由自治区科技厅办理"),
        Relation::Lead
        | Relation::Member
        | Relation::Party
        | Relation::OwnAuthority
        | Relation::Office
        | Relation::Seat
        | Relation::Anybody
        | Relation::Calendar => (false, ""),
    };
    if !fits {
        return Err(not_yours(verb, ""));
    }
    in_capacity(actor, verb)?;
    Ok(Permit { because })
}

fn in_capacity(actor: &Actor, verb: &Verb) -> Result<(), Refusal> {
    if verb.capacities.is_empty() || verb.capacities.contains(&actor.capacity) {
        return Ok(());
    }
    let who: Vec<&str> = verb.capacities.iter().map(|capacity| capacity.term()).collect();
    if verb.name == "sign" {
        return Err(Refusal::forbidden(
            verb.clause,
            &format!("协议由法定代表人或者负责人签字，你现在的身份是{}", actor.capacity.term()),
            "由本单位法定代表人或者负责人登录签字；还没有账号的，由单位管理员凭任职证明邀请；由他人代签的，由经办人附授权委托书办理，是否认可由审查人员判断",
        ));
    }
    Err(Refusal::forbidden(
        verb.clause,
        &format!(
            "“{}”由{}办理，你现在的身份是{}",
            verb.term,
            who.join("或"),
            actor.capacity.term()
        ),
        "换身份登录，或转给对应的同事",
    ))
}

fn not_yours(verb: &Verb, because: &str) -> Refusal {
    let by = match verb.by {
        Relation::AnyUnit => "单位",
        Relation::Lead => "牵头单位",
        Relation::Member => "成员单位",
        Relation::Party => "牵头单位或成员单位",
        Relation::OwnAuthority => "归口管理部门",
        Relation::Department => "自治区科技厅",
        Relation::Office => "归口管理部门或自治区科技厅",
        Relation::Seat => "评审专家",
        Relation::Anybody => "任何人",
        Relation::Calendar => "平台日历",
    };
    let seen = if because.is_empty() {
        String::new()
    } else {
        format!("；可以查看，因为{because}")
    };
    Refusal::forbidden(verb.clause, &format!("“{}”由{by}办理{seen}", verb.term), "联系办理方")
}

/// Who reads a dossier: the row filter of every list, search, count and export.
///
/// Keys as in [`Actor::reader_key`].
pub fn readers(dossier: &Dossier) -> Vec<String> {
    let mut keys: Vec<String> =
        dossier.materials.parties.iter().map(|party| format!("unit:{}", party.unit)).collect();
    if let Some((_, supplement, _)) = dossier.open_supplement() {
        keys.extend(supplement.parties.iter().map(|party| format!("unit:{}", party.unit)));
    }
    if let Some(authority) = authority_of(dossier) {
        keys.push(format!("authority:{authority}"));
        keys.push("department".to_owned());
    }
    if let Some(panel) = dossier.panel() {
        keys.extend(panel.sitting().map(|seat| format!("expert:{}", seat.seating.expert)));
    }
    if is_public(dossier) {
        keys.push("public".to_owned());
    }
    keys.sort();
    keys.dedup();
    keys
}

/// Whether the public sees it: from the notice on, and everything that ever stood on the register.
pub fn is_public(dossier: &Dossier) -> bool {
    match &dossier.stage {
        Stage::PublicNotice(_) | Stage::Filed(_) => true,
        Stage::Ended(ended) => ended.filed.is_some(),
        Stage::Drafting(_)
        | Stage::Signing(_)
        | Stage::Recommendation(_)
        | Stage::FormalReview(_)
        | Stage::ExpertReview(_)
        | Stage::Decision(_) => false,
    }
}

/// Whether an actor may read a dossier at all, and why.
pub fn may_read(actor: &Actor, dossier: &Dossier) -> Result<Permit, Refusal> {
    let keys = readers(dossier);
    let because = |wanted: &[Relation]| {
        let held = relations(actor, dossier);
        held.into_iter().find(|(relation, _)| wanted.contains(relation)).map(|(_, why)| why)
    };
    let inside = [
        Relation::Lead,
        Relation::Member,
        Relation::Party,
        Relation::OwnAuthority,
        Relation::Department,
        Relation::Seat,
        Relation::Calendar,
    ];
    if let Some(because) = because(&inside) {
        return Ok(Permit { because });
    }
    if keys.iter().any(|key| key == "public") {
        return Ok(Permit { because: "公示和备案信息向社会公开" });
    }
    Err(Refusal::not_found("没有这一件", "核对链接，或从工作台进入"))
}

/// What an actor sees of a dossier: one mask for page, API, export and notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a mask is a set of independent switches")]
pub struct Mask {
    /// The whole form, the agreement, the attachments.
    pub materials: bool,
    /// Amounts, technical routes: trade secrets.
    pub secrets: bool,
    /// Officers' opinions, findings, corrections.
    pub procedure: bool,
    /// Which expert wrote which sheet.
    pub experts: bool,
    /// Sheets and the conclusion.
    pub sheets: bool,
    /// Who objected.
    pub objectors: bool,
    /// Personal data of the parties.
    pub personal: bool,
}

/// The mask of an actor. An expert reads the materials from the declaration to the conclusion, which
/// a voided sheet takes back; afterwards there is the own sheet alone, and never another one.
pub fn mask(actor: &Actor, dossier: &Dossier) -> Mask {
    let held = relations(actor, dossier);
    let is = |wanted: Relation| held.iter().any(|(relation, _)| *relation == wanted);
    let department = is(Relation::Department) || is(Relation::Calendar);
    let party = is(Relation::Party);
    let authority = is(Relation::OwnAuthority);
    let declared =
        dossier.panel().and_then(|panel| panel.seat(&actor.person)).is_some_and(|seat| {
            is(Relation::Seat)
                && matches!(seat.declaration, crate::expert_review::Declaration::Clear(_))
        });
    let concluded = dossier.stage_kind() > StageKind::ExpertReview;
    let reviews = declared && !concluded;
    Mask {
        materials: department || party || authority || reviews,
        secrets: department || party || authority || reviews,
        procedure: department || authority || is(Relation::Lead),
        experts: department && actor.capacity == Capacity::Organiser,
        sheets: department && concluded,
        objectors: department && actor.capacity == Capacity::Supervisor,
        personal: department || authority || is(Relation::Lead),
    }
}
