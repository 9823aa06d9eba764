//! 一节的页面 — the section on the desk of somebody who writes it: its form with what stands in it, the
//! rules as they answer for the draft, what two people changed, and who writes it.

use askama::Template;
use consortium::{agreement, ids::UnitId, materials::Part, measures};

use super::answers;
use super::checks::Rules;
use super::desk::Desk;
use super::left::LeftText;
use super::onward;
use super::sums;
use super::team::{self, Team};
use crate::drafts::carry;
use crate::drafts::merge::{self, Clash, Fields};
use crate::drafts::{Draft, Open};
use crate::forms;
use crate::http::{Fault, SignedIn};
use crate::office::digest_of;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{Choice, DraftTo, FieldError, Form, Kind, Values};
use crate::pages::shell::parse::MORE;
use crate::pages::shell::ui;
use crate::state::AppState;

/// Letters of the digest that tells one person's browser storage from another's.
const WHO_CHARS: usize = 12;

#[derive(Template)]
#[template(path = "dossier/write.html")]
pub(super) struct WritePage {
    shell: Shell,
    title: String,
    name: String,
    form: Form,
    clashes: Clashes,
    rules: Rules,
    /// Why this section is open now, of a correction.
    asked: Vec<(String, String)>,
    left: Option<LeftText>,
    /// Of the agreement: what only the parties can say and is still open.
    owed: Vec<(String, String)>,
    /// Whether a text is locked that this page would change.
    signed: bool,
    /// Whether the section was locked with the text, and where the lock is taken back.
    locked: bool,
    reopen: Option<String>,
    here: String,
    owner: String,
    changed: String,
    hand: Hand,
    /// The page on which this section is checked; none for the agreement.
    answers: Option<String>,
    clause: &'static str,
    clause_text: &'static str,
    back: String,
    /// From the unit's record and back to it.
    carries: Option<(String, String)>,
    /// Whether what stands here comes from that record, and nobody has saved it yet.
    carried: bool,
}

/// Handing over, and putting off.
struct Hand {
    action: String,
    csrf: String,
    choices: Vec<Choice>,
    owner: String,
    later: bool,
}

/// What two people changed, both texts side by side.
#[derive(Template)]
#[template(path = "dossier/clashes.html")]
pub(super) struct Clashes {
    clashes: Vec<ClashView>,
}

impl askama::filters::HtmlSafe for Clashes {}

struct ClashView {
    field: String,
    href: String,
    label: String,
    mine: String,
    theirs: String,
    who: String,
    /// The field and the digest of the other text: what is kept over it was seen.
    seen: String,
}

/// A section on the desk of somebody who writes it.
pub(super) struct Writing {
    pub(super) desk: Desk,
    pub(super) open: Open,
    pub(super) action: String,
    pub(super) title: String,
}

impl Writing {
    pub(super) async fn begin(
        state: &AppState,
        signed: &SignedIn,
        id: &str,
        part: Part,
        unit: Option<&str>,
    ) -> Result<Self, Fault> {
        let desk = Desk::open(state, &signed.actor, id).await?;
        let block = unit.filter(|_| part.by_unit()).map(UnitId::from);
        let open = desk.writer().open(&state.office, part, block.clone()).await?;
        let title = title(&desk, part, block.as_ref());
        let action = desk.section(part, block.as_ref());
        Ok(Self { desk, open, action, title })
    }

    /// Where drafts of this section are posted.
    pub(super) fn draft_url(&self) -> String {
        let unit = self.open.block.as_ref().map(|unit| format!("?unit={unit}")).unwrap_or_default();
        self.desk.to(&format!("sections/{}/draft{unit}", self.open.part.name()))
    }

    /// Where the unit's own record goes over and back; `None` for what it has no part in.
    pub(super) fn carries(&self) -> Option<(String, String)> {
        let part = self.open.part;
        if !carry::is_for(&self.desk.actor, &self.open) {
            return None;
        }
        let query =
            self.open.block.as_ref().map(|unit| format!("?unit={unit}")).unwrap_or_default();
        let to = |way: &str| self.desk.to(&format!("sections/{}/{way}{query}", part.name()));
        Some((to("from-unit"), to("to-unit")))
    }

    /// The rules of this section, as they would answer for the draft.
    pub(super) async fn rules(
        &self,
        state: &AppState,
        now: &Fields,
        at: &str,
    ) -> Result<Rules, Fault> {
        let tried = self.open.tried(now);
        let findings = state.office.examine(&self.desk.actor, &tried).await?;
        let (part, block) = (self.open.part, self.open.block.as_ref());
        let sums = sums::of(&tried, part, block);
        let blank = |field: &str| {
            let rows = format!("{field}.");
            let own = |name: &str| name == field || name.starts_with(&rows);
            !now.iter().any(|(name, value)| own(name) && !value.trim().is_empty())
        };
        let section = (part, block);
        let rules = Rules::of_section(&self.desk, (&tried, &findings), section, blank, at);
        Ok(rules.with(sums))
    }

    pub(super) async fn clashes(
        &self,
        state: &AppState,
        clashes: &[Clash],
    ) -> Result<Clashes, Fault> {
        let mut shown = Vec::new();
        for clash in clashes {
            let who = match &clash.by {
                Some(by) if by == self.desk.actor.person.as_str() => "你在另一个窗口".to_owned(),
                Some(by) => {
                    let person = state.store.person(by).await?;
                    person.map_or_else(|| "同事".to_owned(), |person| person.name)
                }
                None => "已保存的正文".to_owned(),
            };
            let at = if clash.by.is_some() {
                format!(" {}", crate::clock::written(clash.at_ms))
            } else {
                String::new()
            };
            shown.push(ClashView {
                href: format!("#f-{}", clash.field.replace('.', "-")),
                label: self.open.label(&clash.field),
                mine: self.words(&clash.field, &clash.mine),
                theirs: self.words(&clash.field, &clash.theirs),
                who: format!("{who}{at}"),
                seen: format!("{}={}", clash.field, merge::digest(&clash.theirs)),
                field: clash.field.clone(),
            });
        }
        Ok(Clashes { clashes: shown })
    }

    /// A value as people read it: of a list its words.
    pub(super) fn words(&self, field: &str, value: &str) -> String {
        let kind = self.open.spec(field).map(|spec| &spec.kind);
        if let Some(Kind::Select(choices) | Kind::Radio(choices)) = kind
            && let Some(choice) = choices.iter().find(|choice| choice.value == value)
        {
            return choice.label.to_string();
        }
        match (kind, value) {
            (Some(Kind::Check), "") => "未勾选".to_owned(),
            (Some(Kind::Check), _) => "已勾选".to_owned(),
            (_, "") => "（空）".to_owned(),
            (_, value) => value.to_owned(),
        }
    }

    /// The page with these fields in it.
    pub(super) async fn page(
        &self,
        state: &AppState,
        signed: &SignedIn,
        shown: Shown,
    ) -> Result<WritePage, Fault> {
        let Shown { now, base, seed, clashes, errors, refusals, more, draft, left, got } = shown;
        let desk = &self.desk;
        let (part, block) = (self.open.part, self.open.block.as_ref());
        let mut shell = Shell::new(&signed.visitor, self.title.as_str())
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short());
        shell.has_errors = !errors.is_empty() || !refusals.is_empty() || !clashes.is_empty();
        let team = Team::of(state, desk).await?;
        let mut values = Values(self.open.pairs(&now));
        if let Some(more) = more {
            values = values.with(MORE, more);
        }
        let form = &self.open.form;
        let label = form.submit_label.as_str();
        let rules = self.rules(state, &now, &shell.now).await?;
        let fields = form
            .fields
            .iter()
            .cloned()
            .map(|field| if rules.awaits(&field.name) { field.awaited() } else { field });
        let shut = agreement::is_locked(&desk.dossier, part) && part != Part::Agreement;
        let mut shown = Form::new(&shell.csrf, self.action.as_str(), label, fields.collect())
            .intro(if shut { "" } else { form.intro.as_str() })
            .values(values)
            .errors(errors)
            .leave(desk.href(), "返回卷宗");
        shown.refusals = refusals;
        let next = onward::after(desk, &team, part, block);
        shown.also = vec![("_draft", "1".to_owned(), "存草稿，以后再写".to_owned())];
        shown.onward = next.map(|(_, words)| ("_next", "1".to_owned(), format!("保存，{words}")));
        shown.draft = Some(DraftTo {
            url: self.draft_url(),
            who: who(desk.actor.person.as_str()),
            base: serde_json::to_string(&base).map_err(Fault::internal)?,
            seed: if seed.is_empty() {
                String::new()
            } else {
                serde_json::to_string(&merge::base(&seed)).map_err(Fault::internal)?
            },
            said: said(&draft),
            got,
        });
        let clause = self.open.verb.clause;
        let round = desk.dossier.materials.agreement.round.as_ref();
        let drafting = part == Part::Agreement && round.is_none();
        Ok(WritePage {
            clashes: self.clashes(state, &clashes).await?,
            asked: asked(desk, part),
            left,
            owed: if drafting { rules.lacking().to_vec() } else { vec![] },
            // The agreement's own form asks for the confirmation itself.
            signed: part == Part::Agreement && round.is_some(),
            locked: shut,
            reopen: desk.can("reopen_agreement").then(|| desk.to("reopen_agreement")),
            here: team.present(desk, part, block),
            owner: team.owner_words(desk, part, block),
            changed: team.changed(desk, part, block),
            hand: Hand {
                action: self.draft_url().replace("/draft", "/hand"),
                csrf: shell.csrf.clone(),
                choices: team::colleagues(state, desk, block).await?,
                owner: team.owner(desk, part, block),
                later: team.later(desk, part, block),
            },
            answers: forms::is_section(part).then(|| answers::at(desk, part, block)),
            clause,
            clause_text: measures::clause(clause).map_or("", |clause| clause.text),
            rules,
            carries: self.carries(),
            carried: !seed.is_empty(),
            back: desk.href(),
            title: self.title.clone(),
            name: desk.view.name.clone(),
            form: shown,
            shell,
        })
    }
}

/// What a page shows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) now: Fields,
    pub(super) base: Fields,
    /// What of it the unit keeps, and nobody has typed.
    pub(super) seed: Fields,
    pub(super) clashes: Vec<Clash>,
    pub(super) errors: Vec<FieldError>,
    pub(super) refusals: Vec<(String, String)>,
    pub(super) more: Option<String>,
    pub(super) draft: Draft,
    pub(super) left: Option<LeftText>,
    /// The post that the page answers.
    pub(super) got: String,
}

/// What a section is called.
pub(super) fn title(desk: &Desk, part: Part, block: Option<&UnitId>) -> String {
    let party = block.and_then(|unit| desk.dossier.materials.party(unit));
    match (party, part) {
        (Some(party), Part::Member) => format!("{}：单位情况", party.name),
        (Some(party), part) => format!("{}：{}", party.name, part.term()),
        (None, Part::Agreement) => "组建协议".to_owned(),
        (None, part) => part.term().to_owned(),
    }
}

/// What the correction asks of this part.
fn asked(desk: &Desk, part: Part) -> Vec<(String, String)> {
    let items = desk.dossier.correction().map(|correction| correction.items.as_slice());
    let own = items.unwrap_or_default().iter().filter(|item| item.part == part);
    own.map(|item| (item.reason.clone(), item.clause.clone())).collect()
}

fn who(person: &str) -> String {
    digest_of(person.as_bytes()).0.chars().take(WHO_CHARS).collect()
}

fn said(draft: &Draft) -> String {
    match (&draft.last, draft.open) {
        (Some((_, at)), open) if open > 0 => {
            format!("草稿存于 {}，还没有保存到材料", crate::clock::written(*at))
        }
        _ => String::new(),
    }
}
