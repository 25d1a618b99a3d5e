//! Holds blobs in a folder, and answers for them in time.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use alloy::primitives::{Address, B256, U256};
use weir_abi::ICustody;
use weir_protocol::services::merkle::{CHUNK_BYTES, Tree};

use crate::{Account, Custody, Event, Misbehaviour, OperatorError};

/// Challenges of one custody service that are open, or were when last looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Open {
    /// The newest challenge that was looked at; none before the first look.
    newest: Option<u64>,
    pub(crate) challenges: BTreeMap<u64, ICustody::Challenge>,
}

/// 1 open, 2 answered, 3 failed, 4 released.
const OPEN: u8 = 1;

impl Open {
    /// Looks again. The first time it goes back until deadlines are before `since_s`: they come in the order of numbers.
    pub(crate) async fn refresh(
        &mut self,
        account: &Account,
        contract: Address,
        since_s: u64,
    ) -> Result<(), OperatorError> {
        let ask = async |id| {
            let call = ICustody::challengeAtCall { id };
            account.ask("reading a challenge", contract, call).await
        };
        let known: Vec<u64> = self.challenges.keys().copied().collect();
        for id in known {
            if ask(id).await?.state != OPEN {
                self.challenges.remove(&id);
            }
        }
        let call = ICustody::countsCall {};
        let counts = account.ask("counting challenges", contract, call).await?;
        let from = self.newest.map_or(1, |newest| newest + 1);
        for id in (from..=counts.challenges).rev() {
            let challenge = ask(id).await?;
            if self.newest.is_none() && challenge.deadline < since_s {
                break;
            }
            if challenge.state == OPEN {
                self.challenges.insert(id, challenge);
            }
        }
        self.newest = Some(counts.challenges);
        Ok(())
    }
}

/// An operator's work for one custody service.
#[derive(Debug)]
pub struct Keeper {
    account: Account,
    operator: Address,
    custody: Custody,
    folder: PathBuf,
    misbehaviour: Option<Misbehaviour>,
    open: Open,
    /// Challenges that cannot be answered, each told once.
    given_up: Vec<u64>,
}

/// Keeps a blob in the folder; answers its root. When this returns, the disk has it.
///
/// # Errors
/// It is empty, or cannot be written.
pub fn keep(folder: &Path, blob: &[u8]) -> io::Result<B256> {
    let tree = Tree::new(blob).ok_or_else(|| io::Error::other("an empty blob has no chunks"))?;
    let root = tree.root();
    let folder = folder.join("blobs");
    fs::create_dir_all(&folder)?;
    let temporary = folder.join(format!("{root}.new"));
    let mut file = File::create(&temporary)?;
    file.write_all(blob)?;
    file.sync_all()?;
    fs::rename(&temporary, folder.join(root.to_string()))?;
    File::open(&folder)?.sync_all()?;
    Ok(root)
}

impl Keeper {
    /// The work of `operator` for a service, with the blobs in `folder`.
    pub fn new(
        account: Account,
        operator: Address,
        custody: Custody,
        folder: &Path,
        misbehaviour: Option<Misbehaviour>,
    ) -> Self {
        Self {
            account,
            operator,
            custody,
            folder: folder.to_owned(),
            misbehaviour,
            open: Open::default(),
            given_up: Vec::new(),
        }
    }

    /// The number of the service.
    pub const fn service(&self) -> u32 {
        self.custody.terms.service
    }

    /// Answers every challenge of the operator that is open.
    ///
    /// # Errors
    /// The endpoint did not answer, or a contract refused.
    pub async fn tick(&mut self) -> Result<Vec<Event>, OperatorError> {
        let (contract, service) = (self.custody.contract, self.service());
        // A challenge whose deadline has passed cannot be answered, so nothing older need be looked at.
        self.open
            .refresh(&self.account, contract, self.account.now_s().await?)
            .await?;
        let mut events = Vec::new();
        for (id, challenge) in self.open.challenges.clone() {
            if self.given_up.contains(&id) {
                continue;
            }
            let call = ICustody::holdingCall {
                id: challenge.holding,
            };
            let doing = "reading a holding";
            let holding = self.account.ask(doing, contract, call).await?;
            if holding.operator != self.operator {
                self.given_up.push(id);
                continue;
            }
            let answer = if self.misbehaviour == Some(Misbehaviour::Withhold) {
                Err("told to misbehave".to_owned())
            } else {
                self.answer(id, &holding, challenge.chunk)
            };
            match answer {
                Ok(call) => {
                    let doing = "answering a challenge";
                    self.account
                        .send(doing, contract, U256::ZERO, &call)
                        .await?;
                    events.push(Event::Answered {
                        service,
                        challenge: id,
                        chunk: challenge.chunk,
                    });
                }
                Err(why) => {
                    self.given_up.push(id);
                    events.push(Event::Unanswered {
                        service,
                        challenge: id,
                        why,
                    });
                }
            }
        }
        Ok(events)
    }

    /// The chunk and its neighbours in the tree; why not, if the folder does not have the blob as promised.
    fn answer(
        &self,
        id: u64,
        holding: &ICustody::Holding,
        index: u64,
    ) -> Result<ICustody::answerCall, String> {
        let path = self.folder.join("blobs").join(holding.root.to_string());
        let blob = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let damaged = || format!("{} is not what was promised", path.display());
        let tree = Tree::new(&blob).ok_or_else(damaged)?;
        if tree.root() != holding.root || blob.len() as u64 != holding.length {
            return Err(damaged());
        }
        let place = usize::try_from(index).map_err(|_| damaged())?;
        let chunk = blob.chunks(CHUNK_BYTES as usize).nth(place);
        Ok(ICustody::answerCall {
            id,
            chunk: chunk.ok_or_else(damaged)?.to_vec().into(),
            proof: tree.proof(index),
        })
    }
}
