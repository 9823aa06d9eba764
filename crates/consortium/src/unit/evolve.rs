//! A unit's record as its events make it.

use jiff::civil::Date;

use super::{
    Checked, Details, Event, KeptPlatform, KeptRecord, Profile, Standing, Term, Unit,
    dispute::{Dispute, Statement},
    invitation::{Invitation, Outcome},
    people::{Evidence, Link, LinkStanding, NewLink, People},
};
use crate::actor::Capacity;

/// Applies what happened. Only the first event may make a unit; anything else is a fault.
pub fn evolve(unit: Option<Unit>, event: &Event, on: Date) -> Option<Unit> {
    let Some(mut unit) = unit else {
        let Event::UnitRegistered { unit, profile, authority, .. } = event else { return None };
        return Some(Unit {
            id: unit.clone(),
            profile: profile.clone(),
            authority: authority.clone(),
            standing: Standing::Registered,
            representatives: vec![Term::of(profile, on)],
            details: Details::default(),
            platforms: Vec::new(),
            credit: Vec::new(),
            people: People::default(),
        });
    };
    match event {
        Event::UnitRegistered { .. } => return None,
        Event::UnitActivated {} => unit.standing = Standing::Active,
        Event::ActivationRefused { reason } => unit.standing = Standing::Refused(reason.clone()),
        Event::UnitAmended { profile, authority } => {
            unit.succeeded(profile, on);
            unit.profile = profile.clone();
            unit.authority.clone_from(authority);
        }
        Event::DetailWritten(detail) => unit.details.write(detail),
        Event::PlatformEntered { platform, entry, confirmed } => {
            unit.platforms.push(KeptPlatform::entered(*platform, entry, *confirmed, on));
        }
        Event::PlatformCorrected { platform, entry, confirmed, .. } => {
            unit.kept(*platform)?.corrected(entry, *confirmed, on);
        }
        Event::PlatformConfirmed { platform } => {
            unit.kept(*platform)?.looked_at(Checked::Confirmed, on);
        }
        Event::PlatformReturned { platform, reason } => {
            unit.kept(*platform)?.looked_at(Checked::Returned(reason.clone()), on);
        }
        Event::CreditRecorded(record) => unit.credit.push(KeptRecord::new(record.clone())),
        Event::CreditLifted { record, .. } => unit.credit.get_mut(*record)?.lifted_on = Some(on),
        Event::RepairRecorded { record, repair } => {
            unit.credit.get_mut(*record)?.repair = Some(repair.clone());
        }
        Event::ColleagueInvited { .. }
        | Event::InvitationRenewed { .. }
        | Event::InvitationClosed { .. } => invited(&mut unit.people, event)?,
        Event::LinkMade(_)
        | Event::LinkConfirmed { .. }
        | Event::LinkNotConfirmed { .. }
        | Event::LinkEnded { .. }
        | Event::LinkCarriedOver { .. } => linked(&mut unit.people, event)?,
        Event::DisputeRaised { .. }
        | Event::DisputeStated { .. }
        | Event::DisputeDecided { .. } => {
            disputed(&mut unit.people, event, on)?;
        }
    }
    Some(unit)
}

fn at(no: u32) -> Option<usize> {
    usize::try_from(no).ok()?.checked_sub(1)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller hands over these three alone")]
fn invited(people: &mut People, event: &Event) -> Option<()> {
    match event {
        Event::ColleagueInvited { asked, by, until, .. } => people.invitations.push(Invitation {
            asked: asked.clone(),
            by: by.clone(),
            until: *until,
            outcome: Outcome::Waiting,
        }),
        Event::InvitationRenewed { no, until } => {
            people.invitations.get_mut(at(*no)?)?.until = *until;
        }
        Event::InvitationClosed { no, declined } => {
            people.invitations.get_mut(at(*no)?)?.outcome =
                if *declined { Outcome::Declined } else { Outcome::Revoked };
        }
        _ => {}
    }
    Some(())
}

fn found<'a>(people: &'a mut People, link: &str) -> Option<&'a mut Link> {
    people.links.iter_mut().find(|kept| kept.made.link == link)
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller hands over these five alone")]
fn linked(people: &mut People, event: &Event) -> Option<()> {
    match event {
        Event::LinkMade(made) => {
            let held = made.confirmed.is_some();
            let standing = if held { LinkStanding::Held } else { LinkStanding::Proposed };
            if let Some(no) = made.invitation {
                people.invitations.get_mut(at(no)?)?.outcome = Outcome::Accepted(made.link.clone());
            }
            people.representative_wanted &=
                !(held && made.capacity == Capacity::LegalRepresentative);
            people.links.push(Link { made: made.clone(), standing, ended: None });
        }
        Event::LinkConfirmed { link, from, by } => {
            let kept = found(people, link)?;
            kept.standing = LinkStanding::Held;
            kept.made.from = *from;
            kept.made.confirmed = Some(by.clone());
            people.representative_wanted = false;
        }
        Event::LinkNotConfirmed { link, reason } => {
            found(people, link)?.standing = LinkStanding::NotConfirmed(reason.clone());
        }
        Event::LinkEnded { link, to, successor, reason } => {
            let kept = found(people, link)?;
            kept.made.to = Some(*to);
            kept.ended = Some((reason.clone(), successor.clone()));
            people.representative_wanted |= kept.made.capacity == Capacity::LegalRepresentative;
        }
        Event::LinkCarriedOver { link, person, name, capacity, from, to } => {
            let made = NewLink {
                link: link.clone(),
                person: person.clone(),
                name: name.clone(),
                capacity: *capacity,
                from: *from,
                to: *to,
                evidence: Evidence::default(),
                invitation: None,
                confirmed: None,
            };
            people.links.push(Link { made, standing: LinkStanding::Held, ended: None });
        }
        _ => {}
    }
    Some(())
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the caller hands over these three alone")]
fn disputed(people: &mut People, event: &Event, on: Date) -> Option<()> {
    match event {
        Event::DisputeRaised { claimant, name, statement, file, .. } => {
            let first =
                Statement { claimant: true, text: statement.clone(), file: file.clone(), on };
            people.disputes.push(Dispute {
                claimant: claimant.clone(),
                name: name.clone(),
                on,
                statements: vec![first],
                decided: None,
            });
        }
        Event::DisputeStated { no, claimant, text, file } => {
            let dispute = people.disputes.get_mut(at(*no)?)?;
            dispute.statements.push(Statement {
                claimant: *claimant,
                text: text.clone(),
                file: file.clone(),
                on,
            });
        }
        Event::DisputeDecided { no, decided } => {
            people.disputes.get_mut(at(*no)?)?.decided = Some(decided.clone());
        }
        _ => {}
    }
    Some(())
}

impl Term {
    fn of(profile: &Profile, on: Date) -> Self {
        let from = profile.representative_from.unwrap_or(on);
        Self { name: profile.representative.clone(), from, to: None }
    }
}

impl Unit {
    /// Closes the term of whoever is at its head where the profile names somebody else.
    fn succeeded(&mut self, profile: &Profile, on: Date) {
        if profile.representative == self.profile.representative {
            if let (Some(present), Some(from)) =
                (self.representatives.last_mut(), profile.representative_from)
            {
                present.from = from;
            }
            return;
        }
        let next = Term::of(profile, on);
        if let Some(present) = self.representatives.last_mut() {
            present.to = Some(next.from);
        }
        self.representatives.push(next);
    }
}
