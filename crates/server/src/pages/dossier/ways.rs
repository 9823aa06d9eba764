//! 签署方式 — the ways of signing and sealing that are open to the reader, each with what it gives.

use askama::{Template, filters::HtmlSafe};
use consortium::{agreement::Method, parameter::ParameterKey};

use super::certificate;
use super::desk::Desk;
use super::passkey;

/// The ways, in the order in which they ask for more paper.
#[derive(Template)]
#[template(path = "dossier/ways.html")]
pub(super) struct Ways {
    ways: Vec<Way>,
}

impl HtmlSafe for Ways {}

struct Way {
    term: &'static str,
    /// What the slot of the party has afterwards.
    gives: &'static str,
    words: &'static str,
    href: String,
    act: &'static str,
}

impl Ways {
    /// What is open to the reader; `None` where the own unit has nothing to sign any more.
    pub(super) fn of(desk: &Desk) -> Option<Self> {
        let (round, unit) = (desk.dossier.signing_round()?, desk.actor.unit()?);
        round.slots.iter().find(|slot| slot.unit == *unit && !slot.complete())?;
        let ways = [passkey(desk), by_certificate(desk), paper(desk), account(desk), scan(desk)];
        let ways: Vec<Way> = ways.into_iter().flatten().collect();
        (!ways.is_empty()).then_some(Self { ways })
    }
}

/// The buttons of a page on which a text is signed: of these acts, the ones that are open.
pub(super) fn acts(
    desk: &Desk,
    listed: &[(&str, &'static str)],
) -> Vec<(String, &'static str, &'static str)> {
    let open = listed.iter().filter(|(verb, _)| has_form(desk, verb));
    let acts = open.filter_map(|(verb, class)| {
        let action = desk.view.actions.iter().find(|action| action.verb == *verb)?;
        Some((desk.to(verb), action.term, *class))
    });
    let by_passkey = passkey::offered(desk).map(|href| (href, "用通行密钥签字", "btn p"));
    let by_certificate = by_certificate(desk).map(|way| (way.href, way.act, "btn"));
    by_passkey.into_iter().chain(acts).chain(by_certificate).collect()
}

/// Whether the page of the act itself has something to fill in: a text is locked, and the account
/// signs, and a page of the party's own seals, only where these are taken.
pub(super) fn has_form(desk: &Desk, verb: &str) -> bool {
    let parameters = &desk.dossier.parameters;
    let taken = match verb {
        "sign" => Method::AccountPassword.signs(parameters),
        "seal" => Method::Scan.seals(parameters),
        "offer_paper" => parameters.yes(ParameterKey::SignOnPaper),
        "confirm_paper" => true,
        _ => return true,
    };
    taken && desk.dossier.signing_round().is_some()
}

/// Where the ways are listed.
pub(super) fn listed(desk: &Desk) -> String {
    format!("{}#ways", certificate::home(desk))
}

fn passkey(desk: &Desk) -> Option<Way> {
    Some(Way {
        term: "通行密钥",
        gives: "签字",
        words: "用手机或者电脑的指纹、面容、PIN 验证本人。",
        href: passkey::offered(desk)?,
        act: "用通行密钥签字",
    })
}

/// Whether the reader can sign, and whether the reader can seal, with a certificate now.
pub(super) fn certificate_takes(desk: &Desk) -> (bool, bool) {
    let parameters = &desk.dossier.parameters;
    let signs = desk.can("sign") && Method::Certificate.signs(parameters);
    (signs, desk.can("seal") && Method::Certificate.seals(parameters))
}

fn by_certificate(desk: &Desk) -> Option<Way> {
    if !desk.certificates {
        return None;
    }
    let gives = match certificate_takes(desk) {
        (true, true) => "签字、盖章",
        (true, false) => "签字",
        (false, true) => "盖章",
        (false, false) => return None,
    };
    Some(Way {
        term: "数字证书",
        gives,
        words: "本人的证书签字，单位的证书盖章；用自己的签名工具签好，上传签名文件。",
        href: desk.to("certificate"),
        act: "用数字证书签署",
    })
}

fn paper(desk: &Desk) -> Option<Way> {
    let offered = desk.can("offer_paper") && has_form(desk, "offer_paper");
    let round = desk.dossier.signing_round()?;
    let (words, verb, act) = match &round.paper {
        Some(_) if desk.can("confirm_paper") => (
            "扫描件已经上传。打开核对无误，用本单位的账号确认。",
            "confirm_paper",
            "确认纸质签署件",
        ),
        _ if offered => (
            "打印文本，各方签字并加盖公章；一方上传扫描件，各方再从自己的账号确认。",
            "offer_paper",
            "提交纸质签署件",
        ),
        _ => return None,
    };
    Some(Way { term: "纸质签署", gives: "签字并盖章", words, href: desk.to(verb), act })
}

fn account(desk: &Desk) -> Option<Way> {
    (desk.can("sign") && has_form(desk, "sign")).then(|| Way {
        term: "账号签字",
        gives: "签字",
        words: "再输一次登录密码，另附盖章页。",
        href: desk.to("sign"),
        act: "签字",
    })
}

fn scan(desk: &Desk) -> Option<Way> {
    (desk.can("seal") && has_form(desk, "seal")).then(|| Way {
        term: "盖章页扫描件",
        gives: "盖章",
        words: "本单位在盖章页上加盖公章，扫描后上传，原件自行保管。",
        href: desk.to("seal"),
        act: "加盖公章",
    })
}
