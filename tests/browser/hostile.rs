//! What a page of somebody else can make a browser do: nothing that ends a login or gives a grant.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::Value;

use crate::{Login, back_to_the_terminal, ready};

/// Serves one page to whoever asks, from another address of this machine.
fn serve(page: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            let _ = write!(
                stream,
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\
                 Content-Length: {}\r\nConnection: close\r\n\r\n{page}",
                page.len()
            );
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn another_page_can_neither_end_a_login_nor_answer_for_its_user() {
    let Some((simulator, bench, browser)) = ready().await else {
        return;
    };
    let login = Login::begin(&bench);
    let pairs = login.address.split_once('?').unwrap().1.to_owned();
    let state = pairs.rsplit_once("state=").unwrap().1;
    // Worse than it can be: the page knows this login's state.
    let target = format!("{}?code=stolen&state={state}", login.callback);
    let deny = format!("{}?error=access_denied&state={state}", login.callback);
    let bank = format!("{}/auth", simulator.root());
    let fields: String = url::form_urlencoded::parse(pairs.as_bytes())
        .chain([
            ("decision".into(), "allow".into()),
            ("inhabitant".into(), "1001".into()),
        ])
        .map(|(name, value)| format!("<input name='{name}' value='{value}'>"))
        .collect();
    let page = format!(
        "<!doctype html><title>A page</title>
         <img src='{target}'><img src='{deny}'><iframe src='{target}'></iframe>
         <iframe name=inner></iframe>
         <link rel=prefetch href='{target}'><link rel=stylesheet href='{target}'>
         <script src='{target}'></script><video src='{target}'></video><object data='{target}'></object>
         <form id=bank method=post target=inner action='{bank}'>{fields}</form>
         <form id=back method=post target=inner action='{target}'></form>
         <script>
           window.tried = 0;
           const done = () => window.tried++;
           for (const url of ['{target}', '{deny}', '{bank}'])
             for (const mode of ['no-cors', 'cors'])
               for (const method of ['GET', 'POST'])
                 fetch(url, {{mode, method, credentials: 'include'}}).then(done, done);
           navigator.sendBeacon('{target}');
           new WebSocket('{target}'.replace('http', 'ws')).onerror = done;
           document.getElementById('bank').submit();
           document.getElementById('back').submit();
         </script>"
    );
    browser.open(&serve(page)).await;
    browser.until("return window.tried >= 13").await;
    browser
        .until("return document.readyState == 'complete'")
        .await;
    assert_eq!(simulator.census().grants, 0, "nobody allowed anything");

    // What was in the way changes nothing for the one who is meant.
    let _ = browser.console().await;
    browser.open(&login.address).await;
    browser.click("button.allow").await;
    back_to_the_terminal(&browser, &login).await;
    let ran = login.ended();
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(simulator.census().grants, 1);
    browser.quit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_state_shows_a_page_that_says_nothing_and_ends_nothing() {
    let Some((_simulator, bench, browser)) = ready().await else {
        return;
    };
    let login = Login::begin(&bench);
    let script = "<script>window.mine = true</script>";
    for query in [
        "?code=x&state=wrong",
        "?error=access_denied",
        "?code=<script>alert(1)</script>",
    ] {
        browser.open(&format!("{}{query}", login.callback)).await;
        let text = browser.text().await;
        assert_eq!(text.trim(), "This request is not expected here.", "{query}");
    }
    browser
        .open(&format!("{}?state={script}", login.callback))
        .await;
    assert_eq!(
        browser.run("return window.mine === undefined").await,
        Value::Bool(true)
    );
    let _ = browser.console().await;
    browser.open(&login.address).await;
    browser.click("button.allow").await;
    back_to_the_terminal(&browser, &login).await;
    assert_eq!(login.ended().code, 0);
    browser.quit().await;
}
