//! What the law does, seen from outside: stories, properties, tables and golden files.

mod access;
mod content;
mod golden;
mod properties;
mod rules;
mod stories;
mod story;
mod world;
