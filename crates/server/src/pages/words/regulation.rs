//! 办法全文 — every clause with its words, and every place where the platform carries it out.

use askama::Template;
use consortium::measures::requirements::law;
use consortium::measures::{CHAPTERS, Chapter};

use crate::http::{Answer, Visitor};
use crate::pages::page;
use crate::pages::shell::{Shell, clause};

#[derive(Template)]
#[template(path = "words/regulation.html")]
struct RegulationPage {
    shell: Shell,
    chapters: Vec<ChapterView>,
}

/// A chapter and its clauses.
struct ChapterView {
    title: &'static str,
    anchor: String,
    clauses: Vec<ClauseView>,
}

/// One clause.
struct ClauseView {
    id: &'static str,
    anchor: String,
    text: &'static str,
    /// Whether it is an item of an article.
    item: bool,
    asks: Vec<AskView>,
}

/// One thing the clause asks, and what carries it out.
struct AskView {
    words: &'static str,
    carried: Vec<(&'static str, &'static str)>,
}

pub(super) async fn get(visitor: Visitor) -> Answer {
    let shell = Shell::new(&visitor, "办法全文")
        .about("《内蒙古自治区创新联合体备案管理办法》全文，逐条对应平台的规则、待办和文书");
    page(&RegulationPage { shell, chapters: CHAPTERS.iter().map(chapter).collect() })
}

fn chapter(chapter: &Chapter) -> ChapterView {
    let clauses = law()
        .into_iter()
        .filter(|entry| (chapter.first..=chapter.last).contains(&entry.clause.article))
        .map(|entry| {
            let id = entry.clause.id.0;
            // A clause that only opens a list is carried out by its items, which follow.
            let own = entry.requirements.iter().filter(|asked| asked.clause.0 == id);
            let asks = own
                .map(|asked| AskView {
                    words: asked.zh,
                    carried: asked.carried.iter().map(|one| (one.kind(), one.name())).collect(),
                })
                .collect();
            ClauseView {
                id,
                anchor: clause::anchor(id),
                text: entry.clause.text,
                item: id.contains('.'),
                asks,
            }
        })
        .collect();
    ChapterView { title: chapter.title, anchor: format!("c-{}", chapter.number), clauses }
}
