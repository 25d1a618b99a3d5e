//! The contracts' codec against the one of `sol!`, byte by byte.

use alloy_primitives::{Address, B256, FixedBytes, U256};
use alloy_sol_types::{SolCall, SolError, SolEvent};
use weir_abi::{IAllocator, IExits, IHub, IRates, IShared, IVault, words};

/// A word no two of which are alike.
fn n(i: u64) -> U256 {
    U256::from_be_bytes(*alloy_primitives::keccak256(i.to_be_bytes()))
}

fn a(i: u64) -> Address {
    Address::from_word(n(i).into())
}

fn ledger(i: u64) -> IVault::Ledger {
    IVault::Ledger {
        idle: n(i),
        staked: n(i + 1),
        unbondingEven: n(i + 2),
        unbondingOdd: n(i + 3),
        held: n(i + 4),
        owed: n(i + 5),
        due: n(i + 6),
        unvested: n(i + 7),
        contested: n(i + 8),
    }
}

fn wiring() -> IVault::Init {
    IVault::Init {
        lrt: a(1),
        exits: a(2),
        hub: a(3),
        allocator: a(4),
        rates: a(5),
        control: a(11),
        views: a(12),
        instant: a(13),
        slash: a(15),
        cover: a(14),
        governor: a(6),
        guardian: a(7),
        genesis: 8,
        epochLength: u64::MAX,
        slashGrace: 10,
        feeBps: n(12),
    }
}

fn curve() -> IVault::FeeCurve {
    IVault::FeeCurve {
        baseBps: n(1),
        kinkBps: n(2),
        limitBps: n(3),
        kinkValue: n(4),
        limitValue: n(5),
        windowS: n(6),
    }
}

fn source() -> IRates::Source {
    IRates::Source {
        target: a(1),
        selector: FixedBytes([1, 2, 3, 4]),
        maxDropWad: 2,
        maxGrowthPerDayWad: 3,
        guard: a(5),
        guardSelector: FixedBytes([0, 0, 0, 5]),
        guardMarginWad: 6,
    }
}

fn quote(i: u64) -> IRates::Quote {
    IRates::Quote {
        rateWad: n(i),
        lowWad: n(i + 1),
        creditWad: n(i + 2),
        acceptedAt: i,
        state: 2,
    }
}

fn same_call<C>(call: C)
where
    C: SolCall + Clone,
    words::Parameters<C>: words::Encode + words::Decode + From<C>,
{
    let expected = call.abi_encode();
    assert_eq!(words::calldata(call), expected, "{}", C::SIGNATURE);
    let back = words::arguments::<C>(&expected[4..]).expect(C::SIGNATURE);
    assert_eq!(back.abi_encode(), expected, "{}", C::SIGNATURE);
    // Every truncation is refused.
    for end in 4..expected.len() {
        assert!(
            words::arguments::<C>(&expected[4..end]).is_none(),
            "{} cut at {end}",
            C::SIGNATURE
        );
    }
}

#[test]
fn calls_are_encoded_and_decoded_as_sol_does() {
    same_call(IVault::initCall { wiring: wiring() });
    same_call(IVault::setFeeCurveCall { curve: curve() });
    same_call(IVault::depositWithPermitCall {
        asset: a(1),
        amount: n(2),
        receiver: a(3),
        minShares: n(4),
        minFloorRate: n(5),
        deadline: n(6),
        v: 27,
        r: B256::from(n(8)),
        s: B256::from(n(9)),
    });
    for length in [0, 1, 8] {
        let taken = (0..length).map(n).collect();
        same_call(IVault::releaseCall {
            epoch: 7,
            shares: n(1),
            taken,
            takenShares: n(9),
            to: a(2),
        });
    }
    same_call(IVault::contestCall {
        id: 1,
        delta: u64::MAX,
        capacity: 3,
        scale: 7,
        operator: a(4),
        service: 5,
    });
    same_call(IHub::registerServiceCall {
        terms: IHub::Terms {
            slasher: a(1),
            resolver: a(2),
            rewardManager: Default::default(),
            sink: a(3),
            vetoWindow: 4,
            maxWad: 5,
        },
    });
    same_call(IHub::fileCall {
        vault: a(1),
        service: u32::MAX,
        operator: a(2),
        wad: 3,
        offenceEpoch: 4,
        evidence: B256::from(n(5)),
    });
    same_call(IRates::listSourceCall {
        asset: a(9),
        source: source(),
    });
    same_call(IVault::lockedCall {});
}

#[test]
fn answers_are_encoded_as_sol_does() {
    let state = IVault::State {
        rateWad: n(1),
        floorRateWad: n(2),
        nav: n(3),
        supply: n(4),
        currentEpoch: n(5),
        pendingShares: n(6),
        undecided: n(7),
        netOutflow: n(8),
        depositsPausedUntil: n(9),
        instantPausedUntil: n(10),
        rateState: n(11),
        targetIdleBps: n(12),
        retired: true,
    };
    let expected = IVault::stateCall::abi_encode_returns(&state);
    assert_eq!(words::encode(&(state,)), expected);

    let asset = IVault::Asset {
        token: a(1),
        cap: n(2),
        depositFeeBps: n(3),
        ledger: ledger(4),
    };
    let expected = IVault::assetCall::abi_encode_returns(&asset);
    assert_eq!(words::encode(&(asset,)), expected);

    let batch = IVault::Batch {
        shares: n(1),
        unfilled: n(2),
        helds: n(3),
        released: vec![n(4), n(5)],
        releasedShares: n(6),
    };
    let expected = IVault::batchCall::abi_encode_returns(&batch);
    assert_eq!(words::encode(&(batch,)), expected);

    let ticket = IExits::Ticket {
        owner: a(1),
        epoch: 2,
        shares: n(3),
        taken: vec![n(4); 3],
        takenShares: n(5),
    };
    let expected = IExits::ticketCall::abi_encode_returns(&ticket);
    assert_eq!(words::encode(&(ticket,)), expected);

    let request = IHub::Request {
        vault: a(1),
        service: 2,
        operator: a(3),
        offenceEpoch: 4,
        wad: 5,
        delta: 6,
        scale: 9,
        filedAt: 7,
        armedAt: 8,
        status: IHub::Status::Executed,
    };
    let expected = IHub::requestCall::abi_encode_returns(&request);
    assert_eq!(words::encode(&(request,)), expected);

    let allocation = IAllocator::Allocation {
        current: 1,
        pending: 2,
        effectiveAt: 3,
        slashable: 4,
        frozen: 5,
    };
    let expected = IAllocator::allocationCall::abi_encode_returns(&allocation);
    assert_eq!(words::encode(&(allocation,)), expected);

    let paid = IVault::releaseReturn {
        paid: vec![n(1), n(2)],
        paidShares: n(3),
        finished: true,
    };
    let expected = IVault::releaseCall::abi_encode_returns(&paid);
    assert_eq!(
        words::encode(&words::Returns::<IVault::releaseCall>::from(paid)),
        expected
    );
}

#[test]
fn arrays_of_structs_survive_the_way_there_and_back() {
    let quotes = vec![quote(1), quote(5), quote(9)];
    let expected = IRates::pokeCall::abi_encode_returns(&quotes);
    assert_eq!(words::encode(&(quotes.clone(),)), expected);
    let (back,) = words::decode::<words::Returns<IRates::pokeCall>>(&expected).expect("canonical");
    assert!(back == quotes);
}

#[test]
fn errors_are_encoded_as_sol_does() {
    fn same<E: SolError + Clone>(error: E)
    where
        words::ErrorParameters<E>: words::Encode + From<E>,
    {
        let expected = error.abi_encode();
        assert_eq!(words::revert(error), expected, "{}", E::SIGNATURE);
    }
    same(IShared::Reentrant {});
    same(IShared::Unauthorized { caller: a(1) });
    same(IShared::UnknownSelector {
        selector: FixedBytes([1, 2, 3, 4]),
    });
    same(IVault::AboveCap {
        token: a(1),
        cap: n(2),
        attempted: n(3),
    });
    same(IVault::RateNotFresh {
        token: a(1),
        state: 2,
    });
    same(IHub::WrongStatus {
        id: 1,
        status: IHub::Status::Lapsed,
    });
}

#[test]
fn events_are_encoded_as_sol_does() {
    fn same<E: SolEvent>(event: E, topics: words::Topics<E>, data: words::Data<E>)
    where
        words::Topics<E>: words::Encode,
        words::Data<E>: words::Encode,
    {
        let expected = event.encode_log_data();
        let mut bytes: Vec<u8> = expected.topics().iter().flat_map(|topic| topic.0).collect();
        bytes.extend_from_slice(&expected.data);
        assert_eq!(words::log::<E>(&topics, &data), bytes, "{}", E::SIGNATURE);
    }
    same(
        IVault::Slashed {
            id: 1,
            sink: a(2),
            delta: 3,
            capacity: 4,
            losses: vec![n(5), n(6)],
            heldReturned: vec![n(7)],
            burned: n(8),
            given: n(9),
        },
        (words::signature::<IVault::Slashed>(), 1, a(2)),
        (3, 4, vec![n(5), n(6)], vec![n(7)], n(8), n(9)),
    );
    same(
        IVault::LedgerChanged {
            asset: 1,
            part: 4,
            first: n(2),
            second: n(3),
        },
        (words::signature::<IVault::LedgerChanged>(), 1, 4),
        (n(2), n(3)),
    );
    same(
        IVault::Initialized { wiring: wiring() },
        (words::signature::<IVault::Initialized>(),),
        (wiring(),),
    );
    same(
        IVault::FeeCurveSet {
            oldCurve: curve(),
            newCurve: curve(),
        },
        (words::signature::<IVault::FeeCurveSet>(),),
        (curve(), curve()),
    );
}

#[test]
fn values_out_of_their_type_are_refused() {
    let mut dirty = IVault::enqueueCall {
        owner: a(1),
        shares: n(2),
    }
    .abi_encode();
    dirty[4] = 1;
    assert!(
        words::arguments::<IVault::enqueueCall>(&dirty[4..]).is_none(),
        "an address of 21 bytes"
    );

    let mut wide = IVault::liftCall { id: 1 }.abi_encode();
    wide[4 + 23] = 1;
    assert!(
        words::arguments::<IVault::liftCall>(&wide[4..]).is_none(),
        "a number of 65 bits"
    );

    let mut long = IVault::releaseCall {
        epoch: 1,
        shares: n(1),
        taken: vec![],
        takenShares: n(9),
        to: a(2),
    }
    .abi_encode();
    let count = long.len() - 4..;
    long[count].copy_from_slice(&u32::MAX.to_be_bytes());
    assert!(
        words::arguments::<IVault::releaseCall>(&long[4..]).is_none(),
        "an array beyond the calldata"
    );

    let mut far = IVault::releaseCall {
        epoch: 1,
        shares: n(1),
        taken: vec![n(1)],
        takenShares: n(9),
        to: a(2),
    }
    .abi_encode();
    far[4 + 64..4 + 96].fill(0xff);
    assert!(
        words::arguments::<IVault::releaseCall>(&far[4..]).is_none(),
        "an offset beyond the calldata"
    );
}
