//! A small world in memory: the cast, its units and experts, a calendar, and the dossiers.
//!
//! Time moves only when a test moves it; every event passes through JSON before it takes effect.

use std::collections::{BTreeMap, BTreeSet};

use consortium::{
    Command, Context, Dossier, Event, Refusal,
    actor::{Actor, Capacity, Side},
    agreement::{self, Proof, supplement},
    calendar::Calendar,
    decide,
    department::{self, Affairs, Setting},
    dossier::Stage,
    evolve::{self, Stamp},
    expert_review::ExpertKind,
    ids::{AuthorityId, Digest, DossierId, PersonId, Personal, UnitId},
    name,
    parameter::ParameterKey,
    register,
    sealed::Examined,
    task,
    unit::{self, LegalForm, Profile, Unit, UnitKind},
};
use jiff::civil::{Date, DateTime, Time};

/// id, full name, kind, legal form, code, area of the domicile
const CAST: &[(&str, &str, UnitKind, LegalForm, &str, &str)] = &[
    (
        "云川",
        "内蒙古云川储能科技有限公司",
        UnitKind::Enterprise,
        ENTERPRISE,
        "91150104MAFX01A86K",
        "150104",
    ),
    (
        "金岭",
        "包头金岭稀土材料有限公司",
        UnitKind::Enterprise,
        ENTERPRISE,
        "91150203MAFX02B779",
        "150203",
    ),
    (
        "绿氢",
        "鄂尔多斯绿氢装备有限公司",
        UnitKind::Enterprise,
        ENTERPRISE,
        "91150600MAFX03C68H",
        "150602",
    ),
    ("塞北", "塞北理工大学", UnitKind::University, INSTITUTION, "12150000MBFX06F341", "150105"),
    ("北疆", "北疆能源研究院", UnitKind::Institute, INSTITUTION, "12100000999000750W", "150104"),
    ("草原", "草原技术转移中心", UnitKind::TransferAgency, SERVICE, "52150000MJFX08H156", "150102"),
    (
        "远图",
        "北京远图软件有限公司",
        UnitKind::Enterprise,
        ENTERPRISE,
        "91110108MAFX10K90Y",
        "110000",
    ),
    (
        "分公司",
        "云川储能科技有限公司上海分公司",
        UnitKind::Enterprise,
        BRANCH,
        "91310000MAFX11L83B",
        "310000",
    ),
    ("蒙大", "蒙古储能大学", UnitKind::University, LegalForm::Overseas, "", ""),
];

const ENTERPRISE: LegalForm = LegalForm::EnterpriseLegalPerson;
const INSTITUTION: LegalForm = LegalForm::PublicInstitution;
const SERVICE: LegalForm = LegalForm::SocialService;
const BRANCH: LegalForm = LegalForm::NotLegalPerson;

/// person, employer, kind
const EXPERTS: &[(&str, &str, ExpertKind)] = &[
    ("E01", "阴山科技大学", ExpertKind::Technical),
    ("E02", "河套电力研究所", ExpertKind::Technical),
    ("E03", "兴安电池有限公司", ExpertKind::Technical),
    ("E04", "乌兰化工研究院", ExpertKind::Technical),
    ("E05", "北疆能源研究院", ExpertKind::Technical),
    ("E06", "敕勒川学院", ExpertKind::Technical),
    ("E07", "贺兰山材料研究所", ExpertKind::Technical),
    ("E08", "西辽河电网公司", ExpertKind::Technical),
    ("E09", "岱海会计师事务所", ExpertKind::Management),
    ("E10", "居延咨询中心", ExpertKind::Management),
    ("E11", "克鲁伦投资公司", ExpertKind::Management),
    ("E12", "达里诺尔评估中心", ExpertKind::Management),
    ("E13", "额尔古纳技术学院", ExpertKind::Technical),
    ("E14", "锡林储能研究所", ExpertKind::Technical),
];

/// Everything a test acts on.
#[derive(Clone)]
pub(crate) struct World {
    /// The moment of the next command.
    pub(crate) now: DateTime,
    /// The working days known.
    pub(crate) calendar: Calendar,
    /// The Department's own affairs: the expert roster and the dated parameters.
    pub(crate) affairs: Affairs,
    /// Every registered unit, under the short name of the cast.
    pub(crate) units: BTreeMap<UnitId, Unit>,
    /// Every dossier.
    pub(crate) dossiers: BTreeMap<DossierId, Dossier>,
    /// Every dossier's journal, from the first event on.
    pub(crate) journals: BTreeMap<DossierId, Vec<(Event, Stamp)>>,
    /// The dossier that commands are about; changes when one is opened or imported.
    pub(crate) current: DossierId,
    /// Chance for the next command.
    pub(crate) seed: u64,
    /// What the office found of the signature the next command brings.
    pub(crate) proof: Option<Result<Proof, String>>,
    /// What the office found of the sealed file the next command brings.
    pub(crate) examined: Option<Result<Examined, String>>,
}

/// The Department takes signatures by account and scanned seals: most tales tell of other things
/// than the instruments of signing.
fn with_accounts() -> Affairs {
    let open = [ParameterKey::SignByPassword, ParameterKey::SealByScan];
    let settings = open.map(|key| Setting {
        key,
        value: 1,
        basis: "测试".into(),
        from: jiff::civil::date(2025, 1, 1),
    });
    Affairs { settings: settings.into(), ..Affairs::default() }
}

impl World {
    /// The cast registered and active, the roster enrolled, no dossier yet.
    pub(crate) fn new(calendar: Calendar) -> Self {
        let mut world = Self {
            now: jiff::civil::date(2026, 2, 1).at(10, 0, 0, 0),
            calendar,
            affairs: with_accounts(),
            units: BTreeMap::new(),
            dossiers: BTreeMap::new(),
            journals: BTreeMap::new(),
            current: DossierId::from("D0"),
            seed: 20_260_302,
            proof: None,
            examined: None,
        };
        for &(id, name, kind, legal_form, code, area) in CAST {
            world.enter(id, profile(id, name, kind, legal_form, code, area));
        }
        for &(person, employer, kind) in EXPERTS {
            world.enrol(person, employer, kind);
        }
        world
    }

    /// The official calendar, as shipped.
    pub(crate) fn official() -> Self {
        Self::new(Calendar::official())
    }

    /// Registers and activates a unit.
    pub(crate) fn enter(&mut self, id: &str, profile: Profile) {
        self.unit(id, &handler(id), &unit::Command::Register(profile)).unwrap();
        let authority = self.units[&UnitId::from(id)].authority.clone();
        let actor = match authority {
            Some(authority) => official(authority.as_str(), Capacity::Clerk),
            None => department(Capacity::Supervisor),
        };
        self.unit(id, &actor, &unit::Command::Activate {}).unwrap();
    }

    /// Enrols an expert.
    pub(crate) fn enrol(&mut self, person: &str, employer: &str, kind: ExpertKind) {
        let command = department::Command::EnrolExpert {
            person: PersonId::from(person),
            name: Personal::new(format!("专家{person}")),
            employers: vec![employer.to_owned()],
            expert_kind: kind,
            field: "新能源".to_owned(),
        };
        self.affair(&department(Capacity::Organiser), &command).unwrap();
    }

    /// Moves to a day, ten in the morning unless the hour is set.
    pub(crate) fn on(&mut self, day: Date) {
        assert!(day >= self.today(), "time does not run backwards: {day} after {}", self.now);
        self.now = day.to_datetime(Time::constant(10, 0, 0, 0));
    }

    /// The legal day.
    pub(crate) fn today(&self) -> Date {
        self.now.date()
    }

    /// The dossier that commands are about.
    pub(crate) fn dossier(&self) -> &Dossier {
        &self.dossiers[&self.current]
    }

    /// Acts on the current dossier; opening and importing begin the next one.
    pub(crate) fn perform(
        &mut self,
        actor: &Actor,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        let begins = matches!(command, Command::Open { .. } | Command::ImportTrialFiling { .. });
        let id = if begins {
            DossierId(format!("D{}", self.dossiers.len() + 1))
        } else {
            self.current.clone()
        };
        let events = self.decide(&id, actor, command)?;
        for event in &events {
            self.take(&id, actor, event);
        }
        if !events.is_empty() {
            self.current = id;
        }
        Ok(events)
    }

    /// What the law answers, without taking effect.
    pub(crate) fn decide(
        &self,
        id: &DossierId,
        actor: &Actor,
        command: &Command,
    ) -> Result<Vec<Event>, Refusal> {
        let dossier = self.dossiers.get(id);
        let supplement = dossier.filter(|_| matches!(command, Command::LockSupplement {}));
        let supplement = supplement.map(|dossier| self.supplement_digest(dossier));
        self.in_context(id, actor, command.wanted_name(), |ctx| {
            let agreement_digest = supplement.as_ref().unwrap_or(ctx.agreement_digest);
            decide(id, dossier, command, &Context { agreement_digest, ..*ctx })
        })
    }

    /// Calls with the facts of the moment, as a server would gather them.
    pub(crate) fn in_context<T>(
        &self,
        id: &DossierId,
        actor: &Actor,
        wanted: Option<&str>,
        call: impl FnOnce(&Context<'_>) -> T,
    ) -> T {
        let dossier = self.dossiers.get(id);
        let own = dossier.map(|dossier| dossier.materials.name.as_str());
        let wanted = wanted.or(own);
        let taken = wanted.and_then(|wanted| self.holder_of(&name::key(wanted), id));
        let agreement = dossier.map_or_else(|| digest(""), agreement_digest);
        let package = digest(&format!("{id} {}", dossier.map_or(0, |d| d.sequence)));
        let parameters = self.affairs.parameters_on(self.today());
        call(&Context {
            actor,
            now: self.now,
            calendar: &self.calendar,
            parameters: &parameters,
            units: &self.units,
            experts: &self.affairs.experts,
            name_taken_by: taken.as_deref(),
            reservations: self.reservations(actor),
            next_sequence: self.next_sequence(),
            number_format: "蒙创联备〔{year}〕{n}号",
            agreement_digest: &agreement,
            proof: self.proof.as_ref(),
            examined: self.examined.as_ref(),
            package_digest: &package,
            seed: self.seed,
        })
    }

    fn supplement_digest(&self, dossier: &Dossier) -> Digest {
        let Some(change) = dossier.open_change() else { return digest("") };
        let parties = supplement::parties(dossier, change, &self.units);
        digest(&supplement::canonical(dossier, change, &parties))
    }

    fn holder_of(&self, key: &str, own: &DossierId) -> Option<String> {
        let others = self.dossiers.values().filter(|dossier| dossier.id != *own);
        let holds = |dossier: &&Dossier| {
            let claims = register::claims(dossier);
            claims.iter().any(|claim| claim.kind == "name" && claim.value == key)
        };
        others.into_iter().find(holds).map(|dossier| dossier.materials.name.clone())
    }

    fn reservations(&self, actor: &Actor) -> u32 {
        let own = |dossier: &&Dossier| {
            let drafts = matches!(dossier.stage, Stage::Drafting(_) | Stage::Signing(_));
            drafts && dossier.hold.holds() && Some(dossier.lead()) == actor.unit()
        };
        u32::try_from(self.dossiers.values().filter(own).count()).unwrap()
    }

    fn next_sequence(&self) -> u32 {
        let kind = format!("number:{}", self.today().year());
        let taken = self.dossiers.values().flat_map(register::claims);
        taken.filter(|claim| claim.kind == kind).map(|claim| claim.ordinal).max().unwrap_or(0) + 1
    }

    /// Writes an event down, reads it back, and lets it take effect.
    fn take(&mut self, id: &DossierId, actor: &Actor, event: &Event) {
        let written = serde_json::to_string(event).unwrap();
        let read: Event = serde_json::from_str(&written).unwrap();
        assert_eq!(&read, event, "{written}");
        let stamp = Stamp { actor: actor.clone(), at: self.now };
        let before = self.dossiers.remove(id);
        let after = evolve::evolve(before, &read, &stamp).unwrap();
        self.dossiers.insert(id.clone(), after);
        self.journals.entry(id.clone()).or_default().push((read, stamp));
    }

    /// Acts on a unit's record.
    pub(crate) fn unit(
        &mut self,
        id: &str,
        actor: &Actor,
        command: &unit::Command,
    ) -> Result<Vec<unit::Event>, Refusal> {
        let id = UnitId::from(id);
        let events = unit::decide(&id, self.units.get(&id), command, actor, self.today())?;
        for event in &events {
            let written = serde_json::to_string(event).unwrap();
            let read: unit::Event = serde_json::from_str(&written).unwrap();
            let after = unit::evolve(self.units.remove(&id), &read, self.today()).unwrap();
            self.units.insert(id.clone(), after);
        }
        Ok(events)
    }

    /// Acts on the Department's affairs.
    pub(crate) fn affair(
        &mut self,
        actor: &Actor,
        command: &department::Command,
    ) -> Result<Vec<department::Event>, Refusal> {
        let events = department::decide(&self.affairs, command, actor, self.today())?;
        for event in &events {
            let written = serde_json::to_string(event).unwrap();
            let read: department::Event = serde_json::from_str(&written).unwrap();
            let before = std::mem::take(&mut self.affairs);
            self.affairs = department::evolve(before, &read, self.today());
        }
        Ok(events)
    }

    /// What holds of every dossier at any time: the journal folds to it, and unless it ended it is
    /// somebody's turn.
    pub(crate) fn hold_together(&self) {
        for (id, dossier) in &self.dossiers {
            let journal = self.journals[id].iter().map(|(event, stamp)| (event, stamp));
            assert_eq!(evolve::replay(journal).unwrap().as_ref(), Some(dossier), "{id}");
            let idle = task::tasks(dossier, &self.calendar).is_empty();
            assert_eq!(idle, matches!(dossier.stage, Stage::Ended(_)), "{id}: nobody's turn");
            let mut steps = BTreeMap::new();
            for (person, step) in &dossier.steps {
                steps.entry(person).or_insert_with(BTreeSet::new).insert(step);
            }
            assert!(steps.values().all(|taken| taken.len() == 1), "{id}: {steps:?}");
        }
    }
}

/// A unit's profile with what does not matter filled in.
pub(crate) fn profile(
    id: &str,
    name: &str,
    kind: UnitKind,
    legal_form: LegalForm,
    code: &str,
    area: &str,
) -> Profile {
    Profile {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        legal_form,
        area: area.to_owned(),
        address: format!("{name}住所"),
        representative: Personal::new(format!("{id}法定代表人")),
        representative_from: None,
        phone: Personal::new("0471-0000000"),
        code_confirmed: true,
    }
}

fn actor(person: String, side: Side, capacity: Capacity) -> Actor {
    Actor { name: Personal::new(person.clone()), person: PersonId(person), side, capacity }
}

/// 单位经办人.
pub(crate) fn handler(unit: &str) -> Actor {
    actor(format!("{unit}经办人"), Side::Unit(UnitId::from(unit)), Capacity::Handler)
}

/// 单位法定代表人.
pub(crate) fn representative(unit: &str) -> Actor {
    let side = Side::Unit(UnitId::from(unit));
    actor(format!("{unit}法人"), side, Capacity::LegalRepresentative)
}

/// Somebody of a unit, in a capacity.
pub(crate) fn of_unit(unit: &str, capacity: Capacity) -> Actor {
    actor(format!("{unit}{}", capacity.term()), Side::Unit(UnitId::from(unit)), capacity)
}

/// Somebody with an account who acts for nobody.
pub(crate) fn somebody(name: &str) -> Actor {
    actor(name.to_owned(), Side::Public, Capacity::Public)
}

/// Somebody of a recommending authority.
pub(crate) fn official(authority: &str, capacity: Capacity) -> Actor {
    let side = Side::Authority(AuthorityId::from(authority));
    actor(format!("{authority}{}", capacity.term()), side, capacity)
}

/// Somebody of the Department.
pub(crate) fn department(capacity: Capacity) -> Actor {
    actor(format!("科技厅{}", capacity.term()), Side::Department, capacity)
}

/// An expert.
pub(crate) fn expert(person: &str) -> Actor {
    actor(person.to_owned(), Side::Expert, Capacity::Expert)
}

/// 运维.
pub(crate) fn operator() -> Actor {
    actor("运维".to_owned(), Side::Operator, Capacity::Operator)
}

/// The digest of the agreement as it stands.
pub(crate) fn agreement_digest(dossier: &Dossier) -> Digest {
    digest(&agreement::canonical(&dossier.materials))
}

/// 64 digits that depend on every byte; no real hash is needed here.
pub(crate) fn digest(text: &str) -> Digest {
    let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, fold);
    Digest(format!("{hash:016x}").repeat(4))
}
