use alloy_primitives::{Address, U256};
use weir_protocol::exits::{
    ExitsError, TicketKey, cancel, record, record_claim, status, ticket, ticket_id, ticket_of,
    transfer,
};
use weir_protocol::model::{Table, account};
use weir_protocol::vault::Batch;

const ALICE: Address = account(10);
const BOB: Address = account(11);

fn store() -> Table<TicketKey, U256> {
    Table::default()
}

#[test]
fn requests_of_one_owner_and_epoch_are_one_ticket() {
    let mut store = store();
    assert_eq!(record(&mut store, 3, ALICE, 5), Ok(5));
    assert_eq!(record(&mut store, 3, ALICE, 7), Ok(12));
    assert_eq!(record(&mut store, 4, ALICE, 1), Ok(1));
    let found = ticket(&store, 3, ALICE, 2).expect("recorded");
    assert_eq!((found.shares, found.taken), (12, [0; 8]));
    let error = ExitsError::NoTicket {
        epoch: 3,
        owner: BOB,
    };
    assert_eq!(ticket(&store, 3, BOB, 2), Err(error));
}

#[test]
fn a_ticket_is_cancelled_in_part_or_whole_by_its_owner() {
    let mut store = store();
    record(&mut store, 3, ALICE, 12).expect("fits");
    let stranger = ExitsError::NotTicketOwner {
        owner: ALICE,
        caller: BOB,
    };
    assert_eq!(cancel(&mut store, 3, ALICE, BOB, 1), Err(stranger));
    assert_eq!(
        cancel(&mut store, 3, ALICE, ALICE, 0),
        Err(ExitsError::ZeroAmount)
    );
    let too_small = ExitsError::TicketTooSmall {
        shares: 12,
        needed: 13,
    };
    assert_eq!(cancel(&mut store, 3, ALICE, ALICE, 13), Err(too_small));
    assert_eq!(cancel(&mut store, 3, ALICE, ALICE, 5), Ok(7));
    assert_eq!(cancel(&mut store, 3, ALICE, ALICE, 7), Ok(0));
    let gone = ExitsError::NoTicket {
        epoch: 3,
        owner: ALICE,
    };
    assert_eq!(cancel(&mut store, 3, ALICE, ALICE, 1), Err(gone));
}

#[test]
fn claims_add_up_until_the_ticket_is_finished() {
    let mut store = store();
    record(&mut store, 3, ALICE, 12).expect("fits");
    let found = ticket(&store, 3, ALICE, 3).expect("recorded");
    let nothing = ExitsError::NothingToClaim {
        epoch: 3,
        owner: ALICE,
    };
    assert_eq!(
        record_claim(&mut store, &found, 3, &[0; 8], 0, false),
        Err(nothing)
    );
    let paid = [1, 2, 3, 0, 0, 0, 0, 0];
    record_claim(&mut store, &found, 3, &paid, 0, false).expect("something");
    let found = ticket(&store, 3, ALICE, 3).expect("not finished");
    assert_eq!(found.taken, paid);
    record_claim(&mut store, &found, 3, &[0; 8], 0, true).expect("finished");
    assert_eq!(store.entries().count(), 0, "nothing is left of it");
}

#[test]
fn a_ticket_that_is_given_away_joins_that_of_its_new_owner() {
    let mut store = store();
    record(&mut store, 3, ALICE, 12).expect("fits");
    record(&mut store, 3, BOB, 30).expect("fits");
    for (owner, paid) in [
        (ALICE, [4, 0, 1, 0, 0, 0, 0, 0]),
        (BOB, [10, 5, 0, 0, 0, 0, 0, 0]),
    ] {
        let found = ticket(&store, 3, owner, 3).expect("recorded");
        record_claim(&mut store, &found, 3, &paid, 0, false).expect("something");
    }
    let stranger = ExitsError::NotTicketOwner {
        owner: ALICE,
        caller: BOB,
    };
    assert_eq!(transfer(&mut store, 3, ALICE, BOB, BOB, 3), Err(stranger));
    let joined = transfer(&mut store, 3, ALICE, ALICE, BOB, 3).expect("hers");
    assert_eq!((joined.owner, joined.shares), (BOB, 42));
    assert_eq!(joined.taken, [14, 5, 1, 0, 0, 0, 0, 0]);
    assert_eq!(ticket(&store, 3, BOB, 3), Ok(joined));
    assert!(ticket(&store, 3, ALICE, 3).is_err());
    // To oneself: nothing changes.
    assert_eq!(transfer(&mut store, 3, BOB, BOB, BOB, 3), Ok(joined));
    assert_eq!(ticket(&store, 3, BOB, 3), Ok(joined));
}

#[test]
fn a_tickets_number_says_whose_and_which() {
    for (epoch, owner) in [
        (0, ALICE),
        (u64::MAX, Address::repeat_byte(0xff)),
        (5, Address::ZERO),
    ] {
        assert_eq!(ticket_of(ticket_id(epoch, owner)), Some((epoch, owner)));
    }
    assert_eq!(ticket_id(1, Address::ZERO), U256::from(1) << 160);
    assert_eq!(ticket_of(U256::MAX), None);
}

#[test]
fn pending_and_claimable_follow_the_batch() {
    let mut store = store();
    record(&mut store, 3, ALICE, 10).expect("fits");
    let found = ticket(&store, 3, ALICE, 1).expect("recorded");
    let batch = |filled| Batch {
        shares: 30,
        filled,
        helds: 0,
        has_shares: false,
    };
    assert_eq!(status(&found, &batch(0), false), Some((10, 0)));
    assert_eq!(status(&found, &batch(10), true), Some((7, 3)));
    assert_eq!(status(&found, &batch(30), true), Some((0, 10)));
    assert_eq!(status(&found, &batch(30), false), Some((0, 0)));
}
