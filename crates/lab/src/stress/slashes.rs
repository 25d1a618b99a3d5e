//! The docket: offences become requests, requests are vetoed or armed and executed.

use weir_protocol::clock::{Clock, Epoch};
use weir_protocol::hub::EXECUTE_DELAY_S;
use weir_protocol::model::ModelError;

use super::opening::magnitude;
use super::shocks::Offence;
use super::tally::Tally;
use super::vault::{Filed, SimVault};
use crate::scenario::Scenario;

/// A request that is not decided.
#[derive(Clone, Copy, Debug)]
struct Live {
    id: u64,
    service: u32,
    stage: Stage,
    at_s: u64,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Veto,
    Arm,
    Execute,
}

/// Offences of a path, in the order of their evidence, and what has become of them.
#[derive(Clone, Debug)]
pub struct Docket {
    offences: Vec<Offence>,
    next: usize,
    waiting: Vec<Offence>,
    live: Vec<Live>,
    clock: Clock,
    window_s: u64,
    start_s: u64,
}

impl Docket {
    /// The docket of these offences.
    pub fn new(offences: Vec<Offence>, scenario: &Scenario, clock: Clock, start_s: u64) -> Self {
        Self {
            offences,
            next: 0,
            waiting: Vec::new(),
            live: Vec::new(),
            clock,
            window_s: (scenario.slashing.veto_window_hours * 3_600.0) as u64,
            start_s,
        }
    }

    fn epoch_of(&self, day: f64) -> Epoch {
        self.clock.epoch_at(self.start_s + (day * 86_400.0) as u64)
    }

    /// Does what is due at `now_s`. `holdings` are shares of holders, loopers, pools and the arbitrageur: who bears what of a loss.
    pub fn step(
        &mut self,
        vault: &mut SimVault,
        now_s: u64,
        day: f64,
        holdings: &[f64; 4],
        tally: &mut Tally,
    ) -> Result<(), ModelError> {
        while let Some(offence) = self
            .offences
            .get(self.next)
            .filter(|offence| offence.evident_day <= day)
        {
            self.waiting.push(*offence);
            self.next += 1;
        }
        if !self.waiting.is_empty() {
            vault.advance_to(now_s)?;
            self.file(vault, now_s, tally)?;
        }
        if !self.live.iter().any(|request| request.at_s <= now_s) {
            return Ok(());
        }
        vault.advance_to(now_s)?;
        let mut place = 0;
        while place < self.live.len() {
            let request = self.live[place];
            if request.at_s > now_s {
                place += 1;
                continue;
            }
            match request.stage {
                Stage::Arm => {
                    vault.arm(request.id)?;
                    self.live[place] = Live {
                        stage: Stage::Execute,
                        at_s: now_s + EXECUTE_DELAY_S,
                        ..request
                    };
                    place += 1;
                }
                Stage::Veto => {
                    vault.veto(request.service, request.id)?;
                    tally.vetoed += 1.0;
                    self.live.remove(place);
                }
                Stage::Execute => {
                    let before = vault.borne.staying;
                    let rate = vault.rate;
                    vault.execute(request.id)?;
                    tally.executed(
                        vault.borne.staying - before,
                        1.0 - vault.rate / rate,
                        holdings,
                    );
                    self.live.remove(place);
                }
            }
        }
        Ok(())
    }

    fn file(
        &mut self,
        vault: &mut SimVault,
        now_s: u64,
        tally: &mut Tally,
    ) -> Result<(), ModelError> {
        let mut later = Vec::new();
        for offence in std::mem::take(&mut self.waiting) {
            let epoch = self.epoch_of(offence.day);
            let wad = magnitude(offence.severity).max(1);
            match vault.file(offence.service, offence.operator, wad, epoch)? {
                Filed::Request(id) => {
                    tally.filed += 1.0;
                    let (stage, after_s) = if offence.vetoed {
                        (Stage::Veto, (offence.veto_at * self.window_s as f64) as u64)
                    } else {
                        (Stage::Arm, self.window_s)
                    };
                    self.live.push(Live {
                        id,
                        service: offence.service,
                        stage,
                        at_s: now_s + after_s,
                    });
                }
                Filed::Later => later.push(offence),
                Filed::Escaped => tally.escaped += 1.0,
            }
        }
        self.waiting = later;
        Ok(())
    }
}
