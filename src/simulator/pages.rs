//! `/auth`: the page on which a user decides, as a browser sees it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use jiff::Timestamp;

use super::Shared;
use super::answer::Answer;
use super::authorize::{Asked, accounts_of};
use super::dispatch::Request;
use super::failure::Failure;
use super::html::{self, escape};
use super::query::Query;
use super::state::{Account, State};

const TEMPLATE: &str = include_str!("../../assets/authorize.html");
/// No more people than this are offered on the page.
const PEOPLE_SHOWN: usize = 40;

/// Answers `GET /auth` and `POST /auth`.
pub(super) fn answer(
    shared: &Shared,
    bank: &mut State,
    request: &Request,
    now: Timestamp,
) -> Answer {
    match request.method.as_str() {
        "GET" => match Asked::of(bank, &request.query) {
            Err(_) => not_found(),
            Ok(asked) if shared.auto_approve => {
                let Some(user) = bank.inhabitants.first().copied() else {
                    return not_found();
                };
                let accounts = accounts_of(bank, user);
                redirect(302, asked.allow(bank, user, accounts, now))
            }
            Ok(asked) => form(bank, &asked, &request.query),
        },
        "POST" if html::is_own_form(request) => decide(bank, request, now),
        "POST" => page(
            403,
            "Not from here",
            "<h1>This form is not ours</h1><p>Another page sent it. Nothing was decided.</p>",
            None,
        ),
        _ => Answer::of(Err(Failure::MethodNotAllowed), request, false),
    }
}

fn decide(bank: &mut State, request: &Request, now: Timestamp) -> Answer {
    let body = match &request.body {
        Ok(body) => body,
        Err(failure) => return Answer::of(Err(failure.clone()), request, false),
    };
    let fields = Query::parse(&String::from_utf8_lossy(body));
    let Ok(asked) = Asked::of(bank, &fields) else {
        return not_found();
    };
    let user = fields.get("inhabitant").and_then(|id| id.parse().ok());
    let user = user.filter(|id| choices(bank, asked.requester).contains(id));
    match (fields.get("decision"), user) {
        (Some("allow"), Some(user)) => {
            let ticked: BTreeSet<u64> = fields
                .all("account")
                .filter_map(|id| id.parse().ok())
                .collect();
            let accounts = &accounts_of(bank, user) & &ticked;
            redirect(303, asked.allow(bank, user, accounts, now))
        }
        (Some("deny"), _) => redirect(303, asked.deny()),
        _ => not_found(),
    }
}

/// Who may grant: everyone with accounts here but the one who asks.
fn choices(bank: &State, requester: u64) -> Vec<u64> {
    let created = bank
        .users
        .values()
        .filter(|user| user.is_customer() && !bank.inhabitants.contains(&user.id))
        .map(|user| user.id);
    let everyone = bank.inhabitants.iter().copied().chain(created);
    everyone.filter(|id| *id != requester).collect()
}

fn redirect(status: u16, to: String) -> Answer {
    let mut answer = Answer::new(status, "text/plain; charset=utf-8", Vec::new());
    answer.headers.push(("location", to));
    answer
        .headers
        .push(("cache-control", "no-store".to_owned()));
    answer
}

fn not_found() -> Answer {
    let body = "<h1>Connection not found</h1>\
        <p>There is no connection with this client id and this redirect address.</p>\
        <p>The redirect address must be registered for the client, the same in every character: \
        scheme, host, port, path, and a slash at its end.</p>";
    page(404, "Connection not found", body, None)
}

fn form(bank: &State, asked: &Asked, query: &Query) -> Answer {
    let choices = choices(bank, asked.requester);
    let wanted = query.get("inhabitant").and_then(|id| id.parse().ok());
    let chosen = wanted.filter(|id| choices.contains(id));
    let Some(chosen) = chosen.or(choices.first().copied()) else {
        return not_found();
    };
    let mut body = format!(
        "<h1><bdi>{}</bdi> wants to connect</h1>\n<p>It will see the accounts that you tick, and their payments.</p>\n",
        name(bank, asked.requester)
    );
    body.push_str(&people(bank, asked, query, &choices, chosen));
    body.push_str("<form method=\"post\" action=\"/auth\">\n");
    let chosen_text = chosen.to_string();
    for (field, value) in [
        ("response_type", Some("code")),
        ("client_id", query.get("client_id")),
        ("redirect_uri", Some(asked.redirect_uri.as_str())),
        ("state", asked.state.as_deref()),
        ("inhabitant", Some(chosen_text.as_str())),
    ] {
        if let Some(value) = value {
            let value = escape(value);
            let _ = writeln!(
                body,
                "<input type=\"hidden\" name=\"{field}\" value=\"{value}\">"
            );
        }
    }
    body.push_str("<fieldset><legend>Accounts</legend>\n");
    let mut accounts: Vec<&Account> = accounts_of(bank, chosen)
        .iter()
        .filter_map(|id| bank.accounts.get(id))
        .collect();
    accounts.reverse();
    if accounts.is_empty() {
        body.push_str("<p>No accounts.</p>\n");
    }
    for account in accounts {
        body.push_str(&tick(account));
    }
    body.push_str(
        "</fieldset>\n<p class=\"buttons\">\
        <button name=\"decision\" value=\"allow\" class=\"allow\">Allow</button>\n\
        <button name=\"decision\" value=\"deny\">Deny</button></p>\n</form>\n",
    );
    page(200, "Connect", &body, Some(&asked.redirect_uri))
}

/// A user's name for HTML.
fn name(bank: &State, user: u64) -> String {
    let user = bank.users.get(&user);
    escape(user.map_or("", |user| user.name.as_str()))
}

/// Who one can be on this page: a link each, so that it works without scripts.
fn people(bank: &State, asked: &Asked, query: &Query, choices: &[u64], chosen: u64) -> String {
    let mut list = "<nav aria-label=\"Who you are\"><h2>You are</h2>\n<ul>\n".to_owned();
    for id in choices.iter().take(PEOPLE_SHOWN) {
        let here = match *id == chosen {
            true => " aria-current=\"true\"",
            false => "",
        };
        let link = escape(&link(asked, query, *id));
        let name = name(bank, *id);
        let _ = writeln!(
            list,
            "<li><a href=\"{link}\"{here}><bdi>{name}</bdi></a></li>"
        );
    }
    list.push_str("</ul></nav>\n");
    list
}

/// The same page as another person.
fn link(asked: &Asked, query: &Query, inhabitant: u64) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("response_type", "code");
    pairs.append_pair("client_id", query.get("client_id").unwrap_or_default());
    pairs.append_pair("redirect_uri", &asked.redirect_uri);
    if let Some(state) = &asked.state {
        pairs.append_pair("state", state);
    }
    pairs.append_pair("inhabitant", &inhabitant.to_string());
    format!("/auth?{}", pairs.finish())
}

fn tick(account: &Account) -> String {
    let balance = account
        .balance
        .map_or_else(|| "unknown".to_owned(), |euros| format!("EUR {euros:.2}"));
    format!(
        "<label><input type=\"checkbox\" name=\"account\" value=\"{}\" checked> \
        <span><bdi>{}</bdi><small>{}</small></span><b>{balance}</b></label>\n",
        account.id,
        escape(&account.description),
        account
            .iban
            .as_deref()
            .map_or_else(|| "no IBAN".to_owned(), grouped),
    )
}

/// An IBAN as people write it, in groups of four (ISO 13616).
fn grouped(iban: &str) -> String {
    let letters: Vec<char> = iban.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    groups.join(" ")
}

/// The page around a body. A browser applies `form-action` to the redirect after the form too, so
/// the redirect's origin must be in it.
fn page(status: u16, title: &str, body: &str, redirect_uri: Option<&str>) -> Answer {
    let origin = redirect_uri
        .and_then(|uri| url::Url::parse(uri).ok())
        .map_or_else(String::new, |url| {
            format!(" {}", url.origin().ascii_serialization())
        });
    html::page(TEMPLATE, status, title, body, &format!("'self'{origin}"))
}
