//! Runs many paths into files: in parallel, in chunks, stoppable and resumable.
//!
//! Memory does not grow with the number of paths: a chunk is computed by all threads, kept in the order of paths, written as a row
//! group and forgotten. A stop ends the segment with what is done; a resumed run fills what is missing.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{Outcome, PathError, Plan};
use crate::table::{About, Segment, TableError, Writer, describe, segments};

/// Paths of a chunk: a row group of its segment.
const CHUNK: u64 = 2_048;
/// Most paths of a segment.
const SEGMENT: u64 = 131_072;

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Root seed.
    pub seed: u64,
    /// Factor of the intensity of shocks; 1 is the scenario's own.
    pub tilt: f64,
    /// Number of paths of the whole run, all shards together.
    pub paths: u64,
    /// Which shard, from 0, of how many.
    pub shard: (u64, u64),
    /// Threads; 0: as many as there are cores.
    pub threads: usize,
    /// Where segments go.
    pub folder: PathBuf,
    /// Whether segments that are there already are kept.
    pub resume: bool,
}

impl Job {
    /// The paths of the shard: the first, and the one after the last.
    pub fn range(&self) -> (u64, u64) {
        let (shard, of) = self.shard;
        let edge =
            |part: u64| (u128::from(self.paths) * u128::from(part) / u128::from(of.max(1))) as u64;
        (edge(shard), edge(shard + 1))
    }
}

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ran {
    /// Paths that were there already.
    pub kept: u64,
    /// Paths that were run.
    pub ran: u64,
    /// Paths of the shard.
    pub of: u64,
    /// Whether it was stopped before its end.
    pub stopped: bool,
}

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A path failed.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A file failed.
    #[error(transparent)]
    Table(#[from] TableError),
    /// The folder holds paths already.
    #[error("{0} holds paths already")]
    NotEmpty(PathBuf),
    /// Threads cannot be started.
    #[error("cannot start threads: {0}")]
    Threads(String),
}

/// What the files of a plan's job say about themselves.
pub fn about(plan: &Plan, job: &Job) -> Result<About, PathError> {
    Ok(About {
        scenario: plan.scenario.to_json()?,
        fingerprint: plan.fingerprint,
        streams: plan.streams,
        seed: job.seed,
        tilt: job.tilt,
    })
}

/// Runs the shard's paths that are not there yet; `progress` hears how many of it are done after each chunk.
pub fn run(
    plan: &Plan,
    job: &Job,
    stop: &AtomicBool,
    mut progress: impl FnMut(u64),
) -> Result<Ran, RunError> {
    std::fs::create_dir_all(&job.folder).map_err(|error| TableError::Io {
        path: job.folder.clone(),
        error,
    })?;
    let about = about(plan, job)?;
    let there = segments(&job.folder)?;
    if !there.is_empty() && !job.resume {
        return Err(RunError::NotEmpty(job.folder.clone()));
    }
    for segment in &there {
        let (other, _) = describe(&segment.path)?;
        crate::table::belongs(&segment.path, &about, &other)?;
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(job.threads)
        .build();
    let pool = pool.map_err(|error| RunError::Threads(error.to_string()))?;
    let (first, end) = job.range();
    let mut plans = vec![plan.clone(); pool.current_num_threads()];
    let missing = missing(first, end, &there);
    let kept = (end - first) - missing.iter().map(|(first, end)| end - first).sum::<u64>();
    let mut ran = Ran {
        kept,
        ran: 0,
        of: end - first,
        stopped: false,
    };
    progress(kept);
    for (first, end) in missing {
        let mut at = first;
        while at < end && !ran.stopped {
            let segment_end = end.min(at + SEGMENT);
            let name = job.folder.join(format!("running-{at:012}"));
            let mut writer = Writer::create(&name, &about)?;
            let begun = at;
            while at < segment_end && !ran.stopped {
                let chunk_end = segment_end.min(at + CHUNK);
                let outcomes = pool.install(|| chunk(&mut plans, job, at, chunk_end))?;
                writer.push(at, &outcomes)?;
                ran.ran += chunk_end - at;
                at = chunk_end;
                progress(kept + ran.ran);
                ran.stopped = stop.load(Ordering::Relaxed) && kept + ran.ran < ran.of;
            }
            writer.finish()?;
            let segment = Segment::at(&job.folder, begun, at);
            std::fs::rename(&name, &segment.path).map_err(|error| TableError::Io {
                path: segment.path,
                error,
            })?;
        }
    }
    Ok(ran)
}

/// The outcomes of `first..end` in their order: each thread takes a part with a plan of its own, as models are not shared.
fn chunk(plans: &mut [Plan], job: &Job, first: u64, end: u64) -> Result<Vec<Outcome>, PathError> {
    let count = plans.len() as u64;
    let edge = |part: u64| first + (end - first) * part / count;
    let parts: Result<Vec<Vec<Outcome>>, PathError> = plans
        .par_iter_mut()
        .enumerate()
        .map(|(part, plan)| {
            let part = part as u64;
            let paths = edge(part)..edge(part + 1);
            paths
                .map(|path| plan.path(job.seed, path, job.tilt))
                .collect()
        })
        .collect();
    Ok(parts?.concat())
}

/// The ranges of `first..end` that no segment has.
fn missing(first: u64, end: u64, there: &[Segment]) -> Vec<(u64, u64)> {
    let (mut gaps, mut at) = (Vec::new(), first);
    for segment in there {
        if segment.first > at && at < end {
            gaps.push((at, segment.first.min(end)));
        }
        at = at.max(segment.end);
    }
    if at < end {
        gaps.push((at, end));
    }
    gaps
}
