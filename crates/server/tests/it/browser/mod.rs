//! 浏览器 — the scenarios of the regulation by hand in a real Chromium: forms are filled, refusals
//! read with their clause and remedy, and the next person sees what the last one did.
//!
//! What goes before a scenario is told over the API; the scenario itself happens on the pages.

mod accessible;
mod application;
mod certificate;
mod cosigning;
mod driver;
mod filing;
mod invitation;
mod keyboard;
mod lifelong;
mod newcomer;
mod paper;
mod passkey;
mod review;

use std::net::SocketAddr;
use std::path::Path;

use consortium::calendar::Calendar;

use self::driver::{Browser, Habits, free_port};
use crate::house::House;
use crate::place::Engine;

/// The name of S01.
const NAME: &str = "内蒙古自治区电化学储能创新联合体";

/// A furnished house with a browser before it; `None` where there is no browser.
async fn visit(habits: Habits, calendar: Calendar) -> Option<(House, Browser)> {
    let house = House::with(Engine::Sqlite, calendar).await?;
    let browser = Browser::start(&house.serve().await, habits).await?;
    Some((house, browser))
}

/// The same under the name that browsers keep passkeys for.
async fn visit_by_name(habits: Habits) -> Option<(House, Browser)> {
    let listen = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let house = House::listening(Engine::Sqlite, Calendar::official(), listen).await?;
    house.serve_at(listen).await;
    let browser = Browser::start(&format!("http://localhost:{}", listen.port()), habits).await?;
    Some((house, browser))
}

/// A small PDF on disk, to be uploaded as a scan.
fn scan(folder: &Path) -> String {
    let path = folder.join("scan.pdf");
    let bytes = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
    std::fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}
