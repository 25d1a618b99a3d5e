//! `weir give`: shares, or an exit ticket, to somebody else.

use clap::Subcommand;
use serde_json::json;
use weir_abi::{IErc20, IExits};

use crate::amount::{Amount, exact, short};
use crate::deed::{Deed, Facts, own_shares};
use crate::failure::Result;
use crate::read::ticket_id;
use crate::shell::Shell;
use crate::transact::{Call, Caller, SendArgs, event};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Shares are an ERC-20 token. A ticket is a part of an exit batch: who has it is paid, and it joins the ticket of the same epoch that the \
new owner may have.

Examples, on a chain of `weir up`:
  weir give shares 1.5 bob --from alice
  weir give ticket 3 bob --from alice")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Give shares
    #[command(after_help = "\
Examples:
  weir give shares 1.5 bob --from alice
  weir give shares all carol --from bob --dry-run")]
    Shares {
        /// How many shares: 1.5, 1500000000000000000wei, or all
        shares: Amount,
        /// Name or address of the new owner
        to: String,
        #[command(flatten)]
        send: SendArgs,
    },
    /// Give an exit ticket, all of it
    #[command(after_help = "\
Examples:
  weir give ticket 3 bob --from alice")]
    Ticket {
        /// The epoch of its batch
        epoch: u64,
        /// Name or address of the new owner
        to: String,
        #[command(flatten)]
        send: SendArgs,
    },
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.action {
        Action::Shares { shares, to, send } => give_shares(shares, &to, &send, shell).await,
        Action::Ticket { epoch, to, send } => give_ticket(epoch, &to, &send, shell).await,
    }
}

async fn give_shares(shares: Amount, to: &str, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let to = client.party(to)?;
    let shares = own_shares(&caller, shares).await?;
    let name = client.label(to);
    let call = IErc20::transferCall { to, value: shares };
    let call = Call::new(client.address("lrt")?, call)
        .arg("to", &name)
        .arg("value", exact(shares));
    let facts = Facts::from_iter([
        ("to".to_owned(), json!(to)),
        ("shares".to_owned(), json!(shares.to_string())),
    ]);
    let deed = Deed::new("giving shares", call, facts);
    deed.done(
        &caller,
        |_, _| format!("{name} would get {} shares", exact(shares)),
        |_, _| format!("{name} got {} shares", short(shares)),
    )
    .await
}

async fn give_ticket(epoch: u64, to: &str, send: &SendArgs, shell: Shell) -> Result {
    let caller = Caller::open(send, shell).await?;
    let client = &caller.client;
    let (to, exits) = (client.party(to)?, client.address("exits")?);
    let id = ticket_id(epoch, caller.address());
    let name = client.label(to);
    let call = IExits::transferTicketCall { ticketId: id, to };
    let call = Call::new(exits, call).arg("epoch", epoch).arg("to", &name);
    let facts = Facts::from_iter([
        ("to".to_owned(), json!(to)),
        ("epoch".to_owned(), json!(epoch)),
        ("ticket".to_owned(), json!(ticket_id(epoch, to).to_string())),
    ]);
    let deed = Deed::new(format!("giving the ticket of epoch {epoch}"), call, facts);
    deed.done(
        &caller,
        |_, _| format!("{name} would get the ticket of epoch {epoch}"),
        |receipt, facts| {
            let event = event::<IExits::TicketTransferred>(receipt, exits);
            let shares = event.map(|event| event.shares).unwrap_or_default();
            facts.insert("shares".to_owned(), json!(shares.to_string()));
            format!(
                "{name} got the ticket of epoch {epoch}, of {} shares",
                short(shares)
            )
        },
    )
    .await
}
