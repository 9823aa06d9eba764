//! 备份与恢复 — by the program itself: what was there comes back, on either engine.

use std::path::Path;
use std::process::{Command, Output};

use store::{Location, Store};

use crate::house::House;
use crate::kill::program;
use crate::place::{self, Engine};
use crate::tale::told;

const NAME: &str = "内蒙古自治区低温储能创新联合体";

fn run(verb: &str, location: &Location, folder: &Path) -> Output {
    let mut program = Command::new(program());
    let (data, url) = match location {
        Location::Postgres { url, data } => (data, url.as_str()),
        Location::Sqlite(data) => (data, ""),
        Location::Memory => panic!("nothing to back up"),
    };
    program.arg(verb).arg("--data").arg(data).arg(folder).env("DATABASE_URL", url);
    program.output().unwrap()
}

fn words(told: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr))
}

/// The digests of the files of a data folder.
fn digests(files: &Path) -> Vec<String> {
    let entries = |folder: &Path| {
        let listing = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        listing.filter(|entry| entry.file_name() != "latch").collect::<Vec<_>>()
    };
    let of_shelf = |shelf: &std::fs::DirEntry| {
        let start = shelf.file_name().into_string().unwrap();
        let ends = entries(&shelf.path()).into_iter();
        let whole = ends.map(|end| format!("{start}{}", end.file_name().to_string_lossy()));
        whole.collect::<Vec<_>>()
    };
    entries(files).iter().flat_map(of_shelf).collect()
}

#[test]
fn what_is_restored_is_what_was_backed_up_on_either_engine() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        crate::run(engine, round_trip);
    }
}

async fn round_trip(engine: Engine) {
    let Some(house) = House::on(engine).await else { return };
    told(&house, NAME, "filed").await;
    let store = &house.state.store;
    let (before, lists) = (store.verify().await.unwrap(), store.dump_projections().await.unwrap());
    let data = match &house.place.location {
        Location::Postgres { data, .. } | Location::Sqlite(data) => data.clone(),
        Location::Memory => return,
    };
    let digests = digests(&data.join("files"));
    assert!(!digests.is_empty());
    std::fs::create_dir_all(data.join("trust")).unwrap();
    std::fs::write(data.join("trust/root.pem"), "a root").unwrap();
    std::fs::create_dir_all(data.join("keys")).unwrap();
    std::fs::write(data.join("keys/identity.key"), "a secret").unwrap();
    let ground = tempfile::tempdir().unwrap();
    let copy = ground.path().join("2026-11-23");
    let told = run("backup", &house.place.location, &copy);
    assert!(told.status.success(), "{}", words(&told));
    assert!(words(&told).contains("不在备份里"), "{}", words(&told));
    assert!(copy.join("trust/root.pem").exists() && !copy.join("keys").exists());
    // The same name is not written over.
    assert!(!run("backup", &house.place.location, &copy).status.success());
    for target in [Engine::Sqlite, Engine::Postgres] {
        let Some(place) = place::empty(target) else { continue };
        let told = run("restore", &place.location, &copy);
        assert!(told.status.success(), "{}", words(&told));
        let restored = Store::open(place.location.clone()).unwrap();
        assert_eq!(restored.verify().await.unwrap(), before);
        assert_eq!(restored.dump_projections().await.unwrap(), lists);
        for digest in &digests {
            let kept = restored.file(digest, u64::MAX).await.unwrap();
            assert!(kept.is_some());
            assert_eq!(kept, store.file(digest, u64::MAX).await.unwrap());
        }
        let again = run("restore", &place.location, &copy);
        assert!(!again.status.success(), "{}", words(&again));
    }
    // A file that is not what it was is said, not copied.
    let (shelf, rest) = digests[0].split_at(2);
    std::fs::write(data.join("files").join(shelf).join(rest), "other").unwrap();
    let told = run("backup", &house.place.location, &ground.path().join("second"));
    assert!(!told.status.success() && words(&told).contains("与摘要不符"), "{}", words(&told));
    assert!(!ground.path().join("second").exists());
}
