//! One commit: inserts, judged first, and guarded changes of counters (storage contract §4). Owns how the changes of
//! several keys go together in one step.

use serde::Serialize;

use super::Entry;
use crate::error::Result;
use crate::model::{Claim, CounterName, Node, SAFE, sort_by};

/// What every ledger can carry in one commit.
pub(super) const LEAST_OPERATIONS: usize = 100;
/// The shop is one atomic domain.
const PARTITION: &str = "shop";

/// The next revision of one key, and what it changes.
#[derive(Clone, Debug)]
pub struct Write {
    /// The revision.
    pub entry: Entry,
    /// What it takes and gives back.
    pub adds: Vec<CounterAdd>,
}

/// A guarded change of one counter.
#[derive(Clone, Debug, Serialize)]
pub struct CounterAdd {
    /// Which.
    pub counter: CounterName,
    /// Negative gives back.
    pub delta: i64,
    /// The most it may become.
    pub ceiling: Option<i64>,
}

/// Everything or nothing.
#[derive(Clone, Debug, Serialize)]
pub struct Batch {
    partition: &'static str,
    /// Judged first.
    pub insert: Vec<Entry>,
    /// One per counter, by name.
    pub add: Vec<CounterAdd>,
}

impl Write {
    /// Which revision.
    pub fn revision(&self) -> i64 {
        self.entry.record.revision
    }

    /// `entry` in place of one that claims `before`.
    pub(super) fn new(entry: Entry, before: &[Claim]) -> Self {
        let after = &entry.index.claims;
        let gained = after.iter().map(|claim| {
            let delta = claim.amount.saturating_sub(amount_in(before, claim));
            CounterAdd {
                counter: claim.counter.clone(),
                delta,
                // What only gives back is not held to a limit, which may have been lowered meanwhile.
                ceiling: claim.ceiling.filter(|_| delta.is_positive()),
            }
        });
        let lost = before.iter().filter(|claim| !is_in(after, claim));
        let lost = lost.map(|claim| CounterAdd {
            counter: claim.counter.clone(),
            delta: claim.amount.saturating_neg(),
            ceiling: None,
        });
        let adds = gained.chain(lost).filter(|add| add.delta != 0);
        Self {
            adds: adds.collect(),
            entry,
        }
    }
}

fn is_in(claims: &[Claim], claim: &Claim) -> bool {
    claims.iter().any(|one| one.counter == claim.counter)
}

fn amount_in(claims: &[Claim], claim: &Claim) -> i64 {
    let same = claims.iter().find(|one| one.counter == claim.counter);
    same.map_or(0, |one| one.amount)
}

impl Batch {
    /// The commit of one key's write.
    pub fn new(write: &Write) -> Self {
        let mut batch = Self {
            partition: PARTITION,
            insert: vec![write.entry.clone()],
            add: write.adds.clone(),
        };
        batch.sort();
        batch
    }

    /// The commit that frees holds which have ended, and nothing else.
    pub fn freeing(freed: impl Iterator<Item = Write>) -> Self {
        let nothing = Self {
            partition: PARTITION,
            insert: Vec::new(),
            add: Vec::new(),
        };
        nothing.helped_by(freed)
    }

    /// The counters that a ledger which found no place may mean: the one it names, else all with a limit.
    pub fn limited(&self, place: Option<usize>) -> Vec<CounterName> {
        let named = place.and_then(|place| self.add.get(place));
        let limited = self.add.iter().filter(|add| add.ceiling.is_some());
        match named.filter(|add| add.ceiling.is_some()) {
            Some(add) => vec![add.counter.clone()],
            None => limited.map(|add| add.counter.clone()).collect(),
        }
    }

    /// Frees holds that have ended, in the same step, as many as every ledger can carry. What is claimed stays held to
    /// its limit, even where more is freed.
    #[must_use]
    pub fn helped_by(mut self, freed: impl Iterator<Item = Write>) -> Self {
        for Write { entry, adds } in freed {
            let operations = self.insert.len().saturating_add(self.add.len());
            let more = adds.len().saturating_add(1);
            if !self.insert.is_empty() && operations.saturating_add(more) > LEAST_OPERATIONS {
                break;
            }
            self.insert.push(entry);
            for add in adds {
                match self.add.iter_mut().find(|own| own.counter == add.counter) {
                    Some(own) => own.delta = own.delta.saturating_add(add.delta),
                    None => self.add.push(add),
                }
            }
        }
        self.sort();
        self
    }

    fn sort(&mut self) {
        sort_by(&mut self.add, |one, two| one.counter.cmp(&two.counter));
    }
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitOutcome {
    /// Written.
    Committed,
    /// The revision at this place is taken.
    Exists(usize),
    /// The counter at this place, if known, would leave its bounds.
    Ceiling(Option<usize>),
    /// Somebody was in the way; after so many milliseconds, if known.
    Busy(Option<i64>),
}

impl CommitOutcome {
    /// Reads the ledger's answer.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["status", "insert", "add", "claimed", "retryAfterMs"])?;
        let of = |name: &str| object.optional(name, |number| number.integer(0, SAFE));
        let place = |number: Option<i64>| number.and_then(|place| usize::try_from(place).ok());
        let taken = place(of("insert")?).unwrap_or(0);
        let full = place(of("add")?);
        let retry_after = of("retryAfterMs")?;
        object.required("status", |status| {
            status.word(&[
                ("committed", Self::Committed),
                ("exists", Self::Exists(taken)),
                ("ceiling", Self::Ceiling(full)),
                ("busy", Self::Busy(retry_after)),
            ])
        })
    }
}
