//! 逐行核对 — one row of a table as one command, by the fields of the form: tried on a copy of the
//! record, or carried out through the office.

use std::collections::BTreeMap;

use consortium::Refusal;
use consortium::actor::Actor;
use consortium::ids::UnitId;
use consortium::unit::{self, Command, Unit};
use serde_json::Value;

use super::kind::{Columns, OWNER, typed};
use super::{Kind, Line, Outcome};
use crate::forms::unit::{credit_of, platform_of};
use crate::http::Fault;
use crate::office::{Envelope, Office, OfficeError, new_unit_id};
use crate::pages::shell::form::FieldSpec;
use crate::pages::shell::parse::parse;
use crate::pages::units::profile;
use crate::tables::Row;

/// Like-named units that are looked at.
const NEAR: i64 = 20;

/// Rows of one table, looked at in their order.
pub(super) struct Trial<'a> {
    office: &'a Office,
    actor: &'a Actor,
    kind: Kind,
    columns: Columns,
    /// Units as they would be after the rows before.
    units: BTreeMap<UnitId, Unit>,
    /// Codes and names of units that rows before would register, with their lines.
    registered: BTreeMap<String, u64>,
}

/// What a row asks for.
enum Asked {
    /// This command of this unit.
    Of(UnitId, Command),
    /// A new unit.
    New(Command),
    /// Nothing: it is there.
    There,
}

impl<'a> Trial<'a> {
    pub(super) fn new(office: &'a Office, actor: &'a Actor, kind: Kind, columns: Columns) -> Self {
        let (units, registered) = Default::default();
        Self { office, actor, kind, columns, units, registered }
    }

    /// Headings that are no column of this kind.
    pub(super) fn passed_over(&self, headings: &[String]) -> Vec<String> {
        let known = |at: usize| self.columns.iter().any(|(own, _)| *own == at);
        let strange =
            headings.iter().enumerate().filter(|(at, heading)| !known(*at) && !heading.is_empty());
        strange.map(|(_, heading)| heading.clone()).collect()
    }

    /// What would become of a row.
    pub(super) async fn look(&mut self, row: &Row) -> Result<Line, Fault> {
        let about = self.about(row);
        let asked = match self.asked(row).await? {
            Ok(asked) => asked,
            Err(why) => return Ok(line(row, about, Outcome::NotTaken, why)),
        };
        let outcome = match asked {
            Asked::There => Ok(false),
            Asked::New(command) => self.tried(&new_unit_id(), &command),
            Asked::Of(id, command) => self.tried(&id, &command),
        };
        Ok(match outcome {
            Ok(true) => line(row, about, Outcome::Ready, String::new()),
            Ok(false) => line(row, about, Outcome::AlreadyThere, String::new()),
            Err(refusal) => line(row, about, Outcome::NotTaken, refusal.to_string()),
        })
    }

    /// Carries a row out under a key; what was there before is said to be there.
    pub(super) async fn take(&mut self, row: &Row, key: &str) -> Result<Line, Fault> {
        let about = self.about(row);
        let (id, command) = match self.asked(row).await? {
            Err(why) => return Ok(line(row, about, Outcome::NotTaken, why)),
            Ok(Asked::There) => return Ok(line(row, about, Outcome::AlreadyThere, String::new())),
            Ok(Asked::New(command)) => (new_unit_id(), command),
            Ok(Asked::Of(id, command)) => (id, command),
        };
        match self.office.unit(self.actor, &id, &command, Envelope::keyed(key)).await {
            Ok(done) => {
                // The next row is looked at with what this one did.
                self.units.remove(&id);
                let there = done.happened.is_empty();
                let outcome = if there { Outcome::AlreadyThere } else { Outcome::Taken };
                Ok(line(row, about, outcome, String::new()))
            }
            Err(OfficeError::Refused(refusal)) => {
                Ok(line(row, about, Outcome::NotTaken, refusal.to_string()))
            }
            Err(other) => Err(other.into()),
        }
    }

    /// What a row is about, without any value about a person.
    fn about(&self, row: &Row) -> String {
        let said = |name: &str| {
            let column = self.columns.iter().find(|(_, field)| field.name == name);
            column.and_then(|(at, _)| row.cells.get(*at)).map_or("", String::as_str)
        };
        let parts = match self.kind {
            Kind::Units => [said("unit_name"), said("code")],
            Kind::Platforms => [said("name"), said(OWNER)],
            Kind::Credit => [said(OWNER), said("basis")],
        };
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("，").chars().take(200).collect()
    }

    /// Reads a row by the fields of the form.
    async fn asked(&mut self, row: &Row) -> Result<Result<Asked, String>, Fault> {
        let pairs: Vec<(String, String)> = self
            .columns
            .iter()
            .map(|(at, field)| {
                let cell = row.cells.get(*at).map_or("", String::as_str);
                (field.name.to_string(), typed(field, cell))
            })
            .collect();
        let fields: Vec<FieldSpec> = self.kind.fields();
        let value = match parse(&fields, &pairs) {
            Ok(value) => value,
            Err(errors) => {
                let told: Vec<_> = errors.into_iter().map(|error| error.sentence).collect();
                return Ok(Err(told.join("；")));
            }
        };
        match self.kind {
            Kind::Units => self.unit(row, &value).await,
            Kind::Platforms => {
                self.of_owner(&value, platform_of(&value).map(Command::EnterPlatform)).await
            }
            Kind::Credit => {
                self.of_owner(&value, credit_of(&value).map(Command::RecordCredit)).await
            }
        }
    }

    async fn unit(&mut self, row: &Row, value: &Value) -> Result<Result<Asked, String>, Fault> {
        let Some(profile) = profile::of(value) else {
            return Ok(Err("有一格读不懂，照空白表填写".to_owned()));
        };
        let same = if profile.code.is_empty() {
            let near = self.office.store().units(Some(&profile.name), None, NEAR).await?;
            near.into_iter().find(|unit| unit.name == profile.name)
        } else {
            self.office.store().unit_by_code(&profile.code).await?
        };
        if let Some(found) = same {
            let kept = self.office.unit_record(&UnitId(found.id)).await?;
            let there = kept.is_some_and(|kept| kept.profile == profile);
            let differs = "已经注册，登记信息与这一行不同；由该单位自己更新";
            return Ok(if there { Ok(Asked::There) } else { Err(differs.to_owned()) });
        }
        let key = if profile.code.is_empty() { &profile.name } else { &profile.code };
        if let Some(earlier) = self.registered.get(key) {
            return Ok(Err(format!("与第 {earlier} 行是同一个单位，只导入前一行")));
        }
        self.registered.insert(key.clone(), row.line);
        Ok(Ok(Asked::New(Command::Register(profile))))
    }

    async fn of_owner(
        &mut self,
        value: &Value,
        command: Option<Command>,
    ) -> Result<Result<Asked, String>, Fault> {
        let Some(command) = command else {
            return Ok(Err("有一格读不懂，照空白表填写".to_owned()));
        };
        let code = value[OWNER].as_str().unwrap_or_default().to_uppercase();
        let Some(found) = self.office.store().unit_by_code(&code).await? else {
            return Ok(Err(format!("没有代码为 {code} 的单位；单位注册后再导入")));
        };
        let id = UnitId(found.id);
        if !self.units.contains_key(&id) {
            let kept = self.office.unit_record(&id).await?;
            self.units.extend(kept.map(|kept| (id.clone(), (*kept).clone())));
        }
        let command = self.units.get(&id).map_or(command.clone(), |kept| proven(kept, command));
        Ok(Ok(Asked::Of(id, command)))
    }

    /// Whether a command would do something, on the copy that the next row sees.
    fn tried(&mut self, id: &UnitId, command: &Command) -> Result<bool, Refusal> {
        let today = self.office.clock().today();
        let before = self.units.get(id);
        let events = unit::decide(id, before, command, self.actor, today)?;
        let mut after = before.cloned();
        for event in &events {
            after = unit::evolve(after, event, today);
        }
        if let Some(after) = after {
            self.units.insert(id.clone(), after);
        }
        Ok(!events.is_empty())
    }
}

/// A table has no files: the proof that is kept already stays.
fn proven(kept: &Unit, mut command: Command) -> Command {
    if let Command::EnterPlatform(entry) = &mut command {
        let same = |one: &&unit::KeptPlatform| {
            (&one.entry.name, &one.entry.document_no) == (&entry.name, &entry.document_no)
        };
        entry.proof = kept.platforms.iter().find(same).and_then(|one| one.entry.proof.clone());
    }
    if let Command::RecordCredit(record) = &mut command {
        let same = |one: &&unit::KeptRecord| {
            unit::CreditRecord { proof: None, ..one.record.clone() } == *record
        };
        record.proof = kept.credit.iter().find(same).and_then(|one| one.record.proof.clone());
    }
    command
}

fn line(row: &Row, about: String, outcome: Outcome, why: String) -> Line {
    Line { line: row.line, about, outcome, why }
}
