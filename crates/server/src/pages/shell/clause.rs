//! 条款签 — the clause slip: what the regulation asks, always a link to its words.

use consortium::measures;

use super::html::Html;

/// The label of a clause id, with the wide brackets of the screen: `5.1` is 第五条（一）, `6.2` is
/// 第六条（2）. An id that the regulation does not have is its own label.
pub fn label(id: &str) -> String {
    let label = measures::clause(id).map_or(id, |clause| clause.label);
    label.replace('(', "（").replace(')', "）")
}

/// Where the words stand: `/regulation#s-5-1`.
pub fn href(id: &str) -> String {
    format!("/regulation#{}", anchor(id))
}

/// The anchor of a clause on the regulation page: `s-5-1`.
pub fn anchor(id: &str) -> String {
    let id: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("s-{id}")
}

/// A slip for a clause that binds.
pub fn slip(id: &str) -> Html {
    made(id, "cl")
}

/// A slip for a clause that says 原则上: double rule.
pub fn soft_slip(id: &str) -> Html {
    made(id, "cl soft")
}

fn made(id: &str, class: &str) -> Html {
    if id.is_empty() {
        return Html::default();
    }
    let (href, label) = (href(id), Html::text(&label(id)));
    Html::trusted(format!("<a class=\"{class}\" href=\"{href}\">{label}</a>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clause_is_named_as_the_regulation_prints_it() {
        // id      label
        let table = [
            ("1", "第一条"),
            ("5.1", "第五条（一）"),
            ("6.2", "第六条（2）"),
            ("7.3", "第七条（3）"),
            ("9.6", "第九条（六）"),
            ("10", "第十条"),
            ("13", "第十三条"),
            ("99", "99"),
        ];
        for (id, expected) in table {
            assert_eq!(label(id), expected, "{id}");
        }
    }

    #[test]
    fn a_slip_links_to_the_words() {
        let expected = "<a class=\"cl\" href=\"/regulation#s-5-1\">第五条（一）</a>";
        assert_eq!(slip("5.1").as_str(), expected);
        assert_eq!(slip("").as_str(), "");
        assert!(!slip("\"><script>").as_str().contains("<script>"));
    }
}
