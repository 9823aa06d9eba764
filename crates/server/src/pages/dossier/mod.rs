//! 卷宗 — one page for one dossier for everybody inside, and a page for every act on it.
//!
//! Nothing here tests a role or a stage: the view says what is seen, the table of verbs what can
//! be done, and [`crate::forms`] what is asked.

mod act;
mod agreement;
mod agreement_sheet;
mod answers;
mod attachments;
mod bring;
pub(crate) mod carry;
mod certificate;
mod checks;
mod compare;
mod desk;
mod document;
mod drafts;
mod evidence;
mod files;
mod import;
mod leaf;
mod left;
mod life;
mod list;
mod onward;
mod open;
mod outstanding;
pub(in crate::pages) mod papers;
mod passkey;
pub(super) mod posted;
mod procedure;
pub(in crate::pages) mod sealed;
mod show;
mod signatures;
mod submitted;
mod sums;
mod supplement;
mod tasks;
mod team;
mod turns;
mod units;
mod versions;
mod ways;
mod write;
mod writing;

use axum::routing::{get, post};

pub(crate) use leaf::picture;
pub(super) use turns::remaining;

use crate::api::table::Object as O;
use crate::pages::table::{By, Route, shows, takes};

/// What is written in sections.
const WRITES: By = By::Verb("write_application");
/// What is brought beside it.
const BRINGS: By = By::Verb("attach");
/// What is written of the agreement.
const AGREES: By = By::Verb("write_agreement");

/// The pages.
///
/// What is typed into a section comes to anybody's door: the handler asks who it is, and keeps for
/// the same browser what was posted after a session had ended.
pub(crate) const ROUTES: &[Route] = &[
    shows("/dossiers", By::SignedIn, O::Dossier, || get(list::get)),
    shows("/dossiers/new", By::Verb("open"), O::Dossier, || get(open::get)),
    takes("/dossiers/new", By::Verb("open"), O::Dossier, || post(open::post)),
    shows("/dossiers/import", By::Verb("import_trial_filing"), O::Dossier, || get(import::get)),
    takes("/dossiers/import", By::Verb("import_trial_filing"), O::Dossier, || post(import::post)),
    shows("/dossiers/{id}", By::Reader, O::Dossier, || get(show::get)),
    shows("/dossiers/{id}/agreement", By::Reader, O::Dossier, || get(agreement::get)),
    shows("/dossiers/{id}/answers", By::Reader, O::Dossier, || get(answers::get)),
    shows("/dossiers/{id}/agreement/versions", By::Reader, O::Dossier, || get(versions::list)),
    shows("/dossiers/{id}/agreement/versions/{version}", By::Reader, O::Dossier, || {
        get(versions::one)
    }),
    shows("/dossiers/{id}/agreement/compare", By::Reader, O::Dossier, || get(versions::comparison)),
    shows("/dossiers/{id}/attachments", By::Reader, O::Dossier, || get(attachments::get)),
    takes("/dossiers/{id}/attachments", BRINGS, O::Dossier, || post(bring::post)),
    takes("/dossiers/{id}/attachments/items", BRINGS, O::Dossier, || post(bring::sort)),
    shows("/dossiers/{id}/compare", By::Reader, O::Dossier, || get(compare::get)),
    shows("/dossiers/{id}/submitted", By::Reader, O::Dossier, || get(submitted::get)),
    shows("/dossiers/{id}/certificate", By::Reader, O::Dossier, || get(certificate::get)),
    takes("/dossiers/{id}/certificate", By::Reader, O::Dossier, || post(certificate::post)),
    shows("/dossiers/{id}/certificate/{statement}", By::Reader, O::Dossier, || {
        get(certificate::statement)
    }),
    takes("/dossiers/{id}/certificate/{statement}", By::Reader, O::Dossier, || {
        post(certificate::complete)
    }),
    shows("/dossiers/{id}/certificate/{statement}/statement.txt", By::Reader, O::Dossier, || {
        get(certificate::download_statement)
    }),
    shows("/dossiers/{id}/passkey", By::Reader, O::Dossier, || get(passkey::get)),
    takes("/dossiers/{id}/passkey", By::Reader, O::Dossier, || post(passkey::post)),
    shows("/dossiers/{id}/passkey/{statement}", By::Reader, O::Dossier, || get(passkey::statement)),
    takes("/dossiers/{id}/passkey/{statement}", By::Reader, O::Dossier, || post(passkey::complete)),
    takes("/dossiers/{id}/passkey/{statement}/challenge", By::Reader, O::Dossier, || {
        post(passkey::challenge)
    }),
    shows("/dossiers/{id}/passkey/{statement}/statement.txt", By::Reader, O::Dossier, || {
        get(certificate::download_statement)
    }),
    shows("/dossiers/{id}/files/{digest}", By::Reader, O::Dossier, || get(files::get)),
    shows("/dossiers/{id}/files/{digest}/pages/{page}", By::Reader, O::Dossier, || get(leaf::get)),
    shows("/dossiers/{id}/files/{digest}/images/{page}", By::Reader, O::Dossier, || {
        get(leaf::image)
    }),
    shows("/dossiers/{id}/agreement.json", By::Reader, O::Dossier, || get(evidence::text)),
    shows("/dossiers/{id}/evidence.zip", By::Reader, O::Dossier, || get(evidence::package)),
    shows("/dossiers/{id}/supplements/{no}", By::Reader, O::Dossier, || get(supplement::get)),
    shows("/dossiers/{id}/supplements/{no}/text.json", By::Reader, O::Dossier, || {
        get(supplement::text)
    }),
    shows("/dossiers/{id}/supplements/{no}/evidence.zip", By::Reader, O::Dossier, || {
        get(supplement::package)
    }),
    shows("/dossiers/{id}/papers/{sequence}/{kind}", By::Reader, O::Dossier, || get(papers::get)),
    shows("/dossiers/{id}/papers/{sequence}/{kind}/sealed", By::Reader, O::Dossier, || {
        get(sealed::get)
    }),
    shows("/dossiers/{id}/papers/{sequence}/{kind}/sealed/{no}", By::Reader, O::Dossier, || {
        get(sealed::take)
    }),
    shows("/dossiers/{id}/sections/{part}", WRITES, O::Dossier, || get(write::get)),
    shows("/dossiers/{id}/drafts", WRITES, O::Dossier, || get(drafts::get)),
    takes("/dossiers/{id}/drafts", WRITES, O::Dossier, || post(drafts::discard)),
    takes("/dossiers/{id}/reminders", By::Verb("invite"), O::Dossier, || post(outstanding::remind)),
    takes("/dossiers/{id}/sections/{part}", By::Public, O::Dossier, || post(write::post)),
    takes("/dossiers/{id}/sections/{part}/draft", WRITES, O::Dossier, || post(write::keep)),
    takes("/dossiers/{id}/sections/{part}/hand", WRITES, O::Dossier, || post(write::hand)),
    shows("/dossiers/{id}/sections/{part}/from-unit", WRITES, O::Dossier, || get(carry::from_unit)),
    takes("/dossiers/{id}/sections/{part}/from-unit", WRITES, O::Dossier, || post(carry::take)),
    shows("/dossiers/{id}/sections/{part}/to-unit", WRITES, O::Dossier, || get(carry::to_unit)),
    takes("/dossiers/{id}/sections/{part}/to-unit", WRITES, O::Dossier, || post(carry::give)),
    shows("/dossiers/{id}/write_agreement", AGREES, O::Dossier, || get(write::get_agreement)),
    takes("/dossiers/{id}/write_agreement", By::Public, O::Dossier, || post(write::post_agreement)),
    shows("/dossiers/{id}/{verb}", By::NamedVerb, O::Dossier, || get(act::get)),
    takes("/dossiers/{id}/{verb}", By::NamedVerb, O::Dossier, || post(act::post)),
];
