//! 单位资料 — what is asked of a unit, and the way from the form to the record and back.

use consortium::ids::Personal;
use consortium::reference;
use consortium::unit::{ADDRESS_MAX, LegalForm, NAME_MAX, Profile, UnitKind};
use serde_json::{Value, json};

use crate::pages::shell::form::{Choice, FieldSpec};

/// Provinces beside the region, by their codes of GB/T 2260.
const PROVINCES: [(&str, &str); 33] = [
    ("110000", "北京市"),
    ("120000", "天津市"),
    ("130000", "河北省"),
    ("140000", "山西省"),
    ("210000", "辽宁省"),
    ("220000", "吉林省"),
    ("230000", "黑龙江省"),
    ("310000", "上海市"),
    ("320000", "江苏省"),
    ("330000", "浙江省"),
    ("340000", "安徽省"),
    ("350000", "福建省"),
    ("360000", "江西省"),
    ("370000", "山东省"),
    ("410000", "河南省"),
    ("420000", "湖北省"),
    ("430000", "湖南省"),
    ("440000", "广东省"),
    ("450000", "广西壮族自治区"),
    ("460000", "海南省"),
    ("500000", "重庆市"),
    ("510000", "四川省"),
    ("520000", "贵州省"),
    ("530000", "云南省"),
    ("540000", "西藏自治区"),
    ("610000", "陕西省"),
    ("620000", "甘肃省"),
    ("630000", "青海省"),
    ("640000", "宁夏回族自治区"),
    ("650000", "新疆维吾尔自治区"),
    ("710000", "台湾省"),
    ("810000", "香港特别行政区"),
    ("820000", "澳门特别行政区"),
];

/// Every place a unit may be registered in: counties under their league, then provinces.
fn areas() -> Vec<Choice> {
    let counties = reference::leagues().flat_map(|league| {
        reference::counties_of(league.code).map(|county| {
            Choice::from((county.code, format!("{} · {}", league.name, county.name)))
                .under("", league.name)
        })
    });
    let provinces = PROVINCES
        .iter()
        .map(|(code, name)| Choice::from((*code, format!("区外 · {name}"))).under("", "区外"));
    counties.chain(provinces).collect()
}

/// Where a unit is registered, in words.
pub(crate) fn area_name(code: &str) -> String {
    let known = areas().into_iter().find(|choice| choice.value == code);
    match (known, reference::league_of(code)) {
        (Some(choice), _) => choice.label.into_owned(),
        (None, Some(league)) => league.name.to_owned(),
        (None, None) if code.is_empty() => "境外".to_owned(),
        (None, None) => code.to_owned(),
    }
}

/// What a unit says of itself. `doubted` asks to confirm a code whose check digit fails.
pub(crate) fn fields(doubted: bool) -> Vec<FieldSpec> {
    let kinds = UnitKind::ALL.map(|kind| (kind.name(), kind.term()));
    let forms = LegalForm::ALL.map(|form| (form.name(), form.term()));
    let mut fields = vec![
        FieldSpec::text("unit_name", "单位全称", NAME_MAX).required().hint("与营业执照和公章一致"),
        FieldSpec::text("code", "统一社会信用代码", 18).hint("18 位，照营业执照填写；境外单位不填"),
    ];
    if doubted {
        fields.push(
            FieldSpec::check("code_confirmed", "已与证照逐位核对，确实如此")
                .hint("代码的校验位对不上。多半是录入有误，核对后仍不符的，勾选后继续"),
        );
    }
    fields.extend([
        FieldSpec::radio("kind", "单位类型", kinds).required().clause("5.1"),
        FieldSpec::select("legal_form", "法人类型", forms).required().clause("5.2"),
        FieldSpec::select("area", "住所所在地", areas())
            .hint("按营业执照上的住所选；区内选到旗县市区，区外选省份，境外单位不选"),
        FieldSpec::text("address", "住所", ADDRESS_MAX).required().hint("与营业执照一致"),
        FieldSpec::text("representative", "法定代表人或负责人", 40).required(),
        FieldSpec::date("representative_from", "任职起").hint("照登记机关的登记；不清楚的，不填"),
        FieldSpec::text("phone", "单位联系电话", 30).required(),
    ]);
    fields
}

/// The record from what was read; `None` when a value is not one of the list.
pub(crate) fn of(value: &Value) -> Option<Profile> {
    let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
    Some(Profile {
        code: text("code").to_uppercase(),
        name: text("unit_name"),
        kind: serde_json::from_value(value["kind"].clone()).ok()?,
        legal_form: serde_json::from_value(value["legal_form"].clone()).ok()?,
        area: text("area"),
        address: text("address"),
        representative: Personal::new(text("representative")),
        representative_from: text("representative_from").parse().ok(),
        phone: Personal::new(text("phone")),
        code_confirmed: value["code_confirmed"].as_bool().unwrap_or_default(),
    })
}

/// The record as the form holds it.
pub(crate) fn stored(profile: &Profile) -> Value {
    json!({
        "unit_name": profile.name,
        "code": profile.code,
        "code_confirmed": profile.code_confirmed,
        "kind": profile.kind.name(),
        "legal_form": profile.legal_form.name(),
        "area": profile.area,
        "address": profile.address,
        "representative": profile.representative.value,
        "representative_from": profile.representative_from,
        "phone": profile.phone.value,
    })
}

/// The field of the form for a field of the record.
pub(super) fn field_of(name: &str) -> &str {
    if name == "name" { "unit_name" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::shell::form::Values;
    use crate::pages::shell::parse::parse;

    #[test]
    fn a_record_comes_back_from_its_own_form() {
        let profile = Profile {
            code: "91150100MA0N000000".to_owned(),
            name: "内蒙古某某科技有限公司".to_owned(),
            kind: UnitKind::Enterprise,
            legal_form: LegalForm::EnterpriseLegalPerson,
            area: "150104".to_owned(),
            address: "某街 1 号".to_owned(),
            representative: Personal::new("赵某"),
            representative_from: Some(jiff::civil::date(2024, 5, 1)),
            phone: Personal::new("0471-0000000"),
            code_confirmed: true,
        };
        let values = Values::stored(&fields(true), &stored(&profile));
        let value = parse(&fields(true), &values.0).expect("a form");
        assert_eq!(of(&value), Some(profile));
    }

    #[test]
    fn every_county_and_province_can_be_chosen() {
        assert_eq!(areas().len(), 103 + PROVINCES.len());
        assert_eq!(area_name("150104"), "呼和浩特市 · 玉泉区");
        assert_eq!(area_name("110000"), "区外 · 北京市");
        assert_eq!(area_name(""), "境外");
    }
}
