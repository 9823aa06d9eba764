//! 起草参考 — a text to begin with, in which what the application already says is not asked again
//! (Art. 6(2)). Whoever drafts changes every word of it; nothing follows from it until it is signed.

use super::{AgreementText, annex};
use crate::{ids::UnitId, materials::Materials};

impl AgreementText {
    /// Every heading with its starting text, pointing to the annexes in which something stands.
    pub fn draft_of(materials: &Materials) -> Self {
        let mut text = Self::draft();
        let goals = materials.goals.trim();
        if !goals.is_empty() {
            let measured = if materials.indicators.is_empty() {
                ""
            } else {
                "达到附表一所列的考核指标。"
            };
            text.goals = format!("{}。{measured}", goals.trim_end_matches('。'));
        }
        if let Some(body) = materials.organisation.decides {
            let more = annex::matters_beside_the_body(materials);
            let more = match more.as_slice() {
                [] => String::new(),
                _ => format!("{}，见附表七。", more.join("、")),
            };
            text.organisation = format!("联合体的决策机构为{}。{more}", body.term());
        }
        let agreed = materials.basics.as_ref().map(|basics| (basics.term_from, basics.term_to));
        if let Some((Some(from), Some(to))) = agreed {
            text.term = text.term.replacen("期限为三年", &format!("期限自 {from} 起至 {to} 止"), 1);
        }
        money(&mut text, materials);
        rights(&mut text, materials);
        text
    }
}

fn money(text: &mut AgreementText, materials: &Materials) {
    let funding = &materials.funding;
    if !funding.sharing.is_empty() {
        "各方按附表三所列的年度、形式和金额投入，每年六月底前到位。成果转化所得收益按附表四分配；附表四没有写明的，\
         扣除直接成本后按各方对该成果的贡献分配，贡献比例在转化前书面确认。收益每年结算一次。"
            .clone_into(&mut text.distribution);
    }
    if let Some(custodian) = funding.custodian.as_ref().and_then(|unit| named(materials, unit)) {
        text.funds = text.funds.replacen("牵头单位", custodian, 1);
    }
}

fn rights(text: &mut AgreementText, materials: &Materials) {
    let rights = &materials.rights;
    if !rights.background.is_empty() {
        text.background =
            text.background.replacen("仍归原权利人。", "仍归原权利人，主要的见附表五。", 1);
    }
    if rights.foreground.is_some() || !rights.shares.is_empty() {
        "合作中产生的科技成果及其知识产权，归属和份额见附表六；附表六没有写明的，由一方独立完成的归完成方，\
         由多方共同完成的归完成各方共有。署名按实际贡献排列。"
            .clone_into(&mut text.results);
    }
    if rights.confidential_years > 0 {
        let years = format!("终止后 {} 年", rights.confidential_years);
        text.confidentiality = text.confidentiality.replacen("终止后五年", &years, 1);
    }
}

fn named<'a>(materials: &'a Materials, unit: &UnitId) -> Option<&'a str> {
    materials.party(unit).map(|party| party.name.as_str())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{
        materials::{
            BackgroundRight, Body, Foreground, Indicator, Intention, Party, ResultKind, Sharing,
        },
        unit::UnitKind,
    };

    fn filing() -> Materials {
        let lead = Party {
            unit: UnitId::from("云川"),
            name: "云川储能".to_owned(),
            code: String::new(),
            kind: UnitKind::Enterprise,
            intention: Intention::Accepted { on: date(2026, 1, 1) },
        };
        Materials::new("内蒙古自治区储能创新联合体".to_owned(), lead)
    }

    #[test]
    fn an_application_that_says_nothing_leaves_the_starting_text_as_it_is() {
        assert_eq!(AgreementText::draft_of(&filing()), AgreementText::draft());
    }

    #[test]
    fn what_the_application_says_is_not_asked_again() {
        let mut filing = filing();
        let unit = UnitId::from("云川");
        filing.goals = "到2028年突破低温电芯。".to_owned();
        filing.organisation.decides = Some(Body::Council);
        let rule = "按贡献".to_owned();
        filing.funding.sharing = vec![Sharing { kind: ResultKind::Patent, rule }];
        filing.funding.custodian = Some(unit.clone());
        filing.rights.foreground = Some(Foreground::Joint);
        filing.rights.confidential_years = 8;
        let (name, kind, no) = ("电芯".to_owned(), "发明专利".to_owned(), String::new());
        filing.rights.background = vec![BackgroundRight { name, kind, no, owner: unit }];
        // Nothing points to an annex in which nothing stands.
        let text = AgreementText::draft_of(&filing);
        assert_eq!(text.goals, "到2028年突破低温电芯。");
        assert_eq!(text.organisation, "联合体的决策机构为理事会。");
        let empty: Vec<_> =
            annex::pointed_at_empty(&text, &filing).into_iter().map(|(_, annex)| annex).collect();
        assert_eq!(empty, ["附表二　任务分工", "附表三　投入"], "owed by the form in any case");
        filing.indicators =
            vec![Indicator { name: "循环寿命".to_owned(), ..Indicator::default() }];
        filing.organisation.voting = "一家一票".to_owned();
        filing.organisation.meetings = 2;
        let text = AgreementText::draft_of(&filing);
        assert_eq!(text.goals, "到2028年突破低温电芯。达到附表一所列的考核指标。");
        let said = "联合体的决策机构为理事会。表决规则、每年会议，见附表七。";
        assert_eq!(text.organisation, said);
        // heading, what it says now
        for (words, said) in [
            (&text.organisation, "理事会"),
            (&text.distribution, "附表四"),
            (&text.funds, "共同经费由云川储能专账管理"),
            (&text.background, "附表五"),
            (&text.results, "附表六"),
            (&text.confidentiality, "终止后 8 年"),
        ] {
            assert!(words.contains(said), "{words}");
        }
        let blanks: Vec<_> = text.blanks().iter().map(|heading| heading.title).collect();
        assert_eq!(blanks, ["解决争议的方式"], "the one thing that only they can say");
    }
}
