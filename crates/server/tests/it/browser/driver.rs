//! A real Chromium, driven from outside; started and ended by the test that uses it.
//!
//! Nothing here waits for a time: what follows an act is waited for as the thing it is.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Method;
use serde_json::{Value, json};
use thirtyfour::ChromeCapabilities;
use thirtyfour::common::command::{Command as Asked, ExtensionCommand};
use thirtyfour::prelude::*;

use crate::house::House;

/// How long anything may take on a busy machine before the test says that it did not happen.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long one look takes before the next.
const BLINK: Duration = Duration::from_millis(20);
/// CSS pixels down.
const HEIGHT: u32 = 900;
/// Presses of a key until something must have been reached.
const PRESSES_MAX: usize = 80;

/// How somebody browses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    /// Whether scripts of pages run.
    script: bool,
    /// CSS pixels across.
    width: u32,
}

impl Habits {
    /// Whether scripts of pages run.
    pub(crate) const fn runs_scripts(self) -> bool {
        self.script
    }
}

/// At a desk.
pub(crate) const DESK: Habits = Habits { script: true, width: 1366 };
/// At a desk, with scripts switched off.
pub(crate) const PLAIN: Habits = Habits { script: false, width: 1366 };
/// On a telephone.
pub(crate) const POCKET: Habits = Habits { script: true, width: 390 };

/// A browser with a driver of its own.
pub(crate) struct Browser {
    // Dropped in this order: the session ends its Chromium, then the driver goes, then the folder.
    web: WebDriver,
    _driver: Driver,
    _profile: tempfile::TempDir,
    base: String,
    habits: Habits,
}

/// The only process that is ended is the one that was started.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        // Nothing to do about a driver that has already gone.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A device that keeps passkeys and verifies whoever is there (WebAuthn §11).
#[derive(Debug)]
struct Device;

impl ExtensionCommand for Device {
    fn parameters_json(&self) -> Option<Value> {
        Some(json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": true,
        }))
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/webauthn/authenticator".into()
    }
}

/// A port nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Browser {
    /// Starts Chromium; `None` where it is not installed and nobody insists on it.
    pub(crate) async fn start(base: &str, habits: Habits) -> Option<Self> {
        // The driver's client looks for one even to speak plain HTTP; a second time changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let port = free_port();
        let spawned = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .arg("--log-level=OFF")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let driver = match spawned {
            Ok(driver) => Driver(driver),
            Err(error) => {
                let required = std::env::var_os("CHUANGLIAN_REQUIRE_BROWSER").is_some();
                assert!(!required, "chromedriver does not start: {error}");
                println!("SKIPPED in the browser: chromedriver is not installed");
                return None;
            }
        };
        let profile = tempfile::tempdir().unwrap();
        let capabilities = capabilities(profile.path(), habits);
        let address = format!("http://127.0.0.1:{port}");
        let web = until("the driver listens", async || {
            WebDriver::new(&address, capabilities.clone()).await.ok()
        })
        .await;
        let base = base.to_owned();
        let browser = Self { web, _driver: driver, _profile: profile, base, habits };
        browser.open("/accessibility").await;
        Some(browser)
    }

    /// Gives the browser a device that keeps passkeys and verifies whoever is there.
    pub(crate) async fn with_device(&self) {
        self.web.handle().cmd(Asked::ExtensionCommand(Box::new(Device))).await.expect("a device");
    }

    /// Opens a page of the house.
    pub(crate) async fn open(&self, path: &str) {
        self.web.goto(format!("{}{path}", self.base)).await.expect(path);
        self.arrived().await;
    }

    /// Waits until the page is there to its end; on a telephone it must fit the screen.
    async fn arrived(&self) {
        let read = async || {
            let foot = self.web.find(By::Css("body > footer")).await.ok()?;
            foot.is_displayed().await.ok()
        };
        until("the page is there", read).await;
        if self.habits.script && self.habits.width < 500 {
            let script = "return document.documentElement.scrollWidth";
            let wide: u32 = self.web.execute(script, vec![]).await.unwrap().convert().unwrap();
            let at = self.at().await;
            assert!(wide <= self.habits.width, "{at} is {wide} pixels wide");
        }
        self.picture().await;
    }

    /// The path and query the browser is at.
    pub(crate) async fn at(&self) -> String {
        let url = self.web.current_url().await.unwrap();
        url.as_str().trim_start_matches(&self.base).to_owned()
    }

    /// The text of the page.
    pub(crate) async fn text(&self) -> String {
        self.text_of("body").await
    }

    /// The text of the first element of a kind.
    pub(crate) async fn text_of(&self, css: &str) -> String {
        self.web.find(By::Css(css)).await.expect(css).text().await.unwrap()
    }

    /// Fails with the page's words unless it shows these.
    pub(crate) async fn sees(&self, words: &str) {
        let text = self.text().await;
        assert!(text.contains(words), "{} does not show {words:?}:\n{text}", self.at().await);
    }

    /// Fails when the page shows these words.
    pub(crate) async fn sees_no(&self, words: &str) {
        let text = self.text().await;
        assert!(!text.contains(words), "{} shows {words:?}:\n{text}", self.at().await);
    }

    /// Changes what an element shows, as somebody in between might.
    pub(crate) async fn rewrite(&self, css: &str, from: &str, to: &str) {
        let script = "const at = document.querySelector(arguments[0]);
            at.textContent = at.textContent.replace(arguments[1], arguments[2])";
        let arguments = vec![css.into(), from.into(), to.into()];
        self.web.execute(script, arguments).await.unwrap();
    }

    /// Waits until the page shows these words.
    pub(crate) async fn comes_to_see(&self, words: &str) {
        let shown = async || self.text().await.contains(words).then_some(());
        until(&format!("the page shows {words:?}"), shown).await;
    }

    /// Waits until the page has an element of a kind.
    pub(crate) async fn comes_to_have(&self, css: &str) {
        let there = async || (self.count(css).await > 0).then_some(());
        until(&format!("the page has {css}"), there).await;
    }

    /// How many elements there are.
    pub(crate) async fn count(&self, css: &str) -> usize {
        self.web.find_all(By::Css(css)).await.unwrap().len()
    }

    /// The first element of a kind.
    async fn one(&self, css: &str) -> WebElement {
        let Ok(element) = self.web.find(By::Css(css)).await else {
            panic!("nothing is {css} at {}:\n{}", self.at().await, self.text().await);
        };
        element
    }

    /// Opens the folds in which a field stands.
    async fn unfold(&self, field: &str) {
        let folds = format!("main details:not([open]):has({field}) > summary");
        while self.count(&folds).await > 0 {
            self.click(&folds).await;
        }
    }

    /// Fills a field of the main form, whatever its kind.
    pub(crate) async fn fill(&self, name: &str, value: &str) {
        let css = format!("main [name='{name}']");
        self.unfold(&format!("[name='{name}']")).await;
        let field = self.one(&css).await;
        let tag = field.tag_name().await.unwrap();
        let kind = field.attr("type").await.unwrap().unwrap_or_default();
        match (tag.as_str(), kind.as_str()) {
            ("select", _) => self.click(&format!("{css} option[value='{value}']")).await,
            (_, "radio") => self.click(&format!("{css}[value='{value}']")).await,
            (_, "checkbox") => {
                if field.is_selected().await.unwrap() != (value == "on") {
                    self.click(&css).await;
                }
            }
            (_, "date") => {
                // What a date field takes from keys depends on the browser's language.
                let arguments = vec![field.to_json().unwrap(), value.into()];
                let script = "arguments[0].value = arguments[1]";
                self.web.execute(script, arguments).await.unwrap();
            }
            (_, "file") => field.send_keys(value).await.unwrap(),
            _ => {
                field.clear().await.unwrap();
                field.send_keys(value).await.unwrap();
            }
        }
    }

    /// What stands in a field.
    pub(crate) async fn value(&self, name: &str) -> String {
        let field = self.one(&format!("main [name='{name}']")).await;
        field.value().await.unwrap().unwrap_or_default()
    }

    /// Fails unless this still stands in the field.
    pub(crate) async fn keeps(&self, name: &str, value: &str) {
        assert_eq!(self.value(name).await, value, "{name} at {}", self.at().await);
    }

    /// Clicks what can be clicked, and stays on the page.
    pub(crate) async fn click(&self, css: &str) {
        let element = self.one(css).await;
        if let Err(error) = element.click().await {
            panic!("{css} cannot be clicked at {}: {error}", self.at().await);
        }
    }

    /// Does what leads to another page, and waits until that is there.
    async fn turn(&self, act: impl AsyncFnOnce()) {
        let before = self.one("html").await;
        act().await;
        let gone = async || (!before.is_present().await.ok()?).then_some(());
        until("another page comes", gone).await;
        self.arrived().await;
    }

    /// Clicks what leads to another page.
    pub(crate) async fn press(&self, css: &str) {
        self.turn(async || self.click(css).await).await;
    }

    /// Follows the first link in the main part whose text holds these words.
    pub(crate) async fn follow(&self, words: &str) {
        self.follow_in("main", words).await;
    }

    /// Follows the first link with these words within an element.
    pub(crate) async fn follow_in(&self, css: &str, words: &str) {
        let place = self.one(css).await;
        let path = format!(".//a[contains(normalize-space(), '{words}')]");
        let Ok(link) = place.find(By::XPath(path.as_str())).await else {
            panic!("no link {words:?} in {css} at {}:\n{}", self.at().await, self.text().await);
        };
        self.turn(async || link.click().await.unwrap()).await;
    }

    /// Sends the main form.
    pub(crate) async fn send(&self) {
        self.press("main form[method=post] button[type=submit]:not([name])").await;
    }

    /// Asks for one more row, the way a page without script does.
    pub(crate) async fn more(&self, rows: &str) {
        let button = format!("main button[name=_more][value='{rows}']");
        if self.habits.script {
            self.click(&button).await;
        } else {
            self.press(&button).await;
        }
    }

    /// Fails unless the form came back with so many things to mend, these words among them, and
    /// the focus on them.
    pub(crate) async fn refused(&self, count: usize, words: &[&str]) {
        let title = self.web.title().await.unwrap();
        assert!(title.starts_with("有错误："), "{title}:\n{}", self.text().await);
        let focus = self.web.active_element().await.unwrap();
        let class = focus.class_name().await.unwrap().unwrap_or_default();
        assert!(class.split(' ').any(|class| class == "es"), "the focus is on {class:?}");
        let told = focus.text().await.unwrap();
        assert!(told.contains(&format!("有 {count} 处需要修改")), "{told}");
        for words in words {
            assert!(told.contains(words), "it does not say {words:?}:\n{told}");
        }
    }

    /// Answers every judgement of a formal review with yes and a reason.
    pub(crate) async fn judge_all(&self, reason: &str) {
        for choice in self.web.find_all(By::Css("main input[type=radio][value=yes]")).await.unwrap()
        {
            choice.click().await.unwrap();
        }
        for field in self.web.find_all(By::Css("main textarea[name^='reason-']")).await.unwrap() {
            field.send_keys(reason).await.unwrap();
        }
    }

    /// Fills the form that is open and sends it; the page that follows must not show it again,
    /// unless it says that it was done and offers the next one.
    pub(crate) async fn submit(&self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            self.fill(name, value).await;
        }
        let path = self.at().await;
        self.send().await;
        let done = self.at().await != path
            || self.count("main > .w > .note[role=status]:not(.warn)").await == 1;
        assert!(done, "the form came back:\n{}", self.text().await);
    }

    /// Opens a form, fills it and sends it; the page that follows must not show it again.
    pub(crate) async fn act(&self, path: &str, fields: &[(&str, &str)]) {
        self.open(path).await;
        self.submit(fields).await;
    }

    /// Signs in by hand as somebody else.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) {
        self.leave().await;
        self.act("/login", &[("login", login), ("password", password)]).await;
    }

    /// Goes on as somebody of the cast who has signed in, from the workbench.
    pub(crate) async fn becomes(&self, house: &House, login: &str) {
        self.leave().await;
        let cookie = house.cookie(login).await;
        let (name, value) = cookie.split_once('=').unwrap();
        self.web.add_cookie(Cookie::new(name, value)).await.unwrap();
        self.open("/home").await;
    }

    /// Goes on as nobody in particular.
    pub(crate) async fn leave(&self) {
        self.web.delete_all_cookies().await.unwrap();
    }

    /// Presses a key wherever the focus is.
    pub(crate) async fn key(&self, key: Key) {
        self.focus().await.send_keys(key).await.unwrap();
    }

    /// Types wherever the focus is.
    pub(crate) async fn types(&self, words: &str) {
        self.focus().await.send_keys(words).await.unwrap();
    }

    /// What has the focus.
    pub(crate) async fn focus(&self) -> WebElement {
        self.web.active_element().await.unwrap()
    }

    /// Presses Tab until the focus is on an element of a kind.
    pub(crate) async fn tab_to(&self, css: &str) {
        let wanted = self.one(css).await;
        for _ in 0..PRESSES_MAX {
            self.key(Key::Tab).await;
            if self.focus().await == wanted {
                return;
            }
        }
        panic!("Tab does not reach {css} at {}", self.at().await);
    }

    /// Presses Enter where it leads to another page.
    pub(crate) async fn enter(&self) {
        self.turn(async || self.key(Key::Enter).await).await;
    }

    /// The addresses, within the house, that the page links to.
    pub(crate) async fn links(&self) -> Vec<String> {
        let script = "return Array.from(document.querySelectorAll('a[href]'),\
            link => link.getAttribute('href'))";
        let all: Vec<String> = self.runs(script).await;
        all.into_iter().filter(|link| link.starts_with('/')).collect()
    }

    /// What a script gives back.
    pub(crate) async fn runs<T: serde::de::DeserializeOwned>(&self, script: &str) -> T {
        self.web.execute(script, vec![]).await.expect(script).convert().expect(script)
    }

    /// What a script gives back in the end, by calling its last argument.
    pub(crate) async fn awaits<T: serde::de::DeserializeOwned>(&self, script: &str) -> T {
        self.web.execute_async(script, vec![]).await.expect(script).convert().expect(script)
    }

    /// Looks at the page on a screen of this width, by day or by night.
    pub(crate) async fn looks(&self, width: u32, scheme: &str) {
        let tools = self.web.cdp();
        let screen =
            json!({"width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false});
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        for (command, with) in
            [("Emulation.setDeviceMetricsOverride", screen), ("Emulation.setEmulatedMedia", media)]
        {
            tools.send_raw(command, with).await.expect(command);
        }
    }

    /// Saves pictures of the page where `CHUANGLIAN_PICTURES` names a folder.
    async fn picture(&self) {
        let Some(folder) = std::env::var_os("CHUANGLIAN_PICTURES") else { return };
        let test = std::thread::current().name().unwrap_or_default().replace("::", "-");
        let number = std::fs::read_dir(&folder).unwrap().count();
        for width in [390, self.habits.width] {
            self.web.set_window_rect(0, 0, width, HEIGHT).await.unwrap();
            let path = Path::new(&folder).join(format!("{test}-{number:04}-{width}.png"));
            self.web.screenshot(&path).await.unwrap();
        }
    }
}

/// Looks until something is the case; fails with its words when it never is.
async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "it does not come about that {what}");
        tokio::time::sleep(BLINK).await;
    }
}

fn capabilities(profile: &Path, habits: Habits) -> ChromeCapabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    for argument in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-extensions",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ] {
        capabilities.add_arg(argument).unwrap();
    }
    let size = format!("--window-size={},{HEIGHT}", habits.width);
    capabilities.add_arg(&size).unwrap();
    let profile = profile.to_str().unwrap();
    capabilities.add_arg(&format!("--user-data-dir={profile}")).unwrap();
    if habits.width < 500 {
        // A window is never as narrow as a telephone.
        let metrics =
            json!({"width": habits.width, "height": 844, "pixelRatio": 1, "touch": false});
        let telephone = json!({"deviceMetrics": metrics});
        capabilities.add_experimental_option("mobileEmulation", telephone).unwrap();
    }
    if !habits.script {
        let off = json!({"profile.managed_default_content_settings.javascript": 2});
        capabilities.add_experimental_option("prefs", off).unwrap();
    }
    capabilities
}
