//! The office: pages, API, jobs and command line of 创联.
//!
//! Begin at [`http::app`], which lays the layers around the routes of [`pages`]; what every page
//! stands in is [`pages::shell`]. This crate holds no law and no SQL.

pub mod api;
pub mod assets;
pub mod clamd;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod drafts;
pub mod egress;
pub mod evidence;
pub mod factors;
pub mod fair_copy;
pub mod forms;
pub mod helper;
pub mod http;
pub mod imports;
pub mod inspect;
pub mod jobs;
pub mod office;
pub mod pages;
pub mod papers;
pub mod passkey;
pub mod platform_key;
pub mod precheck;
pub mod preview;
pub mod provider;
pub mod recovery;
pub mod sealed;
pub(crate) mod secret;
pub mod signing;
pub mod state;
pub mod tables;
pub mod telemetry;
