//! The thread on which the chain lives.
//!
//! The interpreter is not `Send` and nests deeply, so one thread with a large stack owns the chain and does what others
//! ask of it, one thing at a time. What can be done elsewhere (parsing, recovering signers, encoding) is.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::{config::Mining, error::Error, node::Node, reply::Reply, vm::STACK_BYTES};

/// A shorter interval between blocks would leave no time for anything else.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);

type Task = Box<dyn FnOnce(&mut Node) + Send>;

enum Message {
    Task(Task),
    Stop,
}

/// Asks things of the chain's thread. Outlives the chain: then everything answers [`Error::Stopped`].
#[derive(Clone, Debug)]
pub(crate) struct Client {
    sender: Sender<Message>,
}

impl Client {
    /// Has the chain do `what`.
    pub(crate) fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Node) -> T + Send + 'static,
    ) -> Reply<T> {
        self.try_ask(move |node| Ok(what(node)))
    }

    /// Has the chain do `what`, which can fail.
    pub(crate) fn try_ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Node) -> Result<T, Error> + Send + 'static,
    ) -> Reply<T> {
        let (sender, reply) = Reply::channel();
        let task = Box::new(move |node: &mut Node| {
            let answer = guarded(node, what).and_then(|answer| answer);
            // Fails only if nobody waits for the answer.
            let _unread = sender.send(answer);
        });
        // Fails only if the chain was stopped; the reply then says so, since its sender is dropped here.
        let _stopped = self.sender.send(Message::Task(task));
        reply
    }

    /// Has the thread end after what was asked before.
    pub(crate) fn stop(&self) {
        let _stopped_already = self.sender.send(Message::Stop);
    }
}

/// Does `what`; if it panics, the chain goes back to its head.
pub(crate) fn guarded<T>(node: &mut Node, what: impl FnOnce(&mut Node) -> T) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(|| what(node))).map_err(|panic| {
        node.recover();
        Error::Panicked(panic_text(&*panic))
    })
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
        .to_owned()
}

/// Starts the thread. `make` makes the chain on it.
pub(crate) fn start(
    make: impl FnOnce() -> Result<Node, Error> + Send + 'static,
) -> Result<(Client, JoinHandle<()>), Error> {
    let (sender, receiver) = mpsc::channel();
    let (made, ready) = mpsc::channel();
    let thread = thread::Builder::new()
        .name("weir-chain".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || match make() {
            Ok(mut node) => {
                // Fails only if the starter is gone; the thread then ends for want of a sender.
                let _gone = made.send(Ok(()));
                run(&mut node, &receiver);
            }
            Err(error) => {
                let _gone = made.send(Err(error));
            }
        })
        .map_err(Error::Thread)?;
    ready
        .recv()
        .unwrap_or_else(|_| Err(Error::Panicked("while it was started".to_owned())))?;
    Ok((Client { sender }, thread))
}

fn run(node: &mut Node, receiver: &Receiver<Message>) {
    let mut last_block = Instant::now();
    loop {
        let wait = match node.mining {
            Mining::Interval(interval) => Some(
                interval
                    .max(SHORTEST_INTERVAL)
                    .saturating_sub(last_block.elapsed()),
            ),
            Mining::Instant | Mining::Manual => None,
        };
        if wait == Some(Duration::ZERO) {
            // Before what was asked, so that a busy chain mines too.
            last_block = Instant::now();
            if let Err(error) = guarded(node, Node::mine_pending) {
                tracing::error!(%error, "no block was mined");
            }
            continue;
        }
        let message = match wait {
            Some(wait) => receiver.recv_timeout(wait),
            None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match message {
            Ok(Message::Task(task)) => task(node),
            Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}
