//! Requests that are not the redirect, as products of small tables. `PORT` and `STATE` are filled
//! in.

use super::tables::{
    DESTS, FIRST_LINES, FOREIGN, HOSTS, METHODS, MODES, ODD_LINES, ORIGINS, PATHS, QUERIES, RAW,
    RIGHT,
};

/// A request, and how its answer begins; nothing where the connection may also just end.
pub(super) struct Hostile {
    pub(super) bytes: Vec<u8>,
    pub(super) status: &'static str,
    /// Nothing more comes after it: the sender closes its side.
    pub(super) ends: bool,
}

/// All of them for a login with this state, while that of the login before was `old`.
pub(super) fn all(state: &str, old: &str) -> Vec<Hostile> {
    let mut made = Made::default();
    for query in RIGHT {
        for host in HOSTS {
            let ours = format!("Host: {host}:PORT");
            for method in METHODS {
                made.request("405", &format!("{method} /callback?{query}"), &ours);
            }
            for path in PATHS {
                made.request("404", &format!("GET {path}?{query}"), &ours);
            }
            for origin in ORIGINS {
                let line = format!("{ours}\r\nOrigin: {origin}");
                made.request("400", &format!("GET /callback?{query}"), &line);
            }
        }
        for host in FOREIGN {
            let line = format!("Host: {host}");
            made.request("400", &format!("GET /callback?{query}"), &line);
        }
        fetched(&mut made, query);
        for (lines, status) in ODD_LINES {
            made.request(status, &format!("GET /callback?{query}"), lines);
        }
        for (line, status) in FIRST_LINES {
            let line = line.replace("QUERY", query);
            let head = format!("{line}\r\nHost: localhost:PORT\r\n\r\n");
            made.text(status, &head);
        }
    }
    for host in HOSTS {
        for query in QUERIES {
            let line = format!("Host: {host}:PORT");
            made.request("400", &format!("GET /callback{query}"), &line);
        }
    }
    states(&mut made, state, old);
    sizes(&mut made);
    for bytes in RAW {
        made.0.push(Hostile {
            bytes: bytes.to_vec(),
            status: "",
            ends: true,
        });
    }
    // The true request, cut off.
    let whole =
        format!("GET /callback?code=x&state={state} HTTP/1.1\r\nHost: localhost:PORT\r\n\r");
    for end in 1..=whole.len() {
        made.0.push(Hostile {
            bytes: whole.as_bytes()[..end].to_vec(),
            status: "",
            ends: true,
        });
    }
    // What follows a request on its connection is not read.
    for first in ["/", "/favicon.ico", "/callback", "/callback?code=x&state=y"] {
        let host = "HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n";
        made.text(
            "4",
            &format!("GET {first} {host}GET /callback?code=x&state=STATE {host}"),
        );
    }
    made.0
}

/// What a page makes a browser fetch.
fn fetched(made: &mut Made, query: &str) {
    let first = format!("GET /callback?{query}");
    let with = |mode: &str, dest: &str| {
        format!("Host: localhost:PORT\r\nSec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: {dest}")
    };
    for mode in MODES {
        made.request("400", &first, &with(mode, "document"));
    }
    for dest in DESTS {
        made.request("400", &first, &with("navigate", dest));
        made.request("400", &first, &with("no-cors", dest));
    }
}

/// States that are nearly right: one character another, cut short, of the login before.
fn states(made: &mut Made, state: &str, old: &str) {
    let mut wrong: Vec<String> = (0..state.len())
        .map(|at| {
            let other = if &state[at..=at] == "A" { "B" } else { "A" };
            format!("{}{other}{}", &state[..at], &state[at + 1..])
        })
        .collect();
    wrong.extend((1..state.len()).map(|end| state[..end].to_owned()));
    wrong.extend([old.to_owned(), format!("{old}{state}"), state.repeat(2)]);
    for wrong in wrong {
        for answer in ["code=x", "error=access_denied"] {
            let first = format!("GET /callback?{answer}&state={wrong}");
            made.request("400", &first, "Host: localhost:PORT");
        }
    }
}

fn sizes(made: &mut Made) {
    let host = "Host: localhost:PORT";
    for length in [2_100, 4_000, 9_000] {
        let code = "x".repeat(length);
        made.request(
            "400",
            &format!("GET /callback?code={code}&state=STATE"),
            host,
        );
    }
    for length in [17_000, 70_000, 300_000] {
        let long = "x".repeat(length);
        made.request("", &format!("GET /callback?code={long}&state=STATE"), host);
        made.request("", &format!("GET /{long}"), host);
        let line = format!("{host}\r\nA: {long}");
        made.request("", "GET /callback?code=x&state=STATE", &line);
        let line = format!("{host}\r\n{long}: a");
        made.request("", "GET /callback?code=x&state=STATE", &line);
    }
    for count in [64, 200, 5_000] {
        let lines = format!("{host}{}", "\r\nA: b".repeat(count));
        made.request("", "GET /callback?code=x&state=STATE", &lines);
    }
    // A code longer than any: RFC 6749 leaves the length open, we do not.
    let code = "x".repeat(1_025);
    made.request(
        "400",
        &format!("GET /callback?code={code}&state=STATE"),
        host,
    );
}

#[derive(Default)]
struct Made(Vec<Hostile>);

impl Made {
    fn request(&mut self, status: &'static str, first: &str, lines: &str) {
        self.text(status, &format!("{first} HTTP/1.1\r\n{lines}\r\n\r\n"));
    }

    fn text(&mut self, status: &'static str, text: &str) {
        self.0.push(Hostile {
            bytes: text.as_bytes().to_vec(),
            status,
            ends: false,
        });
    }
}
