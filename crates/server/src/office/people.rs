//! 单位记录 — what is asked of a unit: load → what stood before → decide → append, with the accounts
//! and posts that follow from it.

use consortium::{
    Refusal,
    actor::{Actor, Capacity},
    ids::{Digest, PersonId, Personal, UnitId},
    unit::{
        self, Unit,
        people::{Known, Link, LinkStanding, carried_over},
    },
};
use jiff::civil::Date;
use store::{Append, CommandKey, HandedOver, Letter, Linked, Opens, Person, Post, StoreError};

use super::{
    Done, Envelope, Office, OfficeError, Result, TRIES, attached::unit_file, command_key, entry_at,
    facts, kind_of, projection,
};
use crate::http::session;

/// What comes with a command besides its words.
#[derive(Clone, Debug, Default)]
pub struct Enclosure {
    /// The account that the person who asks gets with it.
    pub account: Option<Person>,
    /// The digest of the link that opens the invitation this makes.
    pub link: Option<String>,
}

impl Office {
    /// Carries a command out on a unit's record; a new identifier registers a new unit.
    pub async fn unit(
        &self,
        actor: &Actor,
        id: &UnitId,
        command: &unit::Command,
        envelope: Envelope,
    ) -> Result<Done> {
        self.unit_with(actor, id, command, (envelope, Enclosure::default())).await
    }

    /// The same, with the account or the link that comes with it.
    pub async fn unit_with(
        &self,
        actor: &Actor,
        id: &UnitId,
        command: &unit::Command,
        (envelope, enclosure): (Envelope, Enclosure),
    ) -> Result<Done> {
        let key = command_key(actor, id.as_str(), command, &envelope);
        if let Some(done) = self.repeated(key.as_ref()).await? {
            return Ok(done);
        }
        for _ in 0..TRIES {
            // Boxed: a unit with all its people would make every caller's future large.
            let attempt = self.attempt_unit(actor, id, command, (key.clone(), &enclosure));
            match Box::pin(attempt).await {
                Err(OfficeError::Store(StoreError::Conflict { .. })) => {}
                Err(OfficeError::Store(StoreError::ClaimTaken { kind, .. })) => {
                    return Err(taken(&kind).into());
                }
                other => return other,
            }
        }
        Err(OfficeError::Store(StoreError::Busy))
    }

    async fn attempt_unit(
        &self,
        actor: &Actor,
        id: &UnitId,
        command: &unit::Command,
        (key, enclosure): (Option<CommandKey>, &Enclosure),
    ) -> Result<Done> {
        let before = self.load_unit(id).await?;
        let now = self.inner.clock.zoned();
        let (head, unit) = before.map_or((0, None), |(head, unit)| (head, Some(unit)));
        let mut unit = unit.as_deref().cloned();
        let mut events = Vec::new();
        if let Some(known) = unit.as_ref().filter(|_| command.concerns_people()) {
            events = self.stood_before(known).await?;
            for event in &events {
                unit = unit::evolve(unit, event, now.date());
            }
        }
        self.brought(actor, command).await?;
        let decided = unit::decide(id, unit.as_ref(), command, actor, now.date())?;
        let named: Vec<_> = decided.iter().flat_map(unit::Event::files).collect();
        self.own_files(actor, unit.as_ref(), &named).await?;
        if decided.is_empty() {
            events.clear();
        }
        let mut next = unit.clone();
        for event in &decided {
            next = unit::evolve(next, event, now.date());
        }
        let Some(next) = next else {
            return Err(OfficeError::Journal { stream: id.to_string(), why: "no unit".to_owned() });
        };
        let happened = decided.iter().map(kind_of).collect();
        events.extend(decided);
        let sequence = head + u64::try_from(events.len()).unwrap_or(u64::MAX);
        let done = Done { id: id.to_string(), sequence, happened, stage: None };
        if events.is_empty() && key.is_none() {
            return Ok(done);
        }
        let stamp = facts::Moment::of(&now);
        let entries = events
            .iter()
            .map(|event| entry_at(event, event.clauses(), actor, &stamp))
            .collect::<Result<Vec<_>>>()?;
        let append = Append {
            stream: id.to_string(),
            expected: head,
            entries,
            at_ms: stamp.at_ms,
            command: key,
            answer: done.answer(),
            projection: projection::unit(&next),
            letters: letters(&next, &events, sequence),
            files: events.iter().flat_map(unit::Event::files).map(|file| file.0.clone()).collect(),
            linked: linked(&next, &events, enclosure, stamp.at_ms),
            ..Append::default()
        };
        if let Some(earlier) = self.append(append).await? {
            return Ok(earlier);
        }
        // An answer without events leaves the record, and what is kept of it, as they are.
        if !done.happened.is_empty() {
            self.inner.shelves.units.put(id.as_str(), sequence, next);
        }
        Ok(done)
    }

    /// Refuses a file that neither the asker's side brought nor the unit's record names already.
    async fn own_files(&self, actor: &Actor, unit: Option<&Unit>, named: &[&Digest]) -> Result<()> {
        let (side, now_ms) = (actor.brings_for(), self.inner.clock.now_ms());
        for digest in named {
            let known = unit.is_some_and(|unit| unit_file(unit, digest).is_some());
            if known || self.inner.store.brought(&side, &digest.0, now_ms).await?.is_some() {
                continue;
            }
            return Err(Refusal::field("proof", "没有这个文件", "先上传文件，再写明它").into());
        }
        Ok(())
    }

    /// A unit's record with everybody who acts for it, those from before links were recorded too.
    pub async fn unit_with_people(&self, id: &UnitId) -> Result<Option<Unit>> {
        let Some((_, unit)) = self.load_unit(id).await? else { return Ok(None) };
        let today = self.inner.clock.today();
        let events = self.stood_before(&unit).await?;
        let whole = events
            .iter()
            .try_fold((*unit).clone(), |unit, event| unit::evolve(Some(unit), event, today));
        Ok(whole)
    }

    /// The unit that registered a credit code.
    pub async fn unit_of_code(&self, code: &str) -> Result<Option<UnitId>> {
        let code = consortium::credit_code::CreditCode::parse(code)
            .map_or_else(|_| code.to_owned(), |parsed| parsed.code.into());
        let read = self.inner.store.read(move |tx| store::projection::claimed(tx, "code", &code));
        Ok(read.await?.map(UnitId))
    }

    /// The posts that were given before links were recorded, as events.
    async fn stood_before(&self, unit: &Unit) -> Result<Vec<unit::Event>> {
        let side = format!("unit:{}", unit.id);
        let known = self.inner.store.read(move |tx| {
            let mut known = Vec::new();
            for post in store::people::posts_of(tx, &side)? {
                let person = store::people::person(tx, &post.person)?;
                known.extend(as_known(post, person.map(|person| person.name).unwrap_or_default()));
            }
            Ok(known)
        });
        Ok(carried_over(unit, &known.await?))
    }

    /// A file is named by the side that brought it, and by no other.
    async fn brought(&self, actor: &Actor, command: &unit::Command) -> Result<()> {
        let Some(file) = command.file() else { return Ok(()) };
        let now_ms = self.inner.clock.now_ms();
        let side = actor.brings_for();
        if self.inner.store.brought(&side, &file.0, now_ms).await?.is_some() {
            return Ok(());
        }
        let reason = "没有找到这份文件，或不是由你方上传的";
        Err(Refusal::field("file", reason, "重新上传后再提交").into())
    }
}

fn as_known(post: Post, name: String) -> Option<Known> {
    Some(Known {
        capacity: session::capacity(&post.capacity)?,
        from: post.from.parse().unwrap_or(Date::MIN),
        to: post.to.and_then(|to| to.parse().ok()),
        link: post.id,
        person: PersonId(post.person),
        name: Personal::new(name),
    })
}

fn taken(kind: &str) -> Refusal {
    if kind == "login" {
        return Refusal::field("login", "这个账号已有人使用", "换一个账号");
    }
    Refusal::field(
        "code",
        "这个统一社会信用代码已经注册",
        "向本单位的账号管理人索取邀请；认为被冒用的，提出归属争议",
    )
}

/// The accounts and posts that follow from what happened.
fn linked(unit: &Unit, events: &[unit::Event], enclosure: &Enclosure, at_ms: i64) -> Linked {
    let mut linked =
        Linked { persons: enclosure.account.clone().into_iter().collect(), ..Linked::default() };
    for event in events {
        let link = event.link().and_then(|link| unit.people.link(link));
        linked.posts.extend(link.and_then(|link| post(unit, link)));
        match event {
            unit::Event::ColleagueInvited { no, .. }
            | unit::Event::InvitationRenewed { no, .. } => {
                linked.opens =
                    enclosure.link.clone().map(|hash| Opens { hash, no: *no, created_ms: at_ms });
            }
            unit::Event::LinkEnded { successor: Some(successor), .. } => {
                linked.handed.extend(link.map(|link| HandedOver {
                    side: format!("unit:{}", unit.id),
                    from: link.made.person.to_string(),
                    to: successor.to_string(),
                }));
            }
            _ => {}
        }
    }
    linked
}

/// A link as a sign-in reads it; one that waits to be confirmed gives nothing.
fn post(unit: &Unit, link: &Link) -> Option<Post> {
    (link.standing == LinkStanding::Held).then(|| Post {
        id: link.made.link.clone(),
        person: link.made.person.to_string(),
        side: format!("unit:{}", unit.id),
        capacity: session::capacity_text(link.made.capacity),
        from: link.made.from.to_string(),
        to: link.made.to.map(|to| to.to_string()),
    })
}

/// What people read when they look for a dispute.
pub const DISPUTE: &str = "归属争议：";

/// Who is told of what happened: both sides of a dispute, and the person whose link it is.
fn letters(unit: &Unit, events: &[unit::Event], sequence: u64) -> Vec<Letter> {
    let name = &unit.profile.name;
    let of_unit =
        |capacity: Capacity| format!("unit:{}/{}", unit.id, session::capacity_text(capacity));
    let mut told: Vec<(String, String)> = Vec::new();
    let mut both = |claimant: &PersonId, subject: String| {
        told.push((format!("person:{claimant}"), subject.clone()));
        told.push((of_unit(Capacity::Administrator), subject.clone()));
        told.push((of_unit(Capacity::Handler), subject));
    };
    for event in events {
        match event {
            unit::Event::DisputeRaised { claimant, .. } => {
                both(claimant, format!("{DISPUTE}有人认为{name}应由其办理，写明情况、补充证明"));
            }
            unit::Event::DisputeDecided { no, decided } => {
                let outcome = if decided.upheld {
                    "成立，账号已移交"
                } else {
                    "不成立，账号不变"
                };
                if let Some(dispute) = unit.dispute(*no) {
                    both(&dispute.claimant, format!("{DISPUTE}{name}，{outcome}"));
                }
            }
            _ => {}
        }
    }
    let letter = |(at, (to, subject)): (usize, (String, String))| Letter {
        key: format!("{}/{sequence}/{at}/{to}", unit.id),
        to,
        subject,
        body: format!("单位 {name}，登录平台“归属争议”页查看。"),
        stream: unit.id.to_string(),
    };
    told.into_iter().enumerate().map(letter).collect()
}
