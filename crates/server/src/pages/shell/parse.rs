//! The way back from a posted form to a JSON object, by the same specification that showed it.
//!
//! Nothing reaches the law that did not pass here: unknown names are dropped, every length and
//! number has its limit, letters that cannot be seen are refused. What is typed loosely
//! (full-width digits, `2026年3月5日`, `2,860`) is understood.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::form::{Choice, FEN_PER_HUNDREDTH, FieldError, FieldSpec, Kind, is_yes};

/// The name of the button that asks for one more row.
pub const MORE: &str = "_more";
/// The name of the button that takes one row out: `work.3`.
pub const DROP: &str = "_drop";
/// The greatest amount: 1,000,000,000.00 万元, far above any budget and far below overflow.
const HUNDREDTHS_MAX: i64 = 100_000_000_000;
/// Characters of a password: longer ones only cost hashing time.
const PASSWORD_CHARS_MAX: usize = 128;
/// Characters of a hidden value.
const HIDDEN_CHARS_MAX: usize = 200;
/// The name of the button that answers a field: `unit=91150104MAFX01A86K`.
pub const PICK: &str = "_pick";
/// A row number above this is hostile.
const ROW_NUMBER_MAX: usize = 9_999;
/// The years a form takes.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;

/// Whether the form was posted only to be shown again with one row more, or one less.
pub fn asks_for_more(pairs: &[(String, String)]) -> bool {
    pairs.iter().any(|(name, _)| name == MORE || name == DROP)
}

/// What was posted without the row that was to be taken out.
pub fn without_dropped(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let dropped = pairs.iter().rev().find(|(name, _)| name == DROP);
    if let Some(row) = dropped.map(|(_, row)| format!("{row}.")).filter(|row| row.len() > 1) {
        pairs.retain(|(name, _)| !name.starts_with(&row));
    }
    pairs
}

/// Puts what a button picked into its field, over what was typed there.
pub fn take_pick(pairs: &mut Vec<(String, String)>) {
    let last = pairs.iter().rposition(|(name, _)| name == PICK);
    let Some((_, pick)) = last.map(|at| pairs.remove(at)) else { return };
    if let Some((field, value)) = pick.split_once('=') {
        pairs.retain(|(name, _)| name != field && name != PICK);
        pairs.push((field.to_owned(), value.to_owned()));
    }
}

/// Turns posted pairs into a JSON object, or says everything that is to be mended.
pub fn parse(specs: &[FieldSpec], pairs: &[(String, String)]) -> Result<Value, Vec<FieldError>> {
    let mut errors = Vec::new();
    let object = object(specs, "", "", pairs, &mut errors);
    if errors.is_empty() { Ok(Value::Object(object)) } else { Err(errors) }
}

/// One object: the form itself or one row. `before` is put before names, `lead` before sentences.
fn object(
    specs: &[FieldSpec],
    before: &str,
    lead: &str,
    pairs: &[(String, String)],
    errors: &mut Vec<FieldError>,
) -> Map<String, Value> {
    let mut object = Map::new();
    for spec in specs {
        let name = format!("{before}{}", spec.name);
        let value = match &spec.kind {
            Kind::Rows { columns, min, max } => {
                rows(spec, &name, columns, (*min, *max), pairs, errors)
            }
            Kind::Choices { options, many: true } => several(spec, options, &name, pairs),
            _ => single(spec, &typed(spec, &name, pairs))
                .and_then(|value| belongs(specs, spec, before, pairs).map(|()| value)),
        };
        match value {
            Ok(Some(value)) => {
                object.insert(spec.name.to_string(), value);
            }
            Ok(None) => {}
            Err(sentence) => {
                let clause = spec.clause.as_deref().unwrap_or_default();
                errors.push(FieldError::new(name, format!("{lead}{sentence}")).under(clause));
            }
        }
    }
    object
}

/// Whether an answer belongs to the group that the field above was answered with.
fn belongs(
    specs: &[FieldSpec],
    spec: &FieldSpec,
    before: &str,
    pairs: &[(String, String)],
) -> Result<(), String> {
    let Some(above) = specs.iter().find(|above| above.name == spec.above) else { return Ok(()) };
    let answer = |of: &FieldSpec| typed(of, &format!("{before}{}", of.name), pairs);
    let (Kind::Select(groups), Kind::Select(options)) = (&above.kind, &spec.kind) else {
        return Ok(());
    };
    let (wanted, chosen) = (answer(above), answer(spec));
    let wanted = groups.iter().find(|choice| choice.value == wanted);
    let chosen = options.iter().find(|choice| choice.value == chosen);
    let (Some(wanted), Some((chosen, group))) =
        (wanted, chosen.and_then(|chosen| Some((chosen, chosen.group.as_ref()?))))
    else {
        return Ok(());
    };
    if group.value == wanted.value {
        return Ok(());
    }
    Err(format!(
        "{}“{}”属于“{}”，{}选的是“{}”；改其中一项",
        spec.label, chosen.label, group.label, above.label, wanted.label
    ))
}

/// What was typed for a field: trimmed, with Unix line ends, except for passwords.
fn typed(spec: &FieldSpec, name: &str, pairs: &[(String, String)]) -> String {
    let last = |name: &str| {
        pairs.iter().rev().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    };
    match spec.kind {
        Kind::Password => last(name).to_owned(),
        Kind::File { .. } => {
            let fresh = last(name).trim();
            let kept = last(&format!("{name}.kept")).trim().to_owned();
            if fresh.is_empty() { kept } else { fresh.to_owned() }
        }
        _ => last(name).replace("\r\n", "\n").trim().to_owned(),
    }
}

type Parsed = Result<Option<Value>, String>;

/// A field with one value.
fn single(spec: &FieldSpec, text: &str) -> Parsed {
    if let Kind::Check = spec.kind {
        let on = is_yes(text);
        return if spec.required && !on {
            Err(format!("勾选“{}”", spec.label))
        } else {
            Ok(Some(Value::Bool(on)))
        };
    }
    let text = if text.is_empty() { spec.fallback.as_ref() } else { text };
    if text.is_empty() {
        return if spec.required { Err(owed(spec)) } else { Ok(None) };
    }
    if text.chars().any(|letter| is_unseen(letter, &spec.kind)) {
        return Err(format!("{}里有看不见的控制字符，删去后重新填写", spec.label));
    }
    value(spec, text).map(Some)
}

fn value(spec: &FieldSpec, text: &str) -> Result<Value, String> {
    match &spec.kind {
        Kind::Text { max } | Kind::Long { max } => bounded(&spec.label, text, *max),
        Kind::Hidden => bounded("页面", text, HIDDEN_CHARS_MAX),
        Kind::Password => bounded(&spec.label, text, PASSWORD_CHARS_MAX),
        Kind::Date => day(text)
            .map(|day| Value::String(day.to_string()))
            .ok_or_else(|| format!("{}要写成 2026-03-05 这样的日期", spec.label)),
        Kind::Integer { min, max } => integer(&spec.label, text, *min, *max),
        Kind::Money => money(&spec.label, text),
        Kind::Select(options) | Kind::Radio(options) | Kind::Choices { options, many: false } => {
            let known = options.iter().any(|choice| choice.value == text);
            if known {
                Ok(Value::from(text))
            } else {
                Err(format!("从列表中选择{}", spec.label))
            }
        }
        Kind::File { .. } => {
            let hexadecimal =
                |letter: u8| letter.is_ascii_digit() || (b'a'..=b'f').contains(&letter);
            if text.len() == 64 && text.bytes().all(hexadecimal) {
                Ok(Value::from(text))
            } else {
                Err(format!("重新选择{}", spec.label))
            }
        }
        Kind::Check | Kind::Choices { many: true, .. } | Kind::Rows { .. } => Ok(Value::Null),
    }
}

/// What is said of a field that is owed and empty.
fn owed(spec: &FieldSpec) -> String {
    if spec.label.ends_with('？') {
        return format!("回答“{}”", spec.label);
    }
    let verb = match spec.kind {
        Kind::Select(_) | Kind::Radio(_) | Kind::Choices { .. } | Kind::File { .. } => "选择",
        _ => "填写",
    };
    format!("{verb}{}", spec.label)
}

/// Letters that cannot be seen, or that turn the reading direction around.
fn is_unseen(letter: char, kind: &Kind) -> bool {
    match letter {
        '\n' | '\t' => !matches!(kind, Kind::Long { .. } | Kind::Password),
        '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{2028}'
        | '\u{2029}' => true,
        other => other.is_control(),
    }
}

fn bounded(label: &str, text: &str, max: usize) -> Result<Value, String> {
    let count = text.chars().count();
    if count > max {
        return Err(format!("{label}最多 {max} 个字，现为 {count} 个字"));
    }
    Ok(Value::from(text))
}

/// Digits, points and signs as a keyboard for Chinese writes them, made plain.
fn plain_digits(text: &str) -> String {
    text.chars()
        .filter(|letter| !matches!(letter, ',' | '，' | ' ' | '\u{3000}' | '_'))
        .map(|letter| match letter {
            '０'..='９' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
            '．' | '。' => '.',
            '－' | '−' => '-',
            '／' => '/',
            other => other,
        })
        .collect()
}

/// A number as it is written, for whoever wrote something else.
const INTEGER_EXAMPLE: i64 = 12;
/// A field whose least number is this or more asks for a year.
const YEARS_FROM: i64 = 1900;

fn integer(label: &str, text: &str, min: i64, max: i64) -> Result<Value, String> {
    let plain = plain_digits(text);
    // 2027年 is a year like any other.
    let year = plain.strip_suffix('年').filter(|_| min >= YEARS_FROM);
    let number: i64 = year.unwrap_or(&plain).parse().map_err(|_| {
        if (min..=max).contains(&INTEGER_EXAMPLE) {
            format!("{label}要填整数，例如 {INTEGER_EXAMPLE}")
        } else {
            format!("{label}要填 {min} 到 {max} 之间的整数")
        }
    })?;
    if (min..=max).contains(&number) {
        Ok(Value::from(number))
    } else {
        Err(format!("{label}要在 {min} 到 {max} 之间"))
    }
}

/// 万元 with at most two decimals, to 分.
fn money(label: &str, text: &str) -> Result<Value, String> {
    let sentence = || format!("{label}要填数字，单位万元，最多两位小数，例如 2860.00");
    let plain = plain_digits(text);
    let unit = ["万元", "万"].into_iter().find_map(|unit| plain.strip_suffix(unit));
    let plain = unit.unwrap_or(&plain);
    let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|letter| letter.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) || part.len() > 2 {
        return Err(sentence());
    }
    let hundredths: i64 = format!("{whole}{part:0<2}").parse().map_err(|_| sentence())?;
    if hundredths > HUNDREDTHS_MAX {
        return Err(format!("{label}超出可填的上限，核对单位是否为万元"));
    }
    Ok(Value::from(hundredths * FEN_PER_HUNDREDTH))
}

/// `2026-03-05`, `2026/3/5`, `2026.3.5`, `2026年3月5日` and `20260305`.
fn day(text: &str) -> Option<Date> {
    let plain = plain_digits(text);
    let parts: Vec<&str> =
        plain.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] => (*year, *month, *day),
        [all] if all.len() == 8 && all.is_ascii() => (all.get(..4)?, all.get(4..6)?, all.get(6..)?),
        _ => return None,
    };
    let year: i16 = year.parse().ok().filter(|year| YEARS.contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Several of a list, in the order of the list, each once.
fn several(spec: &FieldSpec, options: &[Choice], name: &str, pairs: &[(String, String)]) -> Parsed {
    let posted: Vec<&str> = pairs
        .iter()
        .filter(|(key, value)| key == name && !value.is_empty())
        .map(|(_, value)| value.as_str())
        .collect();
    if posted.iter().any(|value| options.iter().all(|choice| choice.value != *value)) {
        return Err(format!("从列表中选择{}", spec.label));
    }
    if spec.required && posted.is_empty() {
        return Err(owed(spec));
    }
    let taken = options.iter().filter(|choice| posted.contains(&choice.value.as_ref()));
    Ok(Some(taken.map(|choice| Value::from(choice.value.as_ref())).collect()))
}

/// The numbers of the rows that were posted, ascending.
pub(super) fn row_numbers(name: &str, pairs: &[(String, String)]) -> Vec<usize> {
    let mut numbers: Vec<usize> = pairs
        .iter()
        .filter_map(|(key, _)| {
            let rest = key.strip_prefix(name)?.strip_prefix('.')?;
            rest.split_once('.')?.0.parse().ok().filter(|number| *number <= ROW_NUMBER_MAX)
        })
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// A list of objects. Rows that are wholly blank are not rows.
fn rows(
    spec: &FieldSpec,
    name: &str,
    columns: &[FieldSpec],
    (min, max): (usize, usize),
    pairs: &[(String, String)],
    errors: &mut Vec<FieldError>,
) -> Parsed {
    let filled: Vec<usize> = row_numbers(name, pairs)
        .into_iter()
        .filter(|number| !is_blank(&format!("{name}.{number}."), columns, pairs))
        .collect();
    if filled.len() > max {
        return Err(format!("{}最多 {max} 行，现为 {} 行", spec.label, filled.len()));
    }
    let least = min.max(usize::from(spec.required));
    if filled.len() < least {
        return Err(format!("{}至少填 {least} 行，现为 {} 行", spec.label, filled.len()));
    }
    let row = |(index, number): (usize, usize)| {
        let (before, lead) = (format!("{name}.{number}."), format!("第 {} 行：", index + 1));
        Value::Object(object(columns, &before, &lead, pairs, errors))
    };
    Ok(Some(filled.into_iter().enumerate().map(row).collect()))
}

/// Whether nothing was typed in a row. What a page carries along, and a list that always has a
/// value, do not make a row.
fn is_blank(before: &str, columns: &[FieldSpec], pairs: &[(String, String)]) -> bool {
    columns.iter().filter(|column| !matches!(column.kind, Kind::Hidden)).all(|column| {
        let name = format!("{before}{}", column.name);
        let kept = format!("{name}.kept");
        pairs.iter().all(|(key, value)| (*key != name && *key != kept) || value.trim().is_empty())
    })
}

/// A stored object, written as somebody would type it: the inverse of [`parse`].
pub(super) fn unparse(specs: &[FieldSpec], object: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    write(specs, "", object, &mut pairs);
    pairs
}

fn write(specs: &[FieldSpec], before: &str, object: &Value, pairs: &mut Vec<(String, String)>) {
    for spec in specs {
        let name = format!("{before}{}", spec.name);
        let value = object.get(spec.name.as_ref()).unwrap_or(&Value::Null);
        match (&spec.kind, value) {
            (_, Value::Null) | (Kind::Password, _) => {}
            (Kind::Rows { columns, .. }, Value::Array(rows)) => {
                for (index, row) in rows.iter().enumerate() {
                    write(columns, &format!("{name}.{index}."), row, pairs);
                }
            }
            (Kind::Choices { .. }, Value::Array(values)) => {
                pairs.extend(values.iter().map(|value| (name.clone(), words(value))));
            }
            (Kind::Check, value) => {
                let on = value.as_bool().unwrap_or_default();
                pairs.push((name, if on { "1" } else { "" }.to_owned()));
            }
            (Kind::Money, value) => pairs.push((name, amount(value.as_i64().unwrap_or_default()))),
            (Kind::File { .. }, value) => pairs.push((format!("{name}.kept"), words(value))),
            (_, value) => pairs.push((name, words(value))),
        }
    }
}

fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// 分 as 万元 with two decimals and thousands separators: `2,860.00`.
pub fn amount(fen: i64) -> String {
    let hundredths = fen / FEN_PER_HUNDREDTH;
    let (whole, part) = ((hundredths / 100).unsigned_abs(), (hundredths % 100).unsigned_abs());
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{grouped}.{part:02}")
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
