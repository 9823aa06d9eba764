//! 图 — pictures drawn on the server from figures; each stands beside the table it is drawn from.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use askama::filters::HtmlSafe;
use consortium::reference;

use crate::office::RegisterFigures;
use crate::pages::shell::html::Html;
use crate::pages::shell::ui::Table;

/// 画好的图 — the pictures of the figures that were asked for last: figures change with a command,
/// pages are asked for far more often.
#[derive(Debug, Default)]
pub struct Gallery(Mutex<Option<Arc<Drawn>>>);

/// The pictures of some figures.
#[derive(Debug)]
pub(crate) struct Drawn {
    figures: Arc<RegisterFigures>,
    pub(crate) hexagons: Html,
    pub(crate) bars: Html,
}

impl Gallery {
    /// The pictures of these figures.
    pub(crate) fn of(&self, figures: &Arc<RegisterFigures>) -> Arc<Drawn> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(drawn) = &*last
            && Arc::ptr_eq(&drawn.figures, figures)
        {
            return Arc::clone(drawn);
        }
        let drawn = Arc::new(Drawn {
            hexagons: Html::of(&Hexagons::of("hx", &figures.leagues)),
            bars: Html::of(&Bars::of(&figures.years)),
            figures: Arc::clone(figures),
        });
        *last = Some(Arc::clone(&drawn));
        drawn
    }
}

/// Fields with a colour of their own; the others share one.
const FIELDS_SHOWN: usize = 4;
/// How much of the width a bar may take, in percent.
const BAR_PERCENT: i64 = 88;

/// 十二盟市 — hexagons by direction, each a filter of the register.
#[derive(Template)]
#[template(path = "registry/hexagons.html")]
pub(crate) struct Hexagons {
    id: &'static str,
    cells: Vec<Cell>,
    steps: Vec<(usize, String)>,
    table: Table,
}

impl HtmlSafe for Hexagons {}

/// One league.
struct Cell {
    href: String,
    name: &'static str,
    count: i64,
    class: usize,
    points: String,
    x: String,
    name_y: String,
    count_y: String,
}

impl Hexagons {
    /// The picture of so many in each league, by its code. `id` tells it apart on its page.
    pub(crate) fn of(id: &'static str, leagues: &BTreeMap<String, i64>) -> Self {
        let most = leagues.values().copied().max().unwrap_or(0);
        let mut table = Table::new("十二盟市有效备案", &["盟市", "有效备案#"]);
        let mut cells = Vec::new();
        for league in reference::leagues() {
            let Some(place) = league.hexagon else { continue };
            let count = leagues.get(league.code).copied().unwrap_or(0);
            let href = format!("/?place={}#register", league.code);
            table.push(vec![Html::link(&href, league.name), count.to_string().into()]);
            let x = 28.6f64.mul_add(f64::from(place.half_columns), 2.4);
            let y = 49.5f64.mul_add(f64::from(place.row), 35.0);
            cells.push(Cell {
                href,
                name: league.short,
                count,
                class: class_of(count, most),
                points: hexagon(x, y),
                x: format!("{x:.1}"),
                name_y: format!("{:.1}", y - 5.0),
                count_y: format!("{:.1}", y + 15.0),
            });
        }
        Self { id, cells, steps: steps(most), table }
    }

    fn in_words(&self) -> String {
        let words: Vec<String> =
            self.cells.iter().map(|cell| format!("{} {} 个", cell.name, cell.count)).collect();
        words.join("，")
    }
}

fn hexagon(x: f64, y: f64) -> String {
    let corners =
        [(0.0, -33.0), (28.6, -16.5), (28.6, 16.5), (0.0, 33.0), (-28.6, 16.5), (-28.6, -16.5)];
    let point = |(dx, dy): &(f64, f64)| format!("{:.1},{:.1}", x + dx, y + dy);
    corners.iter().map(point).collect::<Vec<_>>().join(" ")
}

/// The last count of a step of the scale, of five.
fn bound(step: i64, most: i64) -> i64 {
    most * step / 5
}

/// The step of the scale: 0 for none, 5 for the most.
fn class_of(count: i64, most: i64) -> usize {
    if count <= 0 {
        return 0;
    }
    (1..=5).position(|step| count <= bound(step, most)).map_or(5, |index| index + 1)
}

/// The scale in words; steps that hold no number are left out.
fn steps(most: i64) -> Vec<(usize, String)> {
    let mut from = 1;
    let mut steps = Vec::new();
    for (class, step) in (1..=5).enumerate() {
        let to = bound(step, most);
        if to >= from {
            let words = if to == from { to.to_string() } else { format!("{from}–{to}") };
            steps.push((class + 1, words));
            from = to + 1;
        }
    }
    steps
}

/// 历年新增 — stacked bars, one a year, parted by field.
#[derive(Template)]
#[template(path = "registry/bars.html")]
pub(crate) struct Bars {
    years: Vec<Bar>,
    legend: Vec<(usize, &'static str)>,
    table: Table,
    total: i64,
}

impl HtmlSafe for Bars {}

/// One year.
struct Bar {
    label: String,
    slices: Vec<Slice>,
    total: i64,
    end: String,
    words: String,
}

/// One field in a year.
struct Slice {
    class: usize,
    from: String,
    width: String,
    words: String,
}

impl Bars {
    /// The picture of filings by year, then field.
    pub(crate) fn of(years: &BTreeMap<String, BTreeMap<String, i64>>) -> Self {
        let mut by_field: BTreeMap<&str, i64> = BTreeMap::new();
        for (field, count) in years.values().flatten() {
            *by_field.entry(field).or_default() += count;
        }
        let mut ranked: Vec<(&str, i64)> = by_field.into_iter().collect();
        ranked.sort_by_key(|(field, count)| (-count, *field));
        let shown: Vec<&str> = ranked.iter().take(FIELDS_SHOWN).map(|(field, _)| *field).collect();
        let others = ranked.len() > shown.len();
        let most = years.values().map(|fields| fields.values().sum::<i64>()).max().unwrap_or(0);
        let mut legend: Vec<(usize, &'static str)> =
            shown.iter().enumerate().map(|(at, field)| (at + 1, name_of(field))).collect();
        if others {
            legend.push((FIELDS_SHOWN + 1, "其他"));
        }
        let mut labels = vec!["年份"];
        let headings: Vec<String> = legend.iter().map(|(_, name)| format!("{name}#")).collect();
        labels.extend(headings.iter().map(String::as_str));
        labels.push("合计#");
        let mut table = Table::new("历年新增备案，按技术领域", &labels);
        let mut bars = Vec::new();
        for (year, fields) in years {
            let mut counts: Vec<i64> =
                shown.iter().map(|field| fields.get(*field).copied().unwrap_or(0)).collect();
            let total: i64 = fields.values().sum();
            if others {
                counts.push(total - counts.iter().sum::<i64>());
            }
            let mut cells = vec![Html::text(year)];
            cells.extend(counts.iter().map(|count| Html::text(&count.to_string())));
            cells.push(Html::text(&total.to_string()));
            table.push(cells);
            bars.push(bar(year, &counts, &legend, (total, most)));
        }
        let total = bars.iter().map(|bar| bar.total).sum();
        Self { years: bars, legend, table, total }
    }
}

fn bar(
    year: &str,
    counts: &[i64],
    legend: &[(usize, &'static str)],
    (total, most): (i64, i64),
) -> Bar {
    let percent = |count: i64| tenths(count * BAR_PERCENT * 10 / most.max(1));
    let mut before = 0;
    let mut slices = Vec::new();
    let mut words = Vec::new();
    for (count, (class, name)) in counts.iter().zip(legend).filter(|(count, _)| **count > 0) {
        words.push(format!("{name} {count} 个"));
        slices.push(Slice {
            class: *class,
            from: percent(before),
            width: percent(*count),
            words: format!("{year} 年 {name} {count} 个"),
        });
        before += count;
    }
    Bar { label: year.to_owned(), slices, total, end: percent(before), words: words.join("，") }
}

/// Tenths of a percent as an attribute takes them: `12.5%`.
fn tenths(tenths: i64) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn name_of(field: &str) -> &'static str {
    reference::field(field).map_or("未填领域", |class| class.name)
}

/// Bars side by side: label, count, and where a click leads.
#[derive(Template)]
#[template(path = "registry/plain_bars.html")]
pub(crate) struct PlainBars {
    bars: Vec<PlainBar>,
}

impl HtmlSafe for PlainBars {}

struct PlainBar {
    label: String,
    href: String,
    count: i64,
    width: String,
}

impl PlainBars {
    /// The picture of label, address (empty for none) and count.
    pub(crate) fn of(figures: Vec<(String, String, i64)>) -> Self {
        let most = figures.iter().map(|(_, _, count)| *count).max().unwrap_or(0).max(1);
        let bars = figures.into_iter().map(|(label, href, count)| PlainBar {
            label,
            href,
            count,
            width: tenths(count * BAR_PERCENT * 10 / most),
        });
        Self { bars: bars.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_has_five_steps_up_to_the_most() {
        // count, most, class
        let table =
            [(0, 9, 0), (1, 2, 3), (2, 2, 5), (1, 19, 1), (19, 19, 5), (4, 20, 1), (5, 20, 2)];
        for (count, most, class) in table {
            assert_eq!(class_of(count, most), class, "{count} of {most}");
        }
        assert_eq!(steps(2), [(3, "1".to_owned()), (5, "2".to_owned())]);
        assert_eq!(steps(0), []);
    }

    #[test]
    fn other_figures_are_drawn_anew_and_the_same_are_not() {
        let gallery = Gallery::default();
        let figures = |count| {
            let leagues = BTreeMap::from([("150200".to_owned(), count)]);
            Arc::new(RegisterFigures { leagues, ..RegisterFigures::default() })
        };
        let (few, many) = (figures(3), figures(17));
        let first = gallery.of(&few);
        assert!(Arc::ptr_eq(&first, &gallery.of(&few)));
        assert!(gallery.of(&many).hexagons.to_string().contains("包头 17 个"));
        assert_eq!(gallery.of(&few).hexagons, first.hexagons);
    }

    #[test]
    fn every_league_has_its_cell_and_its_line() {
        let picture = Hexagons::of("hx", &BTreeMap::from([("150200".to_owned(), 17)]));
        let html = picture.to_string();
        assert_eq!(html.matches("<polygon").count(), 12);
        assert!(html.contains("aria-label=\"包头 17 个"), "{html}");
        assert!(html.contains("不是行政区划地图"));
    }

    #[test]
    fn fields_beyond_four_share_a_bar() {
        let fields = |counts: [i64; 6]| -> BTreeMap<String, i64> {
            (1..).map(|n| format!("T{n}")).zip(counts).collect()
        };
        let years = BTreeMap::from([("2025".to_owned(), fields([5, 4, 3, 2, 1, 1]))]);
        let bars = Bars::of(&years);
        assert_eq!(bars.legend.len(), 5);
        assert_eq!(bars.years[0].slices.len(), 5);
        assert!(bars.to_string().contains("其他 2 个"));
    }
}
