//! Pages for a browser: a template's style and what is put into it, under a strict policy.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::http::uri::Authority;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::dispatch::Request;

/// A page of this template. `to` are the places that its forms may lead to, as the policy wants
/// them written.
pub(super) fn page(template: &str, status: u16, title: &str, body: &str, to: &str) -> Answer {
    let html = template
        .replace("{{title}}", title)
        .replace("{{body}}", body);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; form-action {to}; base-uri 'none'; frame-ancestors 'none'",
        style_hash(template)
    );
    let mut answer = Answer::new(status, "text/html; charset=utf-8", html.into_bytes());
    answer.headers = vec![
        ("content-security-policy", policy),
        // Without any, browsers would not say that a form is the page's own.
        ("referrer-policy", "same-origin".to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("cache-control", "no-store".to_owned()),
    ];
    answer
}

/// The hash by which the policy allows the page's own style and no other.
fn style_hash(template: &str) -> String {
    let style = template
        .split_once("<style>")
        .and_then(|(_, rest)| rest.split_once("</style>"))
        .map_or("", |(style, _)| style);
    STANDARD.encode(Sha256::digest(style.as_bytes()))
}

/// Text for HTML, in elements and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // A brace could look like a placeholder of the template.
            '{' => safe.push_str("&#123;"),
            _ => safe.push(letter),
        }
    }
    safe
}

/// Whether the browser was sent to a name of this machine. A foreign name that resolves to it
/// would make a foreign page of the same origin (DNS rebinding).
pub(super) fn is_meant(request: &Request) -> bool {
    let host = request.header("host").and_then(|host| host.parse().ok());
    host.is_some_and(|host: Authority| {
        let name = host.host().trim_matches(['[', ']']);
        let address = name.parse::<std::net::IpAddr>();
        name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback())
    })
}

/// Whether a form was sent by our own page, or by no browser at all: browsers tell where a form
/// comes from, and pages cannot make them lie.
pub(super) fn is_own_form(request: &Request) -> bool {
    let site = request.header("sec-fetch-site");
    let own = request.header("host").map(|host| format!("http://{host}"));
    let origin = request.header("origin");
    is_meant(request)
        && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
        && origin.is_none_or(|origin| Some(origin) == own.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_page_escapes() {
        assert_eq!(
            escape("<b a=\"1\" b='2'>&{{body}}"),
            "&lt;b a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;&#123;&#123;body}}"
        );
        for template in [
            include_str!("../../assets/authorize.html"),
            include_str!("../../assets/admin.html"),
        ] {
            assert_eq!(template.matches("<style>").count(), 1);
            assert!(!template.contains("<script") && !template.contains("style="));
        }
    }
}
