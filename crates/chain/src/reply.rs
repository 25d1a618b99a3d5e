//! The answer to something asked of the chain's thread.

use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::sync::oneshot;

use crate::error::Error;

/// The answer to something asked of the chain. The chain does it whether or not the answer is waited for.
///
/// In async code `.await` it; elsewhere call [`wait`](Self::wait).
#[must_use = "the answer says whether it worked: `.await` it or call `.wait()`"]
#[derive(Debug)]
pub struct Reply<T> {
    receiver: oneshot::Receiver<Result<T, Error>>,
}

impl<T> Reply<T> {
    pub(crate) fn channel() -> (oneshot::Sender<Result<T, Error>>, Self) {
        let (sender, receiver) = oneshot::channel();
        (sender, Self { receiver })
    }

    /// Waits for the answer, blocking this thread. Most answers take microseconds.
    ///
    /// # Errors
    /// What was asked for failed, or the chain was stopped.
    pub fn wait(self) -> Result<T, Error> {
        let mut reply = pin!(self);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            match reply.as_mut().poll(&mut context) {
                Poll::Ready(answer) => return answer,
                Poll::Pending => thread::park(),
            }
        }
    }
}

impl<T> Future for Reply<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.receiver)
            .poll(context)
            .map(|answer| answer.unwrap_or(Err(Error::Stopped)))
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
