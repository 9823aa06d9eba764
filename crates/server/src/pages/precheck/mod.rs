//! 申请前自查 — a questionnaire for anybody; the address of the answer can be kept and shared.

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::routing::get;
use consortium::{Finding, measures::Verdict};

use crate::api::table::Object as O;
use crate::http::{Answer, Fault, Visitor};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldError, FieldView, Form, Values};
use crate::pages::shell::parse::{DROP, MORE, asks_for_more, parse};
use crate::pages::shell::ui::{self, Check, Checks, Mark};
use crate::pages::table::{By, Route, shows};
use crate::precheck::{self, Answers, Outcome};
use crate::state::AppState;

/// Answers in an address; more are none of ours.
const PAIRS_MAX: usize = 400;

/// The page.
pub(crate) const ROUTES: &[Route] =
    &[shows("/precheck", By::Public, O::Reference, || get(questions))];

#[derive(Template)]
#[template(path = "precheck/precheck.html")]
struct PrecheckPage {
    shell: Shell,
    questions: Vec<FieldView>,
    summary: ui::ErrorSummary,
    outcome: Option<Shown>,
}

/// The answer.
struct Shown {
    verdict: &'static str,
    class: &'static str,
    counts: String,
    front: Vec<Check>,
    met: Vec<Check>,
    prepared: Vec<(String, String)>,
}

async fn questions(
    State(state): State<AppState>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Answer {
    let query = query.unwrap_or_default();
    let pairs: Vec<(String, String)> = serde_urlencoded::from_str(&query)
        .map_err(|_| Fault::Malformed("链接里的答案读不懂，重新填一次。".to_owned()))?;
    if pairs.len() > PAIRS_MAX {
        return Err(Fault::TooLarge("答案太多，成员单位少填几家。".to_owned()));
    }
    let fields = precheck::fields();
    let asked = pairs.iter().any(|(name, _)| name == "lead_kind");
    let mut errors: Vec<FieldError> = Vec::new();
    let mut outcome = None;
    if asked && !asks_for_more(&pairs) {
        match parse(&fields, &pairs) {
            Ok(value) => {
                let answers: Answers = serde_json::from_value(value).map_err(Fault::internal)?;
                outcome = Some(shown(&precheck::answer(&state.office, &answers).await?));
            }
            Err(found) => errors = found,
        }
    }
    let mut shell = Shell::new(&visitor, "申请前自查").crumb("/guide", "办事指南");
    shell.has_errors = !errors.is_empty();
    let pairs: Vec<_> = pairs
        .into_iter()
        .filter(|(name, _)| {
            name == MORE
                || name == DROP
                || fields.iter().any(|f| name.split('.').next() == Some(&f.name))
        })
        .collect();
    let form = Form::new("", "/precheck", "看结果", fields).values(Values(pairs)).errors(errors);
    page(&PrecheckPage { questions: form.views(), summary: form.summary(), outcome, shell })
}

fn shown(outcome: &Outcome) -> Shown {
    let checks = Checks { checks: outcome.conditions.iter().map(check).collect() };
    let counts: Vec<String> = checks
        .counts()
        .into_iter()
        .map(|(mark, count)| format!("{count} 项{}", mark.words()))
        .collect();
    let person = outcome.conditions.iter().any(|f| f.verdict == Verdict::AtDiscretion);
    let (class, verdict) = match (outcome.stands_in_the_way, person) {
        (true, _) => ("note warn", "按所填情况，有条件还不符合；下面逐项写明怎么办"),
        (false, true) => ("note", "没有不符合的条件；有的要由审查人员认定"),
        (false, false) => ("note", "按所填情况，平台能核对的条件都符合"),
    };
    let (met, front) = checks.checks.into_iter().partition(|check| check.mark == Mark::Met);
    let line = |finding: &Finding| {
        let asked = consortium::measures::requirements::requirement(&finding.rule);
        (asked.map_or(finding.facts.as_str(), |asked| asked.zh).to_owned(), finding.clause.clone())
    };
    let mut prepared: Vec<(String, String)> = outcome.prepared.iter().map(line).collect();
    prepared.sort_by(|one, other| one.1.cmp(&other.1));
    prepared.dedup();
    Shown { verdict, class, counts: counts.join("，"), front, met, prepared }
}

fn check(finding: &Finding) -> Check {
    Check {
        mark: match finding.verdict {
            Verdict::Met => Mark::Met,
            Verdict::Unmet => Mark::Unmet,
            Verdict::AtDiscretion => Mark::Person,
        },
        title: finding.facts.clone(),
        text: finding.sentence.clone(),
        clause: finding.clause.clone(),
        soft: finding.rule == "R5.1b",
        link: None,
    }
}
