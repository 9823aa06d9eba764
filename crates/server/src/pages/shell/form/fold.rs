//! 选填 — what may well stay empty, folded under what is asked first: one press away, and said by
//! name, so that nobody reads past what they came for.

use askama::Template;
use askama::filters::HtmlSafe;

use super::FieldView;

/// How many of the folded fields the fold names.
const NAMED: usize = 3;

/// The folded fields of a form or of one row.
#[derive(Clone, Debug, Template)]
#[template(path = "shell/fold.html")]
pub struct Fold {
    words: String,
    /// Whether something in it is to be mended.
    open: bool,
    views: Vec<FieldView>,
}

impl HtmlSafe for Fold {}

impl Fold {
    pub(super) const fn is_open(&self) -> bool {
        self.open
    }
}

/// Parts fields into those in sight and the fold; no fold where nothing is light, or everything is.
pub(super) fn parted(views: Vec<FieldView>) -> (Vec<FieldView>, Option<Fold>) {
    let (light, sight): (Vec<_>, Vec<_>) = views.into_iter().partition(FieldView::is_light);
    if light.is_empty() || !sight.iter().any(FieldView::is_seen) {
        return (sight.into_iter().chain(light).collect(), None);
    }
    let named: Vec<&str> = light.iter().take(NAMED).map(FieldView::label).collect();
    let more = if light.len() > NAMED { format!("等 {} 项", light.len()) } else { String::new() };
    let named = format!("{}{more}", named.join("、"));
    let words = match light.iter().filter(|view| view.says_something()).count() {
        0 => format!("选填：{named}"),
        count if count == light.len() => format!("已有内容，可以改：{named}"),
        count => format!("选填：{named}，已填 {count} 项"),
    };
    (sight, Some(Fold { words, open: light.iter().any(FieldView::is_wrong), views: light }))
}
