//! 名录 — a register of very many consortia, and what a page of it costs at its beginning, in its
//! middle and at its end.

use std::path::Path;

use consortium::reference;
use jiff::civil::date;
use serde_json::json;
use store::{Claim, DossierRow, Location, Projection, Store, projection};

use crate::figures::{Table, median};
use crate::kill::office::Process;
use crate::kill::wire::Wire;
use crate::simulation::words;
use crate::{Effort, doing, machine, program};

/// Lines that are written with one commit.
const AT_ONCE: usize = 1000;
/// Over how many days filings are spread.
const DAYS: usize = 2500;
/// What a page is to cost at most.
const AIM_MS: f64 = 0.15;

/// Makes a folder with so many filings in its register; the journal knows nothing of them.
pub(crate) fn fill(data: &Path, filings: usize) {
    doing("fill the register");
    let store = Store::open(Location::Sqlite(data.to_owned())).unwrap();
    for first in (0..filings).step_by(AT_ONCE) {
        let write = store.write_blocking(move |tx| {
            for n in first..(first + AT_ONCE).min(filings) {
                projection::project(tx, &id(n), &filing(n, filings))?;
            }
            Ok(())
        });
        write.unwrap();
    }
}

fn id(n: usize) -> String {
    format!("d-{n:026}")
}

/// Filings go in the order of their numbers.
fn filed_on(n: usize, of: usize) -> String {
    let days = i32::try_from(n * DAYS / of).unwrap();
    date(2020, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap().to_string()
}

fn filing(n: usize, of: usize) -> Projection {
    let fields = reference::fields();
    let authorities = reference::authorities();
    let authority = &authorities[n % authorities.len()];
    let area = reference::league_of(authority.area).map_or("", |league| league.code);
    let field = fields[n % fields.len()].id;
    let (name, filed_on) = (words::name(n), filed_on(n, of));
    let year = &filed_on[..4];
    let number = format!("蒙创联备〔{year}〕{n}号");
    Projection {
        row: Some(DossierRow {
            id: id(n),
            name: name.clone(),
            name_key: name.clone(),
            stage: "filed".to_owned(),
            status: "valid".to_owned(),
            public: true,
            lead: format!("u-{n:04}"),
            lead_name: format!("虚构第{n}号单位"),
            authority: authority.id.to_owned(),
            area: area.to_owned(),
            field: field.to_owned(),
            filed_no: Some(number.clone()),
            filed_on: Some(filed_on.clone()),
            updated_ms: i64::try_from(n).unwrap(),
            next_day: None,
            card: json!({
                "members": 5,
                "years": [[2024, "reported"], [2025, "reported"], [2026, "due"]],
                "turn": null, "title": null, "notice": null, "version": 1,
            }),
            ..DossierRow::default()
        }),
        readers: vec!["department".to_owned(), format!("authority:{}", authority.id)],
        claims: vec![Claim { kind: "name".to_owned(), value: name.clone(), ordinal: 0 }],
        public_text: format!("{name}\n虚构第{n}号单位\n{number}"),
        office_text: name,
        tallies: vec![
            "live".to_owned(),
            "stage/filed".to_owned(),
            "status/valid".to_owned(),
            format!("filed/{year}/{field}"),
            format!("league/{area}"),
        ],
        ..Projection::default()
    }
}

/// A page, what it must show, and whether the aim speaks of it.
struct Page {
    title: &'static str,
    path: String,
    shows: String,
    headers: &'static str,
    aim: bool,
}

fn pages(filings: usize) -> Vec<Page> {
    let after = |n: usize| format!("after={}~{}", filed_on(n, filings), id(n));
    let page =
        |title, path, shows: usize| Page { title, path, shows: id(shows), headers: "", aim: false };
    let aimed = |title, path, shows| Page { aim: true, ..page(title, path, shows) };
    let (middle, end) = (filings / 2, 12);
    let fields = reference::fields();
    let of_field = |n: usize| format!("field={}", fields[n % fields.len()].id);
    let (field_end, field) = (fields.len() * 3, of_field(0));
    let api = "/api/v1/register?limit=50";
    vec![
        aimed("page `/`, first", "/".to_owned(), filings - 1),
        aimed("page `/`, middle", format!("/?{}", after(middle)), middle - 1),
        aimed("page `/`, last", format!("/?{}", after(end)), end - 1),
        Page {
            headers: "Accept-Encoding: gzip\r\n",
            shows: String::new(),
            ..page("page `/`, first, compressed", "/".to_owned(), 0)
        },
        page("page `/`, a field, last", format!("/?{field}&{}", after(field_end)), 0),
        page("50 lines of the API, first", api.to_owned(), filings - 1),
        page("50 lines of the API, last", format!("{api}&{}", after(50)), 0),
    ]
}

/// The table.
pub(crate) fn measured(data: &Path, effort: Effort) -> String {
    doing("read the register");
    let process = Process::open(program(), data, None);
    let pages = pages(effort.filings);
    let mut cpu_ms = vec![Vec::new(); pages.len()];
    let mut wire = Wire::open(process.address).unwrap();
    for round in 0..=effort.rounds {
        for (page, cpu_ms) in pages.iter().zip(&mut cpu_ms) {
            let each = cost(&process, &mut wire, page, effort.pages);
            if round > 0 {
                cpu_ms.push(each);
            }
        }
    }
    let title = format!("CPU of the office for a page of the register, {} filings", effort.filings);
    let mut table = Table::new(&title, &["", "CPU each", "to the first", "aim"]);
    let first = median(&cpu_ms[0]);
    for (page, cpu_ms) in pages.iter().zip(&cpu_ms) {
        let each = median(cpu_ms);
        let (to_first, aim) = if page.aim {
            (format!("{:.2}", each / first), format!("≤ {AIM_MS} ms"))
        } else {
            Default::default()
        };
        table.row(&[page.title.to_owned(), format!("{each:.3} ms"), to_first, aim]);
    }
    table.done()
}

/// Milliseconds on a core that a page costs the office.
fn cost(process: &Process, wire: &mut Wire, page: &Page, times: usize) -> f64 {
    let before = machine::cpu_seconds(process.id());
    for _ in 0..times {
        let answer = wire.get_with(&page.path, page.headers).unwrap();
        assert_eq!(answer.status, 200, "{}: {answer:?}", page.path);
        assert!(answer.body.contains(&page.shows), "{}: {}", page.path, answer.body);
    }
    let times = u32::try_from(times).unwrap();
    (machine::cpu_seconds(process.id()) - before) * 1000.0 / f64::from(times)
}
