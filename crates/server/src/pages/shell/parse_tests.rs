//! What the forms understand, refuse and remember.

use serde_json::json;

use super::super::form::{Choice, Form, Values};
use super::*;

fn pairs(posted: &[(&str, &str)]) -> Vec<(String, String)> {
    posted.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn one(spec: FieldSpec, typed: &str) -> Result<Value, String> {
    let name = spec.name.to_string();
    parse(&[spec], &pairs(&[(&name, typed)]))
        .map(|object| object.get(&name).cloned().unwrap_or_default())
        .map_err(|errors| errors[0].sentence.clone())
}

#[test]
fn each_kind_understands_what_people_type() {
    let digest = "a".repeat(64);
    // kind                                         typed              parsed
    let table: Vec<(FieldSpec, &str, Value)> = vec![
        (FieldSpec::text("a", "名称", 5), "  名称 ", json!("名称")),
        (FieldSpec::long("a", "说明", 9), "一\r\n二", json!("一\n二")),
        (FieldSpec::integer("a", "人数", 0, 99), "１２", json!(12)),
        (FieldSpec::integer("a", "人数", -5, 99), "－5", json!(-5)),
        (FieldSpec::integer("a", "年度", 2000, 2100), "2027年", json!(2027)),
        (FieldSpec::money("a", "投入"), "500万", json!(500_000_000_i64)),
        (FieldSpec::money("a", "投入"), "2,860.5", json!(2_860_500_000_i64)),
        (FieldSpec::money("a", "投入"), "0.01 万元", json!(10_000)),
        (FieldSpec::money("a", "投入"), "１２。３４", json!(12_340_000)),
        (FieldSpec::date("a", "时间"), "2026-3-5", json!("2026-03-05")),
        (FieldSpec::date("a", "时间"), "2026年3月5日", json!("2026-03-05")),
        (FieldSpec::date("a", "时间"), "20260305", json!("2026-03-05")),
        (FieldSpec::date("a", "时间"), "２０２６／０３／０５", json!("2026-03-05")),
        (FieldSpec::select("a", "类型", [("x", "甲")]), "x", json!("x")),
        (FieldSpec::check("a", "同意"), "on", json!(true)),
        (FieldSpec::check("a", "同意"), "", json!(false)),
        (FieldSpec::file("a", "附件", ".pdf"), &digest, json!(digest)),
        (FieldSpec::text("a", "选填", 5), "   ", Value::Null),
    ];
    for (spec, typed, expected) in table {
        let shown = format!("{spec:?} {typed}");
        assert_eq!(one(spec, typed), Ok(expected), "{shown}");
    }
}

#[test]
fn limits_hold_at_the_edge_and_one_past_it() {
    let text = || FieldSpec::text("a", "名称", 3);
    assert_eq!(one(text(), "一二三"), Ok(json!("一二三")));
    assert_eq!(one(text(), "一二三四"), Err("名称最多 3 个字，现为 4 个字".to_owned()));
    let number = || FieldSpec::integer("a", "人数", 1, 10);
    assert_eq!(one(number(), "10"), Ok(json!(10)));
    assert_eq!(one(number(), "11"), Err("人数要在 1 到 10 之间".to_owned()));
    assert_eq!(one(number(), "0"), Err("人数要在 1 到 10 之间".to_owned()));
    let money = || FieldSpec::money("a", "投入");
    assert_eq!(one(money(), "1000000000"), Ok(json!(1_000_000_000_000_000_i64)));
    assert!(one(money(), "1000000000.01").is_err());
    assert!(one(money(), "1.234").is_err());
    let password = || FieldSpec::password("a", "密码");
    assert!(one(password(), &"密".repeat(128)).is_ok());
    assert!(one(password(), &"密".repeat(129)).is_err());
}

#[test]
fn hostile_input_is_refused_and_never_panics() {
    let long_number = "9".repeat(500);
    let not_ascii = "é".repeat(32);
    // what                                       typed
    let table: Vec<(FieldSpec, &str)> = vec![
        (FieldSpec::text("a", "名称", 50), "abc\u{202E}fdp.exe"),
        (FieldSpec::text("a", "名称", 50), "a\0b"),
        (FieldSpec::text("a", "名称", 50), "一\n二"),
        (FieldSpec::integer("a", "人数", i64::MIN, i64::MAX), &long_number),
        (FieldSpec::integer("a", "人数", 0, 9), "1e3"),
        (FieldSpec::integer("a", "人数", 0, 9), "3年"),
        (FieldSpec::integer("a", "年度", 2000, 2100), "2027年年"),
        (FieldSpec::money("a", "投入"), "500元"),
        (FieldSpec::money("a", "投入"), "5万万元"),
        (FieldSpec::money("a", "投入"), &long_number),
        (FieldSpec::money("a", "投入"), "-1"),
        (FieldSpec::money("a", "投入"), "."),
        (FieldSpec::money("a", "投入"), "NaN"),
        (FieldSpec::date("a", "时间"), "2026-02-30"),
        (FieldSpec::date("a", "时间"), "0000-00-00"),
        (FieldSpec::date("a", "时间"), "99999999"),
        (FieldSpec::date("a", "时间"), "一二三四五六七八"),
        (FieldSpec::date("a", "时间"), "12026-01-01"),
        (FieldSpec::select("a", "类型", [("x", "甲")]), "y"),
        (FieldSpec::choices("a", "类型", [("x", "甲")]), "y"),
        (FieldSpec::file("a", "附件", ".pdf"), "../../etc/passwd"),
        (FieldSpec::file("a", "附件", ".pdf"), &not_ascii),
    ];
    for (spec, typed) in table {
        let shown = format!("{:?} {}", spec.kind, typed.escape_debug());
        assert!(one(spec, typed).is_err(), "{shown}");
    }
}

#[test]
fn what_is_owed_is_asked_for_by_its_name() {
    let fields = [
        FieldSpec::text("name", "联合体名称", 50).required(),
        FieldSpec::select("kind", "技术领域", [("x", "甲")]).required(),
        FieldSpec::file("paper", "证明材料", ".pdf").required(),
        FieldSpec::check("sure", "材料属实").required(),
        FieldSpec::choices("many", "优势", [("x", "甲")]).required(),
        FieldSpec::text("note", "备注", 50),
    ];
    let errors = parse(&fields, &[]).unwrap_err();
    let sentences: Vec<&str> = errors.iter().map(|error| error.sentence.as_str()).collect();
    let expected = ["填写联合体名称", "选择技术领域", "选择证明材料", "勾选“材料属实”", "选择优势"];
    assert_eq!(sentences, expected);
}

fn members() -> FieldSpec {
    let columns = vec![
        FieldSpec::text("name", "单位名称", 10).required(),
        FieldSpec::money("money", "投入"),
        FieldSpec::hidden("id"),
    ];
    FieldSpec::rows("members", "成员单位", columns, 1, 2)
}

#[test]
fn blank_rows_are_not_rows_and_gaps_do_not_matter() {
    let posted = pairs(&[
        ("members.7.name", "乙"),
        ("members.0.name", " "),
        ("members.0.id", "carried along"),
        ("members.3.name", "甲"),
        ("members.3.money", "1"),
        ("members.x.name", "丙"),
        ("members.99999999999999999999.name", "丁"),
    ]);
    let expected = json!({"members": [{"name": "甲", "money": 1_000_000}, {"name": "乙"}]});
    assert_eq!(parse(&[members()], &posted), Ok(expected));
}

#[test]
fn rows_have_a_least_and_a_greatest_number() {
    let none = parse(&[members()], &[]).unwrap_err();
    assert_eq!(none[0], FieldError::new("members", "成员单位至少填 1 行，现为 0 行"));
    let three = pairs(&[("members.0.name", "a"), ("members.1.name", "b"), ("members.2.name", "c")]);
    let many = parse(&[members()], &three).unwrap_err();
    assert_eq!(many[0], FieldError::new("members", "成员单位最多 2 行，现为 3 行"));
    let half = parse(&[members()], &pairs(&[("members.4.money", "1")])).unwrap_err();
    assert_eq!(half[0], FieldError::new("members.4.name", "第 1 行：填写单位名称"));
}

#[test]
fn what_is_stored_is_typed_back_and_parses_to_the_same() {
    let fields = [
        FieldSpec::text("name", "名称", 50),
        FieldSpec::money("money", "投入"),
        FieldSpec::date("day", "时间"),
        FieldSpec::integer("count", "人数", 0, 9),
        FieldSpec::check("sure", "属实"),
        FieldSpec::choices("many", "优势", [("x", "甲"), ("y", "乙")]),
        FieldSpec::file("paper", "附件", ".pdf"),
        members(),
    ];
    let stored = json!({
        "name": "储能",
        "money": 2_860_000_000_i64,
        "day": "2026-03-05",
        "count": 3,
        "sure": true,
        "many": ["x", "y"],
        "paper": "b".repeat(64),
        "members": [{"name": "甲", "money": 10_000, "id": "u1"}],
    });
    let typed = Values::stored(&fields, &stored);
    assert_eq!(typed.get("money"), "2,860.00");
    assert_eq!(parse(&fields, &typed.0), Ok(stored));
}

#[test]
fn a_form_keeps_what_was_typed_and_points_at_what_is_to_be_mended() {
    let fields = vec![FieldSpec::text("name", "名称", 3).hint("全称").clause("6.1"), members()];
    let typed = pairs(&[("name", "<b>长名称"), ("members.2.name", "甲"), ("_more", "members")]);
    let errors = parse(&fields, &typed).unwrap_err();
    let form =
        Form::new("token", "/apply", "保存", fields).values(Values::typed(&typed)).errors(errors);
    let html = form.to_string();
    assert!(!html.contains("<b>长"), "{html}");
    assert!(html.contains("href=\"#f-name\"") && html.contains("id=\"f-name\""), "{html}");
    assert!(html.contains("aria-describedby=\"f-name-h f-name-e\""), "{html}");
    assert!(html.contains("name=\"members.2.name\" value=\"甲\""), "{html}");
    assert!(html.contains("name=\"members.3.name\" value=\"\""), "one more row: {html}");
    assert!(html.contains("第六条（1）"), "{html}");
    assert!(html.contains("novalidate") && html.contains("name=\"_csrf\" value=\"token\""));
}

#[test]
fn a_row_is_taken_out_by_its_number_and_no_other_with_it() {
    let posted = [("work.1.a", "一"), ("work.10.a", "十"), ("works.1.a", "别的"), (DROP, "work.1")];
    assert!(asks_for_more(&pairs(&posted)));
    let left = without_dropped(pairs(&posted));
    let names: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["work.10.a", "works.1.a", DROP]);
    // What names no row takes nothing out.
    let none = [("work.1.a", "一"), (DROP, "")];
    assert_eq!(without_dropped(pairs(&none)), pairs(&none));
}

#[test]
fn what_a_button_picks_stands_over_what_was_typed() {
    let typed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut pairs =
        typed(&[("members.1.unit", "金岭"), ("task", "x"), (PICK, "members.1.unit=91=")]);
    take_pick(&mut pairs);
    assert_eq!(pairs, typed(&[("task", "x"), ("members.1.unit", "91=")]));
    let mut pairs = typed(&[("unit", "金岭"), (PICK, "nothing")]);
    take_pick(&mut pairs);
    assert_eq!(pairs, typed(&[("unit", "金岭")]));
}

#[test]
fn an_entry_of_another_group_is_said_and_one_of_none_stands() {
    let under = |value: &'static str, label: &'static str| {
        Choice::from((value, label)).under(&value[..1], if value < "B" { "农业" } else { "采矿业" })
    };
    let specs = [
        FieldSpec::select("industry", "所属行业", [("A", "农业"), ("B", "采矿业")]),
        FieldSpec::select("division", "行业大类", [under("A01", "种植"), under("B06", "煤炭")])
            .within("industry"),
    ];
    let posted = |industry: &str, division: &str| {
        let pairs = [("industry", industry), ("division", division)];
        parse(&specs, &pairs.map(|(name, value)| (name.to_owned(), value.to_owned())))
    };
    for (industry, division) in [("A", "A01"), ("B", "B06"), ("A", ""), ("", "B06"), ("", "")] {
        assert!(posted(industry, division).is_ok(), "{industry} {division}");
    }
    let errors = posted("A", "B06").expect_err("another group");
    let sentence = "行业大类“煤炭”属于“采矿业”，所属行业选的是“农业”；改其中一项";
    assert_eq!((errors[0].field.as_str(), errors[0].sentence.as_str()), ("division", sentence));
}

#[test]
fn a_blank_says_what_the_field_falls_back_on_and_makes_no_row() {
    let columns = || {
        vec![
            FieldSpec::text("content", "任务内容", 20).required(),
            FieldSpec::date("from", "开始").required().or("2026-01-01"),
            FieldSpec::date("to", "结束").required().or(""),
        ]
    };
    let specs = [FieldSpec::rows("work", "任务", columns(), 0, 5)];
    let typed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let pairs = typed(&[
        ("work.0.content", "甲"),
        ("work.0.from", "2027-02-02"),
        ("work.0.to", "2028-01-01"),
        ("work.1.content", "乙"),
        ("work.1.to", "2028-01-01"),
        ("work.2.content", ""),
    ]);
    let rows = parse(&specs, &pairs).unwrap()["work"].clone();
    let from: Vec<&str> =
        rows.as_array().unwrap().iter().map(|row| row["from"].as_str().unwrap()).collect();
    assert_eq!(from, ["2027-02-02", "2026-01-01"], "a blank row is none");
    // Where there is nothing to fall back on, it is owed as before.
    let errors = parse(&specs, &typed(&[("work.0.content", "甲")])).unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["work.0.to"]);
}
