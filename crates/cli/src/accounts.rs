//! Whose key signs: a development account by name, a keystore file, or a key from the environment.

use std::path::{Path, PathBuf};
use std::{
    env, fs,
    io::{self, IsTerminal as _},
};

use alloy::primitives::Address;
use alloy::signers::local::PrivateKeySigner;
use weir_chain::DevAccounts;
pub use weir_deployment::devnet::NAMES;

use crate::failure::{Code, Failure, Result};

/// A private key, as hexadecimal digits. For scripts; a keystore is safer.
const KEY_VARIABLE: &str = "WEIR_PRIVATE_KEY";
/// The password of the keystore.
const PASSWORD_VARIABLE: &str = "WEIR_KEYSTORE_PASSWORD";

/// Who signs.
#[derive(Debug, Clone, Default, clap::Args)]
#[command(next_help_heading = "Signer")]
pub struct SignerArgs {
    /// Development account of `weir up` that signs: a name (alice, bob, …) or a number from 0 to 9
    #[arg(long, value_name = "NAME", conflicts_with = "keystore")]
    pub from: Option<String>,
    /// Encrypted keystore file of the account that signs, as `weir account new` makes it
    #[arg(long, value_name = "FILE", env = "WEIR_KEYSTORE")]
    pub keystore: Option<PathBuf>,
    /// File with the keystore's password; else WEIR_KEYSTORE_PASSWORD, else it is asked for
    #[arg(long, value_name = "FILE", requires = "keystore")]
    pub password_file: Option<PathBuf>,
}

/// Number of a development account, by name or number.
pub fn dev_index(name: &str) -> Option<usize> {
    let by_name = NAMES
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name));
    by_name.or_else(|| name.parse().ok().filter(|index| *index < NAMES.len()))
}

/// Name of an address, if it is that of a development account.
pub fn dev_name(accounts: &[Address], address: Address) -> Option<&'static str> {
    let index = accounts.iter().position(|account| *account == address)?;
    NAMES.get(index).copied()
}

impl SignerArgs {
    /// The key to sign with. `dev` are the development accounts of the chain, if it is one of `weir up`.
    ///
    /// # Errors
    /// No key is given, or the one given cannot be read.
    pub fn signer(&self, dev: Option<&DevAccounts>) -> Result<PrivateKeySigner> {
        if let Some(name) = &self.from {
            return dev_signer(name, dev);
        }
        if let Some(path) = &self.keystore {
            return open_keystore(path, self.password_file.as_deref());
        }
        match env::var(KEY_VARIABLE) {
            Ok(text) => text.trim().parse().map_err(|_| {
                // The value is a secret: it is not repeated.
                Failure::usage(format!("{KEY_VARIABLE} is not a private key")).because("expected 64 hexadecimal digits")
            }),
            Err(_) => Err(Failure::usage("no account to sign with").next(format!(
                "--from alice on a chain of `weir up`, --keystore FILE elsewhere, or {KEY_VARIABLE} in a script"
            ))),
        }
    }
}

/// The key in a keystore.
///
/// # Errors
/// There is none, or the password is another.
pub fn open_keystore(path: &Path, password_file: Option<&Path>) -> Result<PrivateKeySigner> {
    if !path.exists() {
        return Err(
            Failure::usage(format!("there is no keystore file {}", path.display()))
                .next("weir account new FILE makes one; so does cast wallet new FOLDER"),
        );
    }
    let password = password(path, password_file, false)?;
    PrivateKeySigner::decrypt_keystore(path, password).map_err(|error| {
        let failure = Failure::usage(format!("cannot open the keystore {}", path.display()));
        if error.to_string().contains("Mac Mismatch") {
            return failure.because("the password is wrong, or the file is damaged");
        }
        failure
            .because(error)
            .next("an encrypted keystore (version 3), as weir account new makes it")
    })
}

/// The password of a keystore: from a file, from the environment, or asked for, twice if it is a new one.
///
/// # Errors
/// It is not to be had.
pub fn password(path: &Path, file: Option<&Path>, is_new: bool) -> Result<String> {
    if let Some(file) = file {
        let text = fs::read_to_string(file);
        let text = text.map_err(|error| {
            Failure::usage(format!("cannot read {}", file.display())).because(error)
        })?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    if let Ok(password) = env::var(PASSWORD_VARIABLE) {
        return Ok(password);
    }
    if !console::user_attended_stderr() || !io::stdin().is_terminal() {
        return Err(
            Failure::usage(format!("the keystore {} needs a password", path.display())).next(
                format!("--password-file FILE, or {PASSWORD_VARIABLE} in the environment"),
            ),
        );
    }
    let password = ask(&format!("Password of {}: ", path.display()))?;
    if is_new && ask("The same again: ")? != password {
        return Err(Failure::usage("the two passwords differ").next("run the command again"));
    }
    Ok(password)
}

fn ask(question: &str) -> Result<String> {
    eprint!("{question}");
    let answer = console::Term::stderr().read_secure_line();
    answer.map_err(|error| Failure::new(Code::Failed, "cannot read the password").because(error))
}

fn dev_signer(name: &str, dev: Option<&DevAccounts>) -> Result<PrivateKeySigner> {
    let Some(index) = dev_index(name) else {
        return Err(
            Failure::usage(format!("there is no development account `{name}`")).next(format!(
                "one of {}, or 0 to {}",
                NAMES.join(", "),
                NAMES.len() - 1
            )),
        );
    };
    let Some(dev) = dev else {
        return Err(Failure::usage(format!(
            "`{name}` is an account of `weir up`, and this is another chain"
        ))
        .next("--keystore FILE with a key of yours"));
    };
    let signers = dev
        .signers()
        .map_err(|error| Failure::usage(error.to_string()))?;
    signers.get(index).cloned().ok_or_else(|| {
        Failure::usage(format!(
            "the chain has only {} development accounts",
            signers.len()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_have_names_and_numbers() {
        assert_eq!(dev_index("alice"), Some(0));
        assert_eq!(dev_index("Bob"), Some(1));
        assert_eq!(dev_index("9"), Some(9));
        assert_eq!(dev_index("10"), None);
        assert_eq!(dev_index("mallory"), None);
    }

    #[test]
    fn names_belong_to_chains_of_up() {
        let args = SignerArgs {
            from: Some("alice".to_owned()),
            ..SignerArgs::default()
        };
        assert_eq!(args.signer(None).unwrap_err().code, Code::Usage);
        let key = args.signer(Some(&DevAccounts::default())).unwrap();
        // The first account of the phrase that all development chains share.
        assert_eq!(
            key.address().to_string(),
            "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"
        );
    }
}
