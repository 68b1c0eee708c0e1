//! Writing until it is certain what became of it (storage contract §4, reliability U3, U11). Owns what is done where a
//! commit finds its revision taken, a counter full, another writer in the way, or no answer at all.

use super::script::{Pause, Run, Script};
use crate::error::{Error, ErrorCode};
use crate::json::text_of;
use crate::redemption::{Batch, CommitOutcome, Entry, Write};

/// Most commits of one call.
const MOST_COMMITS: u32 = 12;
/// Most of them without an answer: each may have taken a whole time-out, and as much the look after it.
const MOST_UNKNOWN: u32 = 4;
/// Most ended holds freed beside a write: one place is what most of them want.
const FREED_BESIDE: usize = 8;
/// Most of them freed in a commit of their own.
const FREED_ALONE: usize = 40;
/// Longest wait before the next one, milliseconds.
const LONGEST_WAIT: i64 = 500;

/// What became of a write.
pub(super) enum Settled {
    /// It is stored, by us or by a twin of this very call.
    Written(Box<Entry>),
    /// The key has moved on: look again.
    Taken,
    /// A counter has no place left.
    Full,
}

/// The commits of one call so far.
#[derive(Default)]
pub(super) struct Tries {
    commits: u32,
    unknown: u32,
}

/// What a commit carries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Load {
    /// The write alone.
    Own,
    /// The write, and ended holds freed in the same step, so that nobody comes in between.
    Helped,
    /// Ended holds alone, where even without them there was no place.
    Freeing,
}

impl Tries {
    /// Writes the next revision of a key. Once the outcome of a commit was unknown, only proof ends this: the stored
    /// revision is ours, or it is another's, so that ours can never be written any more.
    pub(super) fn settle(&mut self, write: &Write, script: &mut Script<'_>) -> Run<Settled> {
        let key = &write.entry.record.key;
        let mut batch = Batch::new(write);
        let mut load = Load::Own;
        let mut is_unknown = false;
        loop {
            if self.commits == MOST_COMMITS {
                return Err(self.given_up(is_unknown));
            }
            self.commits = self.commits.saturating_add(1);
            let outcome = script.commit(&batch, load != Load::Freeing)?;
            if load == Load::Freeing {
                // Whatever became of it: what is in the way still, the write meets again.
                if let Some(CommitOutcome::Busy(after)) = outcome {
                    script.wait(after.unwrap_or(self.backoff()).min(LONGEST_WAIT))?;
                }
                (batch, load) = (Batch::new(write), Load::Own);
                continue;
            }
            match outcome {
                Some(CommitOutcome::Committed) => {
                    return Ok(Settled::Written(Box::new(write.entry.clone())));
                }
                // A hold to be freed has moved on; its key's owner may have come back.
                Some(CommitOutcome::Exists(place)) if place > 0 => {
                    (batch, load) = (Batch::new(write), Load::Own);
                }
                Some(CommitOutcome::Exists(_)) if !is_unknown => {
                    if self.commits > 1 {
                        script.wait(self.backoff())?;
                    }
                    return Ok(Settled::Taken);
                }
                Some(CommitOutcome::Ceiling(place)) => {
                    let most = match load {
                        Load::Own => FREED_BESIDE,
                        _ => FREED_ALONE,
                    };
                    let freed = script.ended_holds(batch.limited(place), most, key)?;
                    if freed.is_empty() {
                        return match is_unknown {
                            true => Err(self.given_up(true)),
                            false => Ok(Settled::Full),
                        };
                    }
                    let freed = freed.iter().map(|entry| entry.expired(script.now));
                    (batch, load) = match load {
                        Load::Own => (Batch::new(write).helped_by(freed), Load::Helped),
                        _ => (Batch::freeing(freed), Load::Freeing),
                    };
                }
                Some(CommitOutcome::Busy(after)) => {
                    script.wait(after.unwrap_or(self.backoff()).min(LONGEST_WAIT))?;
                }
                Some(CommitOutcome::Exists(_)) | None => {
                    is_unknown = true;
                    self.unknown = self.unknown.saturating_add(u32::from(outcome.is_none()));
                    match script.entry_if_readable(key)? {
                        Some(Some(stored)) if stored.record.revision >= write.revision() => {
                            return Ok(match is_same(&stored, &write.entry) {
                                true => Settled::Written(Box::new(stored)),
                                false => Settled::Taken,
                            });
                        }
                        _ if self.unknown == MOST_UNKNOWN => return Err(self.given_up(true)),
                        Some(_) => {}
                        None => script.wait(self.backoff())?,
                    }
                }
            }
        }
    }

    /// 10, 20, 40 … milliseconds.
    fn backoff(&self) -> i64 {
        let doubled = self.commits.saturating_sub(1).min(6);
        10_i64
            .checked_shl(doubled)
            .map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
    }

    fn given_up(&self, is_unknown: bool) -> Pause {
        let (code, message) = match is_unknown {
            true => (
                ErrorCode::OutcomeUnknown,
                "may or may not have been written; the same call with the same key finds out",
            ),
            false => (
                ErrorCode::StorageBusy,
                "has other writers, or holds that are not freed yet, in the way; nothing was written, the same call may be made again",
            ),
        };
        Pause::Failed(Error::new(code, "storage.ledger.commit", message))
    }
}

/// Whether two revisions say the same to the last figure.
fn is_same(one: &Entry, two: &Entry) -> bool {
    matches!((text_of(&one.record), text_of(&two.record)), (Ok(one), Ok(two)) if one == two)
}
