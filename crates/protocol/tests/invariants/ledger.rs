//! What the ledger says is there, is there; and it is somebody's.

use std::collections::BTreeMap;

use weir_protocol::exits::TicketKey;
use weir_protocol::model::{Call, DEAD, EXITS, Model, Op, Outcome, VAULT};
use weir_protocol::units::MAX_UNDECIDED;
use weir_protocol::vault::{self, Ledger, VaultKey, VaultStore, Verdict};

use crate::stories::{Answer, check_stories};

pub fn ledgers(model: &Model) -> Vec<Ledger> {
    (0..model.config().assets.len() as u8)
        .map(|asset| vault::ledger(model.vault(), asset))
        .collect()
}

#[test]
fn solvency_each_token_balance_covers_every_claim_on_it() {
    check_stories(150, 300, |_, _, _, model| {
        for (asset, ledger) in (0u8..).zip(ledgers(model)) {
            let liabilities = ledger.liabilities().expect("fits");
            let balance = model.tokens_of(asset, VAULT);
            assert!(
                balance >= liabilities,
                "asset {asset}: {balance} < {liabilities}"
            );
        }
    });
}

#[test]
fn conservation_what_entered_equals_what_left_plus_what_is_held() {
    check_stories(150, 300, |before, op, answer, after| {
        let assets = before.config().assets.len();
        let mut entered = vec![0; assets];
        let mut left = vec![0; assets];
        let mut donated = vec![0; assets];
        match (&op.call, answer) {
            (Call::Deposit { asset, amount, .. }, Ok(_)) => entered[usize::from(*asset)] = *amount,
            (Call::Stream { asset, amount, .. }, Ok(_)) => entered[usize::from(*asset)] = *amount,
            (Call::FundReward { asset, .. }, Ok(Outcome::Rewarded { split, .. })) => {
                entered[usize::from(*asset)] = split.rest;
            }
            (Call::Donate { asset, amount }, Ok(_)) => donated[usize::from(*asset)] = *amount,
            (Call::Redeem { asset, .. }, Ok(Outcome::Redeemed(summary))) => {
                left[usize::from(*asset)] = summary.amount;
            }
            (Call::Pull { asset, .. }, Ok(Outcome::Pulled { amount })) => {
                left[usize::from(*asset)] = *amount;
            }
            // What a ticket of the vault itself is paid stays, and vests.
            (Call::Claim { owner: VAULT, .. }, _) => {}
            (Call::Claim { .. }, Ok(Outcome::Claimed { paid, .. })) => {
                left.copy_from_slice(&paid[..assets]);
            }
            _ => {}
        }
        for asset in 0..assets {
            let was = ledgers(before)[asset].liabilities().expect("fits");
            let is = ledgers(after)[asset].liabilities().expect("fits");
            assert_eq!(
                is + left[asset],
                was + entered[asset],
                "ledger of asset {asset}"
            );
            let token = asset as u8;
            assert_eq!(
                after.tokens_of(token, VAULT) + left[asset],
                before.tokens_of(token, VAULT) + entered[asset] + donated[asset],
                "balance of asset {asset}"
            );
        }
    });
}

#[test]
fn every_share_is_somebodys_and_the_vault_knows_how_many_there_are() {
    check_stories(150, 300, |_, _, _, model| {
        let sum: u128 = model.holders().map(|(_, shares)| shares).sum();
        assert_eq!(sum, model.vault().head().supply);
        let unpaid: u128 = model
            .vault()
            .entries()
            .filter_map(|(key, _)| match key {
                VaultKey::Batch(epoch) => Some(model.vault().batch(epoch)),
                _ => None,
            })
            .map(|batch| batch.shares - batch.filled)
            .sum();
        let needed = unpaid + claimable_shares(model);
        let escrow = model.shares_of(EXITS);
        // Less than a wei for each ticket of a batch that was given shares of bonds and cover.
        let dust = 8 * (u128::from(model.vault().head().closed) + 1);
        assert!(
            needed <= escrow && escrow <= needed + dust,
            "escrow {escrow}, needed {needed}"
        );
        let open = model.vault().batch(model.vault().head().closed);
        assert_eq!(model.vault().queued(), unpaid - open.shares, "queued");
        if sum > 0 {
            assert!(model.shares_of(DEAD) > 0);
        }
    });
}

/// Shares of bonds and cover that tickets can claim.
fn claimable_shares(model: &Model) -> u128 {
    let tickets = model.tickets().entries().filter_map(|(key, _)| match key {
        TicketKey::Shares(epoch, owner) => model.ticket(epoch, owner),
        _ => None,
    });
    tickets
        .map(|ticket| {
            let (shares, taken) = (ticket.shares, &ticket.taken);
            let vault = model.vault();
            vault::releasable(vault, ticket.epoch, shares, taken, ticket.taken_shares)
                .expect("a ticket's shares are in its batch")
                .shares
        })
        .sum()
}

#[test]
fn what_is_held_and_contested_is_the_sum_of_undecided_requests() {
    check_stories(150, 300, |_, _, _, model| {
        let vault = model.vault();
        let undecided: Vec<u64> = vault
            .entries()
            .filter_map(|(key, _)| match key {
                VaultKey::Contest(id) if vault.contest(id).verdict == Verdict::Undecided => {
                    Some(id)
                }
                _ => None,
            })
            .collect();
        assert_eq!(undecided.len(), usize::from(vault.head().undecided));
        assert!(undecided.len() <= MAX_UNDECIDED);
        for (asset, ledger) in (0u8..).zip(ledgers(model)) {
            let losses = undecided.iter().map(|id| vault.loss(*id, asset));
            let (held, open) = losses.fold((0, 0), |(held, open), loss| {
                (held + loss.held, open + loss.loss - loss.held)
            });
            assert_eq!(ledger.held, held, "held of asset {asset}");
            assert_eq!(ledger.contested, open, "contested of asset {asset}");
            assert!(ledger.contested <= ledger.total().expect("fits"));
        }
    });
}

#[test]
fn what_is_owed_covers_every_ticket() {
    check_stories(100, 300, |_, _, _, model| {
        let assets = model.config().assets.len() as u8;
        let mut claims = vec![0u128; usize::from(assets)];
        let mut shares: BTreeMap<u64, u128> = BTreeMap::new();
        for (key, _) in model.tickets().entries() {
            let TicketKey::Shares(epoch, owner) = key else {
                continue;
            };
            let ticket = model.ticket(epoch, owner).expect("it has shares");
            let claim = vault::releasable(
                model.vault(),
                epoch,
                ticket.shares,
                &ticket.taken,
                ticket.taken_shares,
            )
            .expect("a ticket's shares are in its batch");
            for (sum, amount) in claims.iter_mut().zip(claim.amounts) {
                *sum += amount;
            }
            *shares.entry(epoch).or_default() += ticket.shares;
        }
        for (asset, (claims, ledger)) in claims.iter().zip(ledgers(model)).enumerate() {
            assert!(
                ledger.owed >= *claims,
                "asset {asset}: {} < {claims}",
                ledger.owed
            );
        }
        for (epoch, shares) in shares {
            assert!(shares <= model.vault().batch(epoch).shares, "batch {epoch}");
        }
    });
}

#[test]
fn a_refused_call_leaves_no_trace() {
    check_stories(
        150,
        300,
        |before: &Model, _: &Op, answer: &Answer, after: &Model| {
            if answer.is_err() {
                assert!(before.same_as(after));
            }
        },
    );
}

#[test]
fn flags_tell_which_words_are_worth_reading() {
    check_stories(100, 300, |_, _, _, model| {
        let head = model.vault().head();
        for (asset, ledger) in (0u8..).zip(ledgers(model)) {
            for (flag, amount) in head.unbonding.into_iter().zip(ledger.unbonding) {
                assert!(flag || amount == 0, "asset {asset} unbonds unseen");
            }
            let drips = head.dripping >> asset & 1 == 1;
            assert_eq!(
                drips,
                ledger.unvested != [0, 0] || ledger.stream.left > 0,
                "asset {asset} drips unseen"
            );
        }
        let streams = ledgers(model).iter().any(|row| row.stream.left > 0);
        assert_eq!(head.streaming, streams, "streams unseen");
        assert!(head.flowing || model.vault().flow().outflow == 0);
        assert!(head.settled <= head.closed && head.matured <= head.closed);
        assert!(head.settled == head.closed || model.vault().queued() > 0);
    });
}
