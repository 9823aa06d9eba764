//! 缺字: a character that cannot be set is an error that says which and where.

use documents::{Error, Kind};

use crate::{FONTS, samples, set};

#[test]
fn a_missing_character_is_named_with_its_place() {
    let mut document = samples::of(Kind::Acceptance);
    document.head.consortium.lead = "内蒙古😀储能有限公司".to_owned();
    let Err(Error::MissingGlyph { character, at, page, text }) =
        documents::render(&document, &FONTS)
    else {
        panic!("an empty box was set");
    };
    assert_eq!((character, at.as_str(), page), ('😀', "head.consortium.lead", 1));
    assert!(text.contains('😀'), "{text}");
}

#[test]
fn the_error_tells_the_operator_what_to_do() {
    let mut document = samples::of(Kind::PublicNotice);
    document.head.consortium.members.push("𠀋".to_owned());
    let error = documents::render(&document, &FONTS).unwrap_err().to_string();
    assert!(error.starts_with("缺字“𠀋”（U+2000B）"), "{error}");
    assert!(error.contains("head.consortium.members.4"), "{error}");
    assert!(error.ends_with("由平台运维在字体目录补充字体"), "{error}");
}

#[test]
fn characters_of_names_are_there() {
    // 通用规范汉字表 reaches into the extensions; people are called so.
    let mut document = samples::of(Kind::Certificate);
    document.head.consortium.lead = "喆堃燚犇翀玥昇晟彧垚淼濛䶮㛃𬀩𬭎𫖯𬱖有限公司".to_owned();
    set(&document);
}
