//! 前后对照 — what changed since the last submission, side by side, and nothing else: the applicant
//! sees before handing in what was changed, the officer sees afterwards only the differences.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use consortium::{Dossier, access, materials::Part};

use super::act::ui_time;
use super::desk::Desk;
use super::document::paragraphs;
use crate::forms::{self, FormContext};
use crate::http::{Answer, Fault, SignedIn};
use crate::pages::page;
use crate::pages::shell::Shell;
use crate::pages::shell::form::{FieldSpec, Kind, Values};
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, Empty, Table};
use crate::state::AppState;

#[derive(Template)]
#[template(path = "dossier/compare.html")]
struct ComparePage {
    shell: Shell,
    name: String,
    back: String,
    about: String,
    count: usize,
    table: Table,
}

/// What stands in a filing, line by line: where it stands, and in which words.
type Lines = BTreeMap<(usize, String), (String, String)>;

pub(super) async fn get(
    State(state): State<AppState>,
    signed: SignedIn,
    Path(id): Path<String>,
) -> Answer {
    let desk = Desk::open(&state, &signed.actor, &id).await?;
    let mask = access::mask(&signed.actor, &desk.dossier);
    if !mask.materials {
        let sentence = "材料由各方和办理部门查看；声明利害关系后，专家也可以查看。".to_owned();
        return Err(Fault::Forbidden(sentence));
    }
    let mut versions = state.office.submitted(&desk.dossier).await?;
    // While something is corrected, against what was handed in; afterwards, against the time before.
    let open =
        desk.dossier.editable(Part::Attachments).is_ok() || desk.dossier.correction().is_some();
    let now = (*desk.dossier).clone();
    if !open && versions.len() > 1 {
        versions.pop();
    }
    let mut table = Table::new("有变化的地方", &["栏目", "上次提交", "现在"]);
    table.empty = Empty::because("没有变化");
    let mut about = "还没有提交过，没有可以对照的".to_owned();
    let mut count = 0;
    if let Some((at, before)) = versions.pop() {
        about = format!("与 {} 提交的材料对照，只列有变化的地方", ui_time(at));
        let (old, new) = (lines(&desk, &before, mask), lines(&desk, &now, mask));
        let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let of =
                |lines: &Lines| lines.get(key).map(|(_, words)| words.clone()).unwrap_or_default();
            let (was, is) = (of(&old), of(&new));
            if was == is {
                continue;
            }
            let label = new.get(key).or_else(|| old.get(key)).map(|(label, _)| label.clone());
            let told = |words: &str| {
                if words.is_empty() { Html::from("（没有）") } else { paragraphs(words) }
            };
            table.push(vec![Html::from(label.unwrap_or_default()), told(&was), told(&is)]);
            count += 1;
        }
    }
    page(&ComparePage {
        shell: Shell::new(&signed.visitor, "前后对照")
            .crumb("/dossiers", "卷宗")
            .crumb(desk.href(), desk.short()),
        name: desk.view.name.clone(),
        back: desk.href(),
        about,
        count,
        table,
    })
}

/// Everything a reader may see of a filing.
fn lines(desk: &Desk, dossier: &Dossier, mask: access::Mask) -> Lines {
    let mut lines = Lines::new();
    let materials = &dossier.materials;
    lines.insert((0, "name".to_owned()), ("联合体名称".to_owned(), materials.name.clone()));
    for party in materials.standing() {
        let label = format!("成员单位 · {}", party.name);
        lines.insert((1, party.unit.to_string()), (label, party.name.clone()));
    }
    let context = || FormContext::of(dossier, &desk.view, &[], desk.today);
    for (at, part) in Part::ALL.into_iter().enumerate() {
        let at = at + 2;
        match part {
            Part::Agreement => {
                section(
                    &mut lines,
                    at,
                    part.term(),
                    "",
                    forms::form("write_agreement", &context()).as_ref(),
                    mask,
                );
            }
            _ if part.by_unit() => {
                let of_members = matches!(part, Part::Member | Part::MemberPromise);
                for party in materials.standing().skip(usize::from(of_members)) {
                    let context = context().section(part, Some(party.unit.clone()));
                    let form = forms::form("write_application", &context);
                    section(&mut lines, at, &party.name, party.unit.as_str(), form.as_ref(), mask);
                }
            }
            Part::Attachments => {
                for file in &materials.attachments {
                    let label = format!("附件 · {}", file.item);
                    lines.insert((at, file.digest.0.clone()), (label, file.name.clone()));
                }
            }
            Part::Parties => {}
            _ => {
                let form = forms::form("write_application", &context().section(part, None));
                section(&mut lines, at, part.term(), "", form.as_ref(), mask);
            }
        }
    }
    lines
}

/// Technical routes: what is masked beside amounts.
const SECRET: [&str; 1] = ["approach"];

/// The fields of one section.
fn section(
    lines: &mut Lines,
    at: usize,
    title: &str,
    whose: &str,
    form: Option<&forms::CommandForm>,
    mask: access::Mask,
) {
    let Some(form) = form else { return };
    for (name, value) in Values::stored(&form.fields, &form.stored).0 {
        let Some((label, field)) = called(&form.fields, &name) else { continue };
        let secret = matches!(field.kind, Kind::Money) || SECRET.contains(&field.name.as_ref());
        let masked = (forms::is_personal(&name) && !mask.personal) || (secret && !mask.secrets);
        if matches!(field.kind, Kind::Hidden) || masked {
            continue;
        }
        let words = match &field.kind {
            Kind::Select(choices)
            | Kind::Radio(choices)
            | Kind::Choices { options: choices, .. } => choices
                .iter()
                .find(|choice| choice.value == value)
                .map_or(value.clone(), |choice| choice.label.to_string()),
            Kind::Check => if value.is_empty() { "" } else { "已承诺" }.to_owned(),
            _ => value,
        };
        // Several answers of one field stand on one line.
        let line = lines.entry((at, format!("{whose}/{}", sorted(&name))));
        let (_, kept) = line.or_insert_with(|| (format!("{title} · {label}"), String::new()));
        if !kept.is_empty() && !words.is_empty() {
            kept.push('、');
        }
        kept.push_str(&words);
    }
}

/// A name whose rows sort by their numbers.
fn sorted(name: &str) -> String {
    let part = |part: &str| match part.parse::<u32>() {
        Ok(number) => format!("{number:05}"),
        Err(_) => part.to_owned(),
    };
    name.split('.').map(part).collect::<Vec<_>>().join(".")
}

/// A field and what it is called, with its row.
fn called<'a>(fields: &'a [FieldSpec], name: &str) -> Option<(String, &'a FieldSpec)> {
    let mut parts = name.split('.');
    let root = fields.iter().find(|field| Some(field.name.as_ref()) == parts.clone().next())?;
    parts.next();
    let Some(number) = parts.next() else { return Some((root.label.to_string(), root)) };
    let Kind::Rows { columns, .. } = &root.kind else { return None };
    let column = columns.iter().find(|field| Some(field.name.as_ref()) == parts.clone().next())?;
    let number: usize = number.parse().ok()?;
    Some((format!("第 {} 行 {}", number + 1, column.label), column))
}
