//! 内蒙古自治区创新联合体备案管理办法, as a program: the law, pure.
//!
//! This crate knows no files, network, SQL, HTTP, clock or randomness: time and chance are
//! arguments, and time passing is a command.
#![warn(clippy::wildcard_enum_match_arm)]

pub mod actor;
pub mod calendar;
pub mod credit_code;
pub mod ids;
pub mod measures;
pub mod name;
pub mod parameter;
pub mod reference;
