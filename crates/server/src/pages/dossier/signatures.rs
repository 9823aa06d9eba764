//! 签名检查结果 — one signature of a sealed file, in rows that a person reads.

use consortium::sealed::{Check, Coverage, SeenSignature, SeenSigner};

use crate::clock;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{self, KeyValues, Tone};

/// Its title and its rows.
pub(super) fn rows(seen: &SeenSignature) -> (String, KeyValues) {
    let rows = KeyValues::new().row("范围", coverage(seen)).row("内容", content(seen));
    let rows = if is_judged(seen) { judged(rows, seen) } else { rows };
    let rows = match &seen.signer {
        Some(signer) => certificate(rows, seen, signer),
        None => rows,
    };
    let rows = stated(rows, seen);
    let format = if seen.format.is_empty() { "没有写明" } else { &seen.format };
    (title(seen), rows.row("格式", format))
}

fn title(seen: &SeenSignature) -> String {
    let what = match (seen.platform, is_judged(seen)) {
        (true, _) => "平台签名（不是印章）",
        (false, true) => "签名",
        (false, false) => "签名，属于本平台不能判断的种类",
    };
    if seen.field.is_empty() { what.to_owned() } else { format!("{what} · {}", seen.field) }
}

/// Whether anything could be said of it.
fn is_judged(seen: &SeenSignature) -> bool {
    let open = [seen.content, seen.signature].iter().all(|check| *check == Check::Unjudged);
    !open || seen.signer.is_some()
}

fn check(check: Check, words: [&str; 3]) -> Html {
    let [holds, fails, unjudged] = words;
    match check {
        Check::Holds => ui::status(Tone::Ok, holds),
        Check::Fails => ui::status(Tone::Bad, fails),
        Check::Unjudged => ui::status(Tone::Idle, unjudged),
    }
}

fn coverage(seen: &SeenSignature) -> Html {
    match (seen.coverage, seen.platform) {
        (Coverage::Whole, _) => ui::status(Tone::Ok, "覆盖整份文件"),
        (Coverage::Earlier, true) => ui::status(Tone::Idle, "覆盖平台制作的文书，盖章在它之后"),
        (Coverage::Earlier, false) => {
            ui::status(Tone::Warn, "只覆盖到签名时为止，之后文件又增加了内容")
        }
        (Coverage::Broken, _) => ui::status(Tone::Bad, "文件写明的覆盖范围与实际不符"),
    }
}

fn content(seen: &SeenSignature) -> Html {
    let words = ["与签名时一致，没有改动", "与签名时不一致，文件改动过", "不能判断"];
    check(seen.content, words)
}

fn judged(rows: KeyValues, seen: &SeenSignature) -> KeyValues {
    let signature = ["由下面这张证书的密钥作出", "不是由下面这张证书的密钥作出", "不能判断"];
    let chain = [
        "由平台运维配置的根证书签发",
        "不是由平台运维配置的根证书签发，或者不是用来签名的证书",
        "不能判断：没有证书，或者平台没有配置根证书",
    ];
    let rows = rows.row("签名", check(seen.signature, signature));
    // Its own certificate the platform issued itself.
    if seen.platform { rows } else { rows.row("证书来源", check(seen.chain, chain)) }
}

fn certificate(rows: KeyValues, seen: &SeenSignature, signer: &SeenSigner) -> KeyValues {
    let in_force = ["所称的签名时间在有效期内", "所称的签名时间不在有效期内", "没有写明签名时间"];
    let valid = Html::text(&format!("{} 至 {}　", signer.from, signer.until));
    rows.row("证书持有者", signer.subject.value.as_str())
        .row("签发者", signer.issuer.as_str())
        .row("序列号", signer.serial.as_str())
        .row("有效期", valid.then(&check(seen.in_force, in_force)))
}

/// What it says of itself, which nobody vouches for.
fn stated(rows: KeyValues, seen: &SeenSignature) -> KeyValues {
    let said = [("自称的签名人", &seen.name), ("自称的用途", &seen.reason)];
    let rows = said.into_iter().fold(rows, |rows, (label, words)| match words {
        Some(words) => rows.row(label, words.value.as_str()),
        None => rows,
    });
    match seen.claimed_at {
        Some(at) => rows.row("自称的签名时间", clock::written_at(at)),
        None => rows,
    }
}
