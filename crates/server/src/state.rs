//! What every handler shares.

use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusHandle;
use store::Store;

use crate::clamd::Clamd;
use crate::clock::Clock;
use crate::config::Config;
use crate::factors::vault::Vault;
use crate::http::pace::Buckets;
use crate::http::password::Passwords;
use crate::inspect::Desk;
use crate::office::Office;
use crate::pages::registry::Gallery;
use crate::papers::press::Press;
use crate::platform_key::PlatformKey;
use crate::preview::Drawing;

/// The state of the office; clones share everything.
#[derive(Clone)]
pub struct AppState {
    /// The memory.
    pub store: Store,
    /// The one way in.
    pub office: Office,
    /// What the operator chose.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// Where passwords are hashed.
    pub passwords: Arc<Passwords>,
    /// The pictures of the register.
    pub gallery: Arc<Gallery>,
    /// Where files are looked at.
    pub desk: Desk,
    /// Who searches files for viruses, where that is asked for.
    pub clamd: Option<Clamd>,
    /// How fast each address asked.
    pub buckets: Arc<Buckets>,
    /// How fast each address had names checked.
    pub names: Arc<Buckets>,
    /// What was counted; `None` in tests.
    pub metrics: Option<PrometheusHandle>,
    /// Where papers are made.
    pub press: Press,
    /// Where pages of files are drawn.
    pub drawing: Drawing,
    /// What the platform signs with.
    pub key: Arc<PlatformKey>,
    /// What seals second factors and marks devices. One that lasts as long as the process, until
    /// [`AppState::keeping`] names the folder.
    pub vault: Arc<Vault>,
    /// The bar of a demonstration; `None` in earnest.
    pub demo: Option<Arc<DemoBar>>,
}

impl AppState {
    /// The state of one process, without a demonstration.
    pub fn new(store: Store, config: Config, clock: Clock, key: PlatformKey) -> Self {
        Self {
            office: Office::new(store.clone(), clock.clone()),
            store,
            passwords: Arc::new(Passwords::new(config.argon2)),
            gallery: Arc::default(),
            desk: Desk::default(),
            clamd: config.clamd.clone(),
            buckets: Arc::new(Buckets::new(config.pace)),
            names: Arc::new(Buckets::new(config.pace.for_names())),
            config: Arc::new(config),
            clock,
            metrics: None,
            press: Press::default(),
            drawing: Drawing::default(),
            key: Arc::new(key),
            vault: Arc::new(Vault::fresh()),
            demo: None,
        }
    }

    /// The same with the keys of its data folder: what was sealed before opens again.
    pub fn keeping(mut self) -> anyhow::Result<Self> {
        self.vault = Arc::new(Vault::of_folder(&self.config.data)?);
        Ok(self)
    }
}

/// 演示条 — stands over every page of a demonstration: become somebody, go to a day.
///
/// The demonstration routes `POST /demo/as` (field `as`) and `POST /demo/day` (field `day`);
/// both also post `next`, the page to come back to.
#[derive(Clone, Debug, Default)]
pub struct DemoBar {
    /// Whom one can become: value and words, `handler-yunchuan` and `牵头单位经办人（云川储能）`.
    pub roles: Vec<(String, String)>,
    /// The password of every account of the cast, asked again when signing.
    pub password: String,
}
