//! 科技创新平台登记 — entered and corrected by the unit that built it, looked at by the Department.

use askama::Template;
use axum::extract::{Path, State};
use consortium::actor::{Actor, Capacity, Side};
use consortium::text::PARAGRAPH_MAX;
use consortium::unit::{Checked, Command, KeptPlatform, Unit};
use jiff::civil::Date;

use super::acts::{ask, error_of};
use super::{back, opened};
use crate::forms::unit::{platform_fields, platform_lines, platform_of, platform_stored};
use crate::http::prove;
use crate::http::{Answer, Fault, Form as Posted, SignedIn, Upload};
use crate::pages::dossier::posted;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldError, FieldSpec, Form, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Empty, KeyValues, Table, Tone};
use crate::pages::{page, unprocessable};
use crate::state::AppState;

/// Platforms of the list of the Department.
const LINES: usize = 400;

#[derive(Template)]
#[template(path = "units/platform.html")]
struct PlatformPage {
    shell: Shell,
    unit: std::sync::Arc<Unit>,
    title: String,
    chip: Option<Html>,
    facts: KeyValues,
    /// Whether it counts towards Art. 5(1) today, and why.
    counts: Option<(Html, String)>,
    returned: Option<String>,
    proof: Option<String>,
    form: Form,
    refuse: Form,
    confirms: bool,
    action: String,
    key: String,
}

/// A platform as rows of lists show it.
pub(super) struct PlatformRow {
    pub(super) name: Html,
    pub(super) kind: String,
    pub(super) approval: String,
    pub(super) counts: Html,
    pub(super) chip: Html,
}

/// Who writes entries of a unit: its own people, and the desk of the Department that looks at them.
fn writes(actor: &Actor, unit: &Unit) -> bool {
    actor.unit() == Some(&unit.id) || reviews(actor)
}

pub(super) fn reviews(actor: &Actor) -> bool {
    actor.side == Side::Department && actor.capacity == Capacity::Reviewer
}

fn chip(checked: &Checked) -> Html {
    match checked {
        Checked::Waiting => ui::status(Tone::Todo, "待核对"),
        Checked::Confirmed => ui::status(Tone::Ok, "已核对"),
        Checked::Returned(_) => ui::status(Tone::Bad, "已退回"),
    }
}

fn counted(kept: &KeptPlatform, today: Date) -> (Html, String) {
    use consortium::reference::Counts;
    let (counts, why) = kept.entry.counts(today);
    let tone = match counts {
        Counts::Yes => Tone::Ok,
        Counts::Ask => Tone::Todo,
        Counts::No => Tone::Idle,
    };
    (ui::status(tone, counts.term()), why)
}

/// A platform of a unit, for lists.
pub(super) fn row(unit: &Unit, kept: &KeptPlatform, today: Date) -> PlatformRow {
    let href = format!("/units/{}/platforms/{}", unit.id, kept.no);
    let entry = &kept.entry;
    let under = format!("{} · {}", entry.level().zh(), entry.status.term());
    PlatformRow {
        name: Html::named(&href, &entry.name, &under),
        kind: entry.kind_term().to_owned(),
        approval: format!("{}，{}", entry.document_no, entry.approved_on),
        counts: counted(kept, today).0,
        chip: chip(&kept.checked),
    }
}

/// What is asked: the entry, and for a correction its reason.
fn fields(corrects: bool) -> Vec<FieldSpec> {
    let mut fields = platform_fields(true);
    if corrects {
        fields.push(
            FieldSpec::long("reason", "更正的理由", PARAGRAPH_MAX)
                .required()
                .hint("例如：评估结果更新、进入整改、撤销通知"),
        );
    }
    fields
}

fn shown(
    state: &AppState,
    signed: &SignedIn,
    unit: std::sync::Arc<Unit>,
    kept: Option<&KeptPlatform>,
    values: Values,
    errors: Vec<FieldError>,
) -> PlatformPage {
    let title = kept.map_or("登记科技创新平台", |kept| kept.entry.name.as_str()).to_owned();
    let mut shell = Shell::new(&signed.visitor, title.as_str())
        .crumb(format!("/units/{}", unit.id), unit.profile.name.as_str());
    shell.has_errors = !errors.is_empty();
    let (base, today) = (format!("/units/{}/platforms", unit.id), state.clock.today());
    let action = kept.map_or_else(|| base.clone(), |kept| format!("{base}/{}", kept.no));
    let words = if kept.is_some() { "更正登记" } else { "登记" };
    let writes = writes(&signed.actor, &unit);
    let mut form = Form::new(&shell.csrf, action.as_str(), words, fields(kept.is_some()))
        .intro(if reviews(&signed.actor) {
            "由自治区科技厅登记或更正的，不再另行核对。"
        } else {
            "登记后由自治区科技厅核对。申请时可以带入，状态变化的在这里更正，各联合体的条件随之重新核验。"
        })
        .values(values)
        .errors(errors)
        .leave(format!("/units/{}", unit.id), "返回单位信息");
    if !writes {
        form.fields.clear();
    }
    let refuse = Form::new(
        &shell.csrf,
        format!("{action}/return"),
        "退回更正",
        vec![
            FieldSpec::long("reason", "退回的理由", PARAGRAPH_MAX).required().hint("告知建设单位"),
        ],
    )
    .prefix("return")
    .danger();
    let lines = kept.map(|kept| platform_lines(&kept.entry)).unwrap_or_default();
    let proof = kept.and_then(|kept| kept.entry.proof.as_ref());
    PlatformPage {
        chip: kept.map(|kept| chip(&kept.checked)),
        facts: lines
            .into_iter()
            .fold(KeyValues::new(), |facts, (label, said)| facts.row(label, said)),
        counts: kept.map(|kept| counted(kept, today)),
        returned: kept.and_then(|kept| match &kept.checked {
            Checked::Returned(reason) => Some(reason.clone()),
            Checked::Waiting | Checked::Confirmed => None,
        }),
        proof: proof.map(|digest| format!("/units/{}/files/{}", unit.id, digest.0)),
        confirms: kept.is_some_and(|kept| kept.checked != Checked::Confirmed)
            && reviews(&signed.actor),
        refuse,
        key: crate::http::random::key(),
        action,
        title,
        form,
        shell,
        unit,
    }
}

fn wrong_desk() -> Fault {
    Fault::Forbidden("平台由建设单位登记，由自治区科技厅形式审查员核对。".to_owned())
}

fn found<'a>(unit: &'a Unit, no: &str) -> Result<&'a KeptPlatform, Fault> {
    no.parse().ok().and_then(|no| unit.platform(no)).ok_or(Fault::NotFound)
}

pub(super) async fn begin(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    if !writes(&signed.actor, &unit) {
        return Err(wrong_desk());
    }
    page(&shown(&state, &signed, unit, None, Values::default(), Vec::new()))
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, no)): Path<(String, String)>,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    let kept = found(&unit, &no)?.clone();
    let values = standing(&kept);
    page(&shown(&state, &signed, unit, Some(&kept), values, Vec::new()))
}

fn standing(kept: &KeptPlatform) -> Values {
    let mut stored = platform_stored(&kept.entry);
    if let (Some(object), Some(proof)) = (stored.as_object_mut(), &kept.entry.proof) {
        object.insert("proof".to_owned(), serde_json::json!(proof));
    }
    Values::stored(&fields(true), &stored)
}

pub(super) async fn enter(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    upload: Upload,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    if !writes(&signed.actor, &unit) {
        return Err(wrong_desk());
    }
    write(&state, &signed, unit, None, upload).await
}

pub(super) async fn correct(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, no)): Path<(String, String)>,
    upload: Upload,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    let kept = found(&unit, &no)?.clone();
    if !writes(&signed.actor, &unit) {
        return Err(wrong_desk());
    }
    write(&state, &signed, unit, Some(&kept), upload).await
}

async fn write(
    state: &AppState,
    signed: &SignedIn,
    unit: std::sync::Arc<Unit>,
    kept: Option<&KeptPlatform>,
    mut upload: Upload,
) -> Answer {
    let fields = fields(kept.is_some());
    // A page that was opened with a proof sends it back by its digest, whoever brought it.
    let earlier = upload.get("proof.kept").to_owned();
    // What a file brings along is not what the fields of the same names say.
    let own: Vec<_> = upload.pairs.clone();
    let (mut errors, _) = posted::files(state, signed, &fields, &mut upload).await?;
    let brought = upload.get("proof.kept").to_owned();
    let mut pairs = own;
    pairs.retain(|(name, _)| name != "proof" && name != "proof.kept");
    let proof = if brought.is_empty() { earlier } else { brought };
    pairs.push(("proof.kept".to_owned(), proof));
    if let Some(page) = prove::ask(state, signed, "登记科技创新平台", &pairs).await? {
        return Ok(page);
    }
    let typed = Values::typed(&pairs);
    let read = parse(&fields, &pairs);
    let value = match read {
        Ok(value) if errors.is_empty() => value,
        Ok(_) => {
            return unprocessable(&shown(state, signed, unit, kept, typed, errors));
        }
        Err(more) => {
            errors.extend(more);
            return unprocessable(&shown(state, signed, unit, kept, typed, errors));
        }
    };
    let entry = platform_of(&value).ok_or(Fault::Stale)?;
    let name = entry.name.clone();
    let command = match kept {
        None => Command::EnterPlatform(entry),
        Some(kept) => Command::CorrectPlatform {
            platform: kept.no,
            entry,
            reason: value["reason"].as_str().unwrap_or_default().to_owned(),
        },
    };
    let id = unit.id.to_string();
    match ask(state, signed, &id, &command, &upload.form()).await? {
        Ok(()) => Ok(back(state, &id, format!("“{name}”已登记"))),
        Err(refusal) => {
            let errors = vec![error_of(&refusal)];
            unprocessable(&shown(state, signed, unit, kept, typed, errors))
        }
    }
}

pub(super) async fn confirm(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, no)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    let kept = found(&unit, &no)?;
    if let Some(page) = prove::ask(&state, &signed, "核对平台登记", &posted.0).await? {
        return Ok(page);
    }
    let command = Command::ConfirmPlatform { platform: kept.no };
    ask(&state, &signed, &id, &command, &posted).await??;
    Ok(back(&state, &id, format!("“{}”已核对", kept.entry.name)))
}

pub(super) async fn send_back(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, no)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let unit = opened(&state, &signed.actor, &id).await?;
    let kept = found(&unit, &no)?.clone();
    if let Some(page) = prove::ask(&state, &signed, "退回平台登记", &posted.0).await? {
        return Ok(page);
    }
    let command =
        Command::ReturnPlatform { platform: kept.no, reason: posted.get("reason").to_owned() };
    match ask(&state, &signed, &id, &command, &posted).await? {
        Ok(()) => Ok(back(&state, &id, format!("“{}”已退回，已告知建设单位", kept.entry.name))),
        Err(refusal) => {
            let mut page_ = shown(&state, &signed, unit, Some(&kept), standing(&kept), Vec::new());
            page_.shell.has_errors = true;
            page_.refuse.values = Values::typed(&posted.0);
            page_.refuse.errors = vec![error_of(&refusal)];
            unprocessable(&page_)
        }
    }
}

#[derive(Template)]
#[template(path = "units/platforms.html")]
struct ListPage {
    shell: Shell,
    table: Table,
    shown: usize,
    all: usize,
    waiting: usize,
    imports: bool,
}

/// The register of platforms: for authorities those of their area, for the Department all, those
/// that wait first.
pub(super) async fn list(State(state): State<AppState>, signed: SignedIn) -> Answer {
    let own = match &signed.actor.side {
        Side::Authority(own) => Some(own.clone()),
        _ => None,
    };
    let today = state.clock.today();
    let units = state.office.every_unit().await?;
    let seen = units
        .iter()
        .filter(|unit| own.is_none() || unit.authority == own)
        .flat_map(|unit| unit.platforms.iter().map(move |kept| (unit, kept)));
    let mut rows: Vec<_> = seen.collect();
    rows.sort_by_key(|(unit, kept)| {
        (kept.checked == Checked::Confirmed, unit.profile.name.clone(), kept.no)
    });
    let mut table = Table::new(
        "科技创新平台",
        &["平台", "类型", "建设单位", "批准文号和日期", "第五条（一）", "核对"],
    );
    table.empty = Empty::because("还没有登记的平台");
    for (unit, kept) in rows.iter().take(LINES) {
        let PlatformRow { name, kind, approval, counts, chip } = row(unit, kept, today);
        let owner = Html::link(&format!("/units/{}", unit.id), &unit.profile.name);
        table.push(vec![name, kind.into(), owner, approval.into(), counts, chip]);
    }
    let waiting = rows.iter().filter(|(_, kept)| kept.checked == Checked::Waiting).count();
    page(&ListPage {
        shown: table.rows.len(),
        all: rows.len(),
        waiting,
        imports: reviews(&signed.actor),
        table,
        shell: Shell::new(&signed.visitor, "科技创新平台"),
    })
}
