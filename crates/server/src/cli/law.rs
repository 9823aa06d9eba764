//! `chuanglian law` — the regulation beside the program.

use clap::Args;
use consortium::measures::requirements::law;
use serde_json::json;

use super::say;

#[derive(Debug, Args)]
pub(super) struct Law {
    /// As JSON, for other programs.
    #[arg(long)]
    json: bool,
}

impl Law {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        say(&if self.json { as_json()? } else { as_text() });
        Ok(())
    }
}

fn as_json() -> anyhow::Result<String> {
    let entries: Vec<_> = law()
        .into_iter()
        .map(|entry| {
            json!({
                "clause": entry.clause.id.0,
                "words": entry.clause.text,
                "carried_by": entry.carried_by.iter()
                    .map(|one| json!({ "kind": one.word(), "name": one.name() }))
                    .collect::<Vec<_>>(),
                "tests": entry.tests,
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&entries)?)
}

fn as_text() -> String {
    let mut lines = Vec::new();
    for entry in law() {
        lines.push(format!("{}  {}", entry.clause.label, entry.clause.text));
        for one in entry.carried_by {
            lines.push(format!("    {}  {}", one.kind(), one.name()));
        }
        for test in entry.tests {
            lines.push(format!("    测试  {test}"));
        }
    }
    lines.join("\n")
}
