//! Registration of payment service providers by certificate.

use jiff::{SignedDuration, Timestamp};
use rsa::PublicKey;
use rsa::pkcs8::DecodePublicKey as _;
use serde_json::{Value, json};
use x509_cert::Certificate;
use x509_cert::der::{DecodePem as _, Encode as _};

use super::super::clock::stamp;
use super::super::failure::Failure;
use super::super::state::{Credential, Owner, Secret, State, UserKind};
use super::super::{signing, wire, world};
use super::{Context, text};

/// A certificate as far as the bank reads it.
struct Presented {
    key: PublicKey,
    common_name: String,
    distinguished_name: String,
    bytes: Vec<u8>,
}

/// `POST payment-service-provider-credential`. The signature is the certificate key's, over the
/// installation's public key as PEM, a newline and the installation token.
pub(super) fn create(context: &mut Context<'_>) -> Result<Value, Failure> {
    let body = context.object()?;
    let certificate = text(&body, "client_payment_service_provider_certificate")?;
    let chain = text(&body, "client_payment_service_provider_certificate_chain")?;
    let signature = text(&body, "client_public_key_signature")?;
    let presented = read_certificate(&certificate)?;
    // Only that there is one: sandbox does not check the chain.
    read_certificate(&chain)?;
    let installation = context.installation()?;
    let signed = format!("{}\n{}", installation.public_pem, installation.token);
    if !signing::verifies(&presented.key, signed.as_bytes(), &signature) {
        return Err(Failure::WrongSignature);
    }
    let roles = presented.common_name.as_str();
    let (aisp, pisp) = (roles.contains("AISP"), roles.contains("PISP"));
    if !aisp && !pisp {
        return Err(Failure::Invalid(
            "The common name of the certificate must contain PISP or AISP.".to_owned(),
        ));
    }
    let now = context.now;
    let state = &mut *context.state;
    let user = provider(state, presented, (aisp, pisp), stamp(now));
    let (id, token) = (state.id(), state.token());
    let secret = Secret {
        owner: Owner::User(user),
        dead: false,
    };
    state.secrets.insert(token.clone(), secret);
    let credential = Credential {
        id,
        token,
        created: now,
        expires: later(now),
        used_by: None,
        has_opened: false,
    };
    let shown = show(&credential);
    state.credentials.insert(id, credential);
    Ok(shown)
}

/// The user that this certificate stands for, made at its first registration.
fn provider(state: &mut State, presented: Presented, roles: (bool, bool), now: String) -> u64 {
    let known = state.users.values().find(|user| {
        matches!(&user.kind, UserKind::Provider { certificate, .. } if *certificate == presented.bytes)
    });
    if let Some(user) = known {
        return user.id;
    }
    let kind = UserKind::Provider {
        distinguished_name: presented.distinguished_name,
        certificate: presented.bytes,
        aisp: roles.0,
        pisp: roles.1,
    };
    let id = world::add_user(state, kind, presented.common_name);
    if let Some(user) = state.users.get_mut(&id) {
        user.created = now;
    }
    id
}

fn read_certificate(pem: &str) -> Result<Presented, Failure> {
    let wrong = |what: &str| Failure::Invalid(format!("The certificate is not valid: {what}."));
    let first = first_block(pem).ok_or_else(|| wrong("it is not PEM"))?;
    let certificate = Certificate::from_pem(first).map_err(|_| wrong("it cannot be read"))?;
    let tbs = certificate.tbs_certificate();
    let common_name = match tbs.subject().common_name() {
        Ok(Some(name)) => name.value().into_owned(),
        _ => return Err(wrong("it has no common name")),
    };
    let key = tbs
        .subject_public_key_info()
        .to_der()
        .ok()
        .and_then(|der| PublicKey::from_public_key_der(&der).ok())
        .ok_or_else(|| wrong("its key is not an RSA key"))?;
    Ok(Presented {
        key,
        common_name,
        distinguished_name: tbs.subject().to_string(),
        bytes: certificate.to_der().map_err(|_| Failure::Broken)?,
    })
}

/// The first certificate of a chain.
fn first_block(pem: &str) -> Option<&str> {
    const END: &str = "-----END CERTIFICATE-----";
    let start = pem.find("-----BEGIN CERTIFICATE-----")?;
    let end = pem.find(END)? + END.len();
    pem.get(start..end)
}

/// An unused credential must be bound within four hours.
fn later(now: Timestamp) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(4))
        .unwrap_or(now)
}

/// `GET payment-service-provider-credential/{id}`.
pub(super) fn read(context: &mut Context<'_>) -> Result<Value, Failure> {
    let id = context.param(0)?;
    let credential = context.state.credentials.get(&id);
    Ok(show(credential.ok_or(Failure::NotFound("Credential", id))?))
}

fn show(credential: &Credential) -> Value {
    let created = stamp(credential.created);
    let unused = credential.used_by.is_none();
    let device = credential.used_by.as_ref();
    let body = json!({
        "id": credential.id,
        "created": created,
        "updated": created,
        "status": if unused { "PENDING_FIRST_USE" } else { "ACTIVE" },
        "expiry_time": unused.then(|| stamp(credential.expires)),
        "token_value": unused.then(|| credential.token.clone()),
        "permitted_device": device.map(|(description, ip)| json!({
            "description": description,
            "ip": ip.to_string(),
        })),
    });
    wire::one("CredentialPasswordIp", body)
}
