//! A page of another origin that tries what a page can do.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Serves the page until it is dropped.
pub(crate) struct Page {
    port: u16,
    server: tokio::task::JoinHandle<()>,
}

impl Page {
    /// `callback` is the listener's address with all that it wants, `authorize` the bank's page.
    pub(crate) async fn serve(callback: &str, authorize: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let html = html(callback, authorize);
        let server = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let html = html.clone();
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    drop(stream.read(&mut request).await);
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\
                         Connection: close\r\n\r\n{html}",
                        html.len()
                    );
                    drop(stream.write_all(answer.as_bytes()).await);
                });
            }
        });
        Self { port, server }
    }

    pub(crate) fn address(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.port)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn html(callback: &str, authorize: &str) -> String {
    let (bank, query) = authorize.split_once('?').unwrap();
    let fields: String = url::form_urlencoded::parse(query.as_bytes())
        .chain([("decision".into(), "allow".into())])
        .chain([("inhabitant".into(), "1".into())])
        .map(|(name, value)| format!("<input type=hidden name={name} value=\"{value}\">"))
        .collect();
    let callback_in_html = callback.replace('&', "&amp;");
    let authorize_in_html = authorize.replace('&', "&amp;");
    format!(
        "<!doctype html><title>trying</title><link rel=icon href=data:,>
<img src=\"{callback_in_html}\"><link rel=stylesheet href=\"{callback_in_html}\">
<iframe name=frame src=\"{callback_in_html}\"></iframe>
<iframe name=bank src=\"{authorize_in_html}\"></iframe>
<iframe name=hidden></iframe>
<form id=to-listener method=post action=\"{callback_in_html}\"><button>post</button></form>
<form id=to-bank method=post action=\"{bank}\">{fields}<button>post</button></form>
<script>
window.read = [];
const target = {callback:?}, bank = {bank:?};
const body = new URLSearchParams(new FormData(document.getElementById('to-bank')));
const tries = [];
for (const mode of ['cors', 'no-cors']) {{
  for (const method of ['GET', 'POST'])
    tries.push(fetch(target, {{mode, method, credentials: 'include'}}));
  tries.push(fetch(bank, {{mode, method: 'POST', body}}));
}}
const readable = answer => answer.text().then(text => {{ if (text) window.read.push(text); }});
const all = Promise.allSettled(tries.map(one => one.then(readable)));
for (const id of ['to-listener', 'to-bank']) {{
  const form = document.getElementById(id).cloneNode(true);
  form.target = 'hidden';
  form.removeAttribute('id');
  form.style.display = 'none';
  document.body.append(form);
  form.submit();
  form.remove();
}}
window.addEventListener('load', () => all.then(() => {{ document.title = 'tried'; }}));
</script>"
    )
}
