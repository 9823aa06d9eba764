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
        count if count * 2 > light.len() => format!("已有内容，可以改：{named}"),
        count => format!("选填：{named}，已填 {count} 项"),
    };
    (sight, Some(Fold { words, open: light.iter().any(FieldView::is_wrong), views: light }))
}

#[cfg(test)]
mod tests {
    use super::super::{FieldError, FieldSpec, Form, Values};

    fn form(fields: Vec<FieldSpec>, values: &[(&str, &str)], errors: Vec<FieldError>) -> String {
        let typed: Vec<(String, String)> =
            values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let form = Form::new("t", "/a", "保存", fields);
        form.values(Values(typed)).errors(errors).to_string()
    }

    fn fields() -> Vec<FieldSpec> {
        let light =
            |name: &'static str, label: &'static str| FieldSpec::text(name, label, 9).light();
        let rows = vec![FieldSpec::text("task", "任务", 9), light("note", "备注")];
        vec![
            FieldSpec::text("a", "甲", 9),
            light("b", "乙"),
            light("c", "丙"),
            light("d", "丁"),
            FieldSpec::rows("rows", "各行", rows, 0, 9).light(),
        ]
    }

    #[test]
    fn what_is_light_is_folded_and_said_by_name_with_how_much_of_it_is_there() {
        // what stands there, what the fold says
        for (values, words) in [
            (&[][..], "选填：乙、丙、丁等 4 项<"),
            (&[("a", "一"), ("c", "二"), ("d", "  ")][..], "选填：乙、丙、丁等 4 项，已填 1 项<"),
            (&[("rows.0.note", "三")][..], "，已填 1 项<"),
            (
                &[("b", "一"), ("c", "二"), ("d", "三"), ("rows.0.task", "四")][..],
                "已有内容，可以改：乙、丙、丁等 4 项<",
            ),
        ] {
            let page = form(fields(), values, vec![]);
            assert!(page.contains(words), "{words}: {page}");
            assert!(!page.contains("<details class=\"opt\" open"), "{page}");
            let (sight, _) = page.split_once("<details").unwrap();
            assert!(sight.contains("name=\"a\"") && !sight.contains("name=\"b\""), "{page}");
        }
    }

    #[test]
    fn a_fold_opens_where_something_in_it_is_to_be_mended() {
        let open = |error: &str| {
            let errors = vec![FieldError::new(error, "填写")];
            let page = form(fields(), &[("rows.0.task", "四")], errors);
            page.matches("<details class=\"opt\" open").count()
        };
        assert_eq!(open("a"), 0);
        assert_eq!(open("b"), 1);
        assert_eq!(open("rows.0.task"), 1);
        assert_eq!(open("rows.0.note"), 2, "the fold of the row as well");
        let all = vec![FieldSpec::text("b", "乙", 9).light()];
        let page = form(all, &[], vec![]);
        assert!(!page.contains("<details"), "nothing is left to fold under: {page}");
    }
}
