//! Chromium through chromedriver: the program runs as it is started by people, the browser clicks as they do.

use crate::environment;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Map, Value, json};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Whether the browser runs scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    On,
    Off,
}

/// A running chromedriver, ended with the test.
pub struct Driver {
    process: Child,
    address: String,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A free port of the loopback address.
///
/// # Panics
/// If the system has none.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// Waits until something listens there.
///
/// # Panics
/// After a minute.
pub async fn wait_for(port: u16) {
    let start = Instant::now();
    while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        assert!(start.elapsed() < Duration::from_mins(1), "nothing listens on port {port}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Driver {
    /// # Panics
    /// If chromedriver cannot be started.
    pub async fn start() -> Self {
        let program = environment("HENGPING_CHROMEDRIVER").unwrap_or_else(|| "chromedriver".to_owned());
        let port = free_port();
        let process = Command::new(program)
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        wait_for(port).await;
        Self { process, address: format!("http://127.0.0.1:{port}") }
    }

    /// Opens a window of 1366 × 768 with a profile of its own.
    ///
    /// # Panics
    /// If Chromium cannot be started.
    pub async fn window(&self, scripts: Scripts) -> Window {
        let profile = TempDir::new().expect("a temporary folder");
        let arguments = vec![
            "--headless".to_owned(),
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--force-device-scale-factor=1".to_owned(),
            "--window-size=1366,768".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let downloads = profile.path().join("downloads");
        let mut prefs = json!({ "download.default_directory": downloads, "download.prompt_for_download": false });
        if scripts == Scripts::Off {
            prefs["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let mut options = json!({ "prefs": prefs });
        options["args"] = json!(arguments);
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        let client = ClientBuilder::new(hyper_connector()).capabilities(capabilities).connect(&self.address).await;
        Window { client: client.expect("Chromium opens"), downloads, _profile: profile }
    }
}

fn hyper_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

/// One browser window.
pub struct Window {
    pub client: Client,
    downloads: PathBuf,
    _profile: TempDir,
}

impl Window {
    /// # Panics
    /// If the page cannot be opened.
    pub async fn open(&self, address: &str) {
        self.client.goto(address).await.expect("the page opens");
    }

    /// Signs in.
    ///
    /// # Panics
    /// If the form is not there.
    pub async fn sign_in(&self, base: &str, login: &str, password: &str) {
        self.open(&format!("{base}/sign-in")).await;
        self.fill("input[name=login]", login).await;
        self.fill("input[name=password]", password).await;
        self.click("main button[type=submit]").await;
    }

    /// Replaces what is in a field.
    ///
    /// # Panics
    /// If the field is not there.
    pub async fn fill(&self, selector: &str, text: &str) {
        let field = self.client.wait().for_element(Locator::Css(selector)).await;
        let field = field.unwrap_or_else(|error| panic!("{selector}: {error}"));
        field.clear().await.expect("the field can be emptied");
        field.send_keys(text).await.expect("the field can be filled");
    }

    /// # Panics
    /// If there is nothing to click.
    pub async fn click(&self, selector: &str) {
        let element = self.client.wait().for_element(Locator::Css(selector)).await;
        let element = element.unwrap_or_else(|error| panic!("{selector}: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks a button or link by its words.
    ///
    /// # Panics
    /// If there is none.
    pub async fn press(&self, words: &str) {
        let path =
            format!("//main//*[self::button or self::a or self::summary][contains(normalize-space(.), '{words}')]");
        let element = self.client.wait().for_element(Locator::XPath(&path)).await;
        let element = element.unwrap_or_else(|error| panic!("{words}: {error}"));
        element.click().await.unwrap_or_else(|error| panic!("{words}: {error}"));
    }

    /// The words of the page's main part; none while one page gives way to the next.
    pub async fn words(&self) -> String {
        match self.client.find(Locator::Css("main")).await {
            Ok(main) => main.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// Waits until the main part says something.
    ///
    /// # Panics
    /// After half a minute.
    pub async fn wait_for_words(&self, words: &str) {
        let start = Instant::now();
        loop {
            let now = self.words().await;
            if now.contains(words) {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(30), "“{words}” does not appear; the page says:\n{now}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Runs a script and returns its value.
    ///
    /// # Panics
    /// If the script fails.
    pub async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    /// The downloaded file, once it is whole.
    ///
    /// # Panics
    /// After half a minute.
    pub async fn download(&self) -> Vec<u8> {
        let start = Instant::now();
        loop {
            let files = std::fs::read_dir(&self.downloads).into_iter().flatten().flatten();
            let files: Vec<_> = files.map(|file| file.path()).collect();
            let ends = |extension: &str| files.iter().find(|file| file.extension().is_some_and(|e| e == extension));
            // The browser reserves the name with an empty file and fills it at the end.
            if let (Some(file), None) = (ends("xlsx"), ends("crdownload")) {
                let content = std::fs::read(file).expect("the file can be read");
                if !content.is_empty() {
                    return content;
                }
            }
            assert!(start.elapsed() < Duration::from_secs(30), "nothing was downloaded");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// A picture of the window.
    ///
    /// # Panics
    /// If it cannot be taken.
    pub async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.expect("a picture")
    }

    /// # Panics
    /// If the browser does not answer.
    pub async fn close(self) {
        self.client.close().await.expect("the window closes");
    }
}
