//! What a slash is said to cost, and what stands against it.

use alloy_primitives::{Address, U256};
use weir_abi::{IAllocator, ICover, IVault};
use weir_protocol::{
    model::{Call, Op, generate::OPERATORS},
    units::WAD_MAGNITUDE,
};

use super::Twin;

/// Parts of an allocation that are asked about, one after the other.
const WADS: [u64; 5] = [
    1,
    WAD_MAGNITUDE / 5,
    WAD_MAGNITUDE / 3,
    WAD_MAGNITUDE,
    WAD_MAGNITUDE + 1,
];

impl Twin {
    /// One supposed slash, another each time; and the ratios.
    pub(super) fn compare_costs(&self) {
        let (world, at) = (&self.world, self.world.at.vault);
        let turn = self.steps as usize;
        let service = (turn / 8 % 4) as u32 + 1;
        let operator = OPERATORS[turn / 32 % OPERATORS.len()];
        let wad = WADS[turn / 8 % WADS.len()];
        let call = IVault::whatIfCall {
            service,
            operator,
            wad,
        };
        let answer = world.stage.try_view(at, &call);
        match (self.model.what_if(service, operator, wad), answer) {
            (Ok(cost), Ok(answer)) => {
                let expected = cost.what_if;
                assert_eq!(answer.delta, cost.supposed.part.delta);
                assert_eq!(answer.capacity, cost.supposed.part.capacity);
                assert_eq!(answer.rateWad, U256::from(expected.rate_wad));
                assert_eq!(answer.rateAfterWad, U256::from(expected.rate_after_wad));
                assert_eq!(answer.floorRateWad, U256::from(expected.floor_rate_wad));
                assert_eq!(answer.loss, U256::from(expected.loss));
                assert_eq!(answer.byBond, U256::from(expected.by_bond));
                assert_eq!(answer.byCover, U256::from(expected.by_cover));
                assert_eq!(answer.byHolders, U256::from(expected.by_holders));
                let quote = ICover::quoteLockCall {
                    operator,
                    worth: U256::from(cost.supposed.worth),
                };
                let quoted = world.ask(world.at.cover, &quote);
                assert_eq!(quoted.fromBond, U256::from(cost.quoted.from_bond));
                assert_eq!(quoted.fromCover, U256::from(cost.quoted.from_cover));
                assert_eq!(quoted.stake, U256::from(cost.quoted.stake));
            }
            (Err(error), Err(refusal)) => {
                // The errors name no caller and no ticket: any call stands for this view.
                let op = Op {
                    caller: Address::ZERO,
                    call: Call::Sync,
                };
                let data = self.revert_data(&op, &error);
                assert!(
                    refusal.data == data,
                    "the model refuses with {error:?}, the view with {refusal:?}"
                );
            }
            (expected, answer) => panic!("what if: {expected:?}, and on chain {answer:?}"),
        }
        let capacity = self.model.capacity();
        let allocator = world.at.allocator;
        let answer = world.ask(allocator, &IAllocator::capacityCall {});
        assert_eq!(answer, capacity.capacity);
        let answer = world.ask(allocator, &IAllocator::scaleCall {});
        assert_eq!(answer, capacity.scale);
        let operators = (turn / 8 % 4) as u8;
        let Ok(ratio_wad) = self.model.backing_ratio_wad() else {
            return;
        };
        let backing = world.ask(at, &IVault::backingRatioCall {});
        assert_eq!(backing, U256::from(ratio_wad));
        let expected = self.model.coverage(operators).expect("as if synced");
        let coverage = world.ask(at, &IVault::coverageRatioCall { operators });
        let ratio_wad = match expected.ratio_wad {
            u128::MAX => U256::MAX,
            ratio_wad => U256::from(ratio_wad),
        };
        assert_eq!(coverage.ratioWad, ratio_wad);
        assert_eq!(coverage.firstLoss, U256::from(expected.first_loss));
        assert_eq!(coverage.worstLoss, U256::from(expected.worst_loss));
    }
}
