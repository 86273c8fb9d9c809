//! The pages for a browser: what was called, and who may send the form.

use bunq_tui::simulator::{Limits, Options};
use serde_json::json;

use crate::support::{Bank, CALLBACK, query_of};

async fn admin(bank: &Bank, path: &str, host: &str) -> crate::support::Reply {
    bank.send(bank.request("GET", path).header("Host", host))
        .await
}

#[tokio::test]
async fn the_admin_page_shows_what_was_called_and_no_secret() {
    let options = Options {
        limits: Limits::Classic,
        ..Options::default()
    };
    let bank = Bank::open(options).await;
    bank.simulator
        .clock()
        .stand("2026-03-01T12:00:00Z".parse().unwrap());
    let client = bank.oauth_client().await;
    let url = bank.authorize_url(&client.0, CALLBACK);
    let redirect = bank.simulator.approve(&url).unwrap();
    let access = bank.exchange(&client, &redirect, CALLBACK).await.json();
    let access = access["access_token"].as_str().unwrap();
    let fault = "GET user/{}/monetary-account:2=status,code=500,body=<b>&\"x\"";
    bank.simulator.set_fault(fault.parse().unwrap());
    bank.send(bank.request("GET", "/v1/<script>?secret=query"))
        .await;
    let total = bank.simulator.calls_total();

    let json = admin(&bank, "/admin.json", "localhost:1").await.json();
    assert_eq!(json["clock"], "2026-03-01 12:00:00.000000");
    assert_eq!(json["census"]["grants"], 1);
    assert_eq!(json["calls"]["total"], total);
    let last = json["calls"]["last"].as_array().unwrap();
    assert_eq!(last.len() as u64, total, "looking is no call");
    let newest = json!({
        "at": "2026-03-01 12:00:00.000000", "method": "GET", "path": "/v1/%3Cscript%3E", "status": 404,
    });
    assert_eq!(last[0], newest);
    assert_eq!(json["faults"], json!([{"fault": fault, "seen": 0}]));
    assert_eq!(json["limits"]["table"], "classic");
    assert!(
        json["limits"]["windows"]
            .to_string()
            .contains(r#""calls":1,"seconds":30"#)
    );

    let page = admin(&bank, "/admin", "127.0.0.1").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && !policy.contains("unsafe")
    );
    let html = String::from_utf8(page.bytes.clone()).unwrap();
    assert!(html.contains("/v1/%3Cscript%3E") && html.contains("POST</td>"));
    assert!(html.contains("body=&lt;b&gt;&amp;&quot;x&quot;") && !html.contains("<b>"));
    let code = query_of(&redirect, "code").unwrap();
    for secret in [
        access,
        &code,
        &client.0,
        &client.1,
        &bank.installation,
        "secret=query",
    ] {
        assert!(
            !html.contains(secret) && !json.to_string().contains(secret),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn the_admin_page_is_for_this_machine_alone() {
    let bank = Bank::open(Options::default()).await;
    for (host, status) in [
        ("127.0.0.1:80", 200),
        ("[::1]:80", 200),
        ("LocalHost", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:80", 421),
        ("192.0.2.1", 421),
    ] {
        for path in ["/admin", "/admin.json"] {
            assert_eq!(admin(&bank, path, host).await.status, status, "{host}");
        }
    }
    assert_eq!(bank.send(bank.request("POST", "/admin")).await.status, 405);
}

#[tokio::test]
async fn the_form_is_taken_from_our_own_page_only() {
    let bank = Bank::open(Options::default()).await;
    let client = bank.oauth_client().await;
    let root = bank.simulator.root();
    let query = bank.authorize_url(&client.0, CALLBACK);
    let fields = query.split_once('?').unwrap().1.to_owned() + "&decision=deny";
    for (headers, status) in [
        (vec![], 303),
        (
            vec![("Origin", root.as_str()), ("Sec-Fetch-Site", "same-origin")],
            303,
        ),
        (vec![("Origin", "http://evil.example")], 403),
        (vec![("Origin", "null")], 403),
        (vec![("Sec-Fetch-Site", "cross-site")], 403),
        (vec![("Sec-Fetch-Site", "same-site")], 403),
        (
            vec![("Origin", "http://evil.example"), ("Host", "evil.example")],
            403,
        ),
    ] {
        let mut request = bank.request("POST", "/auth").body(fields.clone());
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let reply = bank.send(request).await;
        assert_eq!(reply.status, status, "{headers:?}");
        assert_eq!(reply.header("location").is_some(), status == 303);
    }
}
