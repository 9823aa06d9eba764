//! 虚构的提供方 — a provider of identities on the loopback address, with keys of its own and habits
//! that a test chooses, the bad ones too. It ends with the test.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::sync::{Arc, Mutex, OnceLock};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::{SignatureEncoding, Signer};
use rsa::rand_core::{TryCryptoRng, TryRng};
use rsa::traits::PublicKeyParts;
use serde_json::{Value, json};
use server::egress::{BYTES_MAX, Reach};
use server::http::random;
use server::provider::{Provider, Secret, Settings};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::authenticator::b64;

pub(crate) const CLIENT: &str = "chuanglian";
pub(crate) const SECRET: &str = "kettle & tulip: 97%";
/// What stands for two factors over there.
pub(crate) const TWO: &str = "urn:example:two";
/// Where the house is found.
pub(crate) const SITE: &str = "https://cl.test";

/// How tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signs {
    Rs256,
    Es256,
    /// `alg: none`, and no signature.
    Nothing,
    /// With what it shares with us.
    Shared,
    /// With its public key as if it were shared.
    Confused,
    /// Rightly, and the claims are changed afterwards.
    Tampered,
    /// With a key that it does not show, under the name of one that it does.
    OtherKey,
    /// With a key of another name.
    Renamed,
}

/// What it answers when asked who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answers {
    Well,
    Badly,
    Endlessly,
    Elsewhere,
    /// As another issuer.
    Another,
    /// It exchanges codes at a host that is none of its own.
    Abroad,
    /// Well, and codes are exchanged by somebody whose answer does not end.
    ThenEndlessly,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    pub(crate) signs: Signs,
    pub(crate) answers: Answers,
    /// Whether it says that its answers name it.
    pub(crate) says_iss: bool,
    /// Whether it takes secrets in bodies alone.
    pub(crate) body: bool,
    /// The number of its keys.
    pub(crate) keys: u8,
}

/// A code that was given out.
struct Granted {
    challenge: String,
    redirect: String,
    token: String,
}

struct Inner {
    issuer: String,
    habits: Mutex<Habits>,
    codes: Mutex<HashMap<String, Granted>>,
    asked: Mutex<u32>,
    curve: p256::ecdsa::SigningKey,
}

/// A provider.
pub(crate) struct Idp {
    inner: Arc<Inner>,
    serving: JoinHandle<()>,
}

impl Drop for Idp {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Chance for keys.
struct Chance;

impl TryRng for Chance {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_le_bytes(random::secret()[..4].try_into().unwrap()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(u64::from_le_bytes(random::secret()[..8].try_into().unwrap()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for piece in bytes.chunks_mut(32) {
            piece.copy_from_slice(&random::secret()[..piece.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Chance {}

/// Its key for RS256: made once, for making one takes a while.
fn rsa_key() -> &'static rsa::RsaPrivateKey {
    static KEY: OnceLock<rsa::RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| rsa::RsaPrivateKey::new(&mut Chance, 2048).unwrap())
}

impl Idp {
    /// One that behaves.
    pub(crate) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/realm", listener.local_addr().unwrap());
        let habits = Habits {
            signs: Signs::Rs256,
            answers: Answers::Well,
            says_iss: true,
            body: false,
            keys: 1,
        };
        let inner = Arc::new(Inner {
            issuer,
            habits: Mutex::new(habits),
            codes: Mutex::default(),
            asked: Mutex::new(0),
            curve: p256::ecdsa::SigningKey::from_slice(&random::secret()).unwrap(),
        });
        let routes = Router::new()
            .route("/realm/.well-known/openid-configuration", get(who))
            .route("/realm/keys", get(keys))
            .route("/realm/token", post(exchange))
            .with_state(Arc::clone(&inner));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { inner, serving }
    }

    /// As an operator names it.
    pub(crate) fn named(&self, two_factor: &[&str]) -> Provider {
        let settings = Settings {
            issuer: self.issuer().to_owned(),
            client: CLIENT.to_owned(),
            secret: Secret::new(SECRET),
            name: "统一身份认证".to_owned(),
            two_factor: two_factor.iter().map(|&value| value.to_owned()).collect(),
            reach: Reach::Loopback,
            site: SITE.to_owned(),
        };
        Provider::of(settings).unwrap()
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.inner.issuer
    }

    /// How often it was asked who it is.
    pub(crate) fn asked(&self) -> u32 {
        *self.inner.asked.lock().unwrap()
    }

    /// Changes its habits.
    pub(crate) fn now(&self, change: impl FnOnce(&mut Habits)) {
        change(&mut self.inner.habits.lock().unwrap());
    }

    /// A person signs in at an address that a browser was sent to; where the browser goes then.
    pub(crate) fn grants(
        &self,
        address: &str,
        subject: &str,
        now_ms: i64,
        claims: impl FnOnce(&mut Value),
    ) -> String {
        let asked = asked(address);
        let text = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        assert!(address.starts_with(&format!("{}/door?", self.issuer())), "{address}");
        assert_eq!(
            (text("client_id"), text("response_type"), text("scope")),
            (CLIENT, "code", "openid")
        );
        assert_eq!(text("redirect_uri"), format!("{SITE}/login/provider/return"));
        assert_eq!((text("code_challenge_method"), text("code_challenge").len()), ("S256", 43));
        assert_eq!((text("state").len(), text("nonce").len()), (64, 64));
        assert!(!address.contains(SECRET));
        let seconds = now_ms / 1000;
        let mut said = json!({
            "iss": self.issuer(), "sub": subject, "aud": CLIENT, "nonce": text("nonce"),
            "iat": seconds, "exp": seconds + 300, "auth_time": seconds,
        });
        claims(&mut said);
        let code = random::key();
        let granted = Granted {
            challenge: text("code_challenge").to_owned(),
            redirect: text("redirect_uri").to_owned(),
            token: self.inner.signed(&said),
        };
        self.inner.codes.lock().unwrap().insert(code.clone(), granted);
        self.back(&[("code", &code), ("state", text("state"))])
    }

    /// Where a browser goes then, with the issuer where answers name it.
    pub(crate) fn back(&self, pairs: &[(&str, &str)]) -> String {
        let mut pairs = pairs.to_vec();
        if self.inner.habits.lock().unwrap().says_iss {
            pairs.push(("iss", self.issuer()));
        }
        format!("/login/provider/return?{}", serde_urlencoded::to_string(pairs).unwrap())
    }
}

/// The query of an address.
pub(crate) fn asked(address: &str) -> BTreeMap<String, String> {
    let (_, query) = address.split_once('?').unwrap();
    serde_urlencoded::from_str(query).unwrap()
}

impl Inner {
    fn signed(&self, claims: &Value) -> String {
        let habits = *self.habits.lock().unwrap();
        let kid = match habits.signs {
            Signs::Renamed => "another".to_owned(),
            _ => format!("k{}", habits.keys),
        };
        let alg = match habits.signs {
            Signs::Es256 => "ES256",
            Signs::Nothing => "none",
            Signs::Shared | Signs::Confused => "HS256",
            _ => "RS256",
        };
        let head = json!({ "alg": alg, "typ": "JWT", "kid": kid });
        let part = |value: &Value| b64(value.to_string().as_bytes());
        let words = format!("{}.{}", part(&head), part(claims));
        let key = rsa::pkcs1v15::SigningKey::<Sha256>::new(rsa_key().clone());
        let signature = match habits.signs {
            Signs::Rs256 | Signs::Tampered | Signs::Renamed => key.sign(words.as_bytes()).to_vec(),
            Signs::Es256 => {
                let signature: p256::ecdsa::Signature = self.curve.sign(words.as_bytes());
                signature.to_vec()
            }
            Signs::OtherKey => {
                let other = rsa::RsaPrivateKey::new(&mut Chance, 2048).unwrap();
                let other = rsa::pkcs1v15::SigningKey::<Sha256>::new(other);
                other.sign(words.as_bytes()).to_vec()
            }
            Signs::Nothing => vec![],
            Signs::Shared | Signs::Confused => {
                let modulus = rsa_key().n_bytes();
                let shared: &[u8] =
                    if habits.signs == Signs::Shared { SECRET.as_bytes() } else { &modulus };
                let mut mac = Hmac::<Sha256>::new_from_slice(shared).unwrap();
                mac.update(words.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
        };
        let words = if habits.signs == Signs::Tampered {
            let mut other = claims.clone();
            other["sub"] = json!("somebody-else");
            format!("{}.{}", part(&head), part(&other))
        } else {
            words
        };
        format!("{words}.{}", b64(&signature))
    }
}

async fn who(State(inner): State<Arc<Inner>>) -> Response {
    *inner.asked.lock().unwrap() += 1;
    let habits = *inner.habits.lock().unwrap();
    let issuer = &inner.issuer;
    match habits.answers {
        Answers::Badly => return StatusCode::BAD_GATEWAY.into_response(),
        Answers::Endlessly => return endless(),
        Answers::Elsewhere => return Redirect::to(&format!("{issuer}/keys")).into_response(),
        _ => {}
    }
    let said = if habits.answers == Answers::Another {
        "https://other.example".to_owned()
    } else {
        issuer.clone()
    };
    let token = if habits.answers == Answers::Abroad {
        "http://localhost/token".to_owned()
    } else {
        format!("{issuer}/token")
    };
    let method = if habits.body { "client_secret_post" } else { "client_secret_basic" };
    Json(json!({
        "issuer": said,
        "authorization_endpoint": format!("{issuer}/door"),
        "token_endpoint": token,
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none", "SM2"],
        "token_endpoint_auth_methods_supported": [method],
        "authorization_response_iss_parameter_supported": habits.says_iss,
    }))
    .into_response()
}

/// More than anybody reads.
fn endless() -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, " ".repeat(BYTES_MAX + 1)).into_response()
}

async fn keys(State(inner): State<Arc<Inner>>) -> Json<Value> {
    let kid = format!("k{}", inner.habits.lock().unwrap().keys);
    let point = inner.curve.verifying_key().to_sec1_point(false);
    let half = |bytes: Option<&p256::FieldBytes>| b64(bytes.unwrap());
    let key = rsa_key();
    Json(json!({ "keys": [
        { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid,
          "n": b64(&key.n_bytes()), "e": b64(&key.e_bytes()) },
        { "kty": "EC", "use": "sig", "alg": "ES256", "kid": kid, "crv": "P-256",
          "x": half(point.x()), "y": half(point.y()) },
        { "kty": "EC", "crv": "SM2", "kid": "sm", "x": "AA", "y": "AA" },
    ] }))
}

async fn exchange(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: String) -> Response {
    let habits = *inner.habits.lock().unwrap();
    if habits.answers == Answers::ThenEndlessly {
        return endless();
    }
    let posted: HashMap<String, String> = serde_urlencoded::from_str(&body).unwrap();
    let text = |name: &str| posted.get(name).map(String::as_str).unwrap_or_default();
    let shown = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    let pair: String = serde_urlencoded::to_string([(CLIENT, SECRET)]).unwrap();
    let basic = format!("Basic {}", Base64::encode_string(pair.replacen('=', ":", 1).as_bytes()));
    let known = if habits.body {
        shown.is_none() && (text("client_id"), text("client_secret")) == (CLIENT, SECRET)
    } else {
        shown.as_deref() == Some(basic.as_str()) && !posted.contains_key("client_secret")
    };
    let granted = inner.codes.lock().unwrap().remove(text("code"));
    let verifier = b64(&Sha256::digest(text("code_verifier").as_bytes()));
    let fits = |granted: &Granted| {
        granted.challenge == verifier
            && granted.redirect == text("redirect_uri")
            && text("grant_type") == "authorization_code"
    };
    match granted.filter(|granted| known && fits(granted)) {
        Some(granted) => Json(json!({
            "access_token": random::key(), "token_type": "Bearer", "expires_in": 60,
            "id_token": granted.token,
        }))
        .into_response(),
        None => {
            (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response()
        }
    }
}
