use store::{
    DossierQuery, Engine, Projection, RegisterQuery, Result, Row, Tx, UnitRow, Val, lists,
};

use crate::place::Place;
use crate::samples::{ids, line, show, shown, task};

pub(crate) async fn a_reader_sees_what_lists_the_reader(place: Place) {
    show(&place.store, "D1", shown(line("D1", "2026-01-01", 1), &["unit:U1", "department"])).await;
    let mut draft = shown(line("D2", "2026-01-01", 2), &["department", "department"]);
    let row = draft.row.as_mut().unwrap();
    (row.public, row.stage) = (false, "drafting".into());
    show(&place.store, "D2", draft).await;
    // reader         stage              found
    let table: &[(&str, Option<&str>, &[&str])] = &[
        ("unit:U1", None, &["D1"]),
        ("department", None, &["D2", "D1"]),
        ("department", Some("drafting"), &["D2"]),
        ("public", None, &["D1"]),
        ("public", Some("drafting"), &[]),
        ("unit:U", None, &[]),
    ];
    for (reader, stage, expected) in table {
        let query = DossierQuery {
            reader: (*reader).into(),
            stage: stage.map(str::to_owned),
            limit: 9,
            ..DossierQuery::default()
        };
        let found = place.store.dossiers(query).await.unwrap();
        assert_eq!(ids(&found), *expected, "{reader} {stage:?}");
    }
    assert_eq!(place.store.readers("D2").await.unwrap(), ["department"]);
}

pub(crate) async fn dossiers_are_paged_by_their_last_change(place: Place) {
    for number in 0..10 {
        let id = format!("D{number}");
        let row = line(&id, "2026-01-01", i64::from(number / 3));
        show(&place.store, &id, shown(row, &["department"])).await;
    }
    for reader in ["department", "public"] {
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let query =
                DossierQuery { reader: reader.into(), after, limit: 4, ..Default::default() };
            let page = place.store.dossiers(query).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some((last.updated_ms, last.id.clone()));
            seen.extend(page.into_iter().map(|row| row.id));
        }
        assert_eq!(seen.join(" "), "D9 D8 D7 D6 D5 D4 D3 D2 D1 D0", "{reader}");
    }
}

/// D0 … D11, filed two a month from January 2025 on, in two fields, two authorities, two states.
async fn twelve_filings(place: &Place) {
    for number in 0..12 {
        let id = format!("D{number:02}");
        let (year, month) = (2025 + number / 6, number % 6 / 2 + 1);
        let mut row = line(&id, &format!("{year}-0{month}-15"), 1);
        row.field = if number % 2 == 0 { "稀土" } else { "乳业" }.into();
        row.authority = if number % 3 == 0 { "RA01" } else { "RA02" }.into();
        row.status = if number % 4 == 0 { "cancelled" } else { "filed" }.into();
        let public_text = format!("{}联合体{number}", row.field);
        show(&place.store, &id, Projection { public_text, ..shown(row, &[]) }).await;
    }
    let mut hidden = line("D98", "2026-01-01", 1);
    hidden.public = false;
    show(&place.store, "D98", shown(hidden, &[])).await;
    let mut unfiled = line("D99", "2026-01-01", 1);
    unfiled.filed_on = None;
    show(&place.store, "D99", shown(unfiled, &[])).await;
}

pub(crate) async fn the_register_is_paged_both_ways(place: Place) {
    twelve_filings(&place).await;
    let limit = 5;
    let first = RegisterQuery { limit, ..RegisterQuery::default() };
    let first = place.store.register(first).await.unwrap();
    assert_eq!(ids(&first), ["D11", "D10", "D09", "D08", "D07"]);
    let cursor = |row: &store::DossierRow| Some((row.filed_on.clone().unwrap(), row.id.clone()));
    let second = RegisterQuery { after: cursor(&first[4]), limit, ..RegisterQuery::default() };
    let second = place.store.register(second).await.unwrap();
    assert_eq!(ids(&second), ["D06", "D05", "D04", "D03", "D02"]);
    let back = RegisterQuery { before: cursor(&second[0]), limit, ..RegisterQuery::default() };
    assert_eq!(place.store.register(back).await.unwrap(), first);
    let none = RegisterQuery { before: cursor(&first[0]), limit, ..RegisterQuery::default() };
    assert_eq!(place.store.register(none).await.unwrap(), []);
}

pub(crate) async fn the_register_is_filtered(place: Place) {
    twelve_filings(&place).await;
    let some = |text: &str| Some(text.to_owned());
    let all = RegisterQuery { limit: 99, ..RegisterQuery::default() };
    let table = [
        (all.clone(), 12),
        (RegisterQuery { field: some("稀土"), ..all.clone() }, 6),
        (RegisterQuery { authority: some("RA01"), ..all.clone() }, 4),
        (RegisterQuery { status: some("cancelled"), ..all.clone() }, 3),
        (RegisterQuery { year: Some(2025), ..all.clone() }, 6),
        (RegisterQuery { year: Some(2027), ..all.clone() }, 0),
        (RegisterQuery { text: some("乳业"), ..all.clone() }, 6),
        (RegisterQuery { text: some("乳业"), year: Some(2026), ..all.clone() }, 3),
        (RegisterQuery { text: some("…"), ..all.clone() }, 0),
        (RegisterQuery { field: some("稀土"), authority: some("RA01"), ..all.clone() }, 2),
    ];
    for (query, expected) in table {
        let found = place.store.register(query.clone()).await.unwrap();
        assert_eq!(found.len(), expected, "{query:?}");
        let count = place.store.register_count(query.clone()).await.unwrap();
        assert_eq!(usize::try_from(count).unwrap(), expected, "{query:?}");
    }
}

pub(crate) async fn a_worklist_is_merged_over_holders_and_paged(place: Place) {
    let tasks = vec![
        task("a", "unit:U1/handler", Some("2026-05-02")),
        task("b", "unit:U1/legal_representative", Some("2026-05-01")),
        task("c", "unit:U1/handler", None),
        task("d", "unit:U2/handler", Some("2026-01-01")),
    ];
    let row = shown(line("D1", "2026-01-01", 1), &[]);
    show(&place.store, "D1", Projection { tasks: tasks.clone(), ..row }).await;
    show(&place.store, "unit:U1", Projection { tasks, ..Projection::default() }).await;
    let holders = ["unit:U1/handler".to_owned(), "unit:U1/legal_representative".to_owned()];

    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = place.store.worklist(&holders, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.cursor());
        seen.extend(page.into_iter().map(|item| {
            assert_eq!(item.dossier.is_some(), item.stream == "D1");
            format!("{}/{}", item.stream, item.task.key)
        }));
    }
    assert_eq!(seen.join(" "), "D1/b unit:U1/b D1/a unit:U1/a D1/c unit:U1/c");
    let counts = place.store.task_counts(&holders).await.unwrap();
    assert_eq!(counts, [(holders[0].clone(), 4), (holders[1].clone(), 2)]);
    assert_eq!(place.store.task_counts(&["nobody".into()]).await.unwrap(), []);
}

pub(crate) async fn what_is_due_comes_by_day_and_can_be_paged(place: Place) {
    for (id, next_day) in [
        ("D1", Some("2026-05-02")),
        ("D2", Some("2026-05-01")),
        ("D3", None),
        ("D4", Some("2026-05-03")),
    ] {
        let mut row = line(id, "2026-01-01", 1);
        row.next_day = next_day.map(str::to_owned);
        show(&place.store, id, shown(row, &[])).await;
    }
    assert_eq!(place.store.due("2026-05-02", 9).await.unwrap(), ["D2", "D1"]);
    assert_eq!(place.store.due("2026-04-30", 9).await.unwrap(), Vec::<String>::new());
    let page = place.store.due_after("2026-05-03", None, 1).await.unwrap();
    assert_eq!(page, [("2026-05-01".to_owned(), "D2".to_owned())]);
    let page = place.store.due_after("2026-05-03", page.into_iter().next(), 9).await.unwrap();
    let found: Vec<_> = page.iter().map(|(_, stream)| stream.as_str()).collect();
    assert_eq!(found, ["D1", "D4"]);
}

pub(crate) async fn units_are_found_by_name_and_code(place: Place) {
    for (number, name) in ["金岭稀土材料", "塞北理工大学", "草原乳业"].into_iter().enumerate()
    {
        let id = format!("U{number}");
        let unit = UnitRow {
            id: id.clone(),
            code: format!("9115010{number}MA0N000000"),
            name: name.into(),
            name_key: format!("{}", 9 - number),
            status: "active".into(),
            ..UnitRow::default()
        };
        let projection = Projection { unit: Some(unit), ..Projection::default() };
        show(&place.store, &format!("unit:{id}"), projection).await;
    }
    let units = |text: Option<&'static str>| {
        let store = place.store.clone();
        async move {
            let found = store.units(text, None, 9).await.unwrap();
            found.into_iter().map(|unit| unit.id).collect::<Vec<_>>().join(" ")
        }
    };
    assert_eq!(units(None).await, "U2 U1 U0");
    assert_eq!(units(Some("稀土")).await, "U0");
    assert_eq!(units(Some("91150101ma")).await, "U1");
    assert_eq!(units(Some("9115")).await, "U2 U1 U0");
    let after = Some(("7".to_owned(), "U2".to_owned()));
    assert_eq!(place.store.units(None, after, 1).await.unwrap()[0].id, "U1");
    assert_eq!(place.store.unit("U2").await.unwrap().unwrap().name, "草原乳业");
    let found = place.store.unit_by_code("91150102MA0N000000").await.unwrap().unwrap();
    assert_eq!(found.id, "U2");
    assert_eq!(place.store.unit("U9").await.unwrap(), None);
}

/// A transaction that explains what it is asked.
struct Explaining<'a> {
    tx: &'a mut dyn Tx,
    plan: String,
}

impl Tx for Explaining<'_> {
    fn exec(&mut self, sql: &str, args: &[Val]) -> Result<u64> {
        self.tx.exec(sql, args)
    }

    fn rows(&mut self, sql: &str, args: &[Val]) -> Result<Vec<Row>> {
        let (explain, column) = match self.tx.engine() {
            Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
            Engine::Postgres => ("EXPLAIN", 0),
        };
        for row in self.tx.rows(&format!("{explain} {sql}"), args)? {
            self.plan += &row.text(column)?;
            self.plan += "\n";
        }
        self.tx.rows(sql, args)
    }

    fn engine(&self) -> Engine {
        self.tx.engine()
    }
}

type Ask = fn(&mut dyn Tx) -> Result<()>;

pub(crate) async fn hot_lists_walk_an_index(place: Place) {
    fn register(tx: &mut dyn Tx, query: RegisterQuery) -> Result<()> {
        let after = Some(("2026-01-15".to_owned(), "D09".to_owned()));
        lists::register(tx, &RegisterQuery { limit: 5, ..query.clone() })?;
        lists::register(tx, &RegisterQuery { limit: 5, before: after.clone(), ..query.clone() })?;
        lists::register(tx, &RegisterQuery { limit: 5, after, ..query }).map(drop)
    }
    fn dossiers(tx: &mut dyn Tx, query: DossierQuery) -> Result<()> {
        let after = Some((1, "D09".to_owned()));
        lists::dossiers(tx, &DossierQuery { limit: 5, ..query.clone() })?;
        lists::dossiers(tx, &DossierQuery { limit: 5, after, ..query }).map(drop)
    }
    let table: &[(&str, Ask)] = &[
        ("register_by_day", |tx| register(tx, RegisterQuery::default())),
        ("register_by_day", |tx| {
            register(tx, RegisterQuery { year: Some(2026), ..Default::default() })
        }),
        ("register_by_field", |tx| {
            register(tx, RegisterQuery { field: Some("稀土".into()), ..Default::default() })
        }),
        ("register_by_authority", |tx| {
            register(tx, RegisterQuery { authority: Some("RA01".into()), ..Default::default() })
        }),
        ("register_by_status", |tx| {
            register(tx, RegisterQuery { status: Some("filed".into()), ..Default::default() })
        }),
        ("readers_by_update", |tx| {
            dossiers(tx, DossierQuery { reader: "department".into(), ..Default::default() })
        }),
        ("readers_by_stage", |tx| {
            let (reader, stage) = ("department".into(), Some("filed".into()));
            dossiers(tx, DossierQuery { reader, stage, ..Default::default() })
        }),
        ("public_by_update", |tx| {
            dossiers(tx, DossierQuery { reader: "public".into(), ..Default::default() })
        }),
        ("public_by_stage", |tx| {
            let (reader, stage) = ("public".into(), Some("public_notice".into()));
            dossiers(tx, DossierQuery { reader, stage, ..Default::default() })
        }),
        ("tasks_by_holder", |tx| {
            let holders = ["unit:U1/handler".to_owned()];
            let after = ("2026-01-01".to_owned(), "D1".to_owned(), "a".to_owned());
            lists::worklist(tx, &holders, None, 5)?;
            lists::worklist(tx, &holders, Some(&after), 5).map(drop)
        }),
        ("dossiers_due", |tx| lists::due(tx, "2026-01-01", 5).map(drop)),
        ("units_by_name", |tx| lists::units(tx, None, None, 5).map(drop)),
        ("claims_by_ordinal", |tx| lists::highest(tx, "filing").map(drop)),
    ];
    twelve_filings(&place).await;
    for &(index, ask) in table {
        let plan = place.store.read(move |tx| explained(tx, ask)).await.unwrap();
        assert!(plan.contains(index), "{index}:\n{plan}");
        let sorts = plan.contains("TEMP B-TREE") || plan.contains("Sort");
        assert!(!sorts, "{index} is sorted:\n{plan}");
        let scans = plan.contains("SCAN d\n") || plan.contains("Seq Scan");
        assert!(!scans, "{index} is not all:\n{plan}");
    }
}

fn explained(tx: &mut dyn Tx, ask: Ask) -> Result<String> {
    if tx.engine() == Engine::Postgres {
        // The tables of a test are so small that reading them whole would be cheaper.
        for way in ["enable_seqscan", "enable_bitmapscan", "enable_sort", "enable_hashjoin"] {
            tx.rows(&format!("SELECT set_config('{way}', 'off', true)"), &[])?;
        }
    }
    let mut explaining = Explaining { tx, plan: String::new() };
    ask(&mut explaining)?;
    Ok(explaining.plan)
}
