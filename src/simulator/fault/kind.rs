//! What can go wrong.

use std::time::Duration;

/// What goes wrong with an answer.
///
/// Where the variant does not say otherwise the call is done as usual, and only its answer
/// differs. "Signed" means: if this endpoint signs its answers at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    // The connection.
    /// Nothing is done; the connection is reset without a byte. With an empty endpoint, which is
    /// every call, connections are closed before anything is read from them.
    Refuse,
    /// The call was done; the connection is reset (RST) without a byte.
    Reset,
    /// Nothing is done; the connection closes (FIN) without an answer.
    DropBefore,
    /// The call was done; the connection closes (FIN) without an answer.
    Drop,
    /// The answer comes this much later, in real time.
    Delay(Duration),
    /// The headers come at once, the body in small pieces.
    Drip {
        /// Bytes of a piece; at least one.
        piece: usize,
        /// The rest after each piece, in real time.
        pause: Duration,
    },
    /// Headers and half of the body come, then nothing until the client gives up.
    Stall,
    /// `Content-Length` is right; the connection ends in the middle of the body.
    Truncate,
    /// `Content-Length` is half of the body, which follows whole.
    WrongLength,
    /// White space follows the JSON until the body has this many bytes. The signature is the one
    /// of the JSON alone.
    Oversize {
        /// Bytes of the whole body.
        bytes: u64,
        /// Whether `Content-Length` tells; else the body comes in chunks.
        announced: bool,
    },

    // Something else instead of the call: nothing is done.
    /// This status and body. Signed, except 429, 491 and from 500 on.
    Status(u16, String),
    /// The call was done, and answered with this status and body all the same. Signed as `Status`.
    DoneButStatus(u16, String),
    /// 429 in bunq's sentence.
    TooMany {
        /// Calls that the sentence allows.
        calls: u32,
        /// Seconds in which it allows them.
        seconds: u32,
        /// The header that bunq has never been seen to send.
        retry_after: Option<RetryAfter>,
    },
    /// 400: wrong key, dead token or foreign address, in the one sentence for all three.
    Credentials400,
    /// 400: the signature of the request is said to be wrong.
    Signature400,
    /// 401, `Insufficient authorisation.`
    Authorisation401,
    /// 401, `Insufficient authentication.`
    Authentication401,
    /// 403, `Insufficient authentication.`
    Authentication403,
    /// 403, `Insufficient authorisation.`
    Authorisation403,
    /// 404, `Route not found.`
    Route404,
    /// 404, the item could not be found.
    Item404,
    /// 405.
    Method405,
    /// 399, bunq's own "not modified".
    NotModified399,
    /// 466: a signature is missing.
    Unsigned466,
    /// 490, bunq's own "user error".
    UserError490,
    /// 491, bunq's own "maintenance".
    Maintenance491,
    /// 500.
    Error500,
    /// A gateway's page of HTML.
    Html502,
    /// 503.
    Unavailable503,
    /// A redirect, without a body.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The text of `Location`.
        location: String,
    },
    /// 200 and a page of HTML, not signed, as a captive portal puts it before every answer.
    Portal,

    // The body.
    /// JSON that breaks off. Signed.
    InvalidJson,
    /// JSON with bytes that are no UTF-8 in a text. Signed.
    InvalidUtf8,
    /// Arrays in arrays, this deep. Signed.
    DeepJson(usize),
    /// Keys that come twice, with different values. Signed.
    DuplicateKeys,
    /// No body at all. Signed.
    EmptyBody,
    /// `Response` is a text where a list should be. Signed.
    WrongType,
    /// What the same call answers for another user, signed. A call that makes something is not
    /// done: it answers the id of somebody else. A session is opened for somebody else. Other
    /// calls without a session are answered as usual.
    Replay,

    // The headers.
    /// The signature has one byte that is wrong.
    WrongSignature,
    /// There is no signature.
    MissingSignature,
    /// The right signature, and after it a wrong one in a header of the same name.
    DuplicateSignature,
    /// The signature is right for another body.
    OtherBodySignature,
    /// The signature is not base64.
    UndecodableSignature,
    /// The signature is another key's, and right.
    ChangedKey,
    /// The names of all headers are in lower case; the connection closes afterwards.
    LowerCaseHeaders,
    /// `X-Bunq-Client-Response-Id` is missing.
    MissingResponseId,
    /// `Date` is missing.
    MissingDate,

    // What the bank knows.
    /// The session ends now, and says so with 401.
    DeadSession401,
    /// The session ends now, and says so with 403.
    DeadSession403,
    /// The secret behind the call (a grant's access token, an API key) is taken back now, with
    /// every session of it. Calls that stand on no secret get the sentence of `Credentials400`.
    RevokedToken,
    /// The code expires before it is exchanged: `invalid_grant`.
    ExpiredCode,
    /// The exchange fails with this error of RFC 6749, section 5.2.
    TokenError(String),
}

/// The text of `Retry-After`, so many seconds from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// As a number.
    Seconds(u32),
    /// As the date that it will be then, by the simulator's clock.
    Date(u32),
}
