//! 参照数据 — areas, recommending authorities, kinds of platform, fields and industries.
//!
//! Facts that change by notice and not by amendment; they stand in `data/reference/` and are
//! parsed at first use. Fields are parted by `|`.

mod area;
mod authority;
mod credit_list;
mod platform;
mod taxonomy;

pub use area::{Area, Hexagon, area, areas, counties_of, league_of, leagues};
pub use authority::{Authority, AuthorityKind, AuthorityStanding, authorities, authority, route};
pub use credit_list::{CreditList, Severity, credit_list, credit_lists};
pub use platform::{
    Counts, PlatformLevel, PlatformStanding, PlatformStatus, PlatformType, platform_standing,
    platform_standings, platform_type, platform_types,
};
pub use taxonomy::{
    Class, Division, chains, division, divisions, field, fields, industries, industry, subfield,
    subfields,
};

/// The entries of a file: what stands on each line that is neither empty nor a comment.
fn entries<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(fields_of)
}

/// A line cut into its fields; those that are missing are empty.
fn fields_of<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut cells = line.splitn(N, '|');
    std::array::from_fn(|_| cells.next().unwrap_or_default().trim())
}
