//! What we know about a failure, told as a [`Problem`].

use crate::base::{Exit, Problem, UserNumber};
use crate::bunq::Error;

/// What is known besides the bank's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Past {
    /// These credentials never worked.
    NeverWorked,
    /// They worked before, for this user.
    Worked(UserNumber),
}

/// Tells a failed call. The bank has one sentence for a wrong key, a revoked grant and a changed
/// address; whether it ever worked tells which is likely.
pub(super) fn call(error: Error, past: Past) -> Problem {
    if !error.is_credentials_refused() {
        return error.into();
    }
    match past {
        Past::NeverWorked => Problem::new("The bank does not accept the API key", Exit::Refused)
            .because(
                "bunq says \"Incorrect API key or IP address\": most likely the key was mistyped, \
                 is of the other environment (sandbox keys begin with sandbox_), was deleted, or \
                 is allowed from another address only",
            )
            .next("Check the key in the bunq app, then try again with it."),
        Past::Worked(user) if user.is_provider() => {
            Problem::new("The bank no longer accepts our credentials", Exit::Refused)
                .because(
                    "they worked before: most likely this machine's address has changed since \
                     the setup, or the key was deleted in the bunq app",
                )
                .next(
                    "From the old address it works again. Otherwise set up anew under another \
                     --profile, with a key that allows this address.",
                )
        }
        Past::Worked(user) => Problem::new(
            format!("The bank no longer accepts the grant of user {user}"),
            Exit::Refused,
        )
        .because(
            "it worked before: most likely its owner removed it in the bunq app, or this \
             machine's address has changed",
        )
        .next("Connect the user again; it keeps its number and its last figures stay."),
    }
}
