//! The one-time setup, on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::UnlockWith;

#[derive(Args, Debug)]
pub(in crate::cli) struct Setup {
    #[command(flatten)]
    pub(in crate::cli) provider: ProviderFlags,
    /// The roles of a generated certificate: aisp, pisp, or both [default: aisp,pisp]
    #[arg(long, value_name = "ROLES", value_enum, value_delimiter = ',', conflicts_with_all = ["person", "company", "api_key_file", "certificate"])]
    pub(in crate::cli) roles: Vec<RoleName>,
    /// The certificate's private key, in PEM form, readable by its owner only
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(in crate::cli) certificate_key: Option<PathBuf>,
    /// What stands between the certificate and its root, in PEM form [default: the certificate]
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(in crate::cli) certificate_chain: Option<PathBuf>,
    /// Set up anew at a bank that has forgotten us, or with another key; users and their last
    /// figures stay as history
    #[arg(long)]
    pub(in crate::cli) anew: bool,
    /// What the store is to be opened with when it is made [default: the key file if one is named,
    /// else asked at the terminal]
    #[arg(long, value_enum, value_name = "KIND")]
    pub(in crate::cli) unlock_with: Option<UnlockWith>,
}

/// A role that a generated certificate names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum RoleName {
    /// Account information: reads accounts, balances and payments
    Aisp,
    /// Payment initiation: prepares payments
    Pisp,
}

/// Who to be at the bank. Sandbox and simulators default to a new PSD2 provider.
#[derive(Args, Debug)]
#[group(multiple = false)]
pub(in crate::cli) struct ProviderFlags {
    /// Be a new sandbox person
    #[arg(long)]
    pub(in crate::cli) person: bool,
    /// Be a new sandbox company
    #[arg(long)]
    pub(in crate::cli) company: bool,
    /// Be a new PSD2 provider with a generated certificate (sandbox)
    #[arg(long)]
    pub(in crate::cli) psd2: bool,
    /// Be a PSD2 provider with this certificate, in PEM form
    #[arg(long, value_name = "FILE", requires = "certificate_key")]
    pub(in crate::cli) certificate: Option<PathBuf>,
    /// Be the owner of the API key in this file; - reads it from standard input
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) api_key_file: Option<PathBuf>,
}
