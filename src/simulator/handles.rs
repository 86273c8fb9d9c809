//! What a test may see of the bank, and do to it.

use super::clock::stamp;
use super::fault::Fault;
use super::state::{Founding, Owner};
use super::wording::Wording;
use super::{Call, Census, Simulator, Worded, world};

/// Ids of a bank that starts anew are so much larger than the old one's, as bunq's only grow.
const IDS_APART: u64 = 1_000_000;

impl Simulator {
    /// The calls so far, oldest first; only the last ten thousand are kept.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.state().journal.calls().iter().cloned().collect()
    }

    /// How many calls came so far, none forgotten.
    #[must_use]
    pub fn calls_total(&self) -> u64 {
        self.state().journal.total()
    }

    /// How many calls were answered with this status so far (meant, as in [`Call`]), none forgotten.
    #[must_use]
    pub fn answered(&self, status: u16) -> u64 {
        self.state().journal.answered(status)
    }

    /// How many calls the rate limits refused so far, none forgotten. A 429 that was a fault is
    /// not one of them.
    #[must_use]
    pub fn refused_for_limits(&self) -> u64 {
        self.state().journal.refused_for_limits
    }

    /// How many there are of everything.
    #[must_use]
    pub fn census(&self) -> Census {
        self.state().census()
    }

    /// Adds a fault; of several that are due for a call, the first added wins.
    pub fn set_fault(&self, fault: Fault) {
        self.state().journal.faults.add(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.state().journal.faults.clear();
    }

    /// The faults in the order in which they were added, and how many matching calls each has seen.
    #[must_use]
    pub fn faults(&self) -> Vec<(Fault, u32)> {
        self.state().journal.faults.list().to_vec()
    }

    /// From now on every answer is worded like this before it is signed; `|_| ()` leaves them as
    /// they are.
    pub fn word_answers(&self, change: impl Fn(Worded<'_>) + Send + Sync + 'static) {
        self.state().journal.wording = Wording::of(change);
    }

    /// So many new users with one or two accounts each grant this client everything; answers their
    /// access tokens. None if there is no such active client.
    #[must_use]
    pub fn grant(&self, client_id: &str, count: usize) -> Vec<String> {
        let now = stamp(self.shared.clock.now());
        let bank = &mut *self.state();
        let Some(requester) = bank.active_client(client_id).map(|client| client.user) else {
            return Vec::new();
        };
        let grants = (0..count).map(|nth| {
            let (user, accounts) = world::passer_by(bank, nth);
            bank.grant(requester, user, accounts, now.clone()).1
        });
        grants.collect()
    }

    /// Every user takes back every grant: their access tokens and sessions are dead.
    pub fn revoke_grants(&self) {
        let bank = &mut *self.state();
        for grant in bank.grants.values_mut() {
            grant.revoked = true;
            if let Some(secret) = bank.secrets.get_mut(&grant.token) {
                secret.dead = true;
            }
        }
        for session in bank.sessions.values_mut() {
            session.ended |= matches!(session.owner, Owner::Grant(_));
        }
    }

    /// Every session ends now.
    pub fn expire_sessions(&self) {
        for session in self.state().sessions.values_mut() {
            session.ended = true;
        }
    }

    /// The caller's address has changed, as far as the bank sees (`true`), or is again what it was.
    /// While it has, every call with a session and every call for one gets the 400 sentence about
    /// credentials, `*` among the permitted addresses or not.
    pub fn permit_nobody(&self, nobody: bool) {
        self.state().permits_nobody = nobody;
    }

    /// The bank forgets everything, as the sandbox does at a reset: the same world is founded anew
    /// at the same address, with another seed and so with other tokens and another server key, and
    /// with larger ids. Faults, calls and counts stay.
    pub fn restart_empty(&self) {
        let bank = &mut *self.state();
        let old = bank.founding;
        let founding = Founding {
            seed: old.seed.wrapping_add(1),
            last_id: bank.last_id().saturating_add(IDS_APART),
            ..old
        };
        let journal = std::mem::take(&mut bank.journal);
        *bank = world::build(founding);
        bank.journal = journal;
    }
}
