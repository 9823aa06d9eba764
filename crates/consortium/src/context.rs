//! What a decision may look at besides the dossier: who asks, when, and the facts of that day.
//!
//! Time and chance are values here; the crate can make neither.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};

use crate::{
    actor::Actor,
    agreement::Proof,
    calendar::Calendar,
    department::Expert,
    ids::{Digest, UnitId},
    parameter::Parameters,
    refusal::Refusal,
    sealed::Examined,
    unit::{Standing, Unit},
};

/// The facts of the day a command is decided on.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who asks.
    pub actor: &'a Actor,
    /// When the request entered the server, Asia/Shanghai.
    pub now: DateTime,
    /// The working-day calendar.
    pub calendar: &'a Calendar,
    /// The parameters in force today.
    pub parameters: &'a Parameters,
    /// The records of the dossier's parties, the actor's own unit, and any unit the command names.
    pub units: &'a BTreeMap<UnitId, Unit>,
    /// The expert roster; empty unless the command draws.
    pub experts: &'a [Expert],
    /// Who holds the name asked for, where another dossier does.
    pub name_taken_by: Option<&'a str>,
    /// Names the actor's own unit holds for applications not handed in yet.
    pub reservations: u32,
    /// The next free sequence of the register this year.
    pub next_sequence: u32,
    /// 备案编号的式样, with `{year}` and `{n}`.
    pub number_format: &'a str,
    /// Digest of the agreement as it stands ([`crate::agreement::canonical`]).
    pub agreement_digest: &'a Digest,
    /// What the office found of the signature a command brings: `None` where it brings none.
    pub proof: Option<&'a Result<Proof, String>>,
    /// What the office found of the sealed file a command brings: `None` where it brings none.
    pub examined: Option<&'a Result<Examined, String>>,
    /// Digest of the whole package as it stands.
    pub package_digest: &'a Digest,
    /// Chance, drawn outside.
    pub seed: u64,
}

impl Context<'_> {
    /// The legal day.
    pub fn today(&self) -> Date {
        self.now.date()
    }

    /// The actor's own unit, active.
    pub fn own_unit(&self) -> Result<&Unit, Refusal> {
        let Some(id) = self.actor.unit() else {
            return Err(Refusal::forbidden("4", "这一步由单位办理", "以单位的身份登录"));
        };
        let Some(unit) = self.units.get(id) else {
            return Err(Refusal::not_found("没有这个单位", "先注册单位"));
        };
        if unit.standing != Standing::Active {
            return Err(Refusal::not_now("6.4", "单位账号还没有激活", "联系归口管理部门激活"));
        }
        Ok(unit)
    }
}
