//! 协议各版 — what was signed stays readable, and two versions are told apart word by word.

use consortium::{
    agreement::{
        Edition, Standing, compare,
        comparison::Became,
        editions,
        words::{Mark, between},
    },
    ids::UnitId,
};
use proptest::prelude::{prop, prop_assert_eq, proptest};

use crate::{
    stories::at,
    story::play,
    world::{World, agreement_digest},
};

fn every(world: &World) -> Vec<Edition> {
    let journal = &world.journals[&world.current];
    editions(journal.iter().map(|(event, stamp)| (event, stamp))).unwrap()
}

#[test]
fn a_signed_version_stays_as_it_was_and_says_that_it_binds_no_more() {
    let mut world = at("签署");
    play(&mut world, "2026-03-02  塞北 签字盖章  -> 签署");
    let signed = every(&world).pop().unwrap();
    assert_eq!(signed.standing(), Standing::Signing);
    play(
        &mut world,
        "
2026-03-03  云川 起草协议 高温储能 作废签署   -> 起草
2026-03-03  云川 修改投入 7770000             -> 起草
",
    );
    let all = every(&world);
    let versions: Vec<_> = all.iter().map(Edition::standing).collect();
    assert_eq!(versions, [Standing::Void, Standing::Draft]);
    assert_eq!(all[0].materials.agreement.text, signed.materials.agreement.text);
    assert_eq!(all[0].ended.as_ref().unwrap().1, "修改组建协议");
    let slot = all[0].round.as_ref().unwrap().slot(&UnitId::from("塞北")).unwrap();
    assert!(slot.complete(), "the signature of the old text is still there");
    let found = compare(&all[0].materials, &all[1].materials);
    assert_eq!(found.clauses.len(), 1, "{found:?}");
    assert_eq!(found.clauses[0].became, Became::Changed);
    assert_eq!(found.tables.len(), 1, "{found:?}");
    assert_eq!(found.tables[0].title, "附表三　投入");
    assert_eq!(found.tables[0].rows[0].became, Became::Changed);
    // What nobody signed is replaced without a word about signatures.
    play(&mut world, "2026-03-04  云川 起草协议 中温储能  -> 起草");
    assert_eq!(every(&world)[1].standing(), Standing::Replaced);
}

#[test]
fn a_version_in_force_is_what_was_locked_whatever_the_filing_becomes() {
    let mut world = at("已备案");
    let digest = agreement_digest(world.dossier());
    play(
        &mut world,
        "
2026-06-01  云川 报告变更 联合体更名 内蒙古自治区固态储能创新联合体  -> 已备案
2026-06-02  云川 签成补充协议                                    -> 已备案
2026-06-03  经办 办结变更 1 同意                                 -> 已备案 内蒙古自治区固态储能创新联合体
",
    );
    let last = every(&world).pop().unwrap();
    assert_eq!(last.standing(), Standing::InForce);
    assert_eq!(last.materials.name, "内蒙古自治区电化学储能创新联合体");
    let mut then = world.dossier().clone();
    then.materials = last.materials;
    assert_eq!(agreement_digest(&then), digest);
}

#[test]
fn a_party_is_reminded_once_a_day_and_only_of_what_it_owes() {
    let mut world = at("签署");
    play(
        &mut world,
        "
2026-02-26  云川 催签 塞北          -> 签署 塞北催1次
2026-02-26  云川 催签 塞北          -> 签署 塞北催1次
2026-02-27  云川 催签 塞北          -> 签署 塞北催2次
2026-03-02  塞北 签字盖章           -> 签署
2026-03-02  云川 催签 塞北          !! 已经签字并盖章
2026-03-02  云川 催签 外人          !! 不是这一版协议的签署方
2026-03-03  云川 撤回锁定 再改一处  -> 起草
2026-03-03  云川 催签 北疆          !! 还没有锁定文本
",
    );
}

proptest! {
    /// What is kept and removed is the old text, what is kept and inserted the new one.
    #[test]
    fn the_marks_leave_nothing_out(
        old in "[甲乙丙AB12，。；\n ]{0,60}",
        cut in prop::collection::vec((0_usize..60, "[甲丁C3。]{0,4}"), 0..4),
    ) {
        let mut new: Vec<char> = old.chars().collect();
        for (at, put) in cut {
            let at = at.min(new.len());
            let end = (at + 2).min(new.len());
            new.splice(at..end, put.chars());
        }
        let new: String = new.into_iter().collect();
        let pieces = between(&old, &new);
        let without = |mark: Mark| -> String {
            pieces.iter().filter(|piece| piece.mark != mark).map(|piece| piece.text.as_str()).collect()
        };
        prop_assert_eq!(without(Mark::Inserted), &old[..]);
        prop_assert_eq!(without(Mark::Removed), &new[..]);
        let changed = pieces.iter().any(|piece| piece.mark != Mark::Kept);
        prop_assert_eq!(changed, old != new);
    }
}
