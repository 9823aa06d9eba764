//! 单位人员 — who acts for the unit, who is asked to, and what waits to be confirmed.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use consortium::actor::Capacity;
use consortium::ids::Personal;
use consortium::unit::invitation::{Invitation, Invited, Outcome, standing};
use consortium::unit::people::{CAPACITIES, Evidence, Link, LinkStanding, PERSON_MAX, manages};
use consortium::unit::{Command, Unit};
use jiff::civil::Date;

use super::acts::{ask, ask_with, error_of};
use super::opened;
use crate::http::{Answer, Fault, Form, SignedIn, Upload, prove, random, see_other_with, session};
use crate::office::Enclosure;
use crate::pages::dossier::posted;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{self, FieldError, FieldSpec, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::parse::parse;
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

/// What shows an office: scans.
pub(super) const PAPERS: &str = ".pdf,.ofd,.jpg,.jpeg,.png";

#[derive(Template)]
#[template(path = "units/people.html")]
struct PeoplePage {
    shell: Shell,
    unit: String,
    name: String,
    links: Vec<LinkRow>,
    waiting: Vec<InvitationRow>,
    /// Whether the reader gives and ends links.
    manages: bool,
    disputed: bool,
    may_propose: bool,
    form: form::Form,
    /// The link just made, and for whom: shown this once.
    made: Option<(String, String)>,
}

/// A link of the unit, as it is shown.
pub(super) struct LinkRow {
    pub(super) link: String,
    pub(super) name: String,
    pub(super) capacity: &'static str,
    pub(super) term: String,
    pub(super) evidence: String,
    /// The file that shows it, for those who may open it.
    pub(super) file: Option<String>,
    pub(super) confirmed: String,
    pub(super) chip: Html,
    /// Whether it can be ended.
    pub(super) stands: bool,
    /// Whether it waits to be confirmed.
    pub(super) proposed: bool,
    pub(super) why: String,
    /// Whether it is the reader's.
    pub(super) own: bool,
}

/// An invitation that can still be accepted, or could until a few days ago.
struct InvitationRow {
    no: u32,
    name: String,
    address: String,
    capacity: &'static str,
    by: String,
    until: String,
    chip: Html,
}

impl LinkRow {
    pub(super) fn of(unit: &Unit, link: &Link, today: Date) -> Self {
        let made = &link.made;
        let term = match made.to {
            Some(to) => format!("{} 至 {to}", made.from),
            None => format!("{} 起", made.from),
        };
        // Whoever registered the unit was nobody's yet; the activation stands for it.
        let by = made
            .confirmed
            .as_ref()
            .filter(|by| by.capacity != Capacity::Public)
            .map(|by| format!("{}（{}）{} 确认", by.name.value, by.capacity.term(), by.on));
        let why = match (&link.standing, &link.ended) {
            (LinkStanding::NotConfirmed(reason), _) => reason.clone(),
            (_, Some((reason, successor))) => {
                let name = successor.as_ref().and_then(|person| {
                    let of = |other: &&Link| other.made.person == *person;
                    unit.people.links.iter().find(of).map(|other| other.made.name.value.clone())
                });
                let handed = name.map(|name| format!("交给{name}")).unwrap_or_default();
                [reason.clone(), handed]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join("，")
            }
            _ => String::new(),
        };
        Self {
            link: made.link.clone(),
            name: made.name.value.clone(),
            capacity: made.capacity.term(),
            term,
            evidence: made.evidence.words.clone(),
            file: made
                .evidence
                .file
                .as_ref()
                .map(|file| format!("/units/{}/files/{}", unit.id, file.0)),
            confirmed: by.unwrap_or_else(|| match link.standing {
                LinkStanding::Held if made.confirmed.is_none() => "此前建立，没有记依据".to_owned(),
                LinkStanding::Held | LinkStanding::Proposed | LinkStanding::NotConfirmed(_) => {
                    String::new()
                }
            }),
            chip: chip(link, today),
            stands: link.stands_on(today),
            proposed: link.standing == LinkStanding::Proposed,
            why,
            own: false,
        }
    }
}

fn chip(link: &Link, today: Date) -> Html {
    match link.standing {
        LinkStanding::Proposed => ui::status(Tone::Todo, "待确认"),
        LinkStanding::NotConfirmed(_) => ui::status(Tone::Bad, "未予确认"),
        LinkStanding::Held if link.held_on(today) => match link.made.to {
            Some(to) => ui::status(Tone::Warn, &format!("到 {to} 止")),
            None => ui::status(Tone::Ok, "在用"),
        },
        LinkStanding::Held if link.stands_on(today) => ui::status(Tone::Todo, "未到起始日"),
        LinkStanding::Held => ui::status(Tone::Idle, "已结束"),
    }
}

fn invitation_row(no: u32, kept: &Invitation, today: Date) -> Option<InvitationRow> {
    if kept.outcome != Outcome::Waiting {
        return None;
    }
    Some(InvitationRow {
        no,
        name: kept.asked.name.value.clone(),
        address: kept.asked.address.value.clone(),
        capacity: kept.asked.capacity.term(),
        by: kept.by.name.value.clone(),
        until: kept.until.to_string(),
        chip: if kept.waits_on(today) {
            ui::status(Tone::Todo, "等对方接受")
        } else {
            ui::status(Tone::Warn, "已过期")
        },
    })
}

fn fields() -> Vec<FieldSpec> {
    let capacities = CAPACITIES.map(|capacity| (session::capacity_text(capacity), capacity.term()));
    vec![
        FieldSpec::text("who", "姓名", PERSON_MAX).required().hint("与对方账号上的姓名一致"),
        FieldSpec::text("address", "邮箱、手机号或账号", 80)
            .required()
            .hint("已有本平台账号的填账号；大小写和空格不影响"),
        FieldSpec::radio("capacity", "身份", capacities)
            .required()
            .hint("经办人填报办理；法定代表人（负责人）签署协议；印章保管人只盖章；联系人只查看、收消息；单位管理员管理人员")
            .clause("6.2"),
        FieldSpec::file("paper", "任职证明", PAPERS)
            .hint("法定代表人（负责人）必须有：任命文件，或载明姓名的营业执照、法人证书页"),
        FieldSpec::text("words", "依据", 120).hint("例如文号；没有的不填"),
        FieldSpec::date("from", "何日起").hint("不填即接受之日"),
        FieldSpec::date("to", "何日止").hint("没有约定任期的，不填"),
    ]
}

/// The unit with everybody on it, for its own people.
async fn own(state: &AppState, signed: &SignedIn, id: &str) -> Result<Arc<Unit>, Fault> {
    opened(state, &signed.actor, id).await?;
    if signed.actor.unit().map(consortium::ids::UnitId::as_str) != Some(id) {
        return Err(Fault::Forbidden("单位人员由本单位管理。".to_owned()));
    }
    let unit = state.office.unit_with_people(&id.into()).await?;
    Ok(Arc::new(unit.ok_or(Fault::NotFound)?))
}

async fn shown(
    state: &AppState,
    signed: &SignedIn,
    id: &str,
    values: Values,
    errors: Vec<FieldError>,
) -> Result<PeoplePage, Fault> {
    let unit = own(state, signed, id).await?;
    let (today, name) = (state.clock.today(), unit.profile.name.clone());
    let mut shell = Shell::new(&signed.visitor, "单位人员").crumb(format!("/units/{id}"), &name);
    shell.has_errors = !errors.is_empty();
    let form = form::Form::new(&shell.csrf, format!("/units/{id}/people"), "邀请同事", fields())
        .values(values)
        .errors(errors);
    let mine = |link: &&Link| {
        link.made.person == signed.actor.person
            && link.made.capacity == Capacity::LegalRepresentative
            && (link.stands_on(today) || link.standing == LinkStanding::Proposed)
    };
    let manages = manages(&unit, &signed.actor, today).is_ok();
    let row = |link: &Link| LinkRow {
        own: link.made.person == signed.actor.person,
        ..LinkRow::of(&unit, link, today)
    };
    let mut links: Vec<LinkRow> = unit.people.links.iter().map(row).collect();
    links.sort_by_key(|row| !(row.stands || row.proposed));
    let waiting = (1..).zip(&unit.people.invitations);
    Ok(PeoplePage {
        manages,
        disputed: unit.people.disputes.iter().any(|dispute| dispute.decided.is_none()),
        may_propose: !unit.people.links.iter().any(|link| mine(&link)),
        links,
        waiting: waiting.filter_map(|(no, kept)| invitation_row(no, kept, today)).collect(),
        unit: id.to_owned(),
        name,
        form,
        made: None,
        shell,
    })
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    page(&shown(&state, &signed, &id, Values::default(), Vec::new()).await?)
}

/// Whoever does not run the accounts is told so before anything else.
async fn runs(state: &AppState, signed: &SignedIn, id: &str) -> Result<Arc<Unit>, Fault> {
    let unit = own(state, signed, id).await?;
    manages(&unit, &signed.actor, state.clock.today())
        .map_err(|refusal| Fault::Forbidden(refusal.to_string()))?;
    Ok(unit)
}

/// 邀请.
pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    Path(id): Path<String>,
    mut upload: Upload,
) -> Answer {
    let unit = runs(&state, &signed, &id).await?;
    let (mut errors, _) = posted::files(&state, &signed, &fields(), &mut upload).await?;
    if errors.is_empty()
        && let Some(page) = prove::ask(&state, &signed, "邀请同事", &upload.pairs).await?
    {
        return Ok(page);
    }
    let again = Values::typed(&upload.pairs);
    let posted = upload.form();
    let asked = match parse(&fields(), &posted.0) {
        Ok(_) => invited(&posted),
        Err(more) => {
            errors.extend(more);
            None
        }
    };
    let (Some(asked), true) = (asked, errors.is_empty()) else {
        return unprocessable(&shown(&state, &signed, &id, again, errors).await?);
    };
    if standing(&unit, &asked, state.clock.today()).is_some() {
        let words = format!(
            "{}的这份邀请已经在，没有再发。链接在发出时显示过；找不到的，在下面换一个",
            asked.name.value
        );
        let flash = Flash { tone: Tone::Warn, text: words };
        return Ok(see_other_with(&state, &format!("/units/{id}/people"), &flash));
    }
    let (secret, name) = (random::secret_hex(), asked.name.value.clone());
    let enclosure = Enclosure { link: Some(session::digest(&secret)), ..Enclosure::default() };
    let command = Command::Invite(asked);
    if let Err(refusal) = ask_with(&state, &signed, &id, &command, (&posted, enclosure)).await? {
        let mut error = error_of(&refusal);
        error.field = page_field(&error.field).to_owned();
        return unprocessable(&shown(&state, &signed, &id, again, vec![error]).await?);
    }
    let mut page_ = shown(&state, &signed, &id, Values::default(), Vec::new()).await?;
    page_.made = Some((address(&state, &headers, &secret), name));
    page_with(StatusCode::CREATED, &page_)
}

/// The field of the page that a field of the command came from.
fn page_field(field: &str) -> &str {
    match field {
        "name" => "who",
        "file" => "paper",
        other => other,
    }
}

fn invited(posted: &Form) -> Option<Invited> {
    let day = |name: &str| posted.get(name).parse::<Date>().ok();
    let file = Some(posted.get("paper.kept")).filter(|file| !file.is_empty());
    Some(Invited {
        name: Personal::new(posted.get("who")),
        address: Personal::new(posted.get("address")),
        capacity: session::capacity(posted.get("capacity"))?,
        evidence: Evidence {
            words: posted.get("words").to_owned(),
            file: file.map(|file| consortium::ids::Digest(file.to_owned())),
        },
        from: day("from"),
        to: day("to"),
    })
}

/// Where a link of this secret leads, with the address the browser asked.
pub(super) fn address(state: &AppState, headers: &HeaderMap, secret: &str) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if state.config.secure { "https" } else { "http" };
    format!("{scheme}://{host}/invitations/{secret}")
}

fn number(posted: &Form) -> Result<u32, Fault> {
    posted.get("no").parse().map_err(|_| Fault::Stale)
}

/// Makes the link of an invitation anew; the old one opens nothing any longer.
pub(super) async fn link(
    State(state): State<AppState>,
    signed: SignedIn,
    headers: HeaderMap,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    let unit = runs(&state, &signed, &id).await?;
    if let Some(page) = prove::ask(&state, &signed, "换一个邀请链接", &posted.0).await? {
        return Ok(page);
    }
    let no = number(&posted)?;
    let name = unit.invitation(no).ok_or(Fault::NotFound)?.asked.name.value.clone();
    let secret = random::secret_hex();
    let enclosure = Enclosure { link: Some(session::digest(&secret)), ..Enclosure::default() };
    let command = Command::RenewInvitation { no };
    ask_with(&state, &signed, &id, &command, (&posted, enclosure)).await??;
    let mut page_ = shown(&state, &signed, &id, Values::default(), Vec::new()).await?;
    page_.made = Some((address(&state, &headers, &secret), name));
    page_with(StatusCode::CREATED, &page_)
}

/// 撤销邀请.
pub(super) async fn revoke(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
    posted: Form,
) -> Answer {
    runs(&state, &signed, &id).await?;
    if let Some(page) = prove::ask(&state, &signed, "撤销邀请", &posted.0).await? {
        return Ok(page);
    }
    let no = number(&posted)?;
    ask(&state, &signed, &id, &Command::RevokeInvitation { no }, &posted).await??;
    let flash = Flash { tone: Tone::Ok, text: "邀请已撤销，链接不能再用".to_owned() };
    Ok(see_other_with(&state, &format!("/units/{id}/people"), &flash))
}
