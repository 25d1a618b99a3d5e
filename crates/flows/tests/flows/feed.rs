//! What lending markets and pools read of a share.

use alloy_primitives::{I256, U256, aliases::U80};
use weir_abi::{
    IFeed::{self, RoundUnknown},
    IShared::{AlreadyInitialized, NotInitialized, TextTooLong, Unauthorized, ZeroAddress},
    IVault,
};
use weir_artifacts::FEED;
use weir_flows::{
    DEPLOYER,
    actors::{ALICE, BOB, STRANGER},
    scene::{LST, Scene, WETH, wei},
};

struct Feeds<'a>(&'a Scene);

impl Feeds<'_> {
    fn rate(&self) -> U256 {
        let scene = self.0;
        let feed = scene.world.at.feed;
        let round = scene.world.ask(feed, &IFeed::latestRoundDataCall {});
        let rate = scene.world.ask(feed, &IFeed::getRateCall {});
        assert_eq!(round.answer, I256::from_raw(rate));
        rate
    }

    fn floor(&self) -> U256 {
        let feed = self.0.world.at.feed_floor;
        self.0.world.ask(feed, &IFeed::getRateCall {})
    }

    fn updated(&self) -> u64 {
        let feed = self.0.world.at.feed;
        let round = self.0.world.ask(feed, &IFeed::latestRoundDataCall {});
        assert_eq!(U256::from(round.roundId.to::<u64>()), round.updatedAt);
        assert_eq!(round.answeredInRound, round.roundId);
        assert_eq!(round.startedAt, round.updatedAt);
        round.updatedAt.to()
    }
}

#[test]
fn the_feed_answers_the_rate_and_the_floor_of_this_moment() {
    let scene = Scene::with_holders();
    let feeds = Feeds(&scene);
    assert_eq!((feeds.rate(), feeds.floor()), (wei("1"), wei("1")));
    let id = scene.file("0.2").value;
    // A tenth of what is staked: 95 % of 106 ETH.
    assert_eq!((feeds.rate(), feeds.floor()), (wei("1"), wei("0.905")));
    scene.world.stage.advance(24 * 60 * 60);
    scene.arm(id);
    scene.world.stage.advance(12 * 60 * 60);
    scene.execute(id);
    assert_eq!((feeds.rate(), feeds.floor()), (wei("0.905"), wei("0.905")));
}

#[test]
fn a_suspicious_rate_lowers_the_feed_at_once_and_stops_its_time() {
    let scene = Scene::with_holders();
    let (world, feeds) = (&scene.world, Feeds(&scene));
    assert_eq!(feeds.updated(), world.stage.now_s());
    world.set_answer(LST, Some(wei("0.575")));
    // Half of the LST's 46 ETH is gone, of 106.
    let rate = wei("83") / U256::from(106);
    assert_eq!((feeds.rate(), feeds.floor()), (rate, rate));
    let stands = feeds.updated();
    assert!(stands < world.stage.now_s());
    world.stage.advance(1_000);
    assert_eq!(feeds.updated(), stands);
    let health = world.ask(world.at.vault, &IVault::healthCall {});
    assert_eq!(
        (health.rateState, health.rateWad),
        (U256::from(2), wei("1"))
    );
    assert_eq!(health.ageS, U256::from(world.stage.now_s() - stands));

    // Higher is not believed either.
    world.set_answer(LST, Some(wei("11.5")));
    assert_eq!(feeds.rate(), wei("1"));
    world.set_answer(LST, None);
    assert_eq!(
        feeds.rate(),
        wei("1"),
        "a source that is silent keeps its last rate"
    );
    assert_eq!(feeds.updated(), stands, "and its time");
}

#[test]
fn an_asset_that_is_not_held_does_not_age_the_feed() {
    let scene = Scene::new();
    scene.give(WETH, ALICE, "60");
    scene.deposit(ALICE, WETH, "60");
    scene.world.set_answer(LST, None);
    assert_eq!(Feeds(&scene).updated(), scene.world.stage.now_s());
}

#[test]
fn the_exit_time_is_that_of_the_open_batch() {
    let scene = Scene::with_holders();
    let health = || {
        scene
            .world
            .ask(scene.world.at.vault, &IVault::healthCall {})
    };
    let promised_s: u64 = health().exitAt.to();
    let ticket = scene.request(BOB, "1").value;
    scene.world.stage.warp(promised_s - 1);
    let claim = weir_abi::IExits::claimCall { ticketId: ticket };
    scene.world.refused(BOB, scene.world.at.exits, &claim);
    scene.world.stage.warp(promised_s);
    scene.world.done(BOB, scene.world.at.exits, &claim);
}

#[test]
fn only_the_latest_round_is_kept() {
    let scene = Scene::with_holders();
    let (stage, feed) = (&scene.world.stage, scene.world.at.feed);
    let latest = stage.view(feed, &IFeed::latestRoundDataCall {});
    let same = stage.view(feed, &IFeed::getRoundDataCall { id: latest.roundId });
    assert_eq!(same.answer, latest.answer);
    let refusal = stage
        .try_view(feed, &IFeed::getRoundDataCall { id: U80::ZERO })
        .unwrap_err();
    assert_eq!(refusal.error::<RoundUnknown>().latest, latest.updatedAt);
    assert_eq!(stage.view(feed, &IFeed::decimalsCall {}), 18);
    assert_eq!(stage.view(feed, &IFeed::versionCall {}), U256::ONE);
    assert_eq!(stage.view(feed, &IFeed::descriptionCall {}), "wrETH / ETH");
}

#[test]
fn a_feed_is_wired_once_by_its_deployer() {
    let scene = Scene::new();
    let stage = &scene.world.stage;
    let feed = stage.deploy(&FEED);
    let refusal = stage.try_view(feed, &IFeed::getRateCall {}).unwrap_err();
    refusal.error::<NotInitialized>();
    let init = |vault, description: &str| IFeed::initCall {
        vault,
        isFloor: false,
        description: description.into(),
    };
    let vault = scene.world.at.vault;
    let refusal = stage.send(STRANGER, feed, &init(vault, "x")).unwrap_err();
    assert_eq!(refusal.error::<Unauthorized>().caller, STRANGER);
    let nobody = alloy_primitives::Address::ZERO;
    let refusal = stage.send(DEPLOYER, feed, &init(nobody, "x")).unwrap_err();
    refusal.error::<ZeroAddress>();
    let refusal = stage
        .send(DEPLOYER, feed, &init(vault, &"x".repeat(32)))
        .unwrap_err();
    assert_eq!(refusal.error::<TextTooLong>().length, U256::from(32));
    stage.send(DEPLOYER, feed, &init(vault, "x")).unwrap();
    let refusal = stage.send(DEPLOYER, feed, &init(vault, "x")).unwrap_err();
    refusal.error::<AlreadyInitialized>();
}
