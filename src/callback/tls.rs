//! TLS on the listener, for a bank that takes no plain http: with a certificate made on the spot,
//! whose key never leaves the memory.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use rcgen::{
    CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::NoServerSessionStorage;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::base::{Exit, Problem};

/// The first byte of a TLS connection: a record of the type handshake (RFC 8446, section 5.1).
const HANDSHAKE: u8 = 0x16;
/// Clocks differ; a certificate of this moment would be of the future for some.
const BEFORE: Duration = Duration::from_secs(60 * 60);
/// Longer than any login.
const AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// To who speaks plain http where TLS is spoken.
const NOT_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Cache-Control: no-store\r\nContent-Length: 27\r\nConnection: close\r\n\r\n\
    This address takes https.\r\n";

/// A certificate for one listener, with its key.
#[derive(Clone)]
pub(super) struct Certificate {
    acceptor: TlsAcceptor,
    /// SHA-256 of the certificate, as browsers show it: pairs of hexadecimal digits with colons.
    pub(super) fingerprint: String,
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", self.fingerprint)
    }
}

/// What a connection turned out to be.
pub(super) enum Spoken {
    /// TLS, with its handshake done.
    Tls(Box<TlsStream<TcpStream>>),
    /// Something else, which was told so.
    Other,
    /// A handshake that came to nothing: browsers break one off to ask about the certificate.
    Nothing,
}

impl Certificate {
    /// ECDSA P-256, for this machine's own names and for `address`.
    pub(super) fn make(now: jiff::Timestamp, address: Option<IpAddr>) -> Result<Self, Problem> {
        Self::try_make(now, address).map_err(|reason| {
            Problem::new(
                "No certificate could be made for the redirect",
                Exit::Failed,
            )
            .because(reason)
            .next("Try again; or paste the address where the browser ends.")
        })
    }

    fn try_make(now: jiff::Timestamp, address: Option<IpAddr>) -> Result<Self, String> {
        let key = KeyPair::generate().map_err(|error| error.to_string())?;
        let mut wanted = CertificateParams::new(vec!["localhost".to_owned()])
            .map_err(|error| error.to_string())?;
        let loopback = [
            IpAddr::from(Ipv4Addr::LOCALHOST),
            IpAddr::from(Ipv6Addr::LOCALHOST),
        ];
        let addresses = loopback.into_iter().chain(address).map(SanType::IpAddress);
        wanted.subject_alt_names.extend(addresses);
        let since_1970 = u64::try_from(now.as_second()).unwrap_or_default();
        let now = UNIX_EPOCH + Duration::from_secs(since_1970);
        wanted.not_before = (now - BEFORE).into();
        wanted.not_after = (now + AFTER).into();
        wanted.distinguished_name = rcgen::DistinguishedName::new();
        wanted
            .distinguished_name
            .push(DnType::CommonName, "bunq-tui on this machine");
        wanted.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        wanted.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let certificate = wanted
            .self_signed(&key)
            .map_err(|error| error.to_string())?;
        let fingerprint = Sha256::digest(certificate.der());
        let fingerprint: Vec<String> = fingerprint.iter().map(|b| format!("{b:02X}")).collect();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], key)
            .map_err(|error| error.to_string())?;
        // A login is one or two requests: nothing is kept to go on with.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            fingerprint: fingerprint.join(":"),
        })
    }
}

/// The handshake. Takes as long as the other end likes: the caller bounds it.
pub(super) async fn shake_hands(certificate: &Certificate, mut stream: TcpStream) -> Spoken {
    let mut first = [0];
    match stream.peek(&mut first).await {
        Ok(1) if first == [HANDSHAKE] => match certificate.acceptor.accept(stream).await {
            Ok(stream) => Spoken::Tls(Box::new(stream)),
            Err(_) => Spoken::Nothing,
        },
        Ok(1) => {
            // Whoever it is may be gone.
            drop(stream.write_all(NOT_TLS).await);
            drop(stream.shutdown().await);
            Spoken::Other
        }
        _ => Spoken::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_certificate_is_another_and_shows_no_key() {
        let now = jiff::Timestamp::now();
        let one = Certificate::make(now, None).unwrap();
        let two = Certificate::make(now, Some(Ipv4Addr::LOCALHOST.into())).unwrap();
        assert_eq!(one.fingerprint.len(), 32 * 3 - 1);
        assert_ne!(one.fingerprint, two.fingerprint);
        assert_eq!(
            format!("{one:?}"),
            format!("Certificate({})", one.fingerprint)
        );
    }
}
