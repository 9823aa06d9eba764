//! 登录强度 — the operator asks more of a group than the table does, on a word of basis; never less.

use askama::Template;
use axum::extract::State;

use crate::clock;
use crate::http::strength::{self, GROUPS, Group, Rule, Strength};
use crate::http::{Answer, Fault, Form, SignedIn, prove, see_other_with};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

/// Characters of a basis.
const BASIS_MAX: usize = 200;

#[derive(Template)]
#[template(path = "ops/strength.html")]
struct StrengthPage {
    shell: Shell,
    form: form::Form,
    rows: Vec<Row>,
}

/// A group, and what is asked of it.
struct Row {
    term: &'static str,
    asked: &'static str,
    basis: String,
    since: String,
}

fn fields() -> Vec<FieldSpec> {
    let groups = GROUPS.map(|group| (group.name, group.term));
    let strengths = [Strength::TwoFactor, Strength::Passkey].map(|one| (one.name(), one.term()));
    vec![
        FieldSpec::select("group", "对谁", groups).required(),
        FieldSpec::radio("strength", "要求", strengths)
            .required()
            .hint("要求通行密钥之前，先让他们都绑定；没有绑定的登录后只能绑定"),
        FieldSpec::text("basis", "依据", BASIS_MAX)
            .required()
            .hint("例如：网络安全等级保护三级测评要求，2026年第2次安全例会"),
    ]
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    values: Values,
    errors: Vec<FieldError>,
) -> Result<StrengthPage, Fault> {
    let read = state.store.read(|tx| {
        GROUPS.iter().map(|group| strength::rule(tx, group)).collect::<Result<Vec<_>, _>>()
    });
    let row = |(group, rule): (&Group, Option<Rule>)| Row {
        term: group.term,
        asked: rule.as_ref().map_or(group.least, |rule| rule.strength.max(group.least)).term(),
        basis: rule.as_ref().map_or("平台的最低要求".to_owned(), |rule| rule.basis.clone()),
        since: rule.map_or(String::new(), |rule| clock::written(rule.at_ms)),
    };
    let rows = GROUPS.iter().zip(read.await?).map(row).collect();
    let mut shell = Shell::new(&signed.visitor, "登录强度").crumb("/ops", "运行状况");
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, "/ops/strength", "保存要求", fields())
        .intro("马上生效：达不到的，下一次打开页面时先去绑定。")
        .values(values)
        .errors(errors);
    Ok(StrengthPage { shell, form, rows })
}

pub(super) async fn get(State(state): State<AppState>, signed: SignedIn) -> Answer {
    page(&shown(&state, &signed, Values::default(), Vec::new()).await?)
}

pub(super) async fn post(State(state): State<AppState>, signed: SignedIn, posted: Form) -> Answer {
    if let Some(page) = prove::ask(&state, &signed, "改登录强度", &posted.0).await? {
        return Ok(page);
    }
    if let Err(errors) = parse(&fields(), &posted.0) {
        let again = Values::typed(&posted.0);
        return unprocessable(&shown(&state, &signed, again, errors).await?);
    }
    let known = GROUPS.iter().find(|group| group.name == posted.get("group"));
    let group = known.ok_or(Fault::Stale)?;
    let rule = Rule {
        strength: Strength::named(posted.get("strength")),
        basis: posted.get("basis").to_owned(),
        by: signed.actor.person.to_string(),
        at_ms: state.clock.wall_ms(),
    };
    let text = serde_json::to_string(&rule).map_err(Fault::internal)?;
    state.store.set_setting(&strength::key(group), &text).await?;
    let text = format!("{}登录要求{}", group.term, rule.strength.term());
    Ok(see_other_with(&state, "/ops/strength", &Flash { tone: Tone::Ok, text }))
}
