//! 归属争议 — what both sides say of whose a unit is, and what the authority decides.

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::{Actor, Side};
use consortium::ids::Digest;
use consortium::unit::dispute::{Dispute, reads};
use consortium::unit::people::PERSON_MAX;
use consortium::unit::{Command, Unit, decides};

use super::acts::{ask, error_of};
use super::people::PAPERS;
use crate::http::{Answer, Fault, Form, SignedIn, Upload, prove, see_other_with};
use crate::pages::dossier::posted;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "units/disputes.html")]
struct DisputesPage {
    shell: Shell,
    name: String,
    disputes: Vec<DisputeView>,
}

struct DisputeView {
    no: u32,
    claimant: String,
    on: String,
    chip: Html,
    statements: Vec<StatementView>,
    /// The decision and its reason.
    decided: Option<(String, String)>,
    /// To speak, for both sides.
    speak: Option<form::Form>,
    /// To decide, for the authority.
    decide: Option<form::Form>,
}

struct StatementView {
    who: &'static str,
    on: String,
    text: String,
    /// Where the file is, for those who may open it.
    file: Option<String>,
    /// Whether there is a file that the reader may not open.
    closed: bool,
}

fn spoken() -> Vec<FieldSpec> {
    vec![
        FieldSpec::hidden("no"),
        FieldSpec::long("text", "情况说明", 2_000).required(),
        FieldSpec::file("paper", "证明材料", PAPERS)
            .hint("营业执照或法人证书、授权书等；对方看得到说明，看不到文件"),
    ]
}

fn decision() -> Vec<FieldSpec> {
    vec![
        FieldSpec::hidden("no"),
        FieldSpec::radio(
            "upheld",
            "决定",
            [("false", "不成立，账号不变"), ("true", "成立，账号移交提出人")],
        )
        .required()
        .hint("成立的，原有人员的身份自今天起停止，提出人成为单位管理员和经办人")
        .clause("6.4"),
        FieldSpec::long("reason", "理由", 2_000).required().hint("告知双方"),
    ]
}

/// What was typed into which form of which dispute, with what is to be mended.
type Mended<'a> = (&'a str, u32, Values, Vec<FieldError>);

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    mended: Option<Mended<'_>>,
) -> Result<DisputesPage, Fault> {
    let unit = state.office.unit_with_people(&id.into()).await?.ok_or(Fault::NotFound)?;
    let actor = &signed.actor;
    let seen: Vec<u32> = (1..)
        .zip(&unit.people.disputes)
        .map(|(no, _)| no)
        .filter(|no| reads(&unit, actor, *no))
        .collect();
    let inside = actor.unit() == Some(&unit.id) || decides(&unit, actor).is_ok();
    if seen.is_empty() && !inside {
        return Err(Fault::NotFound);
    }
    let mut shell = Shell::new(&signed.visitor, "归属争议");
    shell.has_errors = mended.is_some();
    let mut disputes = Vec::new();
    for no in seen.into_iter().rev() {
        if let Some(dispute) = unit.dispute(no) {
            disputes.push(view(&shell.csrf, (&unit, actor), (no, dispute), mended.as_ref()));
        }
    }
    Ok(DisputesPage { name: unit.profile.name, disputes, shell })
}

fn view(
    csrf: &str,
    (unit, actor): (&Unit, &Actor),
    (no, dispute): (u32, &Dispute),
    mended: Option<&Mended<'_>>,
) -> DisputeView {
    let open = dispute.decided.is_none();
    let claimant = dispute.claimant == actor.person;
    let manager = consortium::unit::people::manages(unit, actor, dispute.on).is_ok();
    let form = |which: &str, label: &str, fields: Vec<FieldSpec>| {
        let action = match which {
            "decide" => format!("/units/{}/disputes/decide", unit.id),
            _ => format!("/units/{}/disputes", unit.id),
        };
        let form = form::Form::new(csrf, action, label, fields).prefix(format!("{which}{no}"));
        match mended {
            Some((known, of, values, errors)) if *known == which && *of == no => {
                form.values(values.clone()).errors(errors.clone())
            }
            _ => form.values(Values::default().with("no", no.to_string())),
        }
    };
    let statements = dispute.statements.iter().map(|said| {
        let name = said.file.as_ref().and_then(|file| unit.paper_for(actor, file));
        let file = said.file.as_ref().filter(|_| name.is_some());
        StatementView {
            who: if said.claimant { "提出人" } else { "已注册的单位" },
            on: said.on.to_string(),
            text: said.text.clone(),
            file: file.map(|file| format!("/units/{}/files/{}", unit.id, file.0)),
            closed: said.file.is_some() && name.is_none(),
        }
    });
    DisputeView {
        no,
        claimant: named(actor, unit, dispute),
        on: dispute.on.to_string(),
        chip: match &dispute.decided {
            None => ui::status(Tone::Todo, "待归口管理部门决定"),
            Some(decided) if decided.upheld => ui::status(Tone::Done, "成立，账号已移交"),
            Some(_) => ui::status(Tone::Done, "不成立，账号不变"),
        },
        statements: statements.collect(),
        decided: dispute.decided.as_ref().map(|decided| {
            let by = &decided.by;
            (format!("{} {} {}", by.on, by.capacity.term(), by.name.value), decided.reason.clone())
        }),
        speak: (open && (claimant || manager)).then(|| form("speak", "提交说明", spoken())),
        decide: (open && decides(unit, actor).is_ok())
            .then(|| form("decide", "作出决定", decision()).danger()),
    }
}

/// Who claims: the whole name for whoever decides and for the claimant, masked for the other side.
fn named(actor: &Actor, unit: &Unit, dispute: &Dispute) -> String {
    let name: String = dispute.name.value.chars().take(PERSON_MAX).collect();
    let other = matches!(&actor.side, Side::Unit(own) if *own == unit.id)
        && dispute.claimant != actor.person;
    if other { consortium::unit::invitation::masked(&name) } else { name }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    page(&shown(&state, &signed, &id, None).await?)
}

fn number(posted: &Form) -> Result<u32, Fault> {
    posted.get("no").parse().map_err(|_| Fault::NotFound)
}

/// Either side speaks.
pub(super) async fn state(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    mut upload: Upload,
) -> Answer {
    shown(&state, &signed, &id, None).await?;
    let (mut errors, _) = posted::files(&state, &signed, &spoken(), &mut upload).await?;
    let (again, posted) = (Values::typed(&upload.pairs), upload.form());
    let no = number(&posted)?;
    errors.extend(parse(&spoken(), &posted.0).err().unwrap_or_default());
    let mut done = errors.is_empty();
    if done {
        let file = Some(posted.get("paper.kept")).filter(|file| !file.is_empty());
        let command = Command::StateInDispute {
            no,
            text: posted.get("text").to_owned(),
            file: file.map(|file| Digest(file.to_owned())),
        };
        if let Err(refusal) = ask(&state, &signed, &id, &command, &posted).await? {
            let mut error = error_of(&refusal);
            if error.field == "file" {
                "paper".clone_into(&mut error.field);
            }
            errors.push(error);
            done = false;
        }
    }
    if !done {
        let mended = Some(("speak", no, again, errors));
        return unprocessable(&shown(&state, &signed, &id, mended).await?);
    }
    let flash = Flash { tone: Tone::Ok, text: "说明已提交".to_owned() };
    Ok(see_other_with(&state, &format!("/units/{id}/disputes"), &flash))
}

/// The authority decides.
pub(super) async fn decide(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    super::opened(&state, &signed.actor, &id).await?;
    let unit = state.office.unit_with_people(&id.as_str().into()).await?.ok_or(Fault::NotFound)?;
    decides(&unit, &signed.actor).map_err(|refusal| Fault::Forbidden(refusal.to_string()))?;
    if let Some(page) = prove::ask(&state, &signed, "对归属争议作出决定", &posted.0).await?
    {
        return Ok(page);
    }
    let again = Values::typed(&posted.0);
    let no = number(&posted)?;
    let mut errors = parse(&decision(), &posted.0).err().unwrap_or_default();
    if errors.is_empty() {
        let command = Command::DecideDispute {
            no,
            upheld: posted.get("upheld") == "true",
            reason: posted.get("reason").to_owned(),
        };
        errors.extend(
            ask(&state, &signed, &id, &command, &posted)
                .await?
                .err()
                .map(|refusal| error_of(&refusal)),
        );
    }
    if !errors.is_empty() {
        let mended = Some(("decide", no, again, errors));
        return unprocessable(&shown(&state, &signed, &id, mended).await?);
    }
    let flash = Flash { tone: Tone::Ok, text: "已作出决定，双方已告知".to_owned() };
    Ok(see_other_with(&state, &format!("/units/{id}/disputes"), &flash))
}
