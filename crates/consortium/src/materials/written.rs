//! 写到哪里 — which sections of a filing are written, and which no rule asks for (Art. 7(1)).

use super::{Conditions, Materials, MemberPromise, Part, UnitBlock, is_default};
use crate::ids::UnitId;

/// How far one section is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// 未写: nobody saved it.
    No,
    /// 空着: it was saved with nothing in it.
    Blank,
    /// 已写: it says something.
    Yes,
}

impl Part {
    /// Whether no rule asks anything of it: the form has it, it may stay empty, and what it says is
    /// for the people who review.
    pub const fn is_light(self) -> bool {
        matches!(
            self,
            Self::Unit
                | Self::Conditions
                | Self::Rights
                | Self::Organisation
                | Self::Plan
                | Self::Safeguards
        )
    }
}

impl Materials {
    /// How far a section is written; of a section that each unit has, `block` names the unit.
    pub fn written(&self, part: Part, block: Option<&UnitId>) -> Written {
        let says = |says: bool| if says { Written::Yes } else { Written::No };
        match part {
            Part::Parties => Written::Yes,
            Part::Basics => optional(self.basics.as_ref(), is_default),
            Part::Unit => optional(block.and_then(|unit| self.unit(unit)), says_no_figure),
            Part::Lead => optional(self.lead.as_ref(), is_default),
            Part::Member => optional(block.and_then(|unit| self.member(unit)), |_| false),
            Part::Platforms => says(!self.platforms.is_empty()),
            Part::Conditions => {
                optional(block.and_then(|unit| self.conditions_of(unit)), says_no_condition)
            }
            Part::Goals => {
                let rows = !self.yearly.is_empty() || !self.indicators.is_empty();
                says(rows || !self.goals.is_empty())
            }
            Part::Technologies => says(!self.technologies.is_empty()),
            Part::Work => says(!self.work.is_empty()),
            Part::Inputs => says(!self.inputs.is_empty() || !is_default(&self.funding)),
            Part::Rights => says(!is_default(&self.rights)),
            Part::Organisation => says(!is_default(&self.organisation)),
            Part::Plan => says(!is_default(&self.plan)),
            Part::Safeguards => says(!self.safeguards.is_empty()),
            Part::Special => says(!self.special.is_empty()),
            Part::Promise => says(self.truthful || !is_default(&self.promise)),
            Part::MemberPromise => {
                optional(block.and_then(|unit| self.promised(unit)), MemberPromise::is_nothing)
            }
            Part::Attachments => says(!self.attachments.is_empty()),
            Part::Agreement => says(!self.agreement.is_unwritten()),
        }
    }
}

fn optional<T>(kept: Option<&T>, says_nothing: impl Fn(&T) -> bool) -> Written {
    match kept {
        None => Written::No,
        Some(kept) if says_nothing(kept) => Written::Blank,
        Some(_) => Written::Yes,
    }
}

/// Whose block it is, is nothing that was written.
fn says_no_figure(block: &UnitBlock) -> bool {
    *block == UnitBlock { unit: block.unit.clone(), ..UnitBlock::default() }
}

fn says_no_condition(block: &Conditions) -> bool {
    *block == Conditions { unit: block.unit.clone(), ..Conditions::default() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        materials::{Intention, Party, Section},
        unit::UnitKind,
    };

    #[test]
    fn a_block_saved_with_nothing_in_it_is_blank_and_not_unwritten() {
        let unit = UnitId::from("云川");
        let lead = Party {
            unit: unit.clone(),
            name: "云川储能".to_owned(),
            code: String::new(),
            kind: UnitKind::Enterprise,
            intention: Intention::Accepted { on: jiff::civil::date(2026, 1, 1) },
        };
        let mut filing = Materials::new("内蒙古自治区储能创新联合体".to_owned(), lead);
        for part in Part::ALL.into_iter().filter(|part| *part != Part::Parties) {
            assert_eq!(filing.written(part, Some(&unit)), Written::No, "{part:?}");
        }
        let mut figures = UnitBlock { unit: unit.clone(), ..UnitBlock::default() };
        filing.write(&Section::Unit(Box::new(figures.clone())));
        assert_eq!(filing.written(Part::Unit, Some(&unit)), Written::Blank);
        figures.staff = 1;
        filing.write(&Section::Unit(Box::new(figures)));
        assert_eq!(filing.written(Part::Unit, Some(&unit)), Written::Yes);
        assert_eq!(filing.written(Part::Unit, Some(&UnitId::from("别家"))), Written::No);
        filing.write(&Section::Safeguards { safeguards: "专人负责".to_owned() });
        assert_eq!(filing.written(Part::Safeguards, None), Written::Yes);
    }
}
