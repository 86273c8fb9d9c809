//! A proxy between the program and a simulator, which changes what the bank answers.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, TRANSFER_ENCODING};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use url::Url;

/// An answer of the bank, to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Changes an answer to such a call: method and path.
type Change = Box<dyn FnMut(&str, &mut Answer) + Send>;

#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) root: Url,
    change: Arc<Mutex<Option<Change>>>,
}

impl Proxy {
    /// In front of a server at this root.
    pub(crate) async fn before(root: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let proxy = Self {
            root: Url::parse(&own).unwrap(),
            change: Arc::default(),
        };
        let (behind, front) = (root.to_owned(), proxy.clone());
        tokio::spawn(async move {
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (http, behind, front) = (http.clone(), behind.clone(), front.clone());
                tokio::spawn(async move {
                    let service = service_fn(|request| front.pass(&http, &behind, request));
                    // A client that goes away ends it.
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        proxy
    }

    /// From now on answers are changed like this.
    pub(crate) fn change(&self, change: impl FnMut(&str, &mut Answer) + Send + 'static) {
        *self.change.lock().unwrap() = Some(Box::new(change));
    }

    /// From now on answers pass as they are.
    pub(crate) fn honest(&self) {
        *self.change.lock().unwrap() = None;
    }

    async fn pass(
        &self,
        http: &reqwest::Client,
        behind: &str,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let (parts, body) = request.into_parts();
        let call = format!("{} {}", parts.method, parts.uri.path());
        let mut headers = parts.headers;
        headers.remove(HOST);
        let body = body.collect().await.unwrap().to_bytes();
        let answered = http
            .request(parts.method, format!("{behind}{}", parts.uri))
            .headers(headers)
            .body(body)
            .send()
            .await
            .unwrap();
        let mut answer = Answer {
            status: answered.status().as_u16(),
            headers: answered.headers().clone(),
            body: answered.bytes().await.unwrap().to_vec(),
        };
        for framing in [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION] {
            answer.headers.remove(framing);
        }
        if let Some(change) = &mut *self.change.lock().unwrap() {
            change(&call, &mut answer);
        }
        let mut response = Response::new(Full::new(answer.body.into()));
        *response.status_mut() = StatusCode::from_u16(answer.status).unwrap();
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}
