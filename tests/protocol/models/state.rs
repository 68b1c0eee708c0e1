//! A state of the model: the ledger, the clock, and what each worker is in the middle of. Owns which states are the same:
//! those in which orders differ in nothing but their names.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use coupon_engine::model::Value;

use crate::shared::answers::Met;
use crate::shared::laws::Breach;
use crate::shared::ledger::{Ledger, quoted};
use crate::shared::plain::{Fnv, json};
use crate::shared::shop::NOON;

/// A hold's time, and the clock's one step.
pub const HOLD: i64 = 900_000;

/// A buyer's and another, one after the other in the list of workers.
pub const WORKERS_OF_AN_ORDER: usize = 2;

/// The replies that a worker has, told apart by their hash, in which the own key and those of others have no names.
#[derive(Clone, Default)]
pub struct Replies {
    pub list: Arc<Vec<Value>>,
    pub digest: Fnv,
    /// The orders that are told of, besides the own one.
    pub others: Vec<usize>,
}

impl Replies {
    pub fn push(&mut self, reply: Value, own: usize, orders: usize) {
        let mut written = json(&reply).replace(&quoted(&key_of(own)), "own");
        for other in (0..orders).filter(|other| *other != own) {
            let name = quoted(&key_of(other));
            if written.contains(&name) {
                written = written.replace(&name, "other");
                self.others.push(other);
            }
        }
        self.digest.add(&written);
        Arc::make_mut(&mut self.list).push(reply);
    }
}

impl PartialEq for Replies {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest && self.others == other.others
    }
}

impl Eq for Replies {}

impl Hash for Replies {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.0.hash(state);
    }
}

impl fmt::Debug for Replies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} replies", self.list.len())
    }
}

/// A command under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Running {
    pub command: usize,
    /// The clock when it began; it reads no other.
    pub tick: u8,
    pub replies: Replies,
    pub met: Met,
    /// The first half of a commit that a bug has torn in two is done.
    pub is_torn: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Worker {
    /// Workers of one role may do the same.
    pub role: usize,
    pub slot: usize,
    pub running: Option<Running>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    pub ledger: Arc<Ledger>,
    pub tick: u8,
    pub workers: Vec<Worker>,
    pub faults: u8,
    pub crashes: u8,
    /// What does not hold, noticed on the way here.
    pub breaches: Vec<Breach>,
    /// What `Protocol::expects` is about.
    pub seen: [bool; 2],
}

/// Orders that differ in nothing but their names make one state in whichever order they stand: what is hashed of an
/// order has no names in it, and of the orders' hashes the sequence is lost.
impl Hash for State {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let orders = self.workers.chunks(WORKERS_OF_AN_ORDER).enumerate();
        let alone: Vec<u64> = orders
            .map(|(order, workers)| {
                let newest = self.ledger.newest.get(&key_of(order));
                digest_of(&(newest.map(|newest| newest.digest()), workers))
            })
            .collect();
        let orders = self.workers.chunks(WORKERS_OF_AN_ORDER).enumerate();
        let mut together: Vec<u64> = orders
            .map(|(order, workers)| {
                let running = workers.iter().map(|worker| worker.running.as_ref());
                let told_of = |running: &Running| -> Vec<u64> {
                    let others = running.replies.others.iter();
                    others.map(|other| alone[*other]).collect()
                };
                let told_of: Vec<_> = running.map(|running| running.map(told_of)).collect();
                digest_of(&(alone[order], told_of))
            })
            .collect();
        together.sort_unstable();
        together.hash(state);
        self.ledger.counters.hash(state);
        (self.tick, self.faults, self.crashes, self.seen).hash(state);
        self.breaches.hash(state);
    }
}

fn digest_of(value: &impl Hash) -> u64 {
    // Of the standard library, with the same keys each time.
    let mut hasher = std::hash::DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What becomes of a commit and its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    Answered,
    /// Judged, and the reply lost.
    Lost,
    /// Never arrived.
    Dropped,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Begins a command and reads what it reads first.
    Start { worker: usize, command: usize },
    /// Does the next storage call.
    Go { worker: usize, fate: Fate },
    /// Forgets everything; the command may be started again.
    Crash { worker: usize },
    /// All holds end.
    Tick,
}

pub fn key_of(order: usize) -> String {
    format!("order-{order}")
}

pub fn clock(tick: u8) -> i64 {
    NOON + HOLD * i64::from(tick)
}
