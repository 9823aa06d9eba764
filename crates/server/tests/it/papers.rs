//! What people send: ordinary sections of the form, an agreement, a sheet, a summary, as JSON.

use serde_json::{Value, json};

/// Every section that the lead writes alone.
pub(crate) fn sections(lead: &str) -> Vec<Value> {
    let work = |content: &str, kind: &str| {
        json!({
            "content": content, "kind": kind, "unit": lead,
            "from": "2026-03-01", "to": "2028-12-31", "deliverable": "样机和报告",
        })
    };
    vec![
        json!({
            "section": "basics", "field": "T6", "industry": "C", "chain": "新型储能",
            "background": "高寒地区储能系统衰减快，缺少可用的电解液体系。", "not_secret": true,
        }),
        json!({
            "section": "lead", "staff": 320, "rd_staff": 90,
            "revenue_fen": 123_454_321_987_i64, "rd_spend_fen": 900_000_000,
            "team": "储能研发团队九十人", "management_rules": "研发项目管理办法等八项",
            "cooperation": "与塞北理工大学共建实验室三年",
            "contact": {"$personal": "CANARY-联系人"},
            "contact_phone": {"$personal": "CANARY-联系电话"},
        }),
        json!({"section": "goals", "goals": "零下四十度循环寿命达到六千次", "indicators": []}),
        json!({
            "section": "technologies",
            "technologies": [{"name": "低温电解液", "bottleneck": "低温下离子电导率骤降",
                "approach": "CANARY-攻关思路"}],
        }),
        json!({
            "section": "work",
            "work": [work("低温电解液研究", "research"), work("示范电站转化", "conversion")],
        }),
        json!({
            "section": "inputs",
            "inputs": [{"unit": lead, "year": 2026, "form": "货币", "amount_fen": 765_432_123_400_i64}],
        }),
        json!({"section": "promise", "truthful": true}),
        figures(lead),
        conditions(lead),
        json!({
            "section": "plan", "outline": "先研发后示范",
            "rows": [{"year": 2026, "item": "研发", "source": "各方投入",
                "amount_fen": 765_111_222_300_i64}],
        }),
    ]
}

/// A unit's own figures.
pub(crate) fn figures(unit: &str) -> Value {
    json!({
        "section": "unit", "unit": unit, "staff": 320, "rd_staff": 90,
        "years": [{"year": 2025, "revenue_fen": 654_987_654_300_i64, "rd_spend_fen": 900_000_000}],
        "contact": {"$personal": "CANARY-单位联系人"},
        "contact_phone": {"$personal": "CANARY-单位电话"},
        "contact_email": {"$personal": "CANARY-单位邮箱"},
    })
}

/// A unit's own conditions.
pub(crate) fn conditions(unit: &str) -> Value {
    json!({
        "section": "conditions", "unit": unit, "area_m2": 3200,
        "equipment_fen": 543_876_543_200_i64,
        "projects": [{"level": "region", "name": "低温电芯", "status": "running",
            "funds_fen": 432_765_432_100_i64}],
        "conversions": [{"title": "配方许可", "amount_fen": 321_654_321_900_i64}],
    })
}

/// A member's own block.
pub(crate) fn member(unit: &str) -> Value {
    json!({
        "section": "member", "unit": unit, "capability": "有专职研发团队和试验条件",
        "cooperation": "与牵头单位联合攻关两年", "role": "承担材料与测试任务",
    })
}

/// The platforms: one, of this level.
pub(crate) fn platform(level: &str, owner: &str, valid_to: Option<&str>) -> Value {
    json!({
        "section": "platforms",
        "platforms": [{
            "name": "储能重点实验室", "level": level, "owner": owner,
            "approved_by": "自治区科技厅", "document_no": "虚构字〔2022〕4号",
            "approved_on": "2022-05-01", "valid_to": valid_to,
        }],
    })
}

/// An agreement with its six contents.
pub(crate) fn agreement() -> Value {
    json!({
        "formed_on": "2026-02-26", "goals": "低温储能", "division": "见登记表任务分工",
        "results": "各自完成归各自，共同完成共有", "distribution": "按投入比例分配收益",
        "disputes": "协商不成的，提交仲裁", "risk": "按任务分工各自承担",
        "breach": "违约方退还已收投入", "other": "",
    })
}

/// A sheet of 82 points.
pub(crate) fn sheet(vote: &str) -> Value {
    json!({
        "scores": [13, 16, 17, 16, 12, 8], "remarks": vec!["CANARY-评分说明"; 6], "vote": vote,
        "opinion": "CANARY-评审意见",
    })
}

/// A yearly summary with its six contents.
pub(crate) fn summary(year: i16) -> Value {
    json!({
        "rules": format!("{year} 年召开理事会两次"), "research": "突破低温电解液一项",
        "conversion": "技术合同两项", "promotion": "示范电站一处",
        "other": "本年度未开展，无相关任务", "plan": "扩大示范",
    })
}

/// An objection in a real name.
pub(crate) fn objection() -> Value {
    json!({
        "objector": {"$personal": "CANARY-异议人"}, "contact": {"$personal": "CANARY-异议电话"},
        "kind": "材料真实性", "facts": "CANARY-异议事实：平台批准文件不真实，附证据。",
    })
}
