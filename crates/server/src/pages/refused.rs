//! What the office refuses, as a fault, where there is no form to show it in.

use consortium::{Refusal, refusal::RefusalKind};

use crate::http::Fault;
use crate::office::OfficeError;

impl From<OfficeError> for Fault {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Refused(refusal) => Self::from(*refusal),
            OfficeError::MovedOn { .. } => {
                Self::Conflict("这一卷在打开之后有了变化，刷新后再办。".to_owned())
            }
            OfficeError::KeyReused => Self::Conflict("这张表单已经提交过，刷新后再办。".to_owned()),
            OfficeError::Store(error) => Self::from(error),
            broken @ OfficeError::Journal { .. } => Self::internal(broken),
        }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let sentence = format!("{refusal}。");
        match refusal.kind {
            RefusalKind::NotFound => Self::NotFound,
            RefusalKind::Forbidden => Self::Forbidden(sentence),
            RefusalKind::NotNow | RefusalKind::Unmet | RefusalKind::Malformed => {
                Self::Refused(sentence)
            }
        }
    }
}
