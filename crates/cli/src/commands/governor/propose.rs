//! `weir governor propose`: every change that the governor can make, by name, and any call by its function.

use clap::Subcommand;

use super::{assets, fees, others, rates};
use crate::connect::Moment;
use crate::failure::Result;
use crate::order::{Order, carry_out};
use crate::shell::Shell;
use crate::transact::{Caller, SendArgs};

/// For `--help`.
pub const HELP: &str = "\
What only removes risk counts at once: a lower cap or deposit fee, tighter limits. A higher deposit fee, the idle target, the fee \
curve and a rate that is no higher wait two days, everything else the longest exit and a day. `--dry-run` says how long.

Examples, on a chain of `weir up`:
  weir governor propose cap reth 500 --from governor
  weir governor propose limits --operator 50 --worst-two 60 --from governor
  weir governor propose opt-in custody --from governor --dry-run
  weir governor propose call vault setIdleTarget 800 --from governor";

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    change: Change,
}

#[derive(Debug, Subcommand)]
enum Change {
    /// Add an asset to the vault; its rate source and its cap are changes of their own, and follow
    #[command(after_help = "\
A vault that has shares takes it with a cap of 0; rises are bounded, in each epoch anew.

Examples:
  weir governor propose list-asset TOKEN --from governor")]
    ListAsset(Sent<assets::ListAsset>),
    /// Stop deposits of an asset for ever
    #[command(after_help = "\
Examples:
  weir governor propose delist reth --from governor")]
    Delist(Sent<assets::Delist>),
    /// Move a delisted asset that failed out of the NAV, to who holds shares at that moment
    #[command(after_help = "\
Examples:
  weir governor propose pocket reth --from governor")]
    Pocket(Sent<assets::Pocket>),
    /// Name who has a part of a pocket, by the root of their tree
    #[command(after_help = "\
Examples:
  weir governor propose open-pocket reth --from governor
  weir governor propose open-pocket reth --tree pocket.json --from governor")]
    OpenPocket(Sent<assets::OpenPocket>),
    /// Set the most of an asset that the vault takes
    #[command(after_help = "\
Once there are shares a rise is to twice the cap that the epoch began with at most, or to a twentieth of the NAV.

Examples:
  weir governor propose cap reth 500 --from governor
  weir governor propose cap reth 0 --from governor   no more deposits for now")]
    Cap(Sent<assets::Cap>),
    /// Set the part of a deposit that buys no shares
    #[command(after_help = "\
Examples:
  weir governor propose deposit-fee reth 0.1 --from governor")]
    DepositFee(Sent<fees::DepositFee>),
    /// Set the part of each asset that stays idle for instant exits
    #[command(after_help = "\
Examples:
  weir governor propose idle-target 8 --from governor")]
    IdleTarget(Sent<fees::IdleTarget>),
    /// Set the fee on instant exits; what is left out stays as it is
    #[command(after_help = "\
Examples:
  weir governor propose fee-curve --base 0.1 --from governor")]
    FeeCurve(Sent<fees::FeeCurve>),
    /// Set the part of a gain that is taken as a performance fee
    #[command(after_help = "\
Examples:
  weir governor propose performance-fee 8 --from governor")]
    PerformanceFee(Sent<fees::PerformanceFee>),
    /// Set who has the performance fee; what is left out stays as it is
    #[command(after_help = "\
Examples:
  weir governor propose fee-split --cover cover --cover-part 20 --from governor
  weir governor propose fee-split --treasury erin --from governor")]
    FeeSplit(Sent<fees::FeeSplit>),
    /// Set where the rate of an asset comes from, and how far it may move
    #[command(after_help = "\
A source has a view, as in --call 'getExchangeRate()', and bounds: --max-drop and --max-growth.

Examples:
  weir governor propose rate-source weth --from governor   worth one ETH")]
    RateSource(Sent<rates::RateSource>),
    /// Name who may confirm a rate that is out of its bounds, or nobody
    #[command(after_help = "\
Examples:
  weir governor propose second-source reth --from governor   nobody")]
    SecondSource(Sent<rates::SecondSource>),
    /// Accept a rate that is out of its bounds
    #[command(after_help = "\
Examples:
  weir governor propose accept-rate reth 1.02 --from governor")]
    AcceptRate(Sent<rates::AcceptRate>),
    /// Set how much may be at risk in one place; what is left out stays as it is
    #[command(after_help = "\
Examples:
  weir governor propose limits --service 60 --operator 50 --from governor")]
    Limits(Sent<others::Limits>),
    /// Say what an operator has in common with others; replaces what was said before
    #[command(after_help = "\
Examples:
  weir governor propose groups north geth aws --from governor
  weir governor propose groups north --from governor   none")]
    Groups(Sent<others::Groups>),
    /// Let a service slash the vault within its terms
    #[command(after_help = "\
Examples:
  weir governor propose opt-in 5 --from governor")]
    OptIn(Sent<others::OptIn>),
    /// Name the roles anew; what is left out stays as it is
    #[command(after_help = "\
Examples:
  weir governor propose roles --curator dave --from governor")]
    Roles(Sent<others::Roles>),
    /// Call any function of any contract, with its arguments or as calldata
    #[command(after_help = "\
Names of accounts, contracts and assets stand for their addresses; numbers are whole, in the smallest unit.

Examples:
  weir governor propose call vault setIdleTarget 800 --from governor
  weir governor propose call vault 'setCap(address,uint256)' reth 5 --from 9
  weir governor propose call rates 0x18178358 --from governor")]
    Call(Sent<others::AnyCall>),
}

/// A change, and how it is sent.
#[derive(Debug, clap::Args)]
struct Sent<C: clap::Args> {
    #[command(flatten)]
    change: C,
    #[command(flatten)]
    send: SendArgs,
}

/// A change that can be written as a call of the governor contract.
pub(super) trait ToOrder {
    /// The call.
    async fn order(&self, now: &Moment<'_>) -> Result<Order>;
}

/// Runs the command.
pub async fn run(args: Args, shell: Shell) -> Result {
    match args.change {
        Change::ListAsset(it) => propose(it, shell).await,
        Change::Delist(it) => propose(it, shell).await,
        Change::Pocket(it) => propose(it, shell).await,
        Change::OpenPocket(it) => propose(it, shell).await,
        Change::Cap(it) => propose(it, shell).await,
        Change::DepositFee(it) => propose(it, shell).await,
        Change::IdleTarget(it) => propose(it, shell).await,
        Change::FeeCurve(it) => propose(it, shell).await,
        Change::PerformanceFee(it) => propose(it, shell).await,
        Change::FeeSplit(it) => propose(it, shell).await,
        Change::RateSource(it) => propose(it, shell).await,
        Change::SecondSource(it) => propose(it, shell).await,
        Change::AcceptRate(it) => propose(it, shell).await,
        Change::Limits(it) => propose(it, shell).await,
        Change::Groups(it) => propose(it, shell).await,
        Change::OptIn(it) => propose(it, shell).await,
        Change::Roles(it) => propose(it, shell).await,
        Change::Call(it) => propose(it, shell).await,
    }
}

async fn propose<C: clap::Args + ToOrder>(sent: Sent<C>, shell: Shell) -> Result {
    let caller = Caller::open(&sent.send, shell).await?;
    let order = sent.change.order(&caller.client.now().await?).await?;
    carry_out(&caller, order, |_, _| None).await
}
