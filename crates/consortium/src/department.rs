//! 自治区科技厅的公共事务 — the expert roster, published calendars, dated parameters and official
//! interpretations: one journal of their own beside the dossiers (Arts. 2, 6(5), 12).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    actor::{Actor, Capacity, Side},
    calendar::{Calendar, YearDays},
    expert_review::ExpertKind,
    ids::{PersonId, Personal},
    measures,
    parameter::{ParameterKey, Parameters},
    refusal::Refusal,
    text,
};

/// Most employers named for one expert.
pub const EMPLOYERS_MAX: usize = 10;

/// 评审专家.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expert {
    /// The person.
    pub person: PersonId,
    /// The name.
    pub name: Personal,
    /// Present employer first, then those of the last three years.
    pub employers: Vec<String>,
    /// 类别.
    pub kind: ExpertKind,
    /// 专业领域.
    pub field: String,
    /// Why the appointment ended, when it did.
    pub dismissed: Option<String>,
}

/// 解释 (Art. 12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpretation {
    /// Counts from 1.
    pub no: u32,
    /// When.
    pub on: Date,
    /// The clause explained.
    pub clause: String,
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// A parameter's value from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Which.
    pub key: ParameterKey,
    /// The value.
    pub value: i64,
    /// 依据.
    pub basis: String,
    /// From which day.
    pub from: Date,
}

/// Everything the Department keeps beside the dossiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affairs {
    /// 专家库.
    pub experts: Vec<Expert>,
    /// 解释, oldest first.
    pub interpretations: Vec<Interpretation>,
    /// Dated changes of parameters, oldest first.
    pub settings: Vec<Setting>,
    /// Calendar years imported, as texts.
    pub calendars: Vec<String>,
}

impl Affairs {
    /// The parameters in force on a day.
    pub fn parameters_on(&self, day: Date) -> Parameters {
        self.settings
            .iter()
            .filter(|setting| setting.from <= day)
            .fold(Parameters::on(day), |set, setting| set.with(setting.key, setting.value))
    }

    /// The calendar with the imported years.
    pub fn calendar(&self, base: Calendar) -> Calendar {
        self.calendars
            .iter()
            .filter_map(|text| YearDays::parse(text).ok())
            .fold(base, Calendar::with_year)
    }
}

/// What may be asked of the Department's affairs.
#[expect(missing_docs, reason = "the fields are the words of the variant's own sentence")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
pub enum Command {
    /// 聘任专家 (6.5).
    EnrolExpert {
        person: PersonId,
        name: Personal,
        employers: Vec<String>,
        expert_kind: ExpertKind,
        field: String,
    },
    /// 停止聘任 (6.5).
    DismissExpert { person: PersonId, reason: String },
    /// 发布解释 (12).
    PublishInterpretation { clause: String, question: String, answer: String },
    /// 设定参数 (2).
    SetParameter { key: String, value: i64, basis: String, from: Date },
    /// 导入工作日历.
    ImportCalendar { text: String },
}

/// What happened in the Department's affairs.
#[expect(missing_docs, reason = "the fields are the words of the variant's own sentence")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Event {
    /// 专家已聘任 (6.5).
    ExpertEnrolled {
        person: PersonId,
        name: Personal,
        employers: Vec<String>,
        expert_kind: ExpertKind,
        field: String,
    },
    /// 专家已停止聘任 (6.5).
    ExpertDismissed { person: PersonId, reason: String },
    /// 解释已发布 (12).
    InterpretationPublished { no: u32, clause: String, question: String, answer: String },
    /// 参数已设定 (2).
    ParameterSet { key: ParameterKey, value: i64, basis: String, from: Date },
    /// 工作日历已导入.
    CalendarImported { text: String },
}

impl Event {
    /// The clauses it carries out.
    pub const fn clauses(&self) -> &'static [&'static str] {
        match self {
            Self::ExpertEnrolled { .. } | Self::ExpertDismissed { .. } => &["6.5"],
            Self::InterpretationPublished { .. } => &["12"],
            Self::ParameterSet { .. } | Self::CalendarImported { .. } => &["2"],
        }
    }
}

/// Answers a command on the Department's affairs.
pub fn decide(
    affairs: &Affairs,
    command: &Command,
    actor: &Actor,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::EnrolExpert { person, name, employers, expert_kind, field } => {
            allowed(actor, &[Capacity::Organiser], "6.5", "专家库由评审组织员维护")?;
            text::line("name", "姓名", &name.value)?;
            text::line("field", "专业领域", field)?;
            if employers.is_empty() || employers.len() > EMPLOYERS_MAX {
                let reason = format!("写明 1 到 {EMPLOYERS_MAX} 个现在和近三年的任职单位");
                return Err(Refusal::field("employers", &reason, "没有单位的，写“无”"));
            }
            employers
                .iter()
                .try_for_each(|employer| text::line("employers", "任职单位", employer))?;
            let event = Event::ExpertEnrolled {
                person: person.clone(),
                name: name.clone(),
                employers: employers.iter().map(|employer| employer.trim().to_owned()).collect(),
                expert_kind: *expert_kind,
                field: field.clone(),
            };
            let same = |kept: &Expert| {
                kept.person == *person && kept.employers == *employers && kept.dismissed.is_none()
            };
            if affairs.experts.iter().any(same) { Ok(vec![]) } else { Ok(vec![event]) }
        }
        Command::DismissExpert { person, reason } => {
            allowed(actor, &[Capacity::Organiser], "6.5", "专家库由评审组织员维护")?;
            text::paragraph("reason", "理由", reason)?;
            match affairs.experts.iter().find(|kept| kept.person == *person) {
                None => Err(Refusal::not_found("专家库里没有这个人", "从列表中选")),
                Some(kept) if kept.dismissed.is_some() => Ok(vec![]),
                Some(_) => Ok(vec![Event::ExpertDismissed {
                    person: person.clone(),
                    reason: reason.clone(),
                }]),
            }
        }
        Command::PublishInterpretation { clause, question, answer } => {
            allowed(actor, &[Capacity::Decider], "12", "本办法由自治区科技厅解释，厅领导发布")?;
            if measures::clause(clause).is_none() {
                return Err(Refusal::field("clause", "条款号不在办法中", "从列表中选"));
            }
            text::paragraph("question", "问题", question)?;
            text::section("answer", "解释", answer)?;
            let same = |kept: &Interpretation| kept.question == *question && kept.answer == *answer;
            if affairs.interpretations.iter().any(same) {
                return Ok(vec![]);
            }
            let no = u32::try_from(affairs.interpretations.len()).unwrap_or(u32::MAX);
            Ok(vec![Event::InterpretationPublished {
                no: no.saturating_add(1),
                clause: clause.clone(),
                question: question.clone(),
                answer: answer.clone(),
            }])
        }
        Command::SetParameter { key, value, basis, from } => {
            allowed(actor, &[Capacity::Decider], "2", "参数由厅领导设定")?;
            set_parameter(affairs, key, *value, basis, *from, today)
        }
        Command::ImportCalendar { text } => {
            allowed(
                actor,
                &[Capacity::Drafter, Capacity::Publisher],
                "2",
                "工作日历由业务处室导入",
            )?;
            YearDays::parse(text).map_err(|fault| {
                Refusal::field("text", &fault.to_string(), "照国务院办公厅通知核对后再导入")
            })?;
            if affairs.calendars.contains(text) {
                return Ok(vec![]);
            }
            Ok(vec![Event::CalendarImported { text: text.clone() }])
        }
    }
}

fn set_parameter(
    affairs: &Affairs,
    key: &str,
    value: i64,
    basis: &str,
    from: Date,
    today: Date,
) -> Result<Vec<Event>, Refusal> {
    let key: ParameterKey =
        key.parse().map_err(|_| Refusal::field("key", "没有这个参数", "从列表中选"))?;
    text::line("basis", "依据", basis)?;
    Parameters::on(today)
        .changed(key, value)
        .map_err(|fault| Refusal::field("value", &fault.to_string(), "核对取值"))?;
    if from < today {
        return Err(Refusal::field("from", "生效日期早于今天，不能追溯", "从今天或以后的日期起"));
    }
    let same = |kept: &Setting| kept.key == key && kept.value == value && kept.from == from;
    if affairs.settings.iter().any(same) {
        return Ok(vec![]);
    }
    Ok(vec![Event::ParameterSet { key, value, basis: basis.to_owned(), from }])
}

fn allowed(
    actor: &Actor,
    capacities: &[Capacity],
    clause: &'static str,
    reason: &str,
) -> Result<(), Refusal> {
    if actor.side == Side::Department && capacities.contains(&actor.capacity) {
        return Ok(());
    }
    Err(Refusal::forbidden(clause, reason, "联系自治区科技厅"))
}

/// Applies what happened.
#[must_use]
pub fn evolve(mut affairs: Affairs, event: &Event, on: Date) -> Affairs {
    match event.clone() {
        Event::ExpertEnrolled { person, name, employers, expert_kind, field } => {
            affairs.experts.retain(|kept| kept.person != person);
            affairs.experts.push(Expert {
                person,
                name,
                employers,
                kind: expert_kind,
                field,
                dismissed: None,
            });
        }
        Event::ExpertDismissed { person, reason } => {
            for kept in affairs.experts.iter_mut().filter(|kept| kept.person == person) {
                kept.dismissed = Some(reason.clone());
            }
        }
        Event::InterpretationPublished { no, clause, question, answer } => {
            affairs.interpretations.push(Interpretation { no, on, clause, question, answer });
        }
        Event::ParameterSet { key, value, basis, from } => {
            affairs.settings.push(Setting { key, value, basis, from });
        }
        Event::CalendarImported { text } => affairs.calendars.push(text),
    }
    affairs
}
