//! A piece of finished HTML that templates do not escape again.

use std::fmt::{self, Write};

use askama::filters::HtmlSafe;

/// Finished HTML. Made of escaped text or of a template, never of what somebody typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Text, escaped.
    pub fn text(text: &str) -> Self {
        let mut out = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                other => out.push(other),
            }
        }
        Self(out)
    }

    /// A link with a text.
    pub fn link(href: &str, text: &str) -> Self {
        let (href, text) = (Self::text(href), Self::text(text));
        Self(format!("<a href=\"{href}\">{text}</a>"))
    }

    /// The main words of a row: a link in bold, and a smaller line under it.
    pub fn named(href: &str, name: &str, under: &str) -> Self {
        let (href, name, under) = (Self::text(href), Self::text(name), Self::text(under));
        Self(format!("<a class=\"nm\" href=\"{href}\">{name}</a><small>{under}</small>"))
    }

    /// A component, rendered.
    pub fn of(component: &impl fmt::Display) -> Self {
        let mut out = String::new();
        // Writing to a string cannot fail; a component that fails is left out.
        let _ = write!(out, "{component}");
        Self(out)
    }

    /// Two pieces, one after the other.
    #[must_use]
    pub fn then(mut self, next: &Self) -> Self {
        self.0.push_str(&next.0);
        self
    }

    /// Finished markup of this crate's own making.
    pub(crate) const fn trusted(markup: String) -> Self {
        Self(markup)
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Html {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl From<&str> for Html {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Html {
    fn from(text: String) -> Self {
        Self::text(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        let html = Html::text("<b title='x'>\"&\"</b>");
        assert_eq!(html.as_str(), "&lt;b title=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/b&gt;");
        let link = Html::link("/?a=1&b=\"", "<i>");
        assert_eq!(link.as_str(), "<a href=\"/?a=1&amp;b=&quot;\">&lt;i&gt;</a>");
    }
}
