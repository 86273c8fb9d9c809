//! What has to come of a fault on a call: success where a right client rides over it, else these
//! words.

use bunq_tui::base::Exit;
use bunq_tui::simulator::FaultKind as F;

use crate::bank::Operation;
use crate::columns::Column;

/// None is success; else how a command ends, and how what happened begins.
pub(crate) type Expected = Option<(Exit, &'static str)>;

const CUT_OFF: Expected = Some((Exit::Unavailable, "The bank's answer was cut off"));
const LATE: Expected = Some((Exit::Unavailable, "The bank did not answer in time"));
const FAILED: Expected = Some((Exit::Unavailable, "The bank failed"));
const GATEWAY: Expected = Some((Exit::Unavailable, "The bank's gateway failed"));
const PAGE: Expected = Some((Exit::Unavailable, "A web page came instead"));
const ELSEWHERE: Expected = Some((Exit::Unavailable, "The bank sent us to another address"));
const TOO_FAST: Expected = Some((Exit::TryLater, "Too many requests"));
const CLOSED: Expected = Some((Exit::TryLater, "The bank is being worked on"));
const TOO_LARGE: Expected = Some((Exit::Failed, "The bank's answer has more than"));
const NOT_JSON: Expected = Some((Exit::Failed, "The bank's answer is not JSON"));
const SHAPE: Expected = Some((Exit::Failed, "The bank's answer lacks"));
const UNSIGNED: Expected = Some((Exit::Failed, "The bank's answer is not signed"));
const SIGNED_TWICE: Expected = Some((Exit::Failed, "The bank's answer has several signatures"));
const FORGED: Expected = Some((Exit::Failed, "The bank's answer has a wrong signature"));
const ANOTHER_USER: Expected = Some((Exit::Failed, "The bank's answer is about another user"));
const ANOTHER_ACCOUNT: Expected =
    Some((Exit::Failed, "The bank's answer is about another account"));
const OUR_SIGNATURE: Expected =
    Some((Exit::Failed, "The bank found the request's signature wrong"));
const SIGN: Expected = Some((Exit::Failed, "The bank wants this request signed"));
const NOTHING_THERE: Expected = Some((Exit::Failed, "The bank has no such thing"));
const NOT_OFFERED: Expected = Some((Exit::Failed, "The bank does not offer that here"));
const NOT_ACCEPTED: Expected = Some((Exit::Failed, "The bank did not accept the request"));
const NOT_ALLOWED: Expected = Some((Exit::Refused, "The bank does not allow that"));
const OVER: Expected = Some((Exit::Refused, "The session is over"));
const NOT_KNOWN: Expected = Some((Exit::Refused, "The bank does not know this installation"));
const FORGOTTEN: Expected = Some((Exit::Refused, "The bank has forgotten us"));
const REFUSED: Expected = Some((Exit::Refused, "The bank refuses the key or token"));
const MADE: Expected = Some((
    Exit::Refused,
    "The bank does not accept the provider that it has made",
));
const OURSELVES: Expected = Some((
    Exit::Refused,
    "The bank no longer accepts our own credentials",
));
const GRANT: Expected = Some((Exit::Refused, "The bank no longer accepts the grant"));
const GRANT_OR_ADDRESS: Expected = Some((Exit::Refused, "The bank refuses the grant"));
const ADDRESS: Expected = Some((
    Exit::Refused,
    "The bank no longer accepts this machine's address",
));
const TOKEN_LOST: Expected = Some((Exit::Failed, "The access token got lost"));

/// Who makes the call of a column, which decides what a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    /// The installation, where a refusal is told as it is.
    Plainly,
    /// The installation in the setup, where nothing has worked yet.
    Setup,
    /// The installation, for a user's new session.
    Renewal,
    /// Ourselves.
    Provider,
    /// A connected user.
    User,
}

fn who(column: &Column) -> Who {
    match (column.shape, column.operation) {
        ("POST device-server" | "POST session-server", Operation::Setup(..)) => Who::Setup,
        ("POST session-server", Operation::ReadAccounts) => Who::Renewal,
        ("POST session-server" | "POST payment-service-provider-credential", _) => Who::Plainly,
        (_, Operation::Doctor) => Who::Provider,
        (shape, _) if shape.contains("oauth-client") => Who::Provider,
        (shape, _) if shape.starts_with("GET") => Who::User,
        _ => Who::Nobody,
    }
}

/// Whether the program looks what became of the call where its answer cannot be used.
fn is_looked_up(column: &Column) -> bool {
    column.shape == "POST device-server"
        || (who(column) == Who::Provider && !column.shape.starts_with("GET"))
}

/// Whether the program lists the OAuth clients anew in a new session, where its own is there.
fn is_listed_anew(column: &Column) -> bool {
    column.shape == "GET user/{}/oauth-client/{}"
}

pub(crate) fn expected(kind: &F, column: &Column) -> Expected {
    if column.operation == Operation::Forget {
        // Told to nobody: the session ends by itself.
        return None;
    }
    not_done(kind, column).unwrap_or_else(|| done(kind, column))
}

/// Faults that keep the call from being done, or whose answer tells of itself.
fn not_done(kind: &F, column: &Column) -> Option<Expected> {
    Some(match kind {
        F::Refuse | F::DropBefore => CUT_OFF,
        F::Status(..) | F::Error500 => FAILED,
        F::Html502 => GATEWAY,
        F::Portal => PAGE,
        F::Redirect { .. } => ELSEWHERE,
        F::TooMany { .. } => TOO_FAST,
        F::Maintenance491 | F::Unavailable503 => CLOSED,
        F::Signature400 => OUR_SIGNATURE,
        F::Unsigned466 => SIGN,
        F::Item404 if column.shape.starts_with("DELETE") => None,
        F::Item404 => NOTHING_THERE,
        F::Route404 | F::Method405 => NOT_OFFERED,
        F::NotModified399 | F::UserError490 => NOT_ACCEPTED,
        F::Credentials400 | F::RevokedToken => credentials(kind, column),
        F::Authorisation401
        | F::Authentication401
        | F::Authentication403
        | F::Authorisation403
        | F::DeadSession401
        | F::DeadSession403 => unknown(column),
        F::ExpiredCode => exchange("invalid_grant", column),
        F::TokenError(error) => exchange(error, column),
        F::Replay => replayed(column),
        _ => return None,
    })
}

/// Faults in the answer to a call that was done.
fn done(kind: &F, column: &Column) -> Expected {
    let unsigned = who(column) == Who::Nobody;
    let fine = match kind {
        F::LowerCaseHeaders | F::MissingResponseId | F::MissingDate => true,
        F::Drip { piece, .. } => *piece > 1,
        F::WrongSignature
        | F::MissingSignature
        | F::DuplicateSignature
        | F::OtherBodySignature
        | F::UndecodableSignature
        | F::ChangedKey => unsigned,
        // The token's answer has no list that could come twice.
        F::DuplicateKeys => column.shape == "POST token",
        _ => false,
    };
    if fine || is_looked_up(column) {
        return None;
    }
    match kind {
        F::Reset | F::Drop | F::Truncate => CUT_OFF,
        F::Delay(_) | F::Drip { .. } | F::Stall => LATE,
        F::DoneButStatus(..) => FAILED,
        F::Oversize { .. } => TOO_LARGE,
        F::WrongLength if unsigned => NOT_JSON,
        F::InvalidUtf8 | F::DeepJson(_) | F::WrongType if column.shape == "POST token" => {
            TOKEN_LOST
        }
        F::InvalidJson | F::InvalidUtf8 | F::EmptyBody => NOT_JSON,
        F::DeepJson(_) | F::DuplicateKeys | F::WrongType => SHAPE,
        F::MissingSignature => UNSIGNED,
        F::DuplicateSignature => SIGNED_TWICE,
        _ => FORGED,
    }
}

/// The one sentence for a wrong key, a revoked grant and a changed address.
fn credentials(kind: &F, column: &Column) -> Expected {
    let deleted = *kind == F::RevokedToken;
    match who(column) {
        Who::Nobody | Who::Plainly => REFUSED,
        Who::Setup => MADE,
        Who::Provider if is_listed_anew(column) && !deleted => None,
        Who::Provider => OURSELVES,
        // We ask for ourselves to see whether others are served, with the same call.
        Who::User if column.shape == "GET user" && !deleted => ADDRESS,
        // Nobody else has a session that could be asked in.
        Who::Renewal => GRANT_OR_ADDRESS,
        Who::User if column.shape == "GET user" => GRANT_OR_ADDRESS,
        Who::User => GRANT,
    }
}

/// 401 and 403: the token is not known.
fn unknown(column: &Column) -> Expected {
    match who(column) {
        Who::Nobody => NOT_ALLOWED,
        Who::Plainly => NOT_KNOWN,
        Who::Setup | Who::Renewal => FORGOTTEN,
        Who::Provider if is_listed_anew(column) => None,
        Who::Provider | Who::User => OVER,
    }
}

fn exchange(error: &str, column: &Column) -> Expected {
    if column.shape != "POST token" {
        return NOT_ACCEPTED;
    }
    let what = match error {
        "invalid_grant" => "The code is wrong, used or too old",
        "invalid_client" => "The bank does not accept our OAuth client",
        "invalid_request" => "The bank could not read the exchange",
        "unauthorized_client" => "Our OAuth client may not exchange codes",
        "unsupported_grant_type" => "The bank does not exchange codes",
        _ => "The bank refused the code (something_else)",
    };
    Some((Exit::Refused, what))
}

/// An answer of the bank to somebody else.
fn replayed(column: &Column) -> Expected {
    match (column.shape, who(column)) {
        // Their list goes on under their number, where we may not look.
        ("GET user/{}/monetary-account", _) if column.from == 1 => NOTHING_THERE,
        ("GET user/{}/monetary-account/{}/payment", _) => ANOTHER_ACCOUNT,
        (_, Who::User | Who::Renewal) => ANOTHER_USER,
        // Whose key it is nobody knows before the first session, and an id is but a number.
        ("GET user/{}/oauth-client" | "DELETE user/{}/oauth-client/{}/callback-url/{}", _) => None,
        ("POST user/{}/oauth-client/{}/callback-url" | "GET device-server", _) => None,
        (_, Who::Provider) => NOTHING_THERE,
        _ => None,
    }
}
