//! The stage of the demo: actors who send, a clock, and a curtain after each act.

use alloy::primitives::Address;
use alloy::providers::Provider;
use alloy::rpc::types::TransactionReceipt;
use alloy::signers::local::PrivateKeySigner;
use alloy::sol_types::SolCall;
use serde_json::json;
use weir_abi::IHub;
use weir_deployment::devnet::NAMES;

use weir_protocol::clock::Clock;

use super::Act;
use super::account::Conservation;
use crate::connect::Client;
use crate::failure::{Code, Failure, Result};
use crate::read::{HolderView, VaultView};
use crate::report::{HolderReport, VaultReport, holders_table, ledger_table};
use crate::shell::{Shell, bold, faint};
use crate::time::at;
use crate::transact::{Call, Caller};

/// Of the actors, from the first, those whose fortunes the tables follow; the sums count everybody.
const PROTAGONISTS: usize = 3;

/// Everything an act needs.
pub struct Stage {
    client: Client,
    keys: Vec<PrivateKeySigner>,
    shell: Shell,
    title: String,
    events: Vec<String>,
    acts: Vec<Act>,
}

impl Stage {
    /// An empty stage on a chain with Weir.
    pub const fn new(client: Client, keys: Vec<PrivateKeySigner>, shell: Shell) -> Self {
        Self {
            client,
            keys,
            shell,
            title: String::new(),
            events: Vec::new(),
            acts: Vec::new(),
        }
    }

    /// The chain.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The acts that are over.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// The acts, when the story is told.
    pub fn into_acts(self) -> Vec<Act> {
        self.acts
    }

    /// Opens an act.
    pub fn open(&mut self, title: &str) -> Result {
        title.clone_into(&mut self.title);
        let number = self.acts.len() + 1;
        self.print(&format!("\n{}\n\n", bold(format!("{number}. {title}"))))
    }

    /// Tells what happened.
    pub fn say(&mut self, sentence: impl Into<String>) -> Result {
        let sentence = sentence.into();
        self.print(&format!("  {sentence}\n"))?;
        self.events.push(sentence);
        Ok(())
    }

    fn print(&self, text: &str) -> Result {
        if self.shell.json {
            Ok(())
        } else {
            self.shell.print(text)
        }
    }

    /// An actor by name.
    pub fn address(&self, name: &str) -> Result<Address> {
        self.client.account(name)
    }

    /// An actor's key.
    ///
    /// # Errors
    /// There is no such actor.
    pub fn key(&self, name: &str) -> Result<&PrivateKeySigner> {
        let index = NAMES.iter().position(|known| *known == name);
        index.and_then(|index| self.keys.get(index)).ok_or_else(|| {
            Failure::new(Code::Failed, format!("the chain has no account for {name}"))
        })
    }

    /// Has an actor send a call.
    ///
    /// # Errors
    /// The contract refuses it.
    pub async fn send<C: SolCall>(
        &self,
        name: &str,
        doing: &str,
        call: Call<C>,
    ) -> Result<TransactionReceipt> {
        let key = self.key(name)?.clone();
        Caller::with(self.client.clone(), self.shell, key)
            .send(&format!("{name}, {doing}"), &call)
            .await
    }

    /// The vault now.
    pub async fn vault(&self) -> Result<VaultView> {
        VaultView::read(&self.client.now().await?).await
    }

    /// An actor now.
    pub async fn holder(&self, name: &str) -> Result<HolderView> {
        let now = self.client.now().await?;
        let vault = VaultView::read(&now).await?;
        HolderView::read(&now, &vault, self.address(name)?).await
    }

    /// How the vault measures time.
    pub async fn clock(&self) -> Result<Clock> {
        Ok(self.vault().await?.clock)
    }

    /// Goes to a later moment.
    pub async fn go_to(&mut self, time_s: u64) -> Result {
        let failed = |error: alloy::transports::TransportError| {
            self.client.failure("moving the clock", &error)
        };
        let provider = &self.client.provider;
        let set: std::result::Result<serde_json::Value, _> = provider
            .raw_request("evm_setNextBlockTimestamp".into(), json!([time_s]))
            .await;
        set.map_err(failed)?;
        let mined: std::result::Result<serde_json::Value, _> =
            provider.raw_request("evm_mine".into(), json!([])).await;
        mined.map_err(failed)?;
        let epoch = self.clock().await?.epoch_at(time_s);
        let line = format!("It is {}, in epoch {epoch}.", at(time_s));
        self.print(&format!("  {}\n", faint(line)))
    }

    /// Closes an act: shows what everybody has, and adds it up.
    pub async fn close(&mut self) -> Result {
        let now = self.client.now().await?;
        let view = VaultView::read(&now).await?;
        let mut actors = Vec::new();
        for name in NAMES {
            actors.push(HolderView::read(&now, &view, self.address(name)?).await?);
        }
        let hub = self.client.address("hub")?;
        let sink = now.ask(hub, IHub::termsCall { service: 1 }).await?.sink;
        let conservation = Conservation::read(&now, &view, &actors, sink).await?;
        let holders: Vec<HolderReport> = actors
            .iter()
            .take(PROTAGONISTS)
            .map(|actor| HolderReport::new(&self.client, &view, actor))
            .collect();
        let vault = VaultReport::new(&view);
        let rates = format!(
            "rate {}, floor {}, NAV {} ETH",
            crate::amount::rate(vault.rate_wad.0),
            crate::amount::rate(vault.floor_rate_wad.0),
            crate::amount::short(vault.nav.0)
        );
        self.print(&format!(
            "\n{}\n{}\n{}\n",
            holders_table(&view, &holders),
            ledger_table(&vault.assets)
                .trim_end_matches('\n')
                .to_owned()
                + &format!("\n  {}\n", faint(rates)),
            conservation.text()
        ))?;
        let title = std::mem::take(&mut self.title);
        let events = std::mem::take(&mut self.events);
        self.acts.push(Act {
            title,
            events,
            time_s: now.time_s,
            vault,
            holders,
            conservation,
        });
        Ok(())
    }
}
