//! A simulator with an installation, and signed calls to it.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bunq_tui::bunq::{Certificate, Role};
use bunq_tui::simulator::{Options, Simulator};
use getrandom::SysRng;
use rsa::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePublicKey as _, LineEnding};
use rsa::{PrivateKey, PublicKey};
use serde_json::{Value, json};
use sha2::Sha256;

pub(crate) const CALLBACK: &str = "http://localhost:8000/callback";
pub(crate) const CREDENTIALS: &str =
    "User credentials are incorrect. Incorrect API key or IP address.";

pub(crate) fn client_key() -> &'static PrivateKey {
    static KEY: OnceLock<PrivateKey> = OnceLock::new();
    KEY.get_or_init(|| PrivateKey::new(&mut SysRng, 2048).unwrap())
}

pub(crate) fn client_pem() -> String {
    let key = client_key().as_public_key();
    key.to_public_key_pem(LineEnding::LF).unwrap()
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.bytes)))
    }
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
    pub(crate) fn error(&self) -> (u16, String) {
        let text = &self.json()["Error"][0]["error_description"];
        (self.status, text.as_str().unwrap_or_default().to_owned())
    }
    pub(crate) fn id(&self) -> u64 {
        assert_eq!(self.status, 200, "{}", self.json());
        self.json()["Response"][0]["Id"]["id"].as_u64().unwrap()
    }
    pub(crate) fn location(&self) -> url::Url {
        url::Url::parse(self.header("location").unwrap()).unwrap()
    }
}

/// The token and the server's key in the reply to an installation.
fn installed(reply: &Value) -> (String, PublicKey) {
    let token = reply["Response"][1]["Token"]["token"].as_str();
    let pem = reply["Response"][2]["ServerPublicKey"]["server_public_key"].as_str();
    let key = PublicKey::from_public_key_pem(pem.unwrap());
    (token.unwrap().to_owned(), key.unwrap())
}

/// A simulator and an installation at it.
pub(crate) struct Bank {
    pub(crate) simulator: Simulator,
    pub(crate) http: reqwest::Client,
    pub(crate) installation: String,
    pub(crate) server: PublicKey,
}

impl Bank {
    pub(crate) async fn open(options: Options) -> Self {
        let simulator = Simulator::start(options).await.unwrap();
        let http = reqwest::Client::builder()
            .tls_certs_only([])
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let body = json!({"client_public_key": client_pem()}).to_string();
        let url = format!("{}/v1/installation", simulator.root());
        let reply = http.post(url).body(body).send().await.unwrap();
        assert!(!reply.headers().contains_key("x-bunq-server-signature"));
        let reply: Value = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
        let (installation, server) = installed(&reply);
        Self {
            installation,
            server,
            simulator,
            http,
        }
    }

    /// Goes on with this reply of the installation.
    pub(crate) fn adopt(&mut self, reply: &Value) {
        (self.installation, self.server) = installed(reply);
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let reply = request.send().await.unwrap();
        Reply {
            status: reply.status().as_u16(),
            headers: reply.headers().clone(),
            bytes: reply.bytes().await.unwrap().to_vec(),
        }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.simulator.root());
        self.http.request(method.parse().unwrap(), url)
    }

    /// A signed call below `/v1/`, whose reply must be signed rightly.
    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, body: &str) -> Reply {
        let signature = client_key()
            .pkcs1v15_sign::<Sha256>(body.as_bytes())
            .unwrap();
        let request = self
            .request(method, &format!("/v1/{path}"))
            .header("X-Bunq-Client-Authentication", token)
            .header("X-Bunq-Client-Signature", STANDARD.encode(signature))
            .body(body.to_owned());
        let reply = self.send(request).await;
        assert!(self.is_signed(&reply), "{method} {path}: {}", reply.status);
        reply
    }

    pub(crate) fn is_signed(&self, reply: &Reply) -> bool {
        reply.header("x-bunq-server-signature").is_some_and(|text| {
            let signature = STANDARD.decode(text).unwrap();
            self.server
                .pkcs1v15_verify::<Sha256>(&reply.bytes, &signature)
                .is_ok()
        })
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        self.call("GET", path, token, "").await
    }

    pub(crate) async fn sandbox_key(&self, kind: &str) -> String {
        let path = format!("/v1/sandbox-user-{kind}");
        let reply = self.send(self.request("POST", &path)).await;
        reply.json()["Response"][0]["ApiKey"]["api_key"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// A new payment service provider's credential, with both roles.
    pub(crate) async fn credential(&self) -> Reply {
        let roles = [Role::AccountInformation, Role::PaymentInitiation];
        let made = tokio::task::spawn_blocking(move || Certificate::generate("A test", &roles));
        let certificate = made.await.unwrap().unwrap();
        let key = PrivateKey::from_pkcs8_pem(certificate.key_pem.expose()).unwrap();
        let signed = format!("{}\n{}", client_pem().trim(), self.installation);
        let signature = key.pkcs1v15_sign::<Sha256>(signed.as_bytes()).unwrap();
        let body = json!({
            "client_payment_service_provider_certificate": certificate.certificate_pem,
            "client_payment_service_provider_certificate_chain": certificate.chain_pem,
            "client_public_key_signature": STANDARD.encode(signature),
        });
        let path = "payment-service-provider-credential";
        self.call("POST", path, &self.installation, &body.to_string())
            .await
    }

    /// Device and session; answers the session's token and the id of its user.
    pub(crate) async fn session(&self, secret: &str) -> (String, u64) {
        let device = json!({"description": "test", "secret": secret, "permitted_ips": ["*"]});
        self.call(
            "POST",
            "device-server",
            &self.installation,
            &device.to_string(),
        )
        .await
        .id();
        self.session_only(secret).await
    }

    pub(crate) async fn session_only(&self, secret: &str) -> (String, u64) {
        let body = json!({ "secret": secret }).to_string();
        let reply = self
            .call("POST", "session-server", &self.installation, &body)
            .await;
        assert_eq!(reply.status, 200, "{}", reply.json());
        let reply = reply.json();
        let token = reply["Response"][1]["Token"]["token"].as_str().unwrap();
        let user = reply["Response"][2]
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap();
        (token.to_owned(), user["id"].as_u64().unwrap())
    }

    /// A person as provider with an OAuth client and the callback; answers id and secret of it.
    pub(crate) async fn oauth_client(&self) -> (String, String) {
        let key = self.sandbox_key("person").await;
        let (token, user) = self.session(&key).await;
        let client = self
            .call("POST", &format!("user/{user}/oauth-client"), &token, "[]")
            .await
            .id();
        let path = format!("user/{user}/oauth-client/{client}");
        let body = json!({ "url": CALLBACK }).to_string();
        self.call("POST", &format!("{path}/callback-url"), &token, &body)
            .await
            .id();
        let read = self.get(&path, &token).await.json();
        let client = &read["Response"][0]["OauthClient"];
        assert_eq!(client["callback_url"], json!([{ "url": CALLBACK }]));
        let text = |field: &str| client[field].as_str().unwrap().to_owned();
        (text("client_id"), text("secret"))
    }

    pub(crate) fn authorize_url(&self, client_id: &str, redirect_uri: &str) -> String {
        let root = format!("{}/auth", self.simulator.root());
        let query = [
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", redirect_uri),
            ("state", "abc"),
        ];
        url::Url::parse_with_params(&root, query)
            .unwrap()
            .to_string()
    }

    pub(crate) async fn exchange(
        &self,
        client: &(String, String),
        redirect: &str,
        to: &str,
    ) -> Reply {
        let code = query_of(redirect, "code").unwrap();
        let query = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", to),
            ("client_id", &client.0),
            ("client_secret", &client.1),
        ];
        self.send(self.request("POST", "/v1/token").query(&query))
            .await
    }

    /// The next inhabitant's grant; answers the access token.
    pub(crate) async fn grant(&self, client: &(String, String)) -> String {
        let redirect = self
            .simulator
            .approve(&self.authorize_url(&client.0, CALLBACK))
            .unwrap();
        let reply = self.exchange(client, &redirect, CALLBACK).await;
        assert_eq!(reply.status, 200, "{}", reply.json());
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn query_of(url: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(url).unwrap();
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
