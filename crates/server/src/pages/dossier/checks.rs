//! 规则检查 — what every rule says of a dossier now, and where it can be mended.

use consortium::{Finding, materials::Part, measures::Verdict};

use super::desk::Desk;
use askama::Template;
use askama::filters::HtmlSafe;

use crate::pages::shell::ui::{self, Check, Checks, Mark};

/// The conditions of the regulation itself; what is merely not written yet is wanting.
const CONDITIONS: &[&str] =
    &["R5.1a", "R5.1c", "R5.2a", "R5.2b", "R5.2f", "R5.3a", "R5.3f", "R6.1b"];

/// The rules as a card: what stands in the way is in sight, what is met is folded.
#[derive(Template)]
#[template(path = "dossier/checks.html")]
pub(super) struct Rules {
    all: Checks,
    front: Vec<Check>,
    person: Vec<Check>,
    met: Vec<Check>,
    now: String,
    /// Whether what a person judges is in sight.
    judging: bool,
}

impl HtmlSafe for Rules {}

impl Rules {
    /// The card; `None` where no rule was applied.
    pub(super) fn of(desk: &Desk, now: &str) -> Option<Self> {
        let all = checks(desk);
        let of = |wanted: &[Mark]| -> Vec<Check> {
            all.checks.iter().filter(|check| wanted.contains(&check.mark)).cloned().collect()
        };
        let (front, person, met) =
            (of(&[Mark::Unmet, Mark::Wanting]), of(&[Mark::Person]), of(&[Mark::Met]));
        (!all.checks.is_empty()).then(|| Self {
            judging: desk.can("pass_formal_review") || desk.can("check_materials"),
            now: now.to_owned(),
            all,
            front,
            person,
            met,
        })
    }

    /// What still stands in the way, in one line; empty when nothing does.
    pub(super) fn in_the_way(&self) -> String {
        let counts = self.all.counts().into_iter();
        let counts = counts.filter(|(mark, _)| matches!(mark, Mark::Unmet | Mark::Wanting));
        let lines: Vec<String> =
            counts.map(|(mark, count)| format!("{count} 项{}", mark.words())).collect();
        lines.join("，")
    }
}

/// The rules, what stands in the way first.
fn checks(desk: &Desk) -> Checks {
    let mut checks: Vec<Check> = desk.findings.iter().map(|f| check(desk, f)).collect();
    checks.sort_by_key(|check| match check.mark {
        Mark::Unmet => 0,
        Mark::Wanting => 1,
        Mark::Person => 2,
        Mark::Met => 3,
    });
    Checks { checks }
}

fn check(desk: &Desk, finding: &Finding) -> Check {
    let mark = mark(finding);
    let mends = matches!(mark, Mark::Unmet | Mark::Wanting);
    Check {
        mark,
        title: finding.facts.clone(),
        text: finding.sentence.clone(),
        clause: finding.clause.clone(),
        soft: finding.rule == "R5.1b",
        link: mends.then(|| place(desk, &finding.rule)).flatten(),
    }
}

/// How a finding is marked.
fn mark(finding: &Finding) -> Mark {
    match finding.verdict {
        Verdict::Met => Mark::Met,
        Verdict::AtDiscretion => Mark::Person,
        Verdict::Unmet if CONDITIONS.contains(&finding.rule.as_str()) => Mark::Unmet,
        Verdict::Unmet => Mark::Wanting,
    }
}

/// Where a rule can be met, if the reader can do it now.
fn place(desk: &Desk, rule: &str) -> Option<(String, String)> {
    let act = |verb: &str, words: &str| desk.can(verb).then(|| (desk.to(verb), words.to_owned()));
    let section = |part: Part| {
        let href = desk.to(&format!("sections/{}", part.name()));
        desk.writes(part, None).then(|| (href, "去填写".to_owned()))
    };
    match rule {
        "R4b" | "R5.1a" | "R5.1b" => act("invite", "邀请成员"),
        "R6.1b" => act("rename", "更名"),
        "R6.2b" => act("write_agreement", "去填写"),
        "R6.2e" => act("start_signing", "发起签署"),
        "R5.1c" => section(Part::Platforms),
        "R3c" => section(Part::Work),
        "R7.1" => section(Part::Basics),
        "R5.2c" | "R5.2d" | "R5.2e" => section(Part::Lead),
        "R5.3b" | "R5.3c" | "R5.3d" | "R5.3e" => {
            Some((format!("{}#parties", desk.href()), "看成员单位".to_owned()))
        }
        _ => None,
    }
}
