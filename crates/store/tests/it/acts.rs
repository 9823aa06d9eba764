use std::fs;
use std::future::{Future, poll_fn};
use std::sync::mpsc;
use std::task::Poll;
use std::thread;

use store::{Location, Result, Store, StoreError, Tx, Val, settings, vals, verify};

use crate::place::{Place, Schema, postgres_location, postgres_server};
use crate::samples::{one, salts};

pub(crate) async fn a_refused_act_undoes_only_itself(place: Place) {
    let act = |number: usize| {
        let store = place.store.clone();
        async move {
            store
                .write(move |tx| {
                    settings::set_setting(tx, &format!("s{number:02}"), "set")?;
                    if number.is_multiple_of(3) {
                        return Err(StoreError::Aborted("not this one".into()));
                    }
                    Ok(())
                })
                .await
        }
    };
    let acts: Vec<_> = (0..30).map(|number| tokio::spawn(act(number))).collect();
    for (number, act) in acts.into_iter().enumerate() {
        assert_eq!(act.await.unwrap().is_err(), number.is_multiple_of(3), "{number}");
    }
    for number in 0..30 {
        let found = place.store.setting(&format!("s{number:02}")).await.unwrap();
        assert_eq!(found.is_none(), number % 3 == 0, "{number}");
    }
}

pub(crate) async fn a_panic_is_an_answer_and_the_store_lives_on(place: Place) {
    for _ in 0..5 {
        let outcome: Result<()> = place
            .store
            .write(|tx| {
                settings::set_setting(tx, "before", "the panic")?;
                panic!("this act is broken")
            })
            .await;
        assert!(matches!(outcome, Err(StoreError::Panicked(why)) if why.contains("broken")));
    }
    assert_eq!(place.store.setting("before").await.unwrap(), None);
    place.store.set_setting("after", "fine").await.unwrap();
}

pub(crate) async fn an_error_that_was_ignored_undoes_the_act(place: Place) {
    let outcome = place
        .store
        .write(|tx| {
            settings::set_setting(tx, "a", "1")?;
            let _ = tx.exec("INSERT INTO nowhere (a) VALUES (1)", &[]);
            Ok(())
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::Aborted(_))), "{outcome:?}");
    assert_eq!(place.store.setting("a").await.unwrap(), None);
}

pub(crate) async fn a_read_cannot_write(place: Place) {
    // Memory has no second connection: there the write is undone instead of refused.
    let _ = place.store.read(|tx| settings::set_setting(tx, "a", "1")).await;
    assert_eq!(place.store.setting("a").await.unwrap(), None);
}

pub(crate) async fn values_of_every_kind_come_back(place: Place) {
    place.sql(&["CREATE TABLE kinds (a BIGINT, b TEXT, c BIGINT)"]).await.unwrap();
    let rows = place
        .store
        .write(|tx| {
            tx.exec(
                "INSERT INTO kinds (a, b, c) VALUES ($1, $2, $3)",
                &vals![i64::MIN, "é 稀土 '\"\0".replace('\0', ""), None::<i64>],
            )?;
            tx.rows("SELECT a, b, c FROM kinds", &[])
        })
        .await
        .unwrap();
    assert_eq!(rows[0].int(0).unwrap(), i64::MIN);
    assert_eq!(rows[0].text(1).unwrap(), "é 稀土 '\"");
    assert_eq!(rows[0].opt_int(2).unwrap(), None);
    assert!(rows[0].int(1).is_err() && rows[0].text(2).is_err() && rows[0].int(9).is_err());
    assert_eq!(rows[0].opt_text(1).unwrap().is_some(), Val::from("x") != Val::Null);
}

pub(crate) async fn a_wrong_number_of_values_is_an_error(place: Place) {
    let ask = |tx: &mut dyn Tx| tx.rows("SELECT value FROM settings WHERE key = $1", &[]);
    assert!(place.store.read(ask).await.is_err());
    assert_eq!(place.store.setting("a").await.unwrap(), None);
}

#[test]
fn a_full_queue_says_that_the_store_is_busy() {
    let store = Store::open(Location::Memory).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (open, gate) = mpsc::channel::<()>();
    let (begun, has_begun) = mpsc::channel::<()>();
    let slow = store.clone();
    let slow = thread::spawn(move || {
        slow.write_blocking(move |_| {
            let _ = begun.send(());
            let _ = gate.recv();
            Ok(())
        })
    });
    has_begun.recv().unwrap();
    let mut waiting = Vec::new();
    let refused = runtime.block_on(async {
        loop {
            let store = store.clone();
            let mut act = Box::pin(async move { store.setting("a").await });
            let outcome = poll_fn(|context| Poll::Ready(act.as_mut().poll(context))).await;
            match outcome {
                Poll::Ready(outcome) => break outcome,
                Poll::Pending => waiting.push(act),
            }
        }
    });
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert!(waiting.len() >= 1000, "{}", waiting.len());
    drop(open);
    slow.join().unwrap().unwrap();
    for act in waiting {
        assert_eq!(runtime.block_on(act).unwrap(), None);
    }
}

/// Somebody pulls the plug right after an answer: what is in the files then is all there is.
#[test]
fn what_was_answered_is_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (folder.path().join("here"), folder.path().join("there"));
    let store = Store::open(Location::Sqlite(here.clone())).unwrap();
    for expected in 0..20 {
        store.append_blocking(one("D1", expected), salts()).unwrap();
    }
    fs::create_dir(&there).unwrap();
    for file in ["chuanglian.db", "chuanglian.db-wal"] {
        fs::copy(here.join(file), there.join(file)).unwrap();
    }
    let copy = Store::open(Location::Sqlite(there)).unwrap();
    let verified = copy.read_blocking(|tx| verify::verify(tx)).unwrap();
    assert_eq!(verified.entries, 20);
}

#[test]
fn a_broken_postgres_connection_is_made_again() {
    let Some(server) = postgres_server() else { return };
    let folder = tempfile::tempdir().unwrap();
    let schema = Schema::new(&server);
    let store = Store::open(postgres_location(&schema, folder.path().into())).unwrap();
    for expected in 0..5 {
        store.append_blocking(one("D1", expected), salts()).unwrap();
        schema.run(format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{}'",
            schema.name
        ));
    }
    let verified = store.read_blocking(|tx| verify::verify(tx)).unwrap();
    assert_eq!(verified.entries, 5);
}
