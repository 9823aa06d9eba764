//! 备案材料 — what stands in a filing: the parties, the application form, the attachments (Art. 7).

mod attachment;
mod basics;
mod check;
mod conditions;
pub mod figures;
mod goals;
pub mod hints;
mod inputs;
mod organisation;
mod party;
mod platforms;
mod promise;
mod rights;
mod section;
mod units;
mod work;
mod written;

pub use attachment::Attachment;
pub use basics::{BACKGROUND_MAX, BACKGROUND_MIN, Basics, Operation};
pub(crate) use check::{check, known};
pub use conditions::{Award, Conditions, Conversion, Project, ProjectLevel, ProjectStatus};
pub use figures::{StaffFigures, YearFigures};
pub use goals::{Indicator, KeyTechnology, TRL, YearGoal};
pub use hints::Hint;
pub use inputs::{Funding, INPUT_FORMS, Input, Matrix, PublicMoney, ResultKind, Sharing};
pub use organisation::{Body, Organisation, Plan, PlanRow};
pub use party::{Intention, Party};
pub use platforms::{Platform, PlatformLevel, PlatformStatus};
pub use promise::{LeadPromise, MemberPromise};
pub use rights::{BY_LAW, BackgroundRight, Foreground, RIGHT_KINDS, Rights, Share};
pub use section::{Part, Section};
pub use units::{
    Certificate, CertificateKind, Cooperation, CooperationKind, CreditCheck, LeadProfile,
    ManagementRule, MemberBlock, Service, UnitBlock,
};
pub use work::{WorkKind, WorkPackage};
pub use written::Written;

use crate::{agreement::Agreement, ids::UnitId};

/// Most members one consortium may have; far above any real one.
pub const MEMBERS_MAX: usize = 60;
/// Most rows of one table of the form.
pub const ROWS_MAX: usize = 100;
/// Most attachments of one filing.
pub const ATTACHMENTS_MAX: usize = 100;
/// Bytes of one file: a bound volume scanned in colour.
pub const FILE_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// Bytes of all attachments of one filing.
pub const FILING_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// Whether a value says nothing. Such values of later fields are left out of what is written, so
/// that what earlier versions wrote reads and writes as it did.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// 备案材料 — everything in the filing, in its present version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Materials {
    /// 名称 (Art. 6(1)).
    pub name: String,
    /// The lead first, then the members in the order of invitation.
    pub parties: Vec<Party>,
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
    /// 组建协议.
    pub agreement: Agreement,
}

impl Materials {
    /// An empty filing of a lead.
    pub fn new(name: String, lead: Party) -> Self {
        Self {
            name,
            parties: vec![lead],
            basics: None,
            units: Vec::new(),
            lead: None,
            members: Vec::new(),
            platforms: Vec::new(),
            conditions: Vec::new(),
            goals: String::new(),
            yearly: Vec::new(),
            indicators: Vec::new(),
            technologies: Vec::new(),
            work: Vec::new(),
            inputs: Vec::new(),
            funding: Funding::default(),
            rights: Rights::default(),
            organisation: Organisation::default(),
            plan: Plan::default(),
            safeguards: String::new(),
            special: String::new(),
            truthful: false,
            promise: LeadPromise::default(),
            promises: Vec::new(),
            attachments: Vec::new(),
            agreement: Agreement::default(),
        }
    }

    /// 牵头单位.
    pub fn lead_unit(&self) -> Option<&Party> {
        self.parties.first()
    }

    /// The parties that count: the lead, and the members that have not declined.
    pub fn standing(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| !matches!(party.intention, Intention::Declined { .. }))
    }

    /// One party.
    pub fn party(&self, unit: &UnitId) -> Option<&Party> {
        self.parties.iter().find(|party| party.unit == *unit)
    }

    /// Bytes of all attachments together.
    pub fn attached_bytes(&self) -> u64 {
        self.attachments.iter().map(|file| file.size_bytes).fold(0, u64::saturating_add)
    }

    /// One member's block.
    pub fn member(&self, unit: &UnitId) -> Option<&MemberBlock> {
        self.members.iter().find(|block| block.unit == *unit)
    }

    /// One unit's figures.
    pub fn unit(&self, unit: &UnitId) -> Option<&UnitBlock> {
        self.units.iter().find(|block| block.unit == *unit)
    }

    /// One unit's conditions.
    pub fn conditions_of(&self, unit: &UnitId) -> Option<&Conditions> {
        self.conditions.iter().find(|block| block.unit == *unit)
    }

    /// One member's promise.
    pub fn promised(&self, unit: &UnitId) -> Option<&MemberPromise> {
        self.promises.iter().find(|block| block.unit == *unit)
    }

    /// Takes a section as written.
    pub(crate) fn write(&mut self, section: &Section) {
        match section.clone() {
            Section::Basics(basics) => self.basics = Some(*basics),
            Section::Unit(block) => put(&mut self.units, *block, |block| &block.unit),
            Section::Lead(lead) => self.lead = Some(*lead),
            Section::Member(block) => put(&mut self.members, *block, |block| &block.unit),
            Section::Platforms { platforms } => self.platforms = platforms,
            Section::Conditions(block) => put(&mut self.conditions, *block, |block| &block.unit),
            Section::Goals { goals, yearly, indicators } => {
                self.goals = goals;
                self.yearly = yearly;
                self.indicators = indicators;
            }
            Section::Technologies { technologies } => self.technologies = technologies,
            Section::Work { work } => self.work = work,
            Section::Inputs { inputs, total_fen, public_money, sharing, custodian, audit } => {
                self.inputs = inputs;
                self.funding = Funding { total_fen, public_money, sharing, custodian, audit };
            }
            Section::Rights(rights) => self.rights = *rights,
            Section::Organisation(organisation) => self.organisation = *organisation,
            Section::Plan(plan) => self.plan = plan,
            Section::Safeguards { safeguards } => self.safeguards = safeguards,
            Section::Special { special } => self.special = special,
            Section::Promise { truthful, honest, data_use, publication } => {
                self.truthful = truthful;
                self.promise = LeadPromise { honest, data_use, publication };
            }
            Section::MemberPromise(block) => put(&mut self.promises, block, |block| &block.unit),
        }
    }

    /// Forgets what a unit wrote of itself, when it leaves.
    pub(crate) fn forget(&mut self, unit: &UnitId) {
        self.units.retain(|block| block.unit != *unit);
        self.members.retain(|block| block.unit != *unit);
        self.conditions.retain(|block| block.unit != *unit);
        self.promises.retain(|block| block.unit != *unit);
    }

    /// Whether the section stands exactly like this already.
    pub(crate) fn holds(&self, section: &Section) -> bool {
        let mut copy = self.clone();
        copy.write(section);
        copy == *self
    }
}

/// Puts a unit's block in the place of its earlier one, or after the others.
fn put<T>(blocks: &mut Vec<T>, block: T, unit: fn(&T) -> &UnitId) {
    blocks.retain(|kept| unit(kept) != unit(&block));
    blocks.push(block);
}
