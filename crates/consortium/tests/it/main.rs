//! What the law does, seen from outside: stories, properties, tables and golden files.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so and ends")]

mod access;
mod content;
mod golden;
mod properties;
mod rules;
mod stories;
mod story;
mod world;
