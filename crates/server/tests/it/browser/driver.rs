//! A real Chromium, driven from outside; started and ended by the test that uses it.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use thirtyfour::ChromeCapabilities;
use thirtyfour::prelude::*;

/// How long the driver may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long one look takes before the next.
const BLINK: Duration = Duration::from_millis(50);

/// A browser with a driver of its own.
pub(crate) struct Browser {
    pub(crate) web: WebDriver,
    /// Ended on drop: the only process it may end is the one it started.
    driver: Child,
    base: String,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Nothing to do about a driver that has already gone.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// A port nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener.local_addr().expect("a bound socket has an address").port()
}

impl Browser {
    /// Starts Chromium; `None` where it is not installed and nobody insists on it.
    pub(crate) async fn start(base: &str, script: bool) -> Option<Self> {
        let port = free_port();
        let spawned = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .arg("--log-level=OFF")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let driver = match spawned {
            Ok(driver) => driver,
            Err(error) => {
                assert!(
                    std::env::var_os("CHUANGLIAN_REQUIRE_BROWSER").is_none(),
                    "chromedriver does not start: {error}"
                );
                println!("SKIPPED in the browser: chromedriver is not installed");
                return None;
            }
        };
        let profile = tempfile::tempdir().expect("a folder for the browser");
        let capabilities = capabilities(profile.path().to_str()?, script);
        let address = format!("http://127.0.0.1:{port}");
        let tries = PATIENCE.as_millis() / BLINK.as_millis();
        for _ in 0..tries {
            if let Ok(web) = WebDriver::new(&address, capabilities.clone()).await {
                web.set_window_rect(0, 0, 1366, 900).await.expect("a window");
                return Some(Self { web, driver, base: base.to_owned(), _profile: profile });
            }
            tokio::time::sleep(BLINK).await;
        }
        panic!("the browser did not start");
    }

    /// Opens a page of the house.
    pub(crate) async fn open(&self, path: &str) {
        self.web.goto(format!("{}{path}", self.base)).await.expect(path);
    }

    /// The path and query the browser is at.
    pub(crate) async fn at(&self) -> String {
        let url = self.web.current_url().await.expect("an address");
        url.as_str().trim_start_matches(&self.base).to_owned()
    }

    /// The text of the page.
    pub(crate) async fn text(&self) -> String {
        self.web.find(By::Css("body")).await.expect("a body").text().await.expect("text")
    }

    /// Fails with the page's words unless it shows these.
    pub(crate) async fn sees(&self, words: &str) {
        let text = self.text().await;
        assert!(text.contains(words), "{} does not show {words:?}:\n{text}", self.at().await);
    }

    /// Fills a field of the main form, whatever its kind.
    pub(crate) async fn fill(&self, name: &str, value: &str) {
        let css = format!("main [name='{name}']");
        let fields = self.web.find_all(By::Css(&css)).await.expect("fields");
        let Some(first) = fields.first() else {
            panic!("no field {name} at {}:\n{}", self.at().await, self.text().await);
        };
        let tag = first.tag_name().await.expect("a tag");
        let kind = first.attr("type").await.expect("a type").unwrap_or_default();
        match (tag.as_str(), kind.as_str()) {
            ("select", _) => {
                let option = format!("{css} option[value='{value}']");
                let option = self.web.find(By::Css(&option)).await;
                option.unwrap_or_else(|_| panic!("{name} offers no {value}")).click().await
            }
            (_, "radio") => {
                let choice = format!("{css}[value='{value}']");
                self.press(&choice).await;
                Ok(())
            }
            (_, "checkbox") => {
                if !first.is_selected().await.expect("a box") {
                    self.press(&css).await;
                }
                Ok(())
            }
            (_, "date") => {
                // What a date field takes from keys depends on the browser's language.
                let arguments = vec![first.to_json().expect("json"), value.into()];
                let script = "arguments[0].value = arguments[1]";
                self.web.execute(script, arguments).await.map(drop)
            }
            (_, "file") => first.send_keys(value).await,
            _ => {
                first.clear().await.expect("an empty field");
                first.send_keys(value).await
            }
        }
        .unwrap_or_else(|error| panic!("{name} does not take {value}: {error}"));
    }

    /// Presses something that may be covered by its own label.
    pub(crate) async fn press(&self, css: &str) {
        let found = self.web.find(By::Css(css)).await;
        let element = found.unwrap_or_else(|_| panic!("nothing is {css}"));
        let arguments = vec![element.to_json().expect("json")];
        self.web.execute("arguments[0].click()", arguments).await.expect("a press");
    }

    /// Sends the main form.
    pub(crate) async fn send(&self) {
        self.press("main form[method=post] button[type=submit]:not([name=_more])").await;
    }

    /// Asks for one more row, the way a page without script does.
    pub(crate) async fn more(&self, rows: &str) {
        self.press(&format!("main button[name=_more][value='{rows}']")).await;
    }

    /// Answers every judgement of a formal review with yes and a reason.
    pub(crate) async fn judge_all(&self, reason: &str) {
        let yes = self.web.find_all(By::Css("main input[type=radio][value=yes]")).await;
        for choice in yes.expect("judgements") {
            let arguments = vec![choice.to_json().expect("json")];
            self.web.execute("arguments[0].click()", arguments).await.expect("a press");
        }
        let reasons = self.web.find_all(By::Css("main textarea[name^='reason-']")).await;
        for field in reasons.expect("reasons") {
            field.send_keys(reason).await.expect("a reason");
        }
    }

    /// Opens a form, fills it and sends it; the page that follows must not show it again.
    pub(crate) async fn act(&self, path: &str, fields: &[(&str, &str)]) {
        self.open(path).await;
        for (name, value) in fields {
            self.fill(name, value).await;
        }
        self.send().await;
        let at = self.at().await;
        assert_ne!(at, path, "the form came back:\n{}", self.text().await);
    }

    /// Signs in as somebody else.
    pub(crate) async fn sign_in(&self, login: &str, password: &str) {
        self.web.delete_all_cookies().await.expect("no cookies");
        self.act("/login", &[("login", login), ("password", password)]).await;
    }

    /// Saves a picture where `CHUANGLIAN_PICTURES` names a folder.
    pub(crate) async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("CHUANGLIAN_PICTURES") else { return };
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        self.web.screenshot(&path).await.expect("a picture");
    }

    /// Ends the browser.
    pub(crate) async fn close(self) {
        // The driver is ended in any case.
        let _ = self.web.clone().quit().await;
    }
}

fn capabilities(profile: &str, script: bool) -> ChromeCapabilities {
    let mut capabilities = DesiredCapabilities::chrome();
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ];
    for argument in arguments {
        capabilities.add_arg(argument).expect("an argument");
    }
    capabilities.add_arg(&format!("--user-data-dir={profile}")).expect("a profile");
    if !script {
        let off = serde_json::json!({"profile.managed_default_content_settings.javascript": 2});
        capabilities.add_experimental_option("prefs", off).expect("a preference");
    }
    capabilities
}
