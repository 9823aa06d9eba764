//! 名称 — one skeleton for all that people take for the same, and the reservation of a name.

use std::collections::BTreeSet;

use consortium::{Command, calendar::Calendar, name, task};
use jiff::civil::date;

use crate::{
    stories::at,
    story::play,
    world::{World, handler},
};

const PLAIN: &str = "内蒙古自治区AI储能电机创新联合体";

/// Every way of writing one name that the test can think of: each sign in each of its forms, and
/// something that nobody sees or minds between any two of them.
fn variants() -> BTreeSet<String> {
    let forms: &[(char, &[&str])] = &[
        ('区', &["區"]),
        ('储', &["儲"]),
        ('电', &["電"]),
        ('机', &["機"]),
        ('内', &["內"]),
        ('创', &["創"]),
        ('联', &["聯"]),
        ('体', &["體"]),
        ('A', &["a", "Ａ", "ａ", "А", "а", "Α", "α", "𝐀", "Ⓐ", "ᴬ"]),
        ('I', &["i", "Ｉ", "ｉ", "І", "і", "Ι", "l", "1", "１", "Ⅰ", "𝐈", "L"]),
    ];
    let between = [
        " ",
        "\u{3000}",
        "\u{A0}",
        "·",
        "・",
        "-",
        "—",
        "－",
        "‐",
        "_",
        ".",
        "、",
        "（",
        "）",
        "(",
        "“",
        "\u{200B}",
        "\u{200C}",
        "\u{200D}",
        "\u{2060}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{202E}",
        "\u{FE0F}",
        "\u{E0100}",
    ];
    let letters: Vec<char> = PLAIN.chars().collect();
    let mut all = BTreeSet::new();
    for at in 0..=letters.len() {
        for put in between {
            let (front, back) = letters.split_at(at);
            all.insert([front, &put.chars().collect::<Vec<_>>(), back].concat().iter().collect());
        }
    }
    for (plain, written) in forms {
        all.extend(written.iter().map(|form| PLAIN.replace(*plain, form)));
    }
    // All forms at once, with every sign between.
    for (turn, put) in between.iter().enumerate() {
        let mut name = PLAIN.to_owned();
        for (plain, written) in forms {
            name = name.replace(*plain, written[turn % written.len()]);
        }
        all.insert(
            name.chars().flat_map(|letter| [letter].into_iter().chain(put.chars())).collect(),
        );
    }
    for short in ["内蒙古AI储能电机创新联合体", "AI储能电机联合体", "內蒙古自治區AI儲能電機聯盟"]
    {
        all.insert(short.to_owned());
    }
    all
}

#[test]
fn five_hundred_variants_of_a_name_have_one_skeleton() {
    let variants = variants();
    assert!(variants.len() > 500, "{}", variants.len());
    for variant in &variants {
        assert_eq!(name::key(variant), name::key(PLAIN), "{variant:?}");
    }
    for other in ["内蒙古自治区储能电机创新联合体", "内蒙古自治区AI储热电机创新联合体"]
    {
        assert_ne!(name::key(other), name::key(PLAIN));
    }
}

#[test]
fn a_name_lapses_on_the_day_after_its_last_and_takes_nothing_else() {
    let mut world = World::official();
    play(
        &mut world,
        "
2026-02-10  云川 命名 内蒙古自治区电化学储能创新联合体   -> 起草 名称留至2026-03-12 待云川reserve_name
2026-02-10  云川 邀请 塞北                               -> 起草
2026-03-12  日历 走过一日                                -> 起草 名称留至2026-03-12
2026-03-13  日历 走过一日                                -> 起草 名称于2026-03-12到期 待云川reserve_name
2026-03-13  日历 走过一日                                -> 起草 名称于2026-03-12到期
2026-03-13  塞北 接受邀请                                -> 起草 2家
2026-03-16  云川 提交                                    !! 名称预留已于 2026-03-12 到期
2026-03-16  云川 续留名称                                -> 起草 名称留至2026-04-15
2026-03-16  云川 续留名称                                -> 起草 名称留至2026-04-15
2026-04-10  云川 续留名称                                -> 起草 名称留至2026-05-10
",
    );
}

#[test]
fn a_name_that_lapsed_is_free_for_another_and_its_lead_has_to_find_a_new_one() {
    let mut world = World::official();
    play(
        &mut world,
        "
2026-02-10  云川 命名 内蒙古自治区电化学储能创新联合体     -> 起草
2026-03-13  日历 走过一日                                  -> 起草 名称于2026-03-12到期
",
    );
    let first = world.current.clone();
    let open = |name: &str| Command::Open { name: name.into() };
    world.perform(&handler("金岭"), &open("内蒙古自治区电化学·储能创新联合体")).unwrap();
    world.current = first;
    play(
        &mut world,
        "
2026-03-16  云川 续留名称                                  !! 已由另一件使用
2026-03-16  云川 更名 内蒙古自治区固态储能创新联合体       -> 起草 名称留至2026-04-15
",
    );
}

#[test]
fn what_was_handed_in_holds_its_name_however_long_it_takes() {
    let mut world = at("推荐");
    world.calendar = Calendar::fictional(2023, 2040);
    play(
        &mut world,
        "
2026-03-05  呼市签发 退回 补充材料   -> 签署 名称已定
2027-03-05  日历 走过一日            -> 签署 名称已定
2027-03-05  云川 续留名称            !! 名称一直保留
",
    );
    let tasks = task::tasks(world.dossier(), &world.calendar);
    assert!(tasks.iter().all(|task| task.verb != "reserve_name"), "{tasks:?}");
}

#[test]
fn a_lead_holds_two_names_that_it_has_not_handed_in() {
    let mut world = World::official();
    world.on(date(2026, 2, 10));
    let open = |name: &str| Command::Open { name: name.into() };
    let lead = handler("云川");
    world.perform(&lead, &open("内蒙古自治区甲类储能创新联合体")).unwrap();
    world.perform(&lead, &open("内蒙古自治区乙类储热创新联合体")).unwrap();
    let refused = world.perform(&lead, &open("内蒙古自治区丙类储冷创新联合体")).unwrap_err();
    assert!(refused.to_string().contains("同时最多 2 个"), "{refused}");
    world.perform(&handler("金岭"), &open("内蒙古自治区丙类储冷创新联合体")).unwrap();
    let reserved = open("内蒙古自治区国家储能创新联合体");
    let refused = world.perform(&handler("金岭"), &reserved).unwrap_err();
    assert!(refused.to_string().contains("保留字词“国家”"), "{refused}");
}
