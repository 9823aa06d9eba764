//! 办理 — the page of one act: what it asks, what follows, on which clause; and the act itself.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use consortium::{
    Command, Refusal, access, agreement,
    command::{self, Relation, Verb},
    materials::Part,
    measures,
    refusal::RefusalKind,
};
use jiff::civil::DateTime;
use serde::Deserialize;
use store::StoreError;

use super::checks::Rules;
use super::desk::Desk;
use super::document::Document;
use super::onward;
use super::outstanding::Outstanding;
use super::team::Team;
use super::{passkey, posted, procedure, tasks, units, ways};
use crate::forms::{self, CommandForm, FormContext};
use crate::http::prove;
use crate::http::{Answer, Fault, SignedIn, UNWRITABLE, Upload, see_other, see_other_with};
use crate::office::{Envelope, OfficeError};
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldError, FieldSpec, Form, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::parse::{asks_for_more, parse, take_pick};
use crate::pages::shell::ui::{self, Flash, Tone};
use crate::pages::{page, page_with, unprocessable};
use crate::state::AppState;

/// The hidden fields that say what the reader saw, and when.
const SEEN: &str = "_seen";
const AT: &str = "_at";

#[derive(Template)]
#[template(path = "dossier/act.html")]
struct ActPage {
    shell: Shell,
    title: String,
    name: String,
    form: Form,
    danger: bool,
    /// What follows from an act that is hard to take back.
    warning: String,
    clause: &'static str,
    clause_text: &'static str,
    /// Whether a unit acts, and not an office: the clause behind the slip is folded then.
    of_unit: bool,
    /// What the act is about, from the dossier.
    brief: Html,
    /// The materials, where they are judged.
    document: Option<Document>,
    /// The rules, where they decide.
    checks: Option<Rules>,
    /// Where something was typed and not saved: it is not part of what is signed or handed in.
    drafted: Vec<(String, String)>,
    /// What stands before the lock: words, what to do, where, and the clause.
    before: Vec<(String, String, &'static str)>,
    /// What the members have still to do, before the lock.
    outstanding: Option<Outstanding>,
    /// Where the text is read that is locked here.
    text: Option<String>,
    /// What comes next, for an act that is done several times over.
    onward: Option<(String, String)>,
    /// What changed since the page was opened.
    moved: Option<Vec<String>>,
    back: String,
    /// Where the same is done by passkey.
    passkey: Option<String>,
}

/// One act on one dossier by one person.
struct Act {
    desk: Desk,
    verb: &'static Verb,
    context: FormContext,
    form: CommandForm,
    title: String,
    action: String,
    drafted: Vec<(String, String)>,
    onward: Option<(String, String)>,
}

/// What a link fills in beforehand.
#[derive(Deserialize)]
pub(super) struct Prefilled {
    item: Option<String>,
    unit: Option<String>,
    paper: Option<String>,
}

impl Prefilled {
    fn fill(self, values: Values) -> Values {
        let pairs = [("item", self.item), ("unit", self.unit), ("paper", self.paper)];
        pairs.into_iter().fold(values, |values, (name, value)| match value {
            Some(value) => values.with(name, value),
            None => values,
        })
    }
}

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, verb)): Path<(String, String)>,
    Query(prefilled): Query<Prefilled>,
) -> Answer {
    let act = Act::begin(&state, &signed, &id, &verb).await?;
    // Conflict first, then content.
    if act.verb.name == "submit_sheet"
        && !act.desk.can("submit_sheet")
        && act.desk.can("declare_interest")
    {
        return Ok(see_other(&act.desk.to("declare_interest")));
    }
    // What is locked is not locked again: it is signed.
    if act.verb.name == "start_signing" && act.desk.dossier.materials.agreement.round.is_some() {
        return Ok(see_other(&act.desk.to("agreement")));
    }
    if !ways::has_form(&act.desk, act.verb.name) {
        return Ok(see_other(&ways::listed(&act.desk)));
    }
    let mut values = act.first(&state);
    if matches!(act.verb.name, "attach" | "attach_sealed") {
        values = prefilled.fill(values);
    }
    page(&act.page(&signed, values, vec![], vec![], None))
}

pub(super) async fn post(
    State(state): State<AppState>,
    signed: SignedIn,
    Path((id, verb)): Path<(String, String)>,
    upload: Upload,
) -> Answer {
    let act = Act::begin(&state, &signed, &id, &verb).await;
    Box::pin(perform(&state, &signed, act?, upload)).await
}

impl Act {
    async fn begin(
        state: &AppState,
        signed: &SignedIn,
        id: &str,
        verb: &str,
    ) -> Result<Self, Fault> {
        let verb = command::named(verb).ok_or(Fault::NotFound)?;
        // What is drafted has pages of its own.
        if matches!(verb.name, "write_application" | "write_agreement") {
            return Err(Fault::NotFound);
        }
        let desk = Desk::open(state, &signed.actor, id).await?;
        access::may(&signed.actor, verb, Some(&desk.dossier))?;
        let context = desk.context(state, verb.name).await?;
        let (title, action) = (verb.term.to_owned(), desk.to(verb.name));
        let form = forms::form(verb.name, &context).ok_or(Fault::NotFound)?;
        let drafted = if takes_materials(verb.name) {
            tasks::drafted(&desk, &Team::of(state, &desk).await?)
        } else {
            vec![]
        };
        let onward = match verb.name {
            "invite" if desk.dossier.materials.standing().count() > 1 => {
                let list = tasks::tasks(&desk, &Team::of(state, &desk).await?);
                let ways = list.map(|list| onward::onward(&desk, list, &action));
                let way = ways.and_then(|ways| ways.into_iter().next());
                way.map(|way| (way.href, way.words))
            }
            _ => None,
        };
        Ok(Self { desk, verb, context, form, title, action, drafted, onward })
    }

    /// The clause that the act carries out; a decision rests on that of its matter.
    fn clause(&self) -> &'static str {
        let matters = match self.verb.name {
            "draft_decision" => &self.context.decidable,
            "confirm_decision" | "return_draft" => &self.context.drafted,
            _ => return self.verb.clause,
        };
        match matters.as_slice() {
            [matter] => matter.clause(),
            _ => self.verb.clause,
        }
    }

    /// What stands in the fields at first.
    fn first(&self, state: &AppState) -> Values {
        let values = Values::stored(&self.form.fields, &self.form.stored);
        self.stamped(values, state)
    }

    /// Adds what the reader sees now, and when.
    fn stamped(&self, values: Values, state: &AppState) -> Values {
        let at = state.clock.zoned().datetime();
        values.with(SEEN, self.seen()).with(AT, at.to_string())
    }

    /// What the act rests on: what one person gives for oneself, and a paper that is sealed, rest on
    /// nothing that others do meanwhile; a decision rests on the whole.
    fn seen(&self) -> String {
        match self.verb.by {
            Relation::Seat
            | Relation::Party
            | Relation::Member
            | Relation::Office
            | Relation::Anybody => String::new(),
            _ => self.desk.view.sequence.to_string(),
        }
    }

    fn page(
        &self,
        signed: &SignedIn,
        values: Values,
        errors: Vec<FieldError>,
        refusals: Vec<(String, String)>,
        moved: Option<Vec<String>>,
    ) -> ActPage {
        let desk = &self.desk;
        let mut shell = Shell::new(&signed.visitor, self.title.as_str())
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short());
        shell.has_errors = !errors.is_empty() || !refusals.is_empty();
        let mut fields = self.form.fields.clone();
        fields.extend([FieldSpec::hidden(SEEN), FieldSpec::hidden(AT)]);
        let mut form =
            Form::new(&shell.csrf, self.action.as_str(), self.form.submit_label.as_str(), fields)
                .values(values)
                .errors(errors)
                .leave(desk.href(), "返回卷宗");
        form.refusals = refusals;
        form.danger = self.form.danger;
        if !self.form.danger {
            form.intro.clone_from(&self.form.intro);
        }
        let clause = self.clause();
        ActPage {
            danger: self.form.danger,
            warning: self.form.intro.clone(),
            clause,
            clause_text: measures::clause(clause).map_or("", |clause| clause.text),
            of_unit: desk.actor.unit().is_some(),
            brief: procedure::brief(desk, self.verb.name),
            document: shows_materials(self.verb.name).then(|| Document::of(desk)).flatten(),
            checks: match self.verb.name {
                "start_signing" => Rules::broken(desk, &shell.now),
                verb if decided_by_rules(verb) => Rules::of(desk, &shell.now),
                _ => None,
            },
            drafted: self.drafted.clone(),
            before: before(desk, self.verb.name),
            text: (self.verb.name == "start_signing").then(|| desk.to("agreement")),
            onward: self.onward.clone(),
            outstanding: Outstanding::of(desk, &shell.csrf)
                .filter(|_| takes_materials(self.verb.name)),
            moved,
            back: desk.href(),
            passkey: if self.verb.name == "sign" { passkey::offered(desk) } else { None },
            title: self.title.clone(),
            name: desk.view.name.clone(),
            form,
            shell,
        }
    }
}

/// What stands before the lock of the text, said before the button is pressed.
fn before(desk: &Desk, verb: &str) -> Vec<(String, String, &'static str)> {
    if verb != "start_signing" {
        return vec![];
    }
    let owed = agreement::before_lock(&desk.dossier.materials).into_iter();
    owed.map(|refusal| {
        let clause = refusal.clause.unwrap_or_default();
        let href = match clause {
            "6.2" => {
                let open = desk.dossier.materials.agreement.text.first_open();
                let field = open.map(|field| format!("#f-{field}")).unwrap_or_default();
                format!("{}{field}", desk.section(Part::Agreement, None))
            }
            "5.1" => desk.to("invite"),
            _ => format!("{}#parties", desk.href()),
        };
        (format!("{}：{}", refusal.reason, refusal.remedy), href, clause)
    })
    .collect()
}

/// Acts that judge the materials: they stand beside the form.
fn shows_materials(verb: &str) -> bool {
    matches!(
        verb,
        "check_materials"
            | "submit"
            | "submit_correction"
            | "recommend"
            | "pass_formal_review"
            | "request_correction"
            | "submit_sheet"
    )
}

/// Acts that take the materials as they are saved.
fn takes_materials(verb: &str) -> bool {
    matches!(verb, "start_signing" | "submit" | "submit_correction")
}

/// Acts that the rules may stand in the way of.
fn decided_by_rules(verb: &str) -> bool {
    matches!(verb, "submit" | "submit_correction" | "publish_notice" | "file")
}

async fn perform(state: &AppState, signed: &SignedIn, act: Act, mut upload: Upload) -> Answer {
    let key = upload.get("_key").to_owned();
    let seen = upload.get(SEEN).to_owned();
    let at = upload.get(AT).to_owned();
    let shown_again = |act: &Act, pairs: &[(String, String)]| {
        act.stamped(Values::typed(&public(act, pairs)), state)
    };
    take_pick(&mut upload.pairs);
    let errors = posted::take_files(state, signed, &act.form, &mut upload).await?;
    if asks_for_more(&upload.pairs) {
        let values = shown_again(&act, &upload.pairs);
        return page(&act.page(signed, values, vec![], vec![], None));
    }
    if act.verb.has_effect()
        && let Some(page) = prove::ask(state, signed, &act.title, &upload.pairs).await?
    {
        return Ok(page);
    }
    let typed = upload.pairs.clone();
    let answered = answer(state, signed, &act, &upload, errors).await?;
    let Ready { command } = match answered {
        Ok(ready) => ready,
        Err(errors) => {
            return unprocessable(&act.page(
                signed,
                shown_again(&act, &typed),
                errors,
                vec![],
                None,
            ));
        }
    };
    let expected = seen.parse().ok();
    let envelope = Envelope { key: Some(key).filter(|key| !key.is_empty()), expected };
    match state.office.perform(&signed.actor, &act.desk.id, &command, envelope).await {
        Ok(done) => {
            let still = state.office.read(&signed.actor, &act.desk.id).await.is_ok();
            let path = match (still, act.verb.name) {
                (true, "submit" | "submit_correction") => act.desk.to("submitted"),
                (true, "attach" | "detach") => act.desk.to("attachments"),
                // A consortium has several members: the next one is invited from the same page.
                (true, "invite") => act.desk.to("invite"),
                (true, _) => match &command {
                    Command::AttachSealed { paper, .. } => {
                        act.desk.to(&format!("papers/{paper}/sealed"))
                    }
                    _ => act.desk.href(),
                },
                (false, _) => "/home".to_owned(),
            };
            let text = forms::done(act.verb, &done.happened);
            Ok(see_other_with(state, &path, &Flash { tone: Tone::Ok, text }))
        }
        Err(OfficeError::MovedOn { .. }) => {
            let (id, verb) = (act.desk.id.0.clone(), act.verb.name);
            let fresh = Act::begin(state, signed, &id, verb).await?;
            conflict(state, signed, &fresh, shown_again(&fresh, &typed), &at).await
        }
        Err(OfficeError::Refused(refusal)) => {
            refused(signed, &act, shown_again(&act, &typed), *refusal)
        }
        Err(OfficeError::Store(StoreError::Malformed(_))) => {
            let told = vec![(UNWRITABLE.to_owned(), String::new())];
            unprocessable(&act.page(signed, shown_again(&act, &typed), vec![], told, None))
        }
        Err(other) => Err(other.into()),
    }
}

/// What may be shown again: everything but secrets and what the page adds anew.
fn public(act: &Act, pairs: &[(String, String)]) -> Vec<(String, String)> {
    let own = |name: &str| {
        let root = name.split('.').next().unwrap_or_default();
        name == crate::pages::shell::parse::MORE
            || name == crate::pages::shell::parse::DROP
            || act.form.fields.iter().any(|field| field.name == root || field.name == name)
    };
    pairs.iter().filter(|(name, _)| own(name)).cloned().collect()
}

/// A form that was read.
struct Ready {
    command: Command,
}

/// Reads the form: units, fields, and for a signature the password; files were taken before.
async fn answer(
    state: &AppState,
    signed: &SignedIn,
    act: &Act,
    upload: &Upload,
    mut errors: Vec<FieldError>,
) -> Result<Result<Ready, Vec<FieldError>>, Fault> {
    let found = units::resolved(state, act.verb.name, &upload.pairs).await?;
    let value = match found {
        Ok(pairs) if errors.is_empty() => parse(&act.form.fields, &pairs),
        found => {
            errors.extend(found.err().unwrap_or_default());
            Err(errors)
        }
    };
    let value = match value {
        Ok(read) => read,
        Err(errors) => return Ok(Err(errors)),
    };
    if act.verb.name == "sign"
        && let Err(error) = is_oneself(state, signed, upload).await?
    {
        return Ok(Err(vec![error]));
    }
    let command = forms::command(act.verb.name, &value, &act.context);
    Ok(command.map(|command| Ready { command }))
}

/// A signature is the account with the password entered again.
async fn is_oneself(
    state: &AppState,
    signed: &SignedIn,
    upload: &Upload,
) -> Result<Result<(), FieldError>, Fault> {
    let tries = signed.tries();
    tries.may(state).await?.map_err(Fault::TooMany)?;
    tries.begin(state).await?;
    let person = state.store.person(signed.actor.person.as_str()).await?;
    let hash = person.and_then(|person| person.password_hash);
    let password = upload.form().raw("password").to_owned();
    if state.passwords.verify(&password, hash.as_deref()).await? {
        tries.right(state).await?;
        return Ok(Ok(()));
    }
    tries.wrong(state).await?;
    Ok(Err(FieldError::new("password", "密码不对，核对后再填一次")))
}

/// The refusal on the page of the act, with everything that was typed.
fn refused(signed: &SignedIn, act: &Act, values: Values, refusal: Refusal) -> Answer {
    if matches!(refusal.kind, RefusalKind::Forbidden | RefusalKind::NotFound) {
        return Err(refusal.into());
    }
    let sentence = refusal.to_string();
    let asked = |field: &&FieldSpec| refusal.field.as_deref() == Some(field.name.as_ref());
    if let Some(field) = act.form.fields.iter().find(asked) {
        let clause = refusal.clause.or(field.clause.as_deref()).unwrap_or_default();
        let errors = vec![FieldError::new(field.name.as_ref(), sentence).under(clause)];
        return unprocessable(&act.page(signed, values, errors, vec![], None));
    }
    let refusals = if refusal.findings.is_empty() {
        vec![(sentence, refusal.clause.unwrap_or_default().to_owned())]
    } else {
        let told =
            |f: &measures::Finding| (format!("{}。{}", f.facts, f.sentence), f.clause.clone());
        refusal.findings.iter().map(told).collect()
    };
    unprocessable(&act.page(signed, values, vec![], refusals, None))
}

/// The page again, saying what changed meanwhile; what was typed stands in the form.
async fn conflict(
    state: &AppState,
    signed: &SignedIn,
    act: &Act,
    values: Values,
    at: &str,
) -> Answer {
    let since: Option<DateTime> = at.parse().ok();
    let lines = state.office.timeline(&signed.actor, &act.desk.dossier).await?;
    let moved: Vec<String> = lines
        .iter()
        .filter(|line| since.is_none_or(|since| line.at >= since))
        .map(|line| format!("{} {} {}", ui_time(line.at), line.who, line.title))
        .collect();
    page_with(StatusCode::CONFLICT, &act.page(signed, values, vec![], vec![], Some(moved)))
}

/// A moment as lists write it.
pub(super) fn ui_time(at: DateTime) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}
