//! The calls of the program, and what makes each of them.

use bunq_tui::simulator::Call;

use crate::bank::{Choice, From, Operation};

/// A call, and the operation in which it goes wrong.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Method and path, with `{}` for every id.
    pub(crate) shape: &'static str,
    /// From which such call on it goes wrong.
    pub(crate) from: u32,
    /// What the program does.
    pub(crate) operation: Operation,
    /// The functions of `bunq` that make it.
    pub(crate) made_by: &'static [&'static str],
}

const fn column(
    shape: &'static str,
    operation: Operation,
    made_by: &'static [&'static str],
) -> Column {
    Column {
        shape,
        from: 1,
        operation,
        made_by,
    }
}

const PERSON: Operation = Operation::Setup(From::Installed, Choice::Person);

/// Every call that the program makes, in the order of a first use.
pub(crate) const COLUMNS: &[Column] = &[
    column(
        "POST installation",
        Operation::Setup(From::KeyPair, Choice::Person),
        &["install"],
    ),
    column("POST sandbox-user-person", PERSON, &["new_sandbox_person"]),
    column(
        "POST sandbox-user-company",
        Operation::Setup(From::Installed, Choice::Company),
        &["new_sandbox_company"],
    ),
    column(
        "POST payment-service-provider-credential",
        Operation::Setup(From::Installed, Choice::Psd2),
        &["create_credential"],
    ),
    column("POST device-server", PERSON, &["register_device"]),
    column("POST session-server", PERSON, &["open_session"]),
    column("GET user/{}/oauth-client", PERSON, &["oauth_clients"]),
    column(
        "POST user/{}/oauth-client",
        PERSON,
        &["create_oauth_client"],
    ),
    column("GET user/{}/oauth-client/{}", PERSON, &["oauth_client"]),
    column(
        "GET user/{}/oauth-client/{}/callback-url",
        PERSON,
        &["callback_urls"],
    ),
    column(
        "POST user/{}/oauth-client/{}/callback-url",
        PERSON,
        &["add_callback_url"],
    ),
    column(
        "DELETE user/{}/oauth-client/{}/callback-url/{}",
        Operation::ChangePort,
        &["delete_callback_url"],
    ),
    column(
        "POST user/{}/oauth-client/{}/callback-url",
        Operation::ChangePort,
        &["add_callback_url"],
    ),
    column(
        "GET user/{}/oauth-client/{}/callback-url",
        Operation::Connect,
        &["callback_urls"],
    ),
    column("POST token", Operation::Connect, &["exchange"]),
    column("POST session-server", Operation::Connect, &["open_session"]),
    column(
        "GET user/{}/monetary-account",
        Operation::ReadAccounts,
        &["accounts"],
    ),
    Column {
        shape: "GET user/{}/monetary-account",
        from: 2,
        operation: Operation::ReadAccounts,
        made_by: &["accounts"],
    },
    column(
        "GET user/{}/monetary-account/{}/payment",
        Operation::ReadPayments,
        &["payments"],
    ),
    column(
        "POST session-server",
        Operation::ReadAccounts,
        &["open_session"],
    ),
    column("GET user", Operation::ReadProfile, &["read_user"]),
    column("GET device-server", Operation::Doctor, &["devices"]),
    column("DELETE session/{}", Operation::Forget, &["close"]),
];

/// The functions of `bunq` that no operation of the program calls.
pub(crate) const UNUSED: &[&str] = &["account"];

impl Column {
    /// As a fault names it.
    pub(crate) fn endpoint(&self) -> String {
        format!("{}$", self.shape)
    }

    /// As the table names it.
    pub(crate) fn name(&self) -> String {
        let page = if self.from > 1 { ", second page" } else { "" };
        let what = match self.operation {
            Operation::Setup(..) => "setup",
            Operation::ReadAccounts => "accounts",
            Operation::ReadPayments => "payments",
            Operation::ReadProfile => "user",
            Operation::Connect => "connect",
            Operation::ChangePort => "another port",
            Operation::Forget => "disconnect",
            Operation::Doctor => "doctor",
        };
        format!("{} ({what}{page})", self.shape)
    }
}

/// A call without its ids.
pub(crate) fn shape(call: &Call) -> String {
    let path = call.path.trim_start_matches('/');
    let path = path.strip_prefix("v1/").unwrap_or(path);
    let parts = path.split('/').map(|part| {
        let id = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if id { "{}" } else { part }
    });
    format!("{} {}", call.method, parts.collect::<Vec<_>>().join("/"))
}
