//! 备案名录 — what everybody may see: the list, its export, and a page for each consortium.

pub(crate) mod charts;
mod export;
mod list;
mod query;
mod row;
mod sealed;
mod show;

use axum::routing::get;

pub use charts::Gallery;
pub(crate) use row::{Line, status_chip};

use crate::api::table::Object as O;
use crate::pages::table::{By, Route, shows};

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    shows("/", By::Public, O::Register, || get(list::get)),
    shows("/registry", By::Public, O::Register, || get(list::moved)),
    shows("/registry.csv", By::Public, O::Register, || get(export::csv)),
    shows("/registry.xlsx", By::Public, O::Register, || get(export::xlsx)),
    shows("/registry.json", By::Public, O::Register, || get(export::json)),
    shows("/registry/{id}", By::Public, O::Register, || get(show::get)),
    shows("/registry/{id}/papers/{sequence}/{kind}", By::Public, O::Register, || get(show::paper)),
    shows("/registry/{id}/papers/{sequence}/{kind}/sealed", By::Public, O::Register, || {
        get(sealed::get)
    }),
    shows("/registry/{id}/papers/{sequence}/{kind}/sealed/{no}", By::Public, O::Register, || {
        get(sealed::take)
    }),
];
