//! Which bank we speak to.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use url::{Host, Url};

/// Where the browser comes back to, unless told otherwise.
pub const CALLBACK_URL: &str = "http://localhost:8000/callback";

/// How the file names of banks on this machine begin.
const LOCAL: &str = "local-";
/// `[::1]` in such a name.
const IPV6: &str = "ipv6";

/// The bank's environments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Environment {
    /// The bunq inside the program; nothing is stored.
    Demo,
    /// bunq's sandbox: no real money.
    Sandbox,
    /// bunq itself.
    Production,
    /// A simulator on this machine, by its root address.
    Local(Url),
}

/// Why a text names no environment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvironmentError {
    /// Neither a name nor an address.
    #[error("`{0}` is none of demo, sandbox, production or http://127.0.0.1:PORT")]
    Unknown(String),
    /// A plain address away from this machine.
    #[error("plain http goes only to a loopback address (127.0.0.1, [::1] or localhost)")]
    NotLoopback,
}

impl Environment {
    /// The word for it: on the badge, in files, on the command line.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Demo => "demo".into(),
            Self::Sandbox => "sandbox".into(),
            Self::Production => "production".into(),
            Self::Local(url) => url.as_str().trim_end_matches('/').into(),
        }
    }

    /// What a file name may hold of it: letters, digits, `-` and `_`.
    #[must_use]
    pub fn file_stem(&self) -> String {
        let Self::Local(url) = self else {
            return self.name();
        };
        let port = url.port_or_known_default().unwrap_or(80);
        match url.host() {
            Some(Host::Ipv6(_)) => format!("{LOCAL}{IPV6}-{port}"),
            Some(Host::Domain(name)) => format!("{LOCAL}{name}-{port}"),
            Some(Host::Ipv4(address)) if address != Ipv4Addr::LOCALHOST => {
                format!("{LOCAL}{}-{port}", address.to_string().replace('.', "_"))
            }
            _ => format!("{LOCAL}{port}"),
        }
    }

    /// Back from [`Environment::file_stem`].
    #[must_use]
    pub fn from_file_stem(stem: &str) -> Option<Self> {
        let Some(place) = stem.strip_prefix(LOCAL) else {
            return stem
                .parse()
                .ok()
                .filter(|found: &Self| found.name() == stem);
        };
        let (host, port) = match place.rsplit_once('-') {
            None => ("127.0.0.1".to_owned(), place),
            Some((IPV6, port)) => ("[::1]".to_owned(), port),
            Some((host, port)) => (host.replace('_', "."), port),
        };
        let found: Self = format!("http://{host}:{port}").parse().ok()?;
        (found.file_stem() == stem).then_some(found)
    }

    /// Whether real money is behind it.
    #[must_use]
    pub fn is_production(&self) -> bool {
        matches!(self, Self::Production)
    }

    /// Whether new users, companies and PSD2 providers can be made there.
    #[must_use]
    pub fn makes_users(&self) -> bool {
        !self.is_production()
    }

    /// The addresses of its three services; the demo's are known only once it runs.
    #[must_use]
    pub fn endpoints(&self) -> Option<Endpoints> {
        match self {
            Self::Demo => None,
            Self::Sandbox => Endpoints::remote(
                "https://public-api.sandbox.bunq.com/v1/",
                "https://oauth.sandbox.bunq.com/auth",
                "https://api-oauth.sandbox.bunq.com/v1/token",
            ),
            Self::Production => Endpoints::remote(
                "https://api.bunq.com/v1/",
                "https://oauth.bunq.com/auth",
                "https://api.oauth.bunq.com/v1/token",
            ),
            Self::Local(root) => Endpoints::local(root),
        }
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name())
    }
}

impl FromStr for Environment {
    type Err = EnvironmentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "demo" => Ok(Self::Demo),
            "sandbox" => Ok(Self::Sandbox),
            "production" => Ok(Self::Production),
            other => {
                let url = Url::parse(other)
                    .ok()
                    .filter(|url| url.scheme() == "http" && url.host().is_some())
                    .ok_or_else(|| EnvironmentError::Unknown(other.into()))?;
                if !is_loopback(&url) {
                    return Err(EnvironmentError::NotLoopback);
                }
                Url::parse(&url.origin().ascii_serialization())
                    .map(Self::Local)
                    .map_err(|_| EnvironmentError::Unknown(other.into()))
            }
        }
    }
}

/// Whether an address is on this machine, where plain http is allowed.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Where the three services of one environment are. bunq's hosts follow no one pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// The API's root, with a slash at its end.
    pub api: Url,
    /// The page on which a user authorizes.
    pub authorize: Url,
    /// Where a code is swapped for a token.
    pub token: Url,
}

impl Endpoints {
    /// A simulator's services, from its root address; none when it is not on this machine.
    #[must_use]
    pub fn local(root: &Url) -> Option<Self> {
        if !is_loopback(root) {
            return None;
        }
        Some(Self {
            api: root.join("/v1/").ok()?,
            authorize: root.join("/auth").ok()?,
            token: root.join("/v1/token").ok()?,
        })
    }

    fn remote(api: &str, authorize: &str, token: &str) -> Option<Self> {
        Some(Self {
            api: Url::parse(api).ok()?,
            authorize: Url::parse(authorize).ok()?,
            token: Url::parse(token).ok()?,
        })
    }

    /// Whether they are on this machine, where plain http is allowed and no TLS is needed.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.api)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_services_of_each() {
        let sandbox = Environment::Sandbox.endpoints().unwrap();
        assert_eq!(sandbox.token.host_str(), Some("api-oauth.sandbox.bunq.com"));
        let production = Environment::Production.endpoints().unwrap();
        assert_eq!(production.token.host_str(), Some("api.oauth.bunq.com"));
        let local: Environment = "http://127.0.0.1:4000".parse().unwrap();
        let local = local.endpoints().unwrap();
        assert_eq!(local.api.as_str(), "http://127.0.0.1:4000/v1/");
        assert_eq!(local.authorize.as_str(), "http://127.0.0.1:4000/auth");
        assert!(local.is_loopback());
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for bad in [
            "http://10.0.0.1:80",
            "http://example.com",
            "http://127.0.0.1.example.com",
        ] {
            assert_eq!(
                bad.parse::<Environment>(),
                Err(EnvironmentError::NotLoopback)
            );
        }
        for bad in [
            "",
            "prod",
            "https://127.0.0.1",
            "ftp://localhost",
            "file:///etc",
        ] {
            assert!(bad.parse::<Environment>().is_err(), "{bad}");
        }
        assert!("http://[::1]:9/".parse::<Environment>().is_ok());
    }

    #[test]
    fn a_file_name_leads_back_to_its_environment() {
        for (name, stem) in [
            ("demo", "demo"),
            ("sandbox", "sandbox"),
            ("production", "production"),
            ("http://127.0.0.1:4000", "local-4000"),
            ("http://127.0.0.1", "local-80"),
            ("http://127.0.0.2:4000", "local-127_0_0_2-4000"),
            ("http://localhost:4000", "local-localhost-4000"),
            ("http://[::1]:4000", "local-ipv6-4000"),
        ] {
            let environment: Environment = name.parse().unwrap();
            assert_eq!(environment.file_stem(), stem);
            assert_eq!(Environment::from_file_stem(stem), Some(environment));
        }
        for stranger in [
            "",
            "local-",
            "local-x",
            "local-0x10",
            "local-example_com-80",
            "state",
        ] {
            assert_eq!(Environment::from_file_stem(stranger), None, "{stranger}");
        }
    }
}
