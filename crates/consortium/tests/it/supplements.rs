//! 补充协议 — who signs for which change, when it is in force, and that nothing is recorded before.

use consortium::{
    Command,
    actor::Capacity,
    agreement::{
        Slot,
        supplement::{parties, signers},
    },
    change::{ChangeContent, ChangeKind},
    parameter::{ParameterKey, Parameters, Signers},
};
use jiff::civil::date;

use crate::{
    stories::at,
    story::play,
    world::{World, department, handler, representative},
};

#[test]
fn who_signs_is_a_parameter_of_each_kind_of_change() {
    let shipped = Parameters::on(date(2026, 3, 2));
    let told = |kind| signers(kind, &shipped);
    for kind in [ChangeKind::Lead, ChangeKind::Direction, ChangeKind::Terms] {
        assert_eq!(told(kind), Signers::Everybody, "{kind:?}");
    }
    for kind in [ChangeKind::Name, ChangeKind::Join, ChangeKind::Leave] {
        assert_eq!(told(kind), Signers::NewAndLead, "{kind:?}");
    }
    for kind in [ChangeKind::UnitData, ChangeKind::Contact, ChangeKind::Credit] {
        assert_eq!(told(kind), Signers::Nobody, "{kind:?}");
    }
    let changed = shipped.clone().with(ParameterKey::ResignJoin, 2);
    assert_eq!(signers(ChangeKind::Join, &changed), Signers::Everybody);
    assert_eq!(
        signers(ChangeKind::Join, &shipped.with(ParameterKey::ResignJoin, 0)),
        Signers::Nobody
    );
}

#[test]
fn new_terms_are_signed_by_everybody_before_they_are_recorded() {
    play(
        &mut at("已备案"),
        "
2026-06-01  云川 起草补充协议 收益按贡献分配                 !! 没有在办的变更
2026-06-01  云川 报告变更 投入                               -> 已备案 待云川write_supplement
2026-06-01  云川 锁定补充协议                                !! 补充协议还没有写
2026-06-02  经办 办结变更 1 同意                             !! 要有各方签署的补充协议，现在还没有生效
2026-06-02  塞北 起草补充协议 收益按贡献分配                 !! 由牵头单位办理
2026-06-02  云川 起草补充协议 收益按贡献分配                 -> 已备案 待云川lock_supplement
2026-06-02  云川 起草补充协议 收益按贡献分配                 -> 已备案 待云川lock_supplement
2026-06-03  云川 锁定补充协议                                -> 已备案 补充协议5方签 待塞北sign 待塞北seal
2026-06-03  云川 锁定补充协议                                -> 已备案 补充协议5方签
2026-06-04  塞北 签旧文本                                    !! 正文指纹与锁定版本不一致
2026-06-04  云川 签字盖章                                    -> 已备案
2026-06-04  金岭 签字盖章                                    -> 已备案
2026-06-04  塞北 签字盖章                                    -> 已备案
2026-06-04  北疆 签字盖章                                    -> 已备案
2026-06-04  草原 签字                                        -> 已备案
2026-06-05  经办 办结变更 1 同意                             !! 现在还没有生效
2026-06-05  云川 催签 草原                                   -> 已备案
2026-06-08  草原 盖章                                        -> 已备案 补充协议已生效 协议2026-03-02生效 待业务处室经办decide_change
2026-06-08  草原 拒签 反悔                                   !! 协议已经生效，不能再不同意签署
2026-06-08  云川 起草补充协议 另一份 作废签署                -> 已备案 待云川lock_supplement
2026-06-08  经办 办结变更 1 同意                             !! 现在还没有生效
",
    );
}

#[test]
fn what_is_void_and_who_signs_again_is_said_before_the_text_is_changed() {
    let mut world = at("已备案");
    play(
        &mut world,
        "
2026-06-01  云川 报告变更 投入                               -> 已备案
2026-06-02  云川 起草补充协议 收益按贡献分配                 -> 已备案
2026-06-02  云川 锁定补充协议                                -> 已备案
2026-06-03  塞北 签字盖章                                    -> 已备案
2026-06-03  云川 起草补充协议 收益按投入分配                 !! 修改后作废的签署：塞北理工大学；要重新签署的：内蒙古云川储能科技有限公司、
2026-06-03  云川 起草补充协议 收益按投入分配 作废签署        -> 已备案 待云川lock_supplement
2026-06-03  塞北 签旧文本                                    !! 正文指纹与锁定版本不一致
2026-06-04  云川 锁定补充协议                                -> 已备案 补充协议5方签
2026-06-05  北疆 拒签 收益要再议                             -> 已备案 待云川lock_supplement
",
    );
    let kept = world.dossier().open_change().unwrap().supplement.clone().unwrap();
    assert_eq!((kept.version, kept.voided.len()), (3, 2), "both rounds stay readable");
    assert_eq!(kept.voided[0].0, "收益按贡献分配");
    assert!(kept.voided[0].1.slots.iter().any(Slot::complete));
}

#[test]
fn a_unit_that_joins_signs_with_the_lead_and_reads_what_it_signs() {
    let mut world = at("已备案");
    play(
        &mut world,
        "
2026-06-01  云川 报告变更 新增成员 绿氢                      -> 已备案
2026-06-02  云川 起草补充协议 绿氢加入，承担电解槽任务       -> 已备案
2026-06-02  绿氢 签字                                        !! 由牵头单位或成员单位办理
2026-06-02  云川 锁定补充协议                                -> 已备案 补充协议2方签
2026-06-03  塞北 签字                                        !! 不是这一版协议的签署方
2026-06-03  绿氢 签字盖章                                    -> 已备案
2026-06-03  云川 签字盖章                                    -> 已备案 补充协议已生效
2026-06-04  经办 办结变更 1 同意                             -> 已备案 6家
",
    );
    let round = world.dossier().register_entry().unwrap().changes[0].supplement.clone().unwrap();
    assert_eq!(round.parties.len(), 2);
}

#[test]
fn everybody_may_sign_on_paper_and_nobody_is_asked_where_the_parameter_says_so() {
    play(
        &mut at("已备案"),
        "
2026-06-01  云川 报告变更 新增成员 绿氢                      -> 已备案
2026-06-02  云川 起草补充协议 绿氢加入                       -> 已备案
2026-06-02  云川 锁定补充协议                                -> 已备案
2026-06-03  绿氢 提交纸质件 加入协议                         -> 已备案 待绿氢confirm_paper
2026-06-03  绿氢 确认纸质件 加入协议                         -> 已备案
2026-06-03  云川 确认纸质件 加入协议                         -> 已备案 补充协议已生效
",
    );
    let mut world = at("已备案");
    let id = world.current.clone();
    let dossier = world.dossiers.get_mut(&id).unwrap();
    dossier.parameters = dossier.parameters.clone().with(ParameterKey::ResignTerms, 0);
    world.on(date(2026, 6, 1));
    let content = ChangeContent { reason: "收益分配调整".into(), ..ChangeContent::default() };
    let (kind, occurred_on) = (ChangeKind::Terms, world.today());
    let report = Command::ReportChange { kind, occurred_on, content };
    world.perform(&handler("云川"), &report).unwrap();
    let write = Command::WriteSupplement { text: "另行约定".into(), void_signatures: false };
    let refused = world.perform(&handler("云川"), &write).unwrap_err();
    assert!(refused.to_string().contains("不需要补充协议"), "{refused}");
    let decide = Command::DecideChange { no: 1, accepted: true, reason: "材料齐备".into() };
    let drafter = department(Capacity::Drafter);
    assert!(world.perform(&drafter, &decide).is_ok());
}

#[test]
fn the_lead_stands_first_among_those_who_sign_and_nobody_twice() {
    let mut world: World = at("已备案");
    play(&mut world, "2026-06-01  云川 报告变更 牵头单位变更 金岭  -> 已备案");
    let change = world.dossier().open_change().unwrap();
    let signing = parties(world.dossier(), change, &world.units);
    let units: Vec<&str> = signing.iter().map(|party| party.unit.as_str()).collect();
    assert_eq!(units.len(), 5, "{units:?}");
    assert_eq!(units[0], "云川");
    assert_eq!(units.iter().filter(|unit| **unit == "金岭").count(), 1);
    let decline = Command::DeclineToSign { reason: "不同意".into() };
    assert!(world.perform(&representative("金岭"), &decline).is_err(), "nothing is locked yet");
    assert!(world.perform(&handler("云川"), &Command::LockSupplement {}).is_err());
}
