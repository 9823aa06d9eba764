//! What is asked of whoever brings an official paper back sealed.

use serde_json::{Value, json};

use super::FormContext;
use super::fields::{SCANS, one_of, reason};
use crate::pages::shell::form::FieldSpec;

pub(super) fn fields(verb: &str, context: &FormContext) -> Option<Vec<FieldSpec>> {
    let asked = || {
        vec![
            one_of("paper", "公文", &context.sealable, context),
            FieldSpec::file("file", "盖章以后的文件", SCANS)
                .required()
                .hint("在签章系统盖章以后的 PDF、OFD，或者打印盖章以后的扫描件（PDF、JPG、PNG）"),
            FieldSpec::check("compared", "已与平台制作的文书逐页核对，内容一致")
                .hint("直接在平台的 PDF 上盖章的不用勾；扫描件和另外生成的文件核对后勾选"),
            reason("更换的理由").hint("这份公文已经有盖章件、现在更换的，写明理由；第一次上传不填"),
        ]
    };
    (verb == "attach_sealed").then(asked)
}

pub(super) fn stored(verb: &str, context: &FormContext) -> Option<Value> {
    let only = match context.sealable.as_slice() {
        [one] => Some(one.value.to_string()),
        _ => None,
    };
    (verb == "attach_sealed").then(|| json!({ "paper": only }))
}
