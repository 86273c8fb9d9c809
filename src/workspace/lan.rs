//! A login for a phone that scans the terminal's code: this machine's address on the network is a
//! second callback URL, for that one login.
//!
//! It is noted before it is registered, so that whatever breaks off is taken back by the next
//! login or setup.

use std::net::{IpAddr, Ipv4Addr};

use url::Url;

use super::locks::Task;
use super::sessions::not_set_up;
use super::setup::Registered;
use super::{Workspace, secured};
use crate::base::{Environment, Exit, Problem, UserNumber};
use crate::bunq::{Error, ErrorKind};
use crate::store::OauthClientRow;

/// The second callback URL that is, or may be, registered.
const LAN: &str = "lan-callback-url";
/// How the interfaces begin that lead to containers and other machines within this one.
const WITHIN: [&str; 9] = [
    "docker", "br-", "veth", "virbr", "vbox", "vmnet", "lxc", "cni", "podman",
];

impl Workspace {
    /// This machine's addresses on its networks, the likeliest for a phone first.
    ///
    /// # Errors
    /// In the demo, whose bank no phone can reach; and where there is no such address.
    pub fn lan_addresses(&self) -> Result<Vec<IpAddr>, Problem> {
        if *self.environment() == Environment::Demo {
            return Err(
                Problem::new("No phone can come back to the demo", Exit::Usage)
                    .because("the demo's bank can be reached on this machine only")
                    .next("Press Enter there, or o for its page."),
            );
        }
        let found = match self.settings.lan_address {
            Some(address) => vec![address],
            None => private_addresses(),
        };
        if found.is_empty() {
            return Err(
                Problem::new("This machine has no address for a phone", Exit::Failed)
                    .because("no network interface has a private IPv4 address")
                    .next("Join the network of the phone; or paste the address where it ends."),
            );
        }
        Ok(found)
    }

    /// Takes the second callback URL of a login back that was given up. Without one it asks the
    /// bank nothing.
    ///
    /// # Errors
    /// When the bank cannot be asked; the next login tries again.
    pub async fn end_lan_login(&self) -> Result<(), Problem> {
        if self.lan_url_left()?.is_none() {
            return Ok(());
        }
        let _single = self.locks.take(Task::Connect).await?;
        self.take_lan_url_back().await
    }

    /// The second callback URL of an earlier login that is still to be taken back.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn lan_url_left(&self) -> Result<Option<String>, Problem> {
        Ok(self.store.note(LAN)?)
    }

    /// Registers the callback URL of this address beside ours: by https where the bank takes no
    /// other.
    pub(super) async fn register_lan_url(
        &self,
        oauth_client: &OauthClientRow,
        ours: &Url,
        address: IpAddr,
    ) -> Result<Url, Problem> {
        let mut url = ours.clone();
        url.set_ip_host(address)
            .map_err(|()| Problem::new("The callback URL takes no address", Exit::Failed))?;
        let registered = self.note_and_register(oauth_client, &url).await?;
        match (registered, secured(&url)) {
            (Registered::There(_), _) => Ok(url),
            (Registered::HttpRefused(_), Some(https)) => {
                match self.note_and_register(oauth_client, &https).await? {
                    Registered::There(_) => Ok(https),
                    Registered::HttpRefused(error) => Err(error.into()),
                }
            }
            (Registered::HttpRefused(error), None) => Err(error.into()),
        }
    }

    async fn note_and_register(
        &self,
        oauth_client: &OauthClientRow,
        url: &Url,
    ) -> Result<Registered, Problem> {
        self.store.set_note(LAN, url.as_str())?;
        self.register_callback_url(oauth_client.id, url.as_str())
            .await
    }

    /// The same as [`Workspace::end_lan_login`], for whoever holds the lock. A code that is kept
    /// for another try keeps it too.
    pub(super) async fn take_lan_url_back(&self) -> Result<(), Problem> {
        let Some(url) = self.store.note(LAN)? else {
            return Ok(());
        };
        if self.code_is_kept()? {
            return Err(Problem::new("A login waits to be finished", Exit::TryLater)
                .because("its code is kept, and the bank compares its callback URL again")
                .next("Connect again: it is finished first."));
        }
        let oauth_client = self.store.oauth_client()?.ok_or_else(not_set_up)?;
        let (client_id, url) = (oauth_client.id, url.as_str());
        self.in_session(UserNumber::PROVIDER, |client, session| async move {
            let listed = session.callback_urls(&client, client_id).await?;
            for known in listed.into_iter().filter(|known| known.url == url) {
                let id = known
                    .id
                    .ok_or_else(|| Error::another("the number of a callback URL"))?;
                match session.delete_callback_url(&client, client_id, id).await {
                    Err(error) if *error.kind() == ErrorKind::NotFound => {}
                    other => other?,
                }
            }
            Ok(())
        })
        .await?;
        Ok(self.store.forget_note(LAN)?)
    }
}

/// IPv4 addresses of networks that are nobody else's (RFC 1918), those within this machine last.
fn private_addresses() -> Vec<IpAddr> {
    let mut found: Vec<(bool, Ipv4Addr)> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|interface| match interface.ip() {
            IpAddr::V4(address) if address.is_private() => {
                let within = WITHIN.iter().any(|name| interface.name.starts_with(name));
                Some((within, address))
            }
            _ => None,
        })
        .collect();
    // In the order of the system otherwise.
    found.sort_by_key(|(within, _)| *within);
    found
        .into_iter()
        .map(|(_, address)| address.into())
        .collect()
}
