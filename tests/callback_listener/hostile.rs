//! Requests that are not the redirect. `PORT` and `STATE` are filled in.

/// Each with the status it gets; none where the connection just ends.
pub(super) const REQUESTS: &[(&str, &str)] = &[
    // The path.
    ("404", "GET / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"),
    ("404", "GET /done HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"),
    (
        "404",
        "GET /callback/?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "404",
        "GET //callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "404",
        "GET /Callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "404",
        "GET /%63allback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "404",
        "GET /x/../callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "404",
        "GET /start?state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    // The method.
    (
        "405",
        "HEAD /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "405",
        "OPTIONS /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "405",
        "PUT /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "405",
        "DELETE /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "405",
        "get /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "405",
        "POST /callback HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 39\r\n\r\ncode=x&state=STATE",
    ),
    ("405", "OPTIONS * HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n"),
    (
        "400",
        "CONNECT localhost:PORT HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    // The target's form, and a body.
    (
        "400",
        "GET http://localhost:PORT/callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET http://example.com/callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 1\r\n\r\nx",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.0\r\nHost: localhost:PORT\r\n\r\n",
    ),
    // Whose request it is.
    ("400", "GET /callback?code=x&state=STATE HTTP/1.1\r\n\r\n"),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:1\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: evil.example:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT.evil.example\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost.evil.example:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: 127.0.0.2:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nOrigin: https://evil.example\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nOrigin: null\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Mode: cors\r\n\r\n",
    ),
    // The parameters.
    (
        "400",
        "GET /callback HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state= HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATEx HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&STATE=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state[]=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&code=y&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&c%6fde=y&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?error=access_denied HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?error=access_denied&state=wrong HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?error=access_denied&code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?error=a&error=b&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=a%0d%0ab&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
    ),
    // No HTTP at all.
    ("400", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n"),
    ("", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ("400", "GET /callback?code=x&state=STATE\r\n\r\n"),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost : localhost:PORT\r\n\r\n",
    ),
    (
        "400",
        "GET /callback?code=x&state=STATE HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
    ),
];
