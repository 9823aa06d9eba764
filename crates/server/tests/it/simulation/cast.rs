//! 虚构的人和单位 — units, offices and experts for simulations and benchmarks, all invented.

use std::collections::BTreeMap;

use consortium::{
    actor::{Actor, Capacity, Side},
    department,
    expert_review::ExpertKind,
    ids::{AuthorityId, PersonId, Personal, UnitId},
    reference,
    task::Holder,
    unit::{self, LegalForm, Profile, UnitKind},
};
use server::office::{Envelope, Office};

use super::chance::Chance;

/// Where leads have their address: one area of each of several leagues.
const AREAS: [&str; 8] =
    ["150104", "150203", "150602", "150402", "150502", "150802", "150902", "150702"];

/// Everybody.
pub(crate) struct Cast {
    /// Enterprises that may lead.
    pub(crate) leads: Vec<UnitId>,
    /// Units that may join.
    pub(crate) members: Vec<UnitId>,
    /// People by the key of the worklist they work from.
    people: BTreeMap<String, Vec<Actor>>,
}

impl Cast {
    /// Registers and activates the units and enrols the experts.
    pub(crate) async fn enter(office: &Office, leads: usize, members: usize) -> Self {
        let mut cast = Self { leads: vec![], members: vec![], people: BTreeMap::new() };
        cast.staff();
        for n in 0..leads + members {
            let id = UnitId(format!("u-{n:04}"));
            cast.unit(office, &id, profile(n, n < leads)).await;
            if n < leads { &mut cast.leads } else { &mut cast.members }.push(id);
        }
        for n in 0..40 {
            cast.expert(office, n).await;
        }
        cast.allow(office).await;
        cast
    }

    /// A lead of the cast prepares more than two consortia at once, and signs with its account.
    async fn allow(&self, office: &Office) {
        let decider = self.people["department/decider"][0].clone();
        for (key, value) in
            [("name_reservations_max", 200), ("sign_by_password", 1), ("seal_by_scan", 1)]
        {
            let set = department::Command::SetParameter {
                key: key.to_owned(),
                value,
                basis: "推演".to_owned(),
                from: office.clock().today(),
            };
            office.affairs_command(&decider, &set, Envelope::default()).await.expect("a parameter");
        }
    }

    /// Two or three people at each desk. Some sit at two: the law keeps their steps apart.
    fn staff(&mut self) {
        for authority in reference::authorities() {
            let side = Side::Authority(AuthorityId::from(authority.id));
            for (capacity, people) in
                [(Capacity::Clerk, ["a", "b", "two"]), (Capacity::Signatory, ["c", "d", "two"])]
            {
                for person in people {
                    self.add(&format!("{}-{person}", authority.id), side.clone(), capacity);
                }
            }
        }
        let desks = [
            (Capacity::Reviewer, ["r1", "r2", "two1"]),
            (Capacity::Organiser, ["o1", "o2", "two1"]),
            (Capacity::Drafter, ["d1", "d2", "two2"]),
            (Capacity::Decider, ["e1", "e2", "two2"]),
            (Capacity::Publisher, ["p1", "p2", "two3"]),
            (Capacity::Supervisor, ["s1", "s2", "two3"]),
        ];
        for (capacity, people) in desks {
            for person in people {
                self.add(person, Side::Department, capacity);
            }
        }
    }

    fn add(&mut self, person: &str, side: Side, capacity: Capacity) -> Actor {
        let actor = Actor {
            person: PersonId(format!("p-{person}")),
            name: Personal::new(format!("虚构{person}")),
            side,
            capacity,
        };
        for key in Holder::keys_of(&actor) {
            self.people.entry(key).or_default().push(actor.clone());
        }
        actor
    }

    async fn unit(&mut self, office: &Office, id: &UnitId, profile: Profile) {
        let side = Side::Unit(id.clone());
        let handler = self.add(&format!("{id}-h"), side.clone(), Capacity::Handler);
        self.add(&format!("{id}-l"), side, Capacity::LegalRepresentative);
        let register = unit::Command::Register(profile);
        office.unit(&handler, id, &register, Envelope::default()).await.unwrap();
        let record = office.unit_record(id).await.unwrap().unwrap();
        let by = record.authority.as_ref().map_or_else(
            || "department/reviewer".to_owned(),
            |authority| format!("authority:{authority}/clerk"),
        );
        let by = self.people[&by][0].clone();
        office.unit(&by, id, &unit::Command::Activate {}, Envelope::default()).await.unwrap();
    }

    async fn expert(&mut self, office: &Office, n: usize) {
        let expert = self.add(&format!("x{n:02}"), Side::Expert, Capacity::Expert);
        let command = department::Command::EnrolExpert {
            person: expert.person,
            name: expert.name,
            employers: vec![format!("虚构第{}大学", n % 9)],
            expert_kind: if n.is_multiple_of(4) {
                ExpertKind::Management
            } else {
                ExpertKind::Technical
            },
            field: "新材料".to_owned(),
        };
        let organiser = self.people["department/organiser"][0].clone();
        office.affairs_command(&organiser, &command, Envelope::default()).await.unwrap();
    }

    /// Somebody who works from a worklist.
    pub(crate) fn somebody(&self, key: &str, chance: &mut Chance) -> Actor {
        chance.one(&self.people[key]).clone()
    }

    /// A unit's handler.
    pub(crate) fn handler(&self, unit: &UnitId) -> Actor {
        self.people[&format!("unit:{unit}/handler")][0].clone()
    }

    /// Anybody at all.
    pub(crate) fn anybody(&self, chance: &mut Chance) -> Actor {
        let keys: Vec<&String> = self.people.keys().collect();
        let key = (*chance.one(&keys)).clone();
        self.somebody(&key, chance)
    }
}

fn profile(n: usize, leads: bool) -> Profile {
    let (kind, legal_form, prefix) = match n % 4 {
        _ if leads => (UnitKind::Enterprise, LegalForm::EnterpriseLegalPerson, "91"),
        0 => (UnitKind::University, LegalForm::PublicInstitution, "12"),
        1 => (UnitKind::Institute, LegalForm::PublicInstitution, "12"),
        2 => (UnitKind::TransferAgency, LegalForm::SocialService, "52"),
        _ => (UnitKind::Enterprise, LegalForm::EnterpriseLegalPerson, "91"),
    };
    let area = if n % 11 == 10 && !leads { "110000" } else { AREAS[n % AREAS.len()] };
    Profile {
        code: format!("{prefix}{area}MADM{n:04}00"),
        name: format!("虚构第{n}号单位"),
        kind,
        legal_form,
        area: area.to_owned(),
        address: format!("虚构路 {n} 号"),
        representative: Personal::new(format!("虚构法人{n}")),
        representative_from: None,
        phone: Personal::new(format!("0471-555{n:04}")),
        code_confirmed: true,
    }
}
