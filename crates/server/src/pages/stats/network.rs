//! 联合体与共同成员 — who bridges consortia: a fixed picture and the table it is drawn from.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::pages::shell::html::Html;
use crate::pages::shell::ui::{Empty, Table};

/// Shared members drawn at most; all of them stand in the table.
const SHARED_DRAWN: usize = 8;

/// A consortium: id, name, and its members by id and name.
pub(super) type Consortium = (String, String, Vec<(String, String)>);

/// The picture.
#[derive(Template)]
#[template(path = "stats/network.html")]
pub(super) struct Network {
    nodes: Vec<Node>,
    shared: Vec<Shared>,
    edges: Vec<String>,
    table: Table,
}

impl HtmlSafe for Network {}

/// A consortium.
struct Node {
    href: String,
    name: String,
    members: usize,
    x: String,
    box_x: String,
    box_y: String,
    text_y: String,
    label_y: String,
}

/// A member of several.
struct Shared {
    name: String,
    x: String,
    y: String,
    label_y: String,
    radius: usize,
}

fn one(figure: f64) -> String {
    format!("{figure:.1}")
}

/// A place on an ellipse around the middle of the picture.
fn place(index: usize, of: usize, (rx, ry): (f64, f64), turn: f64) -> (f64, f64) {
    let share = f64::from(u32::try_from(index).unwrap_or(0))
        / f64::from(u32::try_from(of.max(1)).unwrap_or(1));
    let angle = TAU.mul_add(share, turn);
    (angle.sin().mul_add(rx, 480.0), (-angle.cos()).mul_add(ry, 240.0))
}

/// The name without what every name begins and ends with.
fn short(name: &str) -> &str {
    let name = name.strip_prefix("内蒙古自治区").unwrap_or(name);
    name.strip_suffix("创新联合体").unwrap_or(name)
}

impl Network {
    pub(super) fn of(consortia: &[Consortium]) -> Self {
        let mut in_which: BTreeMap<&str, (&str, Vec<usize>)> = BTreeMap::new();
        for (index, (_, _, members)) in consortia.iter().enumerate() {
            for (unit, name) in members {
                in_which.entry(unit).or_insert_with(|| (name, Vec::new())).1.push(index);
            }
        }
        let mut bridges: Vec<(&str, Vec<usize>)> =
            in_which.into_values().filter(|(_, of)| of.len() > 1).collect();
        bridges.sort_by_key(|(name, of)| (std::cmp::Reverse(of.len()), *name));
        let mut table = Table::new("共同成员", &["单位", "所在联合体", "个数#"]);
        table.empty = Empty::because("还没有同时加入两个以上联合体的单位");
        for (name, of) in &bridges {
            let names: Vec<&str> = of.iter().map(|index| short(&consortia[*index].1)).collect();
            table.push(vec![
                Html::text(name),
                names.join("、").into(),
                of.len().to_string().into(),
            ]);
        }
        let places: Vec<(f64, f64)> = (0..consortia.len())
            .map(|index| place(index, consortia.len(), (380.0, 180.0), 0.0))
            .collect();
        bridges.truncate(SHARED_DRAWN);
        let mut edges = Vec::new();
        let mut shared = Vec::new();
        for (index, (name, of)) in bridges.iter().enumerate() {
            let (x, y) = place(index, bridges.len(), (190.0, 88.0), 0.35);
            for (tx, ty) in of.iter().map(|index| places[*index]) {
                edges.push(format!("M{x:.1} {y:.1}L{tx:.1} {ty:.1}"));
            }
            shared.push(Shared {
                name: (*name).to_owned(),
                x: one(x),
                y: one(y),
                label_y: one(y + 22.0),
                radius: 5 + of.len().min(6),
            });
        }
        let node = |((id, name, members), (x, y)): (&Consortium, &(f64, f64))| Node {
            href: format!("/registry/{id}"),
            name: short(name).to_owned(),
            members: members.len(),
            x: one(*x),
            box_x: one(x - 14.0),
            box_y: one(y - 14.0),
            text_y: one(y + 5.0),
            label_y: one(if *y < 240.0 { y - 24.0 } else { y + 34.0 }),
        };
        let nodes = consortia.iter().zip(&places).map(node).collect();
        Self { nodes, shared, edges, table }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_in_two_consortia_joins_them() {
        let unit = |name: &str| (name.to_owned(), name.to_owned());
        let consortium = |name: &str, members: &[&str]| -> Consortium {
            let members = members.iter().map(|member| unit(member)).collect();
            (name.to_owned(), format!("内蒙古自治区{name}创新联合体"), members)
        };
        let network =
            Network::of(&[consortium("储能", &["甲", "乙"]), consortium("稀土", &["乙", "丙"])]);
        assert_eq!(network.edges.len(), 2);
        let html = network.to_string();
        assert!(html.contains("储能、稀土") && !html.contains("NaN"), "{html}");
    }
}
