//! What can go wrong with a request, and what the person reads then.
//!
//! A handler returns a [`Fault`]; the outermost page layer turns it into a page with the reader's
//! own header, or into `application/problem+json` under `/api`.

use std::fmt;
use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::strength::Strength;

/// Where second factors are seen to.
pub(crate) const FACTORS: &str = "/security";
/// What the memory cannot write down so that its digest is stable: numbers beyond 2^53.
pub const UNWRITABLE: &str = "有一处数值太大，或有文字不能保存，改小或改写后再提交。";

/// Why a request was not answered with what it asked for.
#[derive(Debug)]
pub enum Fault {
    /// Nothing is here.
    NotFound,
    /// Somebody signed in, but this is not theirs: the sentence says whose it is.
    Forbidden(String),
    /// Nobody signed in. A page leads to the login; the API says 401.
    Unidentified {
        /// Where to go afterwards: a path of ours.
        next: String,
    },
    /// Signed in, but less strongly than the post asks. A page leads to the factors.
    Weak {
        /// What the post asks.
        required: Strength,
        /// Where to go afterwards: a path of ours.
        next: String,
    },
    /// An act with legal effect, and it was too long ago that the person was shown to be oneself.
    Unproved,
    /// The form is too old, or was not ours.
    Stale,
    /// The request cannot be understood: the sentence says why.
    Malformed(String),
    /// More than a form or a file may be.
    TooLarge(String),
    /// What stands in the way, as a sentence, where there is no form to show it in.
    Refused(String),
    /// Somebody else was quicker.
    Conflict(String),
    /// Too many requests; try again after so many seconds.
    TooMany(u32),
    /// Too much work is waiting.
    Busy,
    /// The world broke. What broke is in the log under the incident's number.
    Internal(Arc<str>),
    /// A file is missing or changed on our disk, and is not given away.
    Damaged,
    /// No room for a file.
    NoSpace,
    /// Any other answer of the machinery, by its status.
    Status(StatusCode),
}

impl Fault {
    /// The world broke.
    pub fn internal(error: impl Into<Broken>) -> Self {
        Self::Internal(error.into().0.into())
    }

    /// The status of the answer.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forbidden(_) | Self::Stale | Self::Weak { .. } | Self::Unproved => {
                StatusCode::FORBIDDEN
            }
            Self::Unidentified { .. } => StatusCode::UNAUTHORIZED,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Damaged => StatusCode::BAD_GATEWAY,
            Self::NoSpace => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Status(status) => *status,
        }
    }

    /// What happened, and what to do now.
    pub fn words(&self) -> (&'static str, String) {
        let (title, sentence) = match self {
            Self::Forbidden(sentence) => ("这一页由别的经办人办理", sentence.as_str()),
            Self::Malformed(sentence) => ("这次提交读不懂", sentence.as_str()),
            Self::TooLarge(sentence) => ("提交的内容太大", sentence.as_str()),
            Self::Refused(sentence) => ("还不能办理", sentence.as_str()),
            Self::Conflict(sentence) => ("内容刚被改过", sentence.as_str()),
            Self::Unidentified { .. } => ("登录后继续", "这一页要登录后才能看"),
            Self::Weak { required: Strength::Passkey, .. } => (
                "先用通行密钥登录",
                "现在的身份要用通行密钥登录才能办理。在“个人中心 → 登录安全”绑定，再用它登录。",
            ),
            Self::Weak { .. } => (
                "先绑定第二个因素",
                "现在的身份要两个因素才能办理。在“个人中心 → 登录安全”绑定动态口令，再登录一次。",
            ),
            Self::Unproved => (
                "再验一次身份",
                "这件事有法律效力，五分钟内验过身份的才受理。用 POST /api/v1/proofs 验明后再试。",
            ),
            Self::Stale => (
                "页面停留太久",
                "为防止他人冒用，长时间未提交的页面要重新打开。返回上一页，刷新后再提交一次。",
            ),
            other => by_status(other.status()),
        };
        (title, sentence.to_owned())
    }

    /// Seconds after which it is worth trying again.
    const fn retry_after(&self) -> Option<u32> {
        match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Busy => Some(2),
            _ => None,
        }
    }
}

fn by_status(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        404 => ("没有找到这一页", "地址可能写错，或这条记录不对外公开。可以从首页检索。"),
        405 => ("这个地址不接受这种操作", "从页面上的按钮重新进入。"),
        408 | 504 => ("等候时间太长", "网络较慢或内容太多，返回上一页再提交一次。"),
        413 | 414 | 431 => ("提交的内容太大", "减少内容后再提交。"),
        415 => ("不支持这种内容", "从页面上的表单提交。"),
        429 => ("访问过于频繁", "稍等片刻再试，已填写的内容不受影响。"),
        502 => (
            "这份文件暂时不能取出",
            "存放的内容与收到时的指纹对不上，为免误用没有提供，平台运维已收到提醒。急用的，联系上传单位另交一份；卷宗的其他内容不受影响。",
        ),
        507 => (
            "存放文件的空间不足",
            "这份文件没有收下，已填写的内容不受影响。平台运维已收到提醒，过一会儿再上传。",
        ),
        503 => ("此刻办理的人较多", "稍等几秒再试，已填写的内容不受影响。"),
        400..=499 => ("这次请求读不懂", "从页面上的链接重新进入。"),
        _ => (
            "刚才没有办成",
            "已保存的内容不受影响。返回上一页再试一次；仍不行，告诉我们下面的编号。",
        ),
    }
}

/// An error as text, whatever its type.
pub struct Broken(String);

impl<E: fmt::Display> From<E> for Broken {
    fn from(error: E) -> Self {
        // The alternate form of `anyhow` errors tells the causes too.
        Self(format!("{error:#}"))
    }
}

/// The fault that a response stands for, until the page layer shows it.
#[derive(Clone)]
pub(crate) struct Shown(pub(crate) Arc<Fault>);

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Shown(Arc::new(self)));
        response
    }
}

/// The fault as `application/problem+json` (RFC 9457).
pub(crate) fn problem(fault: &Fault, incident: &str) -> Response {
    let (title, detail) = fault.words();
    let status = fault.status();
    let kind = match fault {
        Fault::Weak { .. } => "/api#too_weak",
        Fault::Unproved => "/api#unproved",
        _ => "about:blank",
    };
    let body = json!({
        "type": kind,
        "title": title,
        "status": status.as_u16(),
        "detail": detail,
        "instance": format!("urn:incident:{incident}"),
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (status, kind, body.to_string()).into_response()
}

/// Leads somebody who is not signed in to the login, and back afterwards.
pub(crate) fn to_login(next: &str) -> Response {
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    Redirect::to(&format!("/login?{query}")).into_response()
}

/// Leads somebody who signed in too weakly to the second factors, and back afterwards.
pub(crate) fn to_factors(next: &str) -> Response {
    let query = serde_urlencoded::to_string([("next", next)]).unwrap_or_default();
    Redirect::to(&format!("{FACTORS}?{query}")).into_response()
}

impl From<askama::Error> for Fault {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}
