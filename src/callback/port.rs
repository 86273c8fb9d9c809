//! A port on both loopback addresses.

use std::fs;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use tokio::net::{TcpListener, TcpStream};

use super::BindError;
use crate::base::{BankText, Problem};

/// How often another free port is tried when the one that IPv4 gave is taken on IPv6.
const TRIES: usize = 32;

/// Both ends of `localhost`. A browser may try either first, and who holds one of them gets the
/// code (RFC 8252, section 7.3).
#[derive(Debug)]
pub(super) struct Loopback {
    pub(super) port: u16,
    pub(super) v4: TcpListener,
    /// None where the machine has no IPv6.
    pub(super) v6: Option<TcpListener>,
    /// This machine's address on the network, for the one login that asked for it.
    lan: Option<TcpListener>,
}

impl Loopback {
    /// Binds the port, or for 0 one that is free on both.
    pub(super) async fn bind(port: u16) -> Result<Self, BindError> {
        if port != 0 {
            return match bind_both(port).await {
                Err(error) if error.kind() == ErrorKind::AddrInUse => Err(taken(port).await),
                bound => bound.map_err(|error| other(port, &error)),
            };
        }
        let mut last = None;
        for _ in 0..TRIES {
            match bind_both(0).await {
                Ok(bound) => return Ok(bound),
                Err(error) if error.kind() == ErrorKind::AddrInUse => last = Some(error),
                Err(error) => return Err(other(0, &error)),
            }
        }
        let last = last.unwrap_or_else(|| ErrorKind::AddrInUse.into());
        Err(other(0, &last))
    }

    /// Binds the same port on one more address.
    pub(super) async fn reach(&mut self, address: IpAddr) -> Result<(), BindError> {
        let bound = TcpListener::bind(SocketAddr::new(address, self.port)).await;
        self.lan = Some(match bound {
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                return Err(taken(self.port).await);
            }
            bound => bound.map_err(|error| other(self.port, &error))?,
        });
        Ok(())
    }

    /// The next connection on any.
    pub(super) async fn accept(&self) -> io::Result<TcpStream> {
        tokio::select! {
            accepted = next(Some(&self.v4)) => accepted,
            accepted = next(self.v6.as_ref()) => accepted,
            accepted = next(self.lan.as_ref()) => accepted,
        }
    }
}

/// The next connection; never one where nothing was bound.
async fn next(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

async fn taken(port: u16) -> BindError {
    let by = tokio::task::spawn_blocking(move || holder(port)).await;
    BindError::PortTaken {
        port,
        by: by.ok().flatten(),
    }
}

/// A port that is free on both loopback addresses now.
///
/// # Errors
/// When there is none.
pub async fn free_port() -> Result<u16, Problem> {
    Ok(Loopback::bind(0).await?.port)
}

async fn bind_both(port: u16) -> io::Result<Loopback> {
    let v4 = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    let port = v4.local_addr()?.port();
    let v6 = match TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).await {
        Ok(v6) => Some(v6),
        // Everything but "no IPv6 here" is refused.
        Err(error) if has_no_ipv6(&error) => None,
        Err(error) => return Err(error),
    };
    Ok(Loopback {
        port,
        v4,
        v6,
        lan: None,
    })
}

fn has_no_ipv6(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let known = [
        Errno::AFNOSUPPORT,
        Errno::ADDRNOTAVAIL,
        Errno::PROTONOSUPPORT,
    ];
    error.kind() == ErrorKind::AddrNotAvailable
        || error
            .raw_os_error()
            .is_some_and(|raw| known.iter().any(|errno| errno.raw_os_error() == raw))
}

fn other(port: u16, error: &io::Error) -> BindError {
    BindError::Other {
        port,
        reason: error.to_string(),
    }
}

/// Who listens on the port, where `/proc` tells: only for processes that we may look into.
fn holder(port: u16) -> Option<String> {
    let sockets: Vec<String> = ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| listening(&table, port))
        .map(|inode| format!("socket:[{inode}]"))
        .collect();
    if sockets.is_empty() {
        return None;
    }
    let seen = fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let id: u32 = process.file_name().to_str()?.parse().ok()?;
        let holds = fs::read_dir(process.path().join("fd"))
            .ok()?
            .flatten()
            .filter_map(|handle| fs::read_link(handle.path()).ok())
            .any(|link| sockets.iter().any(|socket| Path::new(socket) == link));
        if !holds {
            return None;
        }
        let name = fs::read_to_string(process.path().join("comm")).ok()?;
        Some(format!("{} (process {id})", BankText::new(name.trim_end())))
    });
    seen.or_else(another_of_us)
}

/// Another bunq-tui that we may not look into: it keeps its memory, and so its `/proc`, to itself.
fn another_of_us() -> Option<String> {
    fs::read_dir("/proc").ok()?.flatten().find_map(|process| {
        let id: u32 = process.file_name().to_str()?.parse().ok()?;
        let name = fs::read_to_string(process.path().join("comm")).ok()?;
        let closed = fs::read_dir(process.path().join("fd")).is_err();
        (name.trim_end() == env!("CARGO_PKG_NAME") && closed)
            .then(|| format!("bunq-tui (process {id}), most likely"))
    })
}

/// The inodes of the listening sockets of a port, from a table of `/proc/net` (proc(5)).
fn listening(table: &str, port: u16) -> Vec<String> {
    const LISTEN: &str = "0A";
    let wanted = format!(":{port:04X}");
    table
        .lines()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let local = fields.get(1)?;
            let listens = *fields.get(3)? == LISTEN && local.ends_with(&wanted);
            listens.then(|| fields.get(9).map(|inode| (*inode).to_owned()))?
        })
        .collect()
}
