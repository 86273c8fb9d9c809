//! `/admin` and `/admin.json`: what was called, what there is, what goes wrong. No secret is in
//! it: queries, bodies, tokens and keys are not shown.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::answer::Answer;
use super::clock::stamp;
use super::dispatch::Request;
use super::failure::Failure;
use super::html::{self, escape};
use super::state::State;
use super::{Call, Shared};

const TEMPLATE: &str = include_str!("../../assets/admin.html");
/// So many of the last calls are shown.
const CALLS_SHOWN: usize = 200;

/// Whether this is the path of one of the two.
pub(super) fn is_here(path: &str) -> bool {
    matches!(path, "/admin" | "/admin.json")
}

/// Answers `GET /admin` and `GET /admin.json`.
pub(super) fn answer(shared: &Shared, bank: &State, request: &Request, now: Timestamp) -> Answer {
    if !html::is_meant(request) {
        return Answer::new(
            421,
            "text/plain; charset=utf-8",
            b"Use a loopback address.\n".to_vec(),
        );
    }
    if request.method != "GET" {
        return Answer::of(Err(Failure::MethodNotAllowed), request, false);
    }
    match request.path.as_str() {
        "/admin.json" => Answer::json(200, &json(shared, bank, now)),
        _ => html::page(
            TEMPLATE,
            200,
            "What was called",
            &body(shared, bank, now),
            "'none'",
        ),
    }
}

/// The last calls, newest first.
fn last_calls(bank: &State) -> impl Iterator<Item = &Call> {
    bank.journal.calls().iter().rev().take(CALLS_SHOWN)
}

fn census(bank: &State) -> [(&'static str, usize); 7] {
    let census = bank.census();
    [
        ("installations", census.installations),
        ("devices", census.devices),
        ("sessions", census.sessions),
        ("oauth_clients", census.oauth_clients),
        ("callback_urls", census.callback_urls),
        ("credentials", census.credentials),
        ("grants", census.grants),
    ]
}

fn json(shared: &Shared, bank: &State, now: Timestamp) -> Value {
    let census = census(bank).map(|(name, count)| (name.to_owned(), json!(count)));
    let calls = last_calls(bank).map(|call| {
        json!({"at": stamp(call.at), "method": call.method, "path": call.path, "status": call.status})
    });
    let faults = bank.journal.faults.list().iter();
    let faults = faults.map(|(fault, seen)| json!({"fault": fault.to_string(), "seen": seen}));
    let windows = shared.limits.table().into_iter().map(|(method, endpoint, calls, seconds)| {
        json!({"method": method, "endpoint": endpoint, "calls": calls, "seconds": seconds})
    });
    json!({
        "clock": stamp(now),
        "census": serde_json::Map::from_iter(census),
        "calls": {
            "total": bank.journal.total(),
            "refused_for_limits": bank.journal.refused_for_limits,
            "last": calls.collect::<Vec<_>>(),
        },
        "faults": faults.collect::<Vec<_>>(),
        "limits": {"table": shared.limits.name(), "windows": windows.collect::<Vec<_>>()},
    })
}

fn body(shared: &Shared, bank: &State, now: Timestamp) -> String {
    let journal = &bank.journal;
    let mut body = format!(
        "<h1>What was called</h1>\n<p>A simulated bank on this machine. Its clock says {} UTC; this page reloads itself.</p>\n",
        stamp(now).split('.').next().unwrap_or_default()
    );
    body.push_str("<h2>What there is</h2>\n<dl>\n");
    for (name, count) in census(bank) {
        let name = name
            .replace('_', " ")
            .replace("oauth", "OAuth")
            .replace("url", "URL");
        let _ = writeln!(body, "<div><dt>{name}</dt><dd>{count}</dd></div>");
    }
    body.push_str("</dl>\n");
    let faults = journal.faults.list().iter();
    let faults = faults.map(|(fault, seen)| {
        [
            (escape(&fault.to_string()), "path"),
            (seen.to_string(), "number"),
        ]
    });
    body.push_str(&table(
        "Faults",
        ["Fault", "Calls seen"],
        faults,
        "None are set.",
    ));
    let windows = shared
        .limits
        .table()
        .into_iter()
        .map(|(method, endpoint, calls, seconds)| {
            [
                (format!("{method} {endpoint}"), ""),
                (format!("{calls} in {seconds} s"), ""),
            ]
        });
    let title = format!("Limits: {}", shared.limits.name());
    body.push_str(&table(&title, ["Calls", "At most"], windows, "None hold."));
    body.push_str(&calls(bank));
    body
}

/// The table of the last calls.
fn calls(bank: &State) -> String {
    let title = format!(
        "Calls: {}, of which {} refused for the limits",
        bank.journal.total(),
        bank.journal.refused_for_limits
    );
    let calls = last_calls(bank).map(|call| {
        let class = if (200..400).contains(&call.status) {
            "number"
        } else {
            "number bad"
        };
        let status = match call.status {
            0 => "none".to_owned(),
            status => status.to_string(),
        };
        [
            (stamp(call.at), ""),
            (escape(&call.method), ""),
            (escape(&call.path), "path"),
            (status, class),
        ]
    });
    let heads = ["Time (UTC)", "Method", "Path", "Status"];
    table(&title, heads, calls, "None came yet.")
}

/// A table of cells that are safe already, each with its class.
fn table<const N: usize>(
    title: &str,
    heads: [&str; N],
    rows: impl Iterator<Item = [(String, &'static str); N]>,
    none: &str,
) -> String {
    let mut cells = String::new();
    for row in rows {
        cells.push_str("<tr>");
        for (text, class) in row {
            let _ = match class {
                "" => write!(cells, "<td>{text}</td>"),
                class => write!(cells, "<td class=\"{class}\">{text}</td>"),
            };
        }
        cells.push_str("</tr>\n");
    }
    if cells.is_empty() {
        return format!("<h2>{title}</h2>\n<p>{none}</p>\n");
    }
    let heads = heads
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .concat();
    format!(
        "<h2>{title}</h2>\n<div class=\"table\"><table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{cells}</tbody>\n</table></div>\n"
    )
}
