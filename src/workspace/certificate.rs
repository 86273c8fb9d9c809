//! The certificate that makes us a PSD2 provider: read from files, or generated; kept so that it can
//! be used again when the bank has forgotten us.

use std::path::Path;

use super::setup::ChoiceKey;
use super::{CertificatePem, Psd2Roles, Workspace};
use crate::base::{Exit, FileFault, Problem, Secret, Whose, read_file};
use crate::bunq::{Certificate, Error, Role};
use crate::store::{CertificateRow, StoreError, Tx};

/// Most bytes of a file with a certificate, a chain or a key: a chain has a few kilobytes.
const LONGEST_FILE: u64 = 256 * 1024;
/// The name in a generated certificate; the roles are added to it.
const GENERATED_NAME: &str = "bunq-tui";
/// Which choice the kept certificate was kept for. Where it is missing, the first version kept it.
const KEPT_FOR: &str = "certificate-of";

/// Reads a certificate of one's own from PEM files. Without a chain it is its own.
///
/// # Errors
/// When a file cannot be read, others can read the key, or key and certificate do not belong
/// together.
pub fn read_certificate(
    certificate: &Path,
    key: &Path,
    chain: Option<&Path>,
) -> Result<CertificatePem, Problem> {
    let certificate = read(certificate, Whose::Anybody)?;
    let chain = match chain {
        Some(chain) => read(chain, Whose::Anybody)?,
        None => certificate.clone(),
    };
    let pem = CertificatePem {
        certificate,
        chain,
        key: read_key(key)?,
    };
    check(&pem)?;
    Ok(pem)
}

/// Reads a private key. A file that is none is said to be none before who can read it is looked at:
/// a certificate in its place is often readable by everybody.
fn read_key(path: &Path) -> Result<Secret, Problem> {
    let looked = Secret::new(read(path, Whose::Anybody)?);
    if !looked.expose().contains("PRIVATE KEY-----") {
        let what = if looked.expose().contains("BEGIN CERTIFICATE-----") {
            "it is a certificate, and no private key"
        } else {
            "there is no private key in PEM form in it (-----BEGIN … PRIVATE KEY-----)"
        };
        return Err(
            Problem::new(format!("{} cannot be used", path.display()), Exit::Usage)
                .because(what)
                .next("Name the file of the key that the certificate was made for."),
        );
    }
    read(path, Whose::OwnerOnly).map(Secret::new)
}

fn read(path: &Path, whose: Whose) -> Result<String, Problem> {
    let failed = |why: String, next: String| {
        Problem::new(format!("{} cannot be used", path.display()), Exit::Usage)
            .because(why)
            .next(next)
    };
    let another = || "Name another file.".to_owned();
    let bytes = read_file(path, whose, LONGEST_FILE).map_err(|fault| match fault {
        FileFault::Unreadable(why) => failed(why, another()),
        FileFault::NotOrdinary => failed("it is no ordinary file".into(), another()),
        FileFault::Owner => failed(
            "it belongs to another user of this machine".into(),
            "Use a key file that is your own.".into(),
        ),
        FileFault::Mode => failed(
            "others can read or write this private key".into(),
            format!("Run: chmod 600 {}", path.display()),
        ),
        FileFault::TooLong => failed(
            format!("it has more than {} KiB", LONGEST_FILE / 1024),
            "A certificate in PEM form has a few.".into(),
        ),
    })?;
    let text = std::str::from_utf8(&bytes);
    text.map(str::to_owned)
        .map_err(|_| failed("it is no text".into(), another()))
}

/// Whether certificate and key can be read and belong together.
pub(super) fn check(pem: &CertificatePem) -> Result<Certificate, Problem> {
    Certificate::from_pem(&pem.certificate, &pem.chain, pem.key.clone()).map_err(|error| {
        Problem::new("The certificate cannot be used", Exit::Usage)
            .because(error.to_string())
            .next(
                "Give the certificate, and the RSA key that it was made for, both in PEM form \
                 (-----BEGIN …).",
            )
    })
}

/// As the store keeps it.
pub(super) fn row(pem: CertificatePem) -> CertificateRow {
    CertificateRow {
        certificate_pem: pem.certificate,
        chain_pem: pem.chain,
        key_pem: pem.key,
    }
}

/// Keeps it, and what for.
pub(super) fn keep(tx: &Tx<'_>, row: &CertificateRow, choice: ChoiceKey) -> Result<(), StoreError> {
    tx.save_certificate(row)?;
    tx.set_note(KEPT_FOR, choice.word())
}

impl Workspace {
    /// The certificate that is kept, and can still be read.
    pub(super) fn kept_certificate(&self) -> Result<Option<Certificate>, Problem> {
        Ok(match self.store.certificate()? {
            Some(row) => Some(Certificate::from_pem(
                &row.certificate_pem,
                &row.chain_pem,
                row.key_pem,
            )?),
            None => None,
        })
    }

    /// The certificate for this choice: the kept one where it was kept for the same, else a new
    /// one, which is kept first.
    pub(super) async fn certificate_for(&self, choice: ChoiceKey) -> Result<Certificate, Problem> {
        let first = ChoiceKey::NewPsd2Provider(Psd2Roles::Both).word();
        let kept_for = self.store.note(KEPT_FOR)?;
        let fits = kept_for.as_deref().unwrap_or(first) == choice.word();
        let ChoiceKey::NewPsd2Provider(roles) = choice else {
            let kept = self.kept_certificate()?.filter(|_| fits);
            return kept.ok_or_else(certificate_missing);
        };
        let now = self.settings.clock.now();
        let good = |kept: &Certificate| kept.expires_at().is_none_or(|ends| now < ends);
        // One that cannot be read any more is no loss: it was made here.
        let kept = self.kept_certificate().ok().flatten();
        if let Some(kept) = kept.filter(|_| fits).filter(good) {
            return Ok(kept);
        }
        let made = blocking(move || Certificate::generate(GENERATED_NAME, markers(roles))).await?;
        let row = CertificateRow {
            certificate_pem: made.certificate_pem.clone(),
            chain_pem: made.chain_pem.clone(),
            key_pem: made.key_pem.clone(),
        };
        self.store.write(|tx| keep(tx, &row, choice))?;
        Ok(made)
    }
}

fn markers(roles: Psd2Roles) -> &'static [Role] {
    match roles {
        Psd2Roles::Both => &[Role::AccountInformation, Role::PaymentInitiation],
        Psd2Roles::AccountInformation => &[Role::AccountInformation],
        Psd2Roles::PaymentInitiation => &[Role::PaymentInitiation],
    }
}

fn certificate_missing() -> Problem {
    Problem::new("The certificate of this profile is missing", Exit::NotReady)
        .because("the setup was begun with one of your own, and it is no longer kept here")
        .next("Give it again: --certificate FILE --certificate-key FILE.")
}

/// Runs slow arithmetic where it holds nobody up.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Problem::new("The key could not be made", Exit::Failed))?
        .map_err(Problem::from)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("-----BEGIN CERTIFICATE-----\n", 0o644, "it is a certificate")]
    #[case("nothing of the kind", 0o644, "there is no private key")]
    #[case("-----BEGIN PRIVATE KEY-----\n", 0o644, "others can read")]
    #[case("-----BEGIN RSA PRIVATE KEY-----\n", 0o640, "others can read")]
    fn a_key_file_is_first_asked_whether_it_is_one(
        #[case] text: &str,
        #[case] mode: u32,
        #[case] why: &str,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.pem");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let problem = read_key(&path).err().unwrap();
        assert!(problem.why.contains(why), "{}", problem.why);
        assert_eq!(problem.exit, Exit::Usage);
    }

    #[test]
    fn a_key_that_only_its_owner_reads_is_taken() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("key.pem");
        fs::write(&path, "-----BEGIN PRIVATE KEY-----\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(read_key(&path).is_ok());
    }
}
