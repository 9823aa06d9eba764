//! 日历走过 — what a day that has passed brings by itself: facts, never decisions.
//!
//! Looks at days, not at ticks: asked twice it has nothing new, and after a month's sleep it
//! catches up.

use jiff::civil::Date;

use crate::{
    annual_report,
    context::Context,
    dossier::{Dossier, Stage},
    event::Event,
    formal_review, name,
};

/// What has come to pass by today.
pub fn passed(dossier: &Dossier, ctx: &Context<'_>) -> Vec<Event> {
    match &dossier.stage {
        Stage::FormalReview(stage) => formal_review::day_passed(stage, ctx),
        Stage::Filed(_) => annual_report::day_passed(dossier, ctx),
        Stage::Drafting(_) | Stage::Signing(_) => name::lapse(dossier, ctx.today()),
        Stage::Recommendation(_)
        | Stage::ExpertReview(_)
        | Stage::Decision(_)
        | Stage::PublicNotice(_)
        | Stage::Ended(_) => vec![],
    }
}

/// The first day on which there will be something to see.
pub fn next(dossier: &Dossier) -> Option<Date> {
    match &dossier.stage {
        Stage::FormalReview(stage) => formal_review::next_day(stage),
        Stage::Filed(_) => annual_report::next_day(dossier),
        Stage::Drafting(_) | Stage::Signing(_) => name::next_day(dossier),
        Stage::Recommendation(_)
        | Stage::ExpertReview(_)
        | Stage::Decision(_)
        | Stage::PublicNotice(_)
        | Stage::Ended(_) => None,
    }
}
