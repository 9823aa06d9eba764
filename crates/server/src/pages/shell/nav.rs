//! The main navigation: what each side uses, at most seven items.

use consortium::actor::{Actor, Side};

/// One item of the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// Where it leads.
    pub href: &'static str,
    /// What it says.
    pub words: &'static str,
    /// Whether the reader is there.
    pub here: bool,
    /// How much waits there; 0 is not shown.
    pub waiting: u64,
}

type Item = (&'static str, &'static str);

const PUBLIC: &[Item] = &[
    ("/", "备案名录"),
    ("/notices", "公示公告"),
    ("/regulation", "办法全文"),
    ("/guide", "办事指南"),
    ("/stats", "统计与开放数据"),
];
const UNIT: &[Item] = &[
    ("/home", "工作台"),
    ("/dossiers", "我的卷宗"),
    ("/unit", "单位信息"),
    ("/messages", "消息"),
    ("/", "备案名录"),
    ("/regulation", "办法全文"),
    ("/guide", "办事指南"),
];
const AUTHORITY: &[Item] = &[
    ("/home", "工作台"),
    ("/dossiers", "本地区卷宗"),
    ("/units", "单位账号"),
    ("/messages", "消息"),
    ("/stats", "统计"),
    ("/", "备案名录"),
    ("/regulation", "办法全文"),
];
const DEPARTMENT: &[Item] = &[
    ("/home", "工作台"),
    ("/dossiers", "卷宗"),
    ("/notices", "公示公告"),
    ("/stats", "统计"),
    ("/affairs", "参数与专家"),
    ("/", "备案名录"),
    ("/regulation", "办法全文"),
];
const EXPERT: &[Item] = &[
    ("/home", "工作台"),
    ("/dossiers", "评审任务"),
    ("/messages", "消息"),
    ("/regulation", "办法全文"),
];
const OPERATOR: &[Item] = &[
    ("/home", "工作台"),
    ("/ops", "运行状况"),
    ("/ops/accounts", "账号"),
    ("/recoveries", "找回申请"),
    ("/", "备案名录"),
    ("/regulation", "办法全文"),
];

/// The items somebody sees; the longest address that the path begins with is the current one.
pub(crate) fn items(actor: &Actor, path: &str) -> Vec<NavItem> {
    let items = match actor.side {
        Side::Unit(_) => UNIT,
        Side::Authority(_) => AUTHORITY,
        Side::Department | Side::Calendar => DEPARTMENT,
        Side::Expert => EXPERT,
        Side::Operator => OPERATOR,
        Side::Public => PUBLIC,
    };
    let current = items
        .iter()
        .map(|(href, _)| *href)
        .filter(|href| is_under(path, href))
        .max_by_key(|href| href.len());
    let item =
        |(href, words): &Item| NavItem { href, words, here: current == Some(*href), waiting: 0 };
    items.iter().map(item).collect()
}

fn is_under(path: &str, href: &str) -> bool {
    if href == "/" {
        return path == "/" || path.starts_with("/registry");
    }
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_sees_more_than_seven_items() {
        for items in [PUBLIC, UNIT, AUTHORITY, DEPARTMENT, EXPERT, OPERATOR] {
            assert!(items.len() <= 7, "{items:?}");
        }
    }

    #[test]
    fn the_current_item_is_the_longest_that_fits() {
        let mut actor = Actor::public();
        actor.side = Side::Operator;
        let here = |path: &str| {
            items(&actor, path).into_iter().find(|item| item.here).map(|item| item.href)
        };
        assert_eq!(here("/ops/accounts/3"), Some("/ops/accounts"));
        assert_eq!(here("/opsx"), None);
        assert_eq!(here("/registry/NM-1"), Some("/"));
        assert_eq!(here("/login"), None);
    }
}
