//! 找回 — what somebody has lost that one signs in with: asked for, confirmed by another person on
//! grounds written down, told to every session of the person meanwhile, and for those who sign for
//! others not before a day has passed.
//!
//! A second factor that was lost is given up by its person alone (`pages::account::lost`). A
//! password is set anew by its person alone, too: whoever runs a unit's accounts can begin that,
//! the unit's authority or the operator confirms it and hands the link over, and neither chooses
//! the password. The link never stands in for the second factor.

use consortium::actor::{Actor, Capacity, Side};
use consortium::ids::UnitId;
use consortium::task::Holder;
use consortium::unit::Unit;
use consortium::unit::people::manages;
use store::recovery::{self, Case, Kind, Reset};
use store::{Letter, Person};

use crate::clock;
use crate::factors::log;
use crate::http::{Fault, random, session};
use crate::state::AppState;

/// How long what was confirmed waits where the person signs for others, so that they can hear of it.
pub const DELAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long a link works: it is handed over in person or read over the telephone.
pub const RESET_MS: i64 = 24 * 60 * 60 * 1000;
/// Characters of a reason, and of grounds.
pub const REASON_MAX: usize = 200;

/// The capacities in which somebody signs for others.
const SIGNATORIES: [Capacity; 3] =
    [Capacity::LegalRepresentative, Capacity::Signatory, Capacity::Decider];

/// What was written, when it is neither nothing nor too much.
pub fn written(text: &str) -> Option<&str> {
    let text = text.trim();
    let count = text.chars().count();
    ((1..=REASON_MAX).contains(&count) && !text.chars().any(char::is_control)).then_some(text)
}

/// What somebody is, as far as it counts here.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Whether they sign for others.
    pub signs: bool,
    /// Whether they act for an office, or as an expert.
    pub beyond_units: bool,
    /// The posts in words.
    pub words: String,
}

/// What somebody is today.
pub async fn standing(state: &AppState, person: &str) -> Result<Standing, Fault> {
    let today = state.clock.today().to_string();
    let held = state.store.posts(person).await?.into_iter();
    let held: Vec<_> = held.filter(|post| session::is_held(post, &today)).collect();
    let capacities: Vec<Capacity> =
        held.iter().filter_map(|post| session::capacity(&post.capacity)).collect();
    Ok(Standing {
        signs: capacities.iter().any(|capacity| SIGNATORIES.contains(capacity)),
        beyond_units: held.iter().any(|post| session::side(&post.side).and_then(of_unit).is_none()),
        words: capacities.iter().map(|capacity| capacity.term()).collect::<Vec<_>>().join("、"),
    })
}

/// Whether somebody may confirm a case: never one's own, nor one that they asked for, nor that a
/// factor was lost of whom they handed a password's link to: that would be one person for both. The
/// operator confirms everybody's; an authority that of its unit which asked, and of the people who
/// now act for its units.
async fn may(state: &AppState, actor: &Actor, case: &Case) -> Result<bool, Fault> {
    let own = actor.person.as_str();
    if own == case.person || case.asked_by.as_deref() == Some(own) {
        return Ok(false);
    }
    let authority = match &actor.side {
        Side::Operator => None,
        Side::Authority(authority) => Some(authority),
        _ => return Ok(false),
    };
    if case.kind == Kind::Factor {
        let made = log::Kind::ResetMade.name();
        if state.store.last_made_by(&case.person, made).await?.as_deref() == Some(own) {
            return Ok(false);
        }
    }
    if case.kind == Kind::Password && confirmed_loss(state, &case.person, own).await? {
        return Ok(false);
    }
    let Some(authority) = authority else { return Ok(true) };
    if case.kind == Kind::Password && standing(state, &case.person).await?.beyond_units {
        return Ok(false);
    }
    let asking = case.unit.as_deref().map(UnitId::from);
    let units = match asking {
        Some(unit) => vec![unit],
        None => units_of(state, &case.person).await?,
    };
    for unit in units {
        let unit = state.office.unit_record(&unit).await?;
        if unit.is_some_and(|unit| unit.authority.as_ref() == Some(authority)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether somebody confirmed that a person lost the factor, and that is not done with: whoever did
/// hands no link of a password over as well.
async fn confirmed_loss(state: &AppState, person: &str, by: &str) -> Result<bool, Fault> {
    let case = state.store.open_case(person, Kind::Factor).await?;
    Ok(case.is_some_and(|case| case.confirmed_by.as_deref() == Some(by)))
}

/// The units that somebody acts for today.
async fn units_of(state: &AppState, person: &str) -> Result<Vec<UnitId>, Fault> {
    let today = state.clock.today().to_string();
    let held = state.store.posts(person).await?.into_iter();
    let held = held.filter(|post| session::is_held(post, &today));
    Ok(held.filter_map(|post| session::side(&post.side)).filter_map(of_unit).collect())
}

fn of_unit(side: Side) -> Option<UnitId> {
    if let Side::Unit(unit) = side { Some(unit) } else { None }
}

/// The cases that somebody may confirm, the oldest first.
pub async fn waiting(state: &AppState, actor: &Actor) -> Result<Vec<Case>, Fault> {
    let mut seen = Vec::new();
    for case in state.store.open_cases().await? {
        if may(state, actor, &case).await? {
            seen.push(case);
        }
    }
    Ok(seen)
}

/// A case that somebody may confirm; to others it is not there.
pub async fn case(state: &AppState, actor: &Actor, id: &str) -> Result<Case, Fault> {
    let case = state.store.case(id).await?.ok_or(Fault::NotFound)?;
    if may(state, actor, &case).await? { Ok(case) } else { Err(Fault::NotFound) }
}

/// What somebody asks for in a person's name and still can come about: what is most at stake first.
pub fn at_stake(cases: Vec<Case>, now_ms: i64) -> Vec<Case> {
    let mut cases: Vec<Case> = cases.into_iter().filter(|case| !is_late(case, now_ms)).collect();
    cases.sort_by_key(|case| case.kind != Kind::Factor);
    cases
}

/// Somebody of a unit whose password may be set anew, for whoever runs its accounts.
///
/// # Errors
/// [`Fault::NotFound`] for a link that is not the unit's or that ended, [`Fault::Forbidden`] for who
/// does not run the accounts, [`Fault::Refused`] for those who see to it elsewhere.
pub async fn colleague(
    state: &AppState,
    actor: &Actor,
    unit: &Unit,
    link: &str,
) -> Result<Person, Fault> {
    let today = state.clock.today();
    manages(unit, actor, today).map_err(|refusal| Fault::Forbidden(refusal.to_string()))?;
    let link = unit.people.link(link).filter(|link| link.stands_on(today));
    let link = link.ok_or(Fault::NotFound)?;
    if link.made.person == actor.person {
        return Err(Fault::Refused("本人的密码在个人中心修改。".to_owned()));
    }
    let person = state.store.person(link.made.person.as_str()).await?;
    let person = person.filter(|person| !person.disabled).ok_or(Fault::NotFound)?;
    if standing(state, &person.id).await?.beyond_units {
        let sentence = format!("{}还有管理部门或者专家的身份，重置密码联系平台运维。", person.name);
        return Err(Fault::Refused(sentence));
    }
    Ok(person)
}

/// Begins it for a colleague; `false` where it was begun before and is still under way.
///
/// # Errors
/// Those of [`colleague`], and [`Fault::Refused`] for a day after the person stopped one.
pub async fn ask(
    state: &AppState,
    actor: &Actor,
    unit: &Unit,
    (link, reason): (&str, &str),
) -> Result<bool, Fault> {
    let person = colleague(state, actor, unit, link).await?;
    let (now_ms, by) = (state.clock.wall_ms(), actor.person.as_str().to_owned());
    let case = Case {
        id: format!("L{}", random::key()),
        kind: Kind::Password,
        person: person.id.clone(),
        asked_by: Some(by.clone()),
        unit: Some(unit.id.to_string()),
        reason: reason.to_owned(),
        asked_ms: now_ms,
        ..Case::default()
    };
    let noted = log::line(state, &person.id, log::Kind::ResetAsked, reason, &by);
    let letters = unit.authority.as_ref().map(|authority| Letter {
        key: format!("{}/recovery/{}", unit.id, case.id),
        to: Holder::Authority(authority.clone(), Capacity::Clerk).key(),
        subject: format!("找回申请：{}为一位人员重置密码", unit.profile.name),
        body: "在“找回申请”页核实是本人以后确认。".to_owned(),
        stream: unit.id.to_string(),
    });
    let letters: Vec<Letter> = letters.into_iter().collect();
    let write = state.store.write(move |tx| {
        recovery::end_late(tx, now_ms.saturating_sub(RESET_MS), now_ms)?;
        let stopped = recovery::stopped_ms(tx, &case.person, Kind::Password)?;
        if stopped.is_some_and(|stopped| now_ms < stopped.saturating_add(DELAY_MS)) {
            return Ok(None);
        }
        if !recovery::ask(tx, &case)? {
            return Ok(Some(false));
        }
        store::factors::log(tx, &noted)?;
        store::outbox::post(tx, &letters, now_ms)?;
        Ok(Some(true))
    });
    write.await?.ok_or_else(|| {
        let sentence = format!(
            "{}在 24 小时以内撤销过同样的申请，过后再报；本人的意思先当面问清。",
            person.name
        );
        Fault::Refused(sentence)
    })
}

/// Whether the link of a case works no longer.
pub fn is_late(case: &Case, now_ms: i64) -> bool {
    let ends_ms = case.opens_ms.map(|opens| opens.saturating_add(RESET_MS));
    case.kind == Kind::Password && ends_ms.is_some_and(|ends| ends <= now_ms)
}

/// What a confirmation came to.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// From when on it can be done.
    pub opens_ms: i64,
    /// The secret of the link that sets the password; of a factor there is none.
    pub secret: Option<String>,
}

/// Confirms a case on grounds.
///
/// # Errors
/// [`Fault::NotFound`] for what is not the actor's to confirm, [`Fault::Conflict`] where somebody
/// did before or the person stopped it.
pub async fn confirm(
    state: &AppState,
    actor: &Actor,
    id: &str,
    grounds: &str,
) -> Result<Confirmed, Fault> {
    let case = case(state, actor, id).await?;
    let signs = standing(state, &case.person).await?.signs;
    let now_ms = state.clock.wall_ms();
    let opens_ms = if signs { now_ms.saturating_add(DELAY_MS) } else { now_ms };
    let by = actor.person.as_str().to_owned();
    let (kind, done) = match case.kind {
        Kind::Factor => (log::Kind::LossConfirmed, "可以解除"),
        Kind::Password => (log::Kind::ResetMade, "可以重置"),
    };
    let detail = format!("{grounds}；{} 起{done}", clock::written(opens_ms));
    let line = log::line(state, &case.person, kind, &detail, &by);
    let secret = (case.kind == Kind::Password).then(random::secret_hex);
    let reset = secret.as_ref().map(|secret| reset(&case.person, secret, &by, (now_ms, opens_ms)));
    let grounds = grounds.to_owned();
    let write = state.store.write(move |tx| {
        let times = (now_ms, opens_ms);
        if !recovery::confirm(tx, &case.id, (by.as_str(), grounds.as_str()), times)? {
            return Ok(false);
        }
        if let Some(reset) = &reset {
            recovery::save_reset(tx, reset)?;
        }
        store::factors::log(tx, &line)?;
        Ok(true)
    });
    if !write.await? {
        return Err(Fault::Conflict("这件已经由别人确认，或本人已经撤销。".to_owned()));
    }
    Ok(Confirmed { opens_ms, secret })
}

/// The operator makes a link alone, with no unit asking: a case all the same, so that its person is
/// told, can stop it, and has a day where they sign for others. One that the operator made before
/// works no longer.
///
/// # Errors
/// [`Fault::Conflict`] while a unit's own case is under way, and for whoever confirmed that the
/// factor was lost.
pub async fn make(state: &AppState, actor: &Actor, person: &Person) -> Result<Confirmed, Fault> {
    if confirmed_loss(state, &person.id, actor.person.as_str()).await? {
        let sentence =
            format!("你确认过{}遗失第二个因素，重置密码由另一位系统管理员办理。", person.name);
        return Err(Fault::Conflict(sentence));
    }
    let signs = standing(state, &person.id).await?.signs;
    let now_ms = state.clock.wall_ms();
    let opens_ms = if signs { now_ms.saturating_add(DELAY_MS) } else { now_ms };
    let by = actor.person.as_str().to_owned();
    let case = Case {
        id: format!("L{}", random::key()),
        kind: Kind::Password,
        person: person.id.clone(),
        asked_by: Some(by.clone()),
        reason: "平台运维生成重置密码的链接".to_owned(),
        asked_ms: now_ms,
        ..Case::default()
    };
    let detail = format!("{} 起可以重置", clock::written(opens_ms));
    let noted = log::line(state, &person.id, log::Kind::ResetMade, &detail, &by);
    let secret = random::secret_hex();
    let reset = reset(&person.id, &secret, &by, (now_ms, opens_ms));
    let write = state.store.write(move |tx| {
        recovery::end_late(tx, now_ms.saturating_sub(RESET_MS), now_ms)?;
        if let Some(earlier) = recovery::open_case(tx, &case.person, Kind::Password)? {
            if earlier.unit.is_some() {
                return Ok(false);
            }
            recovery::end(tx, &earlier.id, "replaced", now_ms)?;
        }
        recovery::ask(tx, &case)?;
        recovery::confirm(tx, &case.id, (by.as_str(), "平台运维"), (now_ms, opens_ms))?;
        recovery::save_reset(tx, &reset)?;
        store::factors::log(tx, &noted)?;
        Ok(true)
    });
    if !write.await? {
        let sentence = format!("单位已经为{}申请重置密码，到“找回申请”核实、确认。", person.name);
        return Err(Fault::Conflict(sentence));
    }
    Ok(Confirmed { opens_ms, secret: Some(secret) })
}

/// The link of a secret.
fn reset(person: &str, secret: &str, by: &str, (made_ms, opens_ms): (i64, i64)) -> Reset {
    Reset {
        person: person.to_owned(),
        hash: session::digest(secret),
        made_by: by.to_owned(),
        made_ms,
        opens_ms,
        expires_ms: opens_ms.saturating_add(RESET_MS),
    }
}

/// Ends a case without what was asked for: its person stops it, or another does not confirm it.
pub(crate) async fn end(state: &AppState, case: &Case, by: &str) -> Result<(), Fault> {
    let (outcome, detail) = if by == case.person {
        ("stopped", "由本人撤销")
    } else {
        ("refused", "不予确认")
    };
    let kind = match case.kind {
        Kind::Factor => log::Kind::LossStopped,
        Kind::Password => log::Kind::ResetStopped,
    };
    let line = log::line(state, &case.person, kind, detail, by);
    let (case, now_ms) = (case.clone(), state.clock.wall_ms());
    let write = state.store.write(move |tx| {
        if !recovery::end(tx, &case.id, outcome, now_ms)? {
            return Ok(());
        }
        if case.kind == Kind::Password {
            recovery::drop_reset(tx, &case.person)?;
        }
        store::factors::log(tx, &line)
    });
    Ok(write.await?)
}
