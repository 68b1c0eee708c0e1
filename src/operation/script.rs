//! An operation as a straight line of reads and commits. It is run from its start at each step: what has been answered
//! already is taken from the replies, and where they end it pauses with what to do next. So a rule reads from top to
//! bottom, and nothing has to survive in between.

use super::load::{LedgerAnswer, LedgerRequest, LoadRequest, missing_answer};
use super::step::Step;
use crate::error::Error;
use crate::model::{CounterName, Instant, Node, Value};
use crate::redemption::{Batch, CommitOutcome, Entry};

/// Why an operation does not go on.
#[derive(Debug)]
pub(super) enum Pause {
    /// The replies end here; this comes next.
    Next(Box<Step>),
    /// It cannot go on.
    Failed(Error),
}

impl From<Error> for Pause {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// A part of an operation: its answer, or a pause.
pub(super) type Run<T> = std::result::Result<T, Pause>;

/// The replies that are still to be taken, and the instant of it all.
pub(super) struct Script<'a> {
    replies: std::slice::Iter<'a, Value>,
    pub(super) now: Instant,
}

impl<'a> Script<'a> {
    pub(super) fn new(replies: &'a [Value], now: Instant) -> Self {
        Self {
            replies: replies.iter(),
            now,
        }
    }

    /// The reply to this step, if there is one yet.
    fn reply(&mut self, step: Step) -> Run<&'a Value> {
        self.replies
            .next()
            .ok_or_else(|| Pause::Next(Box::new(step)))
    }

    /// Reads what has to be known.
    pub(super) fn load(&mut self, request: LoadRequest) -> Run<&'a Value> {
        self.reply(Step::Load {
            request,
            optional: false,
        })
    }

    /// The newest revision of a key.
    pub(super) fn entry(&mut self, key: &str) -> Run<Option<Entry>> {
        let request = LedgerRequest::of_entry(key, self.now);
        let reply = self.load(LoadRequest::of_ledger(request))?;
        Ok(LedgerAnswer::of_entry(reply, key)?)
    }

    /// The same where an answer would help and its absence must not hide that a commit's outcome is unknown.
    pub(super) fn entry_if_readable(&mut self, key: &str) -> Run<Option<Option<Entry>>> {
        let request = LedgerRequest::of_entry(key, self.now);
        let reply = self.reply(Step::Load {
            request: LoadRequest::of_ledger(request),
            optional: true,
        })?;
        Ok(match is_unknown(reply) {
            true => None,
            false => LedgerAnswer::of_entry(reply, key).ok(),
        })
    }

    /// So many holds of others that have ended and still claim any of these counters. What cannot be read helps nobody.
    pub(super) fn ended_holds(
        &mut self,
        counters: Vec<CounterName>,
        most: usize,
        own: &str,
    ) -> Run<Vec<Entry>> {
        let request = LedgerRequest::of_ended_holds(counters, most, self.now);
        let reply = self.reply(Step::Load {
            request: LoadRequest::of_ledger(request),
            optional: true,
        })?;
        let answer = match is_unknown(reply) {
            true => None,
            false => LedgerAnswer::read(reply, 0, 0).ok(),
        };
        let mut ended = answer.map(|answer| answer.ended_holds).unwrap_or_default();
        ended.retain(|entry| entry.record.key != own && entry.is_ended_hold(self.now));
        Ok(ended)
    }

    /// Commits; `None` if nobody knows what became of it.
    pub(super) fn commit(&mut self, batch: &Batch, own: bool) -> Run<Option<CommitOutcome>> {
        let reply = self.reply(Step::Commit {
            batch: Box::new(batch.clone()),
            own,
        })?;
        if is_unknown(reply) {
            return Ok(None);
        }
        let path = "storage.ledger.commit";
        let outcome = reply.field("outcome").ok_or_else(|| missing_answer(path))?;
        Ok(CommitOutcome::parse(&Node::root(outcome, path)).ok())
    }

    /// Lets some time pass.
    pub(super) fn wait(&mut self, milliseconds: i64) -> Run<()> {
        self.reply(Step::Wait { milliseconds }).map(|_| ())
    }
}

fn is_unknown(reply: &Value) -> bool {
    let kind = reply.field("type");
    kind.is_some_and(|kind| matches!(kind, Value::Text(word) if word == "unknown"))
}
