//! 演示的单位人员 — an administrator, a seal keeper, a handler who left, an invitation that waits, a
//! representative who waits to be confirmed, and a dispute about whose a unit is.

use anyhow::Context;
use consortium::{
    actor::{Actor, Capacity, Side},
    ids::{Digest, PersonId, Personal, UnitId},
    unit::{Command, invitation::Invited, people::Evidence},
};
use jiff::civil::{Date, date};

use super::cast;
use super::player::{Player, SCAN, TODAY};
use crate::office::Envelope;

/// The unit whose people are shown.
const UNIT: &str = "yunchuan";
/// The unit of which two say that it is theirs.
const DISPUTED: &str = "jinling";
/// The unit whose representative waits to be confirmed.
const PROPOSING: &str = "lvqing";
/// When the others come, and when the former handler goes.
const COMING: Date = date(2026, 3, 2);
const GOING: Date = date(2026, 9, 30);

impl Player<'_> {
    /// Plays what happens to the people of units.
    pub(super) async fn links(&mut self) -> anyhow::Result<()> {
        self.go(COMING)?;
        let first = self.in_capacity(UNIT, Capacity::Administrator)?;
        self.joins(&first, ("yunchuan-gl", 210), Capacity::Administrator).await?;
        self.joins(&first, ("yunchuan-yz", 211), Capacity::SealKeeper).await?;
        let left = self.joins(&first, ("yunchuan-old", 212), Capacity::Handler).await?;
        self.go(GOING)?;
        let administrator = self.actor("yunchuan-gl")?;
        self.leaves(&administrator, &left).await?;
        self.go(TODAY)?;
        self.asks(
            &administrator,
            &invited(&cast::person(213), "lianxi@yunchuan.example", Capacity::Contact),
        )
        .await?;
        self.proposes().await?;
        self.disputes().await
    }

    /// Somebody of the cast, acting in another capacity.
    fn in_capacity(&self, login: &str, capacity: Capacity) -> anyhow::Result<Actor> {
        Ok(Actor { capacity, ..self.actor(login)? })
    }

    async fn asks(&self, actor: &Actor, command: &Command) -> anyhow::Result<()> {
        let unit = actor.unit().cloned().context("acts for a unit")?;
        self.office.unit(actor, &unit, command, Envelope::default()).await?;
        Ok(())
    }

    /// A colleague is invited and accepts.
    async fn joins(
        &mut self,
        by: &Actor,
        (login, n): (&str, usize),
        capacity: Capacity,
    ) -> anyhow::Result<Actor> {
        let (unit, name) = (by.unit().cloned().context("acts for a unit")?, cast::person(n));
        let actor = self.person(login, &name, &by.side.clone(), capacity).await?;
        self.asks(by, &invited(&name, login, capacity)).await?;
        let record = self.office.unit_record(&unit).await?.context("registered")?;
        let no = u32::try_from(record.people.invitations.len())?;
        let accept = Command::AcceptInvitation { no, login: login.to_owned() };
        let guest = Actor { side: Side::Public, capacity: Capacity::Public, ..actor.clone() };
        self.office.unit(&guest, &unit, &accept, Envelope::default()).await?;
        Ok(actor)
    }

    /// A handler leaves, and the first one takes over.
    async fn leaves(&self, by: &Actor, who: &Actor) -> anyhow::Result<()> {
        let unit = by.unit().cloned().context("acts for a unit")?;
        let record = self.office.unit_record(&unit).await?.context("registered")?;
        let own = record.people.links.iter().find(|link| link.made.person == who.person);
        let command = Command::EndLink {
            link: own.context("joined")?.made.link.clone(),
            to: GOING,
            successor: Some(PersonId(format!("p-{UNIT}"))),
            reason: "调往分公司".to_owned(),
        };
        self.asks(by, &command).await
    }

    /// The paper of an appointment, brought by whoever names it.
    async fn paper(&self, side: &str) -> anyhow::Result<Digest> {
        let store = self.office.store();
        let mut incoming = store.begin_file(1 << 20, SCAN.len() as u64)?;
        incoming.write(SCAN)?;
        let taken = store::Taken {
            media_type: "application/pdf".to_owned(),
            scanned: None,
            side: Some(side.to_owned()),
            name: "任职证明.pdf".to_owned(),
            passing: false,
            now_ms: self.office.clock().now_ms(),
        };
        Ok(Digest(store.keep_file(incoming.settle(), taken).await?.digest))
    }

    /// The handler of a unit became its representative, and shows it.
    async fn proposes(&self) -> anyhow::Result<()> {
        let handler = self.actor(PROPOSING)?;
        let unit = handler.unit().cloned().context("acts for a unit")?;
        let mut profile =
            self.office.unit_record(&unit).await?.context("registered")?.profile.clone();
        profile.representative = handler.name.clone();
        self.asks(&handler, &Command::Amend(profile)).await?;
        let file = Some(self.paper(&handler.brings_for()).await?);
        let evidence =
            Evidence { words: "董事会决议〔2026〕7号（虚构）".to_owned(), file };
        self.asks(&handler, &Command::ProposeRepresentative { evidence }).await
    }

    /// Somebody else says that a unit is theirs.
    async fn disputes(&mut self) -> anyhow::Result<()> {
        let claimant =
            self.person("zhengyi", &cast::person(214), &Side::Public, Capacity::Public).await?;
        let unit = UnitId(format!("u-{DISPUTED}"));
        let statement =
            "我公司今年更换经办人，原账号的人已经离职，平台账号没有交接，营业执照在我们手里。";
        let file = Some(self.paper(&claimant.brings_for()).await?);
        let raise = Command::Dispute { statement: statement.to_owned(), file };
        self.office.unit(&claimant, &unit, &raise, Envelope::default()).await?;
        let administrator = self.in_capacity(DISPUTED, Capacity::Administrator)?;
        let text = "我仍在职，账号由我保管；对方是子公司的人员。";
        let answer = Command::StateInDispute { no: 1, text: text.to_owned(), file: None };
        self.asks(&administrator, &answer).await
    }
}

fn invited(name: &str, address: &str, capacity: Capacity) -> Command {
    Command::Invite(Invited {
        name: Personal::new(name),
        address: Personal::new(address),
        capacity,
        evidence: Evidence { words: "单位内部任命（虚构）".to_owned(), file: None },
        from: None,
        to: None,
    })
}
