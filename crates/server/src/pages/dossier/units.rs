//! 查找单位 — from a name or a code that somebody typed to the unit's own id.

use store::UnitRow;

use crate::forms;
use crate::http::Fault;
use crate::pages::shell::form::{Choice, FieldError};
use crate::state::AppState;

/// How many like-named units are told.
const TOLD: i64 = 5;

/// Replaces what was typed in the fields that hold a unit by the unit's id.
pub(super) async fn resolved(
    state: &AppState,
    verb: &str,
    pairs: &[(String, String)],
) -> Result<Result<Vec<(String, String)>, Vec<FieldError>>, Fault> {
    let fields = forms::unit_fields(verb);
    let mut errors = Vec::new();
    let mut found = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        let field = name.split('.').next().unwrap_or_default();
        if !fields.contains(&field) || value.trim().is_empty() {
            found.push((name.clone(), value.clone()));
            continue;
        }
        match one(state, value.trim()).await? {
            Ok(id) => found.push((name.clone(), id)),
            Err((sentence, near)) => {
                errors.push(FieldError::new(name, sentence).offering(near));
            }
        }
    }
    Ok(if errors.is_empty() { Ok(found) } else { Err(errors) })
}

/// What to do where no one unit is meant, and the units that may be, each by its code.
type Unclear = (String, Vec<Choice>);

/// The one unit that is meant.
async fn one(state: &AppState, typed: &str) -> Result<Result<String, Unclear>, Fault> {
    if let Some(unit) = state.store.unit(typed).await? {
        return Ok(Ok(unit.id));
    }
    if let Some(unit) = state.store.unit_by_code(&typed.to_uppercase()).await? {
        return Ok(Ok(unit.id));
    }
    let near = state.store.units(Some(typed), None, TOLD).await?;
    if let Some(unit) = near.iter().find(|unit| unit.name == typed) {
        return Ok(Ok(unit.id.clone()));
    }
    let names: Vec<&str> = near.iter().map(|unit| unit.name.as_str()).collect();
    let sentence = match names.as_slice() {
        [] => "没有找到这个单位；核对名称或代码，对方注册单位后再填".to_owned(),
        [only] => format!("没有完全相同的单位，相近的是“{only}”；按名称选定，或填写全称"),
        several => format!("有几家单位名称相近：{}；按要选的一家，或填写全称", several.join("、")),
    };
    let offer =
        |unit: &UnitRow| Choice::from((unit.code.clone(), format!("{}　{}", unit.name, unit.code)));
    Ok(Err((sentence, near.iter().map(offer).collect())))
}
