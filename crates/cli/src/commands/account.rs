//! `weir account`: keystores, the encrypted files that hold a key.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use alloy::primitives::Address;
use alloy::signers::k256::elliptic_curve::rand_core::OsRng;
use alloy::signers::local::PrivateKeySigner;
use clap::Subcommand;
use serde::Serialize;

use crate::accounts::{open_keystore, password};
use crate::failure::{Code, Failure, Result};
use crate::shell::{Shell, faint};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A keystore is what `cast wallet`, geth and most wallets write and read (version 3). Whoever has the file and its password has \
the account; who loses either has lost it. On a chain of `weir up` no keystore is needed: --from alice.

Examples:
  weir account new key.json
  weir account show key.json
  weir deposit 1 weth --keystore key.json --rpc https://… --book plan.book.json")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a new account, its key encrypted in a file
    #[command(after_help = "\
Examples:
  weir account new key.json
  weir account new key.json --password-file password.txt")]
    New(Keystore),
    /// Show the address of a keystore's account
    #[command(after_help = "\
Examples:
  weir account show key.json")]
    Show(Keystore),
}

#[derive(Debug, clap::Args)]
struct Keystore {
    /// The keystore file
    file: PathBuf,
    /// File with its password; else WEIR_KEYSTORE_PASSWORD, else it is asked for
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// An account and where its key is.
#[derive(Debug, Serialize)]
struct Account {
    address: Address,
    keystore: PathBuf,
}

/// Runs the command.
pub fn run(args: Args, shell: Shell) -> Result {
    let (keystore, address, is_new) = match args.action {
        Action::New(keystore) => {
            let address = create(&keystore)?;
            (keystore, address, true)
        }
        Action::Show(keystore) => {
            let signer = open_keystore(&keystore.file, keystore.password_file.as_deref())?;
            (keystore, signer.address(), false)
        }
    };
    let account = Account {
        address,
        keystore: keystore.file,
    };
    shell.result(&account, |account| {
        let file = account.keystore.display();
        let mut text = format!("{}\n", account.address);
        if is_new {
            text += &faint(format!(
                "  its key is in {file}: keep it and its password safe\n"
            ));
            text += &faint(format!("  sign with it by --keystore {file}\n"));
        }
        text
    })
}

fn create(keystore: &Keystore) -> Result<Address> {
    let path = &keystore.file;
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(name) = name else {
        return Err(Failure::usage(format!(
            "{} is not the name of a file",
            path.display()
        )));
    };
    if path.exists() {
        return Err(exists(path));
    }
    let password = password(path, keystore.password_file.as_deref(), true)?;
    if password.is_empty() {
        return Err(Failure::usage("an empty password protects nothing").next("choose another"));
    }
    reserve(path)?;
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let key = PrivateKeySigner::random().to_bytes();
    let made = PrivateKeySigner::encrypt_keystore(folder, &mut OsRng, key, password, Some(name));
    let (signer, _) = made.map_err(|error| {
        // What was reserved and is still empty would only stand in the way of the next try.
        let _ = fs::remove_file(path);
        Failure::new(
            Code::Failed,
            format!("cannot write the keystore {}", path.display()),
        )
        .because(error)
    })?;
    Ok(signer.address())
}

/// Makes the file, empty and for its owner alone, so that no older key is overwritten and no other user reads the new one.
fn reserve(path: &Path) -> Result {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(exists(path)),
        Err(error) => {
            let what = format!("cannot make the file {}", path.display());
            Err(Failure::new(Code::Failed, what).because(error))
        }
    }
}

fn exists(path: &Path) -> Failure {
    Failure::usage(format!("there is a file {} already", path.display()))
        .because("a key that is overwritten is lost")
        .next("another name")
}
