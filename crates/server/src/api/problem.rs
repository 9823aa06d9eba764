//! 问题 — what a program is told when it does not get what it asked for (RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use consortium::{Finding, Refusal, refusal::RefusalKind};
use serde::Serialize;
use store::StoreError;

use crate::http::Fault;
use crate::office::OfficeError;
use crate::passkey::ceremony::Unproven;

/// What stands in the way, for people and for programs.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub(super) struct Problem(Box<Words>);

#[derive(Clone, Debug, Serialize)]
struct Words {
    /// Which sort: `/api#unmet`.
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    detail: String,
    /// The clause it rests on.
    #[serde(skip_serializing_if = "Option::is_none")]
    clause: Option<String>,
    /// The first rule that is not met.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Where an upload goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    /// Where the dossier stands now, after a conflict.
    #[serde(skip_serializing_if = "Option::is_none")]
    head: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding>,
}

impl Words {
    fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("/api#{kind}"),
            title: title(kind),
            status: status.as_u16(),
            detail: detail.into(),
            clause: None,
            rule: None,
            remedy: None,
            field: None,
            offset: None,
            head: None,
            findings: Vec::new(),
        }
    }
}

impl Problem {
    /// A problem of a sort.
    pub(super) fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Words::new(status, kind, detail)))
    }

    /// No such thing, or not the asker's to see: one answer for both.
    pub(super) fn not_found() -> Self {
        Refusal::not_found("没有这一件", "核对编号，或从列表中取得").into()
    }

    /// The request cannot be read.
    pub(super) fn unreadable(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "unreadable", detail)
    }

    /// A value cannot be taken.
    pub(super) fn malformed(field: Option<&str>, detail: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "malformed", detail);
        problem.0.field = field.map(str::to_owned);
        problem
    }

    /// An upload goes on elsewhere than the piece that came.
    pub(super) fn continues_at(offset: u64) -> Self {
        let detail = format!("已收到 {offset} 字节，从这里继续");
        let mut problem = Self::new(StatusCode::CONFLICT, "moved_on", detail);
        problem.0.offset = Some(offset);
        problem.0.remedy = Some("按 offset 发送下一段".to_owned());
        problem
    }

    /// The dossier has moved on from the head that was expected.
    fn moved_on(head: u64) -> Self {
        let detail = format!("这一卷已有新的事项，现为第 {head} 项");
        let mut problem = Self::new(StatusCode::CONFLICT, "moved_on", detail);
        problem.0.head = Some(head);
        problem.0.remedy = Some("重新读取后再办".to_owned());
        problem
    }
}

const fn title_of(kind: RefusalKind) -> (&'static str, StatusCode) {
    match kind {
        RefusalKind::NotNow => ("not_now", StatusCode::CONFLICT),
        RefusalKind::Forbidden => ("forbidden", StatusCode::FORBIDDEN),
        RefusalKind::NotFound => ("not_found", StatusCode::NOT_FOUND),
        RefusalKind::Unmet => ("unmet", StatusCode::UNPROCESSABLE_ENTITY),
        RefusalKind::Malformed => ("malformed", StatusCode::UNPROCESSABLE_ENTITY),
    }
}

/// Every sort of problem with its title: the description of the API lists them.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("unreadable", "请求读不懂"),
    ("unidentified", "账号、密码或令牌不对"),
    ("too_weak", "登录得不够强"),
    ("unproved", "有法律效力，要先再验身份"),
    ("forbidden", "由别的经办人办理"),
    ("not_found", "没有这一件"),
    ("not_now", "现在不能这样办"),
    ("moved_on", "内容刚被改过"),
    ("unmet", "条件不符合"),
    ("malformed", "填写的内容不对"),
    ("key_reused", "幂等键已用于另一个请求"),
    ("too_large", "提交的内容太大"),
    ("unsupported", "不支持这种内容"),
    ("refused_file", "这份文件没有收下"),
    ("no_preview", "没有页面预览"),
    ("working", "正在生成"),
];

fn title(kind: &str) -> &'static str {
    KINDS.iter().find(|(name, _)| *name == kind).map_or("没有办成", |(_, title)| title)
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (kind, status) = title_of(refusal.kind);
        let findings = refusal.findings;
        Self(Box::new(Words {
            clause: refusal.clause.map(str::to_owned),
            rule: findings.first().map(|finding| finding.rule.clone()),
            remedy: Some(refusal.remedy),
            field: refusal.field,
            findings,
            ..Words::new(status, kind, refusal.reason)
        }))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"))];
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, kind, body).into_response()
    }
}

/// Why a handler has no answer: a problem of its own, or a fault that the outer layer words.
pub(super) enum Trouble {
    /// Worded here.
    Problem(Problem),
    /// Worded, and where it is ours logged, by the layer that recognises the visitor.
    Fault(Fault),
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Fault(fault) => fault.into_response(),
        }
    }
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<Unproven> for Trouble {
    fn from(unproven: Unproven) -> Self {
        match unproven {
            Unproven::No(fault) => {
                let mut problem = Problem::malformed(Some("credential"), fault.to_string());
                problem.0.remedy = Some(fault.remedy().to_owned());
                problem.into()
            }
            Unproven::Broken(fault) => Self::Fault(fault),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Malformed(_) => {
                Problem::malformed(None, "有一处数值太大或文字不能保存").into()
            }
            StoreError::Uncertain => Self::Fault(Fault::Busy),
            other => Self::Fault(other.into()),
        }
    }
}

impl From<OfficeError> for Trouble {
    fn from(error: OfficeError) -> Self {
        match error {
            // One wording for what is not there, wherever it was found out.
            OfficeError::Refused(refusal) if refusal.kind == RefusalKind::NotFound => {
                Problem::not_found().into()
            }
            OfficeError::Refused(refusal) => (*refusal).into(),
            OfficeError::MovedOn { head } => Problem::moved_on(head).into(),
            OfficeError::KeyReused => {
                let detail = "这个 Idempotency-Key 已用于内容不同的请求，换一个再试";
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", detail).into()
            }
            OfficeError::Store(error) => error.into(),
            broken @ OfficeError::Journal { .. } => Self::Fault(Fault::internal(broken)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_status_and_a_title() {
        let table = [
            (RefusalKind::NotNow, 409),
            (RefusalKind::Forbidden, 403),
            (RefusalKind::NotFound, 404),
            (RefusalKind::Unmet, 422),
            (RefusalKind::Malformed, 422),
        ];
        for (kind, status) in table {
            let refusal = Refusal { kind, ..Refusal::not_now("6.3", "理由", "办法") };
            let problem = Problem::from(refusal);
            assert_eq!(problem.0.status, status);
            assert_ne!(problem.0.title, "没有办成", "{kind:?}");
            assert_eq!(problem.0.clause.as_deref(), Some("6.3"));
        }
    }
}
