//! 证明文件 — a file of a unit's record, for those who may read it there.

use consortium::actor::{Actor, Capacity, Side};
use consortium::ids::Digest;
use consortium::unit::Unit;

use super::may_see;
use crate::office;

/// The name of a file, if the reader may have it. The desk of the experts sees no record.
pub(crate) fn named(actor: &Actor, unit: &Unit, digest: &Digest) -> Option<String> {
    let organises = actor.side == Side::Department && actor.capacity == Capacity::Organiser;
    let paper = unit.paper_for(actor, digest).map(str::to_owned);
    paper.or_else(|| {
        (may_see(actor, unit) && !organises).then(|| office::unit_file(unit, digest)).flatten()
    })
}
