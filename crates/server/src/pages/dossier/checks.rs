//! 规则检查 — what every rule says of a dossier now, and the very field where it can be mended.

use std::collections::BTreeSet;

use consortium::{
    Dossier, Finding,
    ids::UnitId,
    materials::{Hint, Materials, MemberPromise, Part, Written, hints},
    measures::Verdict,
};

use super::desk::Desk;
use super::sums::Sums;
use askama::Template;
use askama::filters::HtmlSafe;

use crate::forms;
use crate::pages::shell::ui::{self, Check, Checks, Mark};

/// The conditions of the regulation itself; what is merely not written yet is wanting.
const CONDITIONS: &[&str] =
    &["R5.1a", "R5.1c", "R5.2a", "R5.2b", "R5.2f", "R5.3a", "R5.3f", "R6.1b"];
/// What rules name otherwise than the form does.
const OTHER_NAMES: &[(&str, Part, &str)] = &[
    ("不涉密承诺", Part::Basics, "not_secret"),
    ("材料真实准确的承诺", Part::Promise, "truthful"),
    ("技术创新目标", Part::Goals, "goals"),
    ("投入", Part::Inputs, "inputs"),
];

/// What stands in the way and is in sight; the rest is folded.
const IN_SIGHT: usize = 8;

/// The rules as a card: what stands in the way is in sight, what is met is folded.
#[derive(Template)]
#[template(path = "dossier/checks.html")]
pub(super) struct Rules {
    all: Checks,
    /// Fields of this section that are still empty and owed: words, and where.
    lacking: Vec<(String, String)>,
    front: Vec<Check>,
    /// What is not written yet, where the tasks beside it lead there: folded.
    wanting: Vec<Check>,
    person: Vec<Check>,
    met: Vec<Check>,
    /// What does not fit together, or is asked and still empty: it never blocks.
    hints: Vec<Check>,
    /// The sums of the section.
    sums: Option<Sums>,
    /// The fields of the section that the submission waits for.
    awaited: Vec<String>,
    now: String,
    /// Whether hints are in sight.
    hinting: bool,
    /// Whether what a person judges is in sight.
    judging: bool,
    /// Where all rules are, for whoever sees them, and what of them stands in the way elsewhere; none
    /// on the whole list.
    elsewhere: Option<(Option<String>, String)>,
}

impl HtmlSafe for Rules {}

/// A field of a section: where a rule can be met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) part: Part,
    pub(super) block: Option<UnitId>,
    field: String,
}

impl Rules {
    /// The card; `None` where no rule was applied.
    pub(super) fn of(desk: &Desk, now: &str) -> Option<Self> {
        let all: Vec<Check> = standing(desk).into_iter().map(|told| told.check).collect();
        let hints = hints::hints(&desk.dossier.materials, desk.today);
        let hints = hints.iter().map(|hint| hinted(desk, hint)).collect();
        (!all.is_empty()).then(|| Self::card(desk, all, hints, now, None))
    }

    /// The same beside the tasks that lead to what is not written yet: that is folded.
    pub(super) fn beside_tasks(desk: &Desk, now: &str) -> Option<Self> {
        let mut card = Self::of(desk, now)?;
        // 原则上 not enough members: the explanation alone leads on, so it stays in sight.
        let apart = |check: &mut Check| check.mark == Mark::Wanting && !check.soft;
        card.wanting = card.front.extract_if(.., apart).collect();
        Some(card)
    }

    /// What is broken, before the lock: what is not written yet is not what the lock waits for.
    pub(super) fn broken(desk: &Desk, now: &str) -> Option<Self> {
        let card = Self::of(desk, now)?;
        let checks = card.front.into_iter().filter(|check| check.mark == Mark::Unmet).collect();
        let card = Self::card(desk, checks, vec![], now, None);
        (!card.front.is_empty()).then_some(card)
    }

    /// The card of one section, from what the rules say of its draft; `blank` says which of its fields
    /// say nothing.
    pub(super) fn of_section(
        desk: &Desk,
        (tried, findings): (&Dossier, &[Finding]),
        (part, block): (Part, Option<&UnitId>),
        blank: impl Fn(&str) -> bool,
        now: &str,
    ) -> Self {
        let hints = hints::hints(&tried.materials, desk.today);
        let hints = hints.iter().filter(|hint| hint.part == part && hint.unit.as_ref() == block);
        let hints = hints.map(|hint| hinted(desk, hint)).collect();
        let here = |place: &Option<Place>| {
            place.as_ref().is_some_and(|p| p.part == part && p.block.as_ref() == block)
        };
        let (own, others): (Vec<_>, Vec<_>) = checks(desk, &tried.materials, findings)
            .into_iter()
            .partition(|told| here(&told.place));
        let others = Checks { checks: others.into_iter().map(|told| told.check).collect() };
        // A member sees to its own: what stands in the way elsewhere is the lead's.
        let leads = desk.can("withdraw");
        let elsewhere = (leads.then(|| format!("{}#rk", desk.href())), in_the_way(&others));
        let mends = |check: &Check| matches!(check.mark, Mark::Unmet | Mark::Wanting);
        let labels = desk.fields(part);
        let field = |told: &Told| Some(told.place.as_ref()?.field.clone());
        // What says nothing yet is named; of what says too little the reason is told.
        let lacks = |told: &Told| {
            let field = field(told).filter(|_| mends(&told.check))?;
            let label = || labels.iter().find(|spec| spec.name == field);
            let empty = || Some(label()?.label.to_string()).filter(|_| blank(&field));
            Some((told.lacks.clone().or_else(empty)?, format!("#f-{field}")))
        };
        let awaited = own.iter().filter(|told| mends(&told.check)).filter_map(field).collect();
        let mut lacking: Vec<(String, String)> = own.iter().filter_map(lacks).collect();
        let mut named = BTreeSet::new();
        lacking.retain(|(_, href)| named.insert(href.clone()));
        let promised = |unit| tried.materials.promised(unit).is_some_and(MemberPromise::is_whole);
        if part == Part::MemberPromise && !block.is_some_and(promised) {
            lacking.push(("三项承诺都勾选".to_owned(), "#f-takes_part".to_owned()));
        }
        let all = own.iter().map(|told| told.check.clone()).collect();
        let mut card = Self::card(desk, all, hints, now, Some(elsewhere));
        let front = own.into_iter().filter(|told| lacks(told).is_none() && mends(&told.check));
        card.front = front.map(|told| told.check).collect();
        card.hinting = desk.dossier.materials.written(part, block) != Written::No;
        Self { lacking, awaited, ..card }
    }

    /// With the sums of the section.
    #[must_use]
    pub(super) fn with(mut self, sums: Option<Sums>) -> Self {
        self.sums = sums;
        self
    }

    fn card(
        desk: &Desk,
        checks: Vec<Check>,
        hints: Vec<Check>,
        now: &str,
        elsewhere: Option<(Option<String>, String)>,
    ) -> Self {
        let all = Checks { checks };
        let of = |wanted: &[Mark]| -> Vec<Check> {
            all.checks.iter().filter(|check| wanted.contains(&check.mark)).cloned().collect()
        };
        let (front, person, met) =
            (of(&[Mark::Unmet, Mark::Wanting]), of(&[Mark::Person]), of(&[Mark::Met]));
        Self {
            judging: desk.can("pass_formal_review") || desk.can("check_materials"),
            hinting: front.is_empty(),
            now: now.to_owned(),
            lacking: vec![],
            wanting: vec![],
            hints,
            sums: None,
            awaited: vec![],
            all,
            front,
            person,
            met,
            elsewhere,
        }
    }

    /// What of the section is still empty and owed: words, and where on its page.
    pub(super) fn lacking(&self) -> &[(String, String)] {
        &self.lacking
    }

    /// Whether the submission waits for this field.
    pub(super) fn awaits(&self, field: &str) -> bool {
        self.awaited.iter().any(|awaited| awaited == field)
    }

    /// What still stands in the way, in one line; empty when nothing does.
    pub(super) fn in_the_way(&self) -> String {
        in_the_way(&self.all)
    }
}

fn in_the_way(checks: &Checks) -> String {
    let counts = checks.counts().into_iter();
    let counts = counts.filter(|(mark, _)| matches!(mark, Mark::Unmet | Mark::Wanting));
    let lines: Vec<String> =
        counts.map(|(mark, count)| format!("{count} 项{}", mark.words())).collect();
    lines.join("，")
}

/// A hint as a line that leads to its field.
fn hinted(desk: &Desk, hint: &Hint) -> Check {
    let block = hint.unit.as_ref();
    let href = || format!("{}#f-{}", desk.section(hint.part, block), hint.field.replace('.', "-"));
    Check {
        mark: Mark::Hint,
        title: hint.words.clone(),
        text: match block.and_then(|unit| desk.dossier.materials.party(unit)) {
            Some(party) => format!("{} · {}", hint.part.term(), party.name),
            None => hint.part.term().to_owned(),
        },
        clause: hint.clause.to_owned(),
        soft: true,
        link: desk.writes(hint.part, block).then(|| (href(), "去核对".to_owned())),
    }
}

/// Whether a rule is broken now.
pub(super) fn is_unmet(desk: &Desk, rule: &str) -> bool {
    desk.findings.iter().any(|found| found.rule == rule && found.verdict == Verdict::Unmet)
}

/// How many hints there are for one section.
pub(super) fn hints_of(desk: &Desk, part: Part, block: Option<&UnitId>) -> usize {
    let hints = hints::hints(&desk.dossier.materials, desk.today);
    hints.iter().filter(|hint| hint.part == part && hint.unit.as_ref() == block).count()
}

/// How much stands in the way in one section.
pub(super) fn wanting(desk: &Desk, part: Part, block: Option<&UnitId>) -> usize {
    let here = |place: &Option<Place>| {
        place.as_ref().is_some_and(|p| p.part == part && p.block.as_ref() == block)
    };
    let stands = |check: &Check| matches!(check.mark, Mark::Unmet | Mark::Wanting);
    let checks = standing(desk);
    checks.iter().filter(|told| stands(&told.check) && here(&told.place)).count()
}

/// One line of what a rule says.
struct Told {
    check: Check,
    /// Where it can be met, if it looks at one field.
    place: Option<Place>,
    /// The thing it names as missing.
    lacks: Option<String>,
}

/// The rules as they answer for the dossier now.
fn standing(desk: &Desk) -> Vec<Told> {
    checks(desk, &desk.dossier.materials, &desk.findings)
}

/// What the rules found in these materials, what stands in the way first, each with its place.
fn checks(desk: &Desk, materials: &Materials, findings: &[Finding]) -> Vec<Told> {
    let told = |finding| told(desk, materials, finding);
    let mut checks: Vec<_> = findings.iter().flat_map(told).collect();
    checks.sort_by_key(|told| match told.check.mark {
        Mark::Unmet => 0,
        Mark::Wanting => 1,
        Mark::Hint | Mark::Person => 2,
        Mark::Met => 3,
    });
    checks
}

/// A finding, line by line: what names several fields is a line for each, that leads there.
fn told(desk: &Desk, materials: &Materials, finding: &Finding) -> Vec<Told> {
    let mark = mark(materials, finding);
    let mends = matches!(mark, Mark::Unmet | Mark::Wanting);
    let line = |title: String, place: Option<Place>, lacks: Option<String>| {
        let link = match finding.rule.as_str() {
            rule if mends => link(desk, rule, place.as_ref()),
            // The same answer for applicant, officer and public.
            "R6.1b" => Some(name_check(desk)),
            _ => None,
        };
        let check = Check {
            mark,
            title,
            // To whoever prepares, what is to be done where something is amiss reads as if it were.
            text: if mark == Mark::Met && desk.can("write_application") {
                String::new()
            } else {
                finding.sentence.clone()
            },
            clause: finding.clause.clone(),
            soft: finding.rule == "R5.1b",
            link,
        };
        Told { check, place, lacks }
    };
    let named = if mends { items(desk, finding) } else { vec![] };
    if named.is_empty() {
        return vec![line(finding.facts.clone(), place(materials, finding), None)];
    }
    let blank = finding.facts.starts_with("协议的");
    let words = |item: &str| {
        if blank {
            format!("“{item}”里还有没填的空")
        } else {
            format!("还缺“{item}”")
        }
    };
    let line = |(item, place): (String, _)| line(words(&item), place, Some(item));
    named.into_iter().map(line).collect()
}

/// How a finding is marked. A condition that nothing was written for yet is not broken.
fn mark(materials: &Materials, finding: &Finding) -> Mark {
    let unwritten = match finding.rule.as_str() {
        "R5.1a" => materials.parties.len() == 1,
        "R5.1c" => materials.written(Part::Platforms, None) == Written::No,
        _ => false,
    };
    match finding.verdict {
        Verdict::Met => Mark::Met,
        Verdict::AtDiscretion => Mark::Person,
        Verdict::Unmet if unwritten => Mark::Wanting,
        Verdict::Unmet if CONDITIONS.contains(&finding.rule.as_str()) => Mark::Unmet,
        Verdict::Unmet => Mark::Wanting,
    }
}

/// What a finding names one by one: of the form, or of the agreement.
fn items(desk: &Desk, finding: &Finding) -> Vec<(String, Option<Place>)> {
    let (words, parts): (Vec<&str>, Vec<Part>) = match finding.rule.as_str() {
        "R7.1" => {
            let words = finding.facts.split_once('：').map_or("", |(_, words)| words);
            let parts = Part::ALL.into_iter().filter(|part| forms::is_section(*part));
            (words.split('、').filter(|word| !word.is_empty()).collect(), parts.collect())
        }
        "R6.2b" => {
            let quoted = finding.facts.split('“').skip(1);
            let quoted = quoted.filter_map(|rest| rest.split('”').next());
            (quoted.collect(), vec![Part::Agreement])
        }
        _ => return vec![],
    };
    words.into_iter().map(|item| (item.to_owned(), named(desk, item, &parts))).collect()
}

/// The field of this name in these parts.
fn named(desk: &Desk, item: &str, parts: &[Part]) -> Option<Place> {
    let place = |part, field: &str| Place { part, block: None, field: field.to_owned() };
    let other = OTHER_NAMES.iter().find(|(name, part, _)| *name == item && parts.contains(part));
    if let Some((_, part, field)) = other {
        return Some(place(*part, field));
    }
    parts.iter().find_map(|part| {
        let fields = desk.fields(*part);
        let field = fields.iter().find(|field| field.label == item);
        let field = field.or_else(|| fields.first().filter(|_| part.term() == item))?;
        Some(place(*part, &field.name))
    })
}

/// Where a rule looks, if it looks at one field.
fn place(materials: &Materials, finding: &Finding) -> Option<Place> {
    let at = |part, field: &str| Some(Place { part, block: None, field: field.to_owned() });
    let of_member = |field: &str| {
        let parties = materials.standing().skip(1);
        let party = parties.max_by_key(|party| {
            if finding.facts.contains(&party.name) { party.name.len() } else { 0 }
        })?;
        let block = finding.facts.contains(&party.name).then(|| party.unit.clone())?;
        Some(Place { part: Part::Member, block: Some(block), field: field.to_owned() })
    };
    match finding.rule.as_str() {
        "R5.1c" => at(Part::Platforms, "platforms"),
        "R5.1b" => at(Part::Special, "special"),
        "R3c" => at(Part::Work, "work"),
        "R5.2c" => at(Part::Lead, "team"),
        "R5.2d" => {
            let team = materials.lead.as_ref().is_none_or(|l| l.team.trim().is_empty());
            at(Part::Lead, if team { "team" } else { "management_rules" })
        }
        "R5.2e" => at(Part::Lead, "cooperation"),
        "R6.2b" => {
            let open = materials.agreement.text.first_open();
            at(Part::Agreement, open.unwrap_or("formed_on"))
        }
        "R5.3b" => of_member("cooperation"),
        "R5.3c" | "R5.3d" | "R5.3e" => of_member("capability"),
        _ => None,
    }
}

/// Where the name is held against the names there are.
fn name_check(desk: &Desk) -> (String, String) {
    let query = serde_urlencoded::to_string([("name", &desk.view.name)]).unwrap_or_default();
    (format!("/names?{query}"), "核对名称".to_owned())
}

/// The way there, if the reader can go it now.
fn link(desk: &Desk, rule: &str, place: Option<&Place>) -> Option<(String, String)> {
    let act = |verb: &str, words: &str| desk.can(verb).then(|| (desk.to(verb), words.to_owned()));
    match rule {
        "R4b" | "R5.1a" => return act("invite", "邀请成员"),
        "R6.1b" => return act("rename", "更名"),
        "R5.3a" => return act("remove_member", "移出成员"),
        "R6.2e" => return act("start_signing", "发起签署"),
        _ => {}
    }
    let place = place?;
    if !desk.writes(place.part, place.block.as_ref()) {
        let members = place.part == Part::Member;
        return members.then(|| (format!("{}#parties", desk.href()), "看成员单位".to_owned()));
    }
    let href = desk.section(place.part, place.block.as_ref());
    // 原则上: the way on is to explain; nobody is pushed to add a unit.
    let words = if rule == "R5.1b" { "写明特殊情况" } else { "去填写" };
    Some((format!("{href}#f-{}", place.field), words.to_owned()))
}
