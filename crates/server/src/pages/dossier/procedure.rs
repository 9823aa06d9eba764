//! 办理情况 — opinions, findings, the panel, drafts and objections, as far as the reader sees them.

use askama::Template;
use askama::filters::HtmlSafe;
use consortium::{
    agreement::Paper,
    expert_review::{CRITERIA, Conclusion, Sheet},
    ids::Digest,
    materials::Intention,
    view::{DossierView, JudgementView, ObjectionView, PanelView, PartyView},
};

use super::desk::Desk;
use super::document::{self as sheet, paragraphs};
use crate::http::Fault;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, KeyValues, Tone};
use crate::state::AppState;

/// The cards of the procedure.
#[derive(Template)]
#[template(path = "dossier/procedure.html")]
pub(super) struct Procedure {
    opinions: Vec<(&'static str, String)>,
    judgements: Vec<JudgementView>,
    drafts: Vec<(&'static str, String, String)>,
    panel: Option<PanelView>,
    conclusion: Option<Conclusion>,
    notice: Option<(String, String)>,
    objections: Vec<ObjectionView>,
}

impl HtmlSafe for Procedure {}

impl Procedure {
    pub(super) fn of(view: &DossierView) -> Self {
        Self {
            opinions: view.opinions.clone(),
            judgements: view.judgements.clone(),
            drafts: view.drafts.clone(),
            panel: view.panel.clone(),
            conclusion: view.conclusion.clone(),
            notice: view.notice.map(|(from, to)| (from.to_string(), to.to_string())),
            objections: view.objections.clone(),
        }
    }

    /// Names those who were excluded at the draw: whoever reads of them knows their experts.
    pub(super) async fn named(mut self, state: &AppState) -> Result<Self, Fault> {
        for (person, _) in self.panel.iter_mut().flat_map(|panel| &mut panel.excluded) {
            if let Some(known) = state.store.person(person).await? {
                *person = known.name;
            }
        }
        Ok(self)
    }

    /// The mean, with two decimals.
    fn mean(conclusion: &Conclusion) -> String {
        let hundredths = conclusion.mean_hundredths;
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }

    /// Points by criterion.
    fn points(sheet: &Sheet) -> Vec<(&'static str, u8, u8, String)> {
        let remark = |at: usize| sheet.remarks.get(at).cloned().unwrap_or_default();
        let scored = CRITERIA.iter().zip(&sheet.scores).enumerate();
        scored.map(|(at, ((name, most), points))| (*name, *points, *most, remark(at))).collect()
    }

    fn tone(state: &str) -> Tone {
        match state {
            "已提交" => Tone::Done,
            "评分中" => Tone::Run,
            "待声明" => Tone::Idle,
            _ => Tone::Warn,
        }
    }
}

/// What an act is about, from the dossier: so that nobody decides from memory.
pub(super) fn brief(desk: &Desk, verb: &str) -> Html {
    let view = &desk.view;
    let rows = match verb {
        // Whoever confirms sees what the draft rests on, and what was said against it.
        "confirm_decision" | "return_draft" => [drafts(view), conclusion(view)].concat(),
        "draft_decision" => conclusion(view),
        "recommend" | "decline_to_recommend" | "return_for_changes" => {
            view.opinions.iter().map(|(what, text)| ((*what).to_owned(), text.clone())).collect()
        }
        "submit_correction" => corrections(view),
        "decide_change" => changes(view),
        "settle_doubt" => doubts(view),
        "conclude_objection" => objections(view),
        "serve_cancellation_notice" | "make_statement" | "drop_cancellation" => case(view),
        "declare_interest" => parties(view),
        "answer_invitation" => invitation(desk),
        "invite" => invited(view),
        "sign" | "seal" | "offer_paper" | "confirm_paper" | "decline_to_sign" => {
            return text_to_sign(desk);
        }
        _ => vec![],
    };
    if rows.is_empty() {
        return Html::default();
    }
    let list = rows
        .into_iter()
        .fold(KeyValues::new(), |list, (name, text)| list.row(name, paragraphs(&text)));
    Html::trusted(format!("<div class=\"c-b\">{list}</div>"))
}

type Rows = Vec<(String, String)>;

/// Who is there already, for whoever invites one more.
fn invited(view: &DossierView) -> Rows {
    let line = |party: &PartyView| {
        let standing = match party.intention {
            Some(Intention::Pending) => "（待确认）",
            Some(Intention::Declined { .. }) => "（不参加）",
            Some(Intention::Accepted { .. }) | None => "",
        };
        format!("{}{standing}", party.name)
    };
    let members = view.parties.iter().filter(|party| !party.lead);
    let members: Vec<String> = members.map(line).collect();
    let said = if members.is_empty() { "还没有".to_owned() } else { members.join("\n") };
    vec![("已邀请的单位".to_owned(), said)]
}

/// What a unit is invited to: whose consortium, who else, what for, and what the unit would do.
fn invitation(desk: &Desk) -> Rows {
    let view = &desk.view;
    let named = |lead: bool| {
        let names = view.parties.iter().filter(|party| party.lead == lead);
        names.map(|party| party.name.as_str()).collect::<Vec<_>>().join("、")
    };
    let mut rows = vec![
        ("联合体".to_owned(), view.name.clone()),
        ("牵头单位".to_owned(), named(true)),
        ("受邀请的单位".to_owned(), named(false)),
    ];
    rows.extend(view.field.map(|field| ("技术领域".to_owned(), field.to_owned())));
    let Some(form) = &view.form else { return rows };
    let own = form.work.iter().filter(|row| Some(&row.unit) == desk.actor.unit());
    let own: Vec<&str> = own.map(|row| row.content.as_str()).collect();
    for (what, text) in [("技术创新目标", form.goals.clone()), ("拟由本单位承担", own.join("\n"))]
    {
        let text =
            if text.trim().is_empty() { "牵头单位还没有填写".to_owned() } else { text };
        rows.push((what.to_owned(), text));
    }
    rows
}

fn drafts(view: &DossierView) -> Rows {
    let row = |(matter, outcome, reason): &(&str, String, String)| {
        [((*matter).to_owned(), outcome.clone()), ("理由".to_owned(), reason.clone())]
    };
    view.drafts.iter().flat_map(row).collect()
}

fn conclusion(view: &DossierView) -> Rows {
    let mut rows = case(view);
    if let Some(conclusion) = &view.conclusion {
        let passed = if conclusion.passed { "通过" } else { "未通过" };
        rows.push(("评审结论".to_owned(), passed.to_owned()));
        rows.push(("同意".to_owned(), format!("{} / {} 人", conclusion.agree, conclusion.sheets)));
        rows.push(("平均分".to_owned(), Procedure::mean(conclusion)));
    }
    let termination = view.filed.as_ref().and_then(|filed| filed.termination.clone());
    rows.extend(termination.map(|text| ("终止申请".to_owned(), text)));
    rows
}

fn corrections(view: &DossierView) -> Rows {
    let items = view.correction.iter().flat_map(|correction| &correction.items);
    items.map(|(part, reason, _)| ((*part).to_owned(), reason.clone())).collect()
}

fn changes(view: &DossierView) -> Rows {
    let changes = view.filed.iter().flat_map(|filed| &filed.changes);
    let open = changes.filter(|change| change.accepted.is_none());
    open.map(|change| {
        let name = format!("第 {} 件 {}（{} 类）", change.no, change.kind, change.class);
        (name, change.reason.clone().unwrap_or_default())
    })
    .collect()
}

fn doubts(view: &DossierView) -> Rows {
    let doubts = view.filed.iter().flat_map(|filed| &filed.doubts);
    doubts.map(|doubt| (doubt.facts.clone(), doubt.sentence.clone())).collect()
}

fn objections(view: &DossierView) -> Rows {
    let open = view.objections.iter().filter(|objection| objection.answer.is_none());
    open.flat_map(|o| {
        let text = |value: &Option<consortium::ids::Personal>| {
            value.as_ref().map(|value| value.value.clone()).unwrap_or_default()
        };
        let who = format!("{}，{}", text(&o.objector), text(&o.contact));
        [
            (o.receipt.clone().unwrap_or_default(), o.facts.clone().unwrap_or_default()),
            ("异议人".to_owned(), who),
        ]
    })
    .collect()
}

fn case(view: &DossierView) -> Rows {
    let Some(case) = view.filed.as_ref().and_then(|filed| filed.cancellation.as_ref()) else {
        return vec![];
    };
    let mut rows = vec![("取消事由".to_owned(), case.ground.to_owned())];
    rows.extend(case.facts.clone().map(|facts| ("认定的事实".to_owned(), facts)));
    rows.extend(case.served_on.map(|on| ("告知书送达".to_owned(), on.to_string())));
    rows.extend(case.statement_due.map(|due| ("陈述申辩截止".to_owned(), due.to_string())));
    let said = case.statements.iter().map(|(on, text)| (format!("陈述申辩 {on}"), text.clone()));
    rows.extend(said);
    rows
}

fn parties(view: &DossierView) -> Rows {
    let role = |lead: bool| if lead { "牵头单位" } else { "成员单位" }.to_owned();
    view.parties.iter().map(|party| (role(party.lead), party.name.clone())).collect()
}

/// The text that is signed: its digest, and the way to read all of it.
fn text_to_sign(desk: &Desk) -> Html {
    if let Some((change, _, round)) = desk.dossier.open_supplement() {
        let place = desk.to(&format!("supplements/{}", change.no));
        return locked(desk, &place, &round.digest, round.paper.as_ref());
    }
    let agreement = desk.view.agreement.as_ref();
    let none = Digest(String::new());
    let digest = agreement.and_then(|a| a.digest.as_ref()).unwrap_or(&none);
    locked(desk, &desk.to("agreement"), digest, agreement.and_then(|a| a.paper.as_ref()))
}

/// Where the text that is locked is read, and its digest.
fn locked(desk: &Desk, place: &str, digest: &Digest, paper: Option<&Paper>) -> Html {
    let (href, digest) = (Html::text(place), Html::text(&digest.0));
    let paper = paper.map_or_else(String::new, |paper| {
        let scan = Html::text(&desk.to(&format!("files/{}", paper.scan.0)));
        format!(" <a class=\"btn\" href=\"{scan}\">打开纸质签署件</a>")
    });
    Html::trusted(format!(
        "<div class=\"c-b st-s\"><p><a class=\"btn\" href=\"{href}\">阅读协议全文</a>{paper}</p>\
         <p class=\"s m\">锁定文本的指纹</p><p class=\"code key\">{digest}</p></div>"
    ))
}
