//! A run: a shop, its store, a few workers, a clock, and a schedule drawn from the seed. After every change of the store
//! every law is checked. Owns what happens next; what may go wrong is in `faults`, how a run ends in `drain`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use coupon_engine::model::Value;

use super::dice::Dice;
use super::draw::{self, HOLD, Order};
use super::faults::{CommitFault, ReadFault, lie, meaningless, nonsense};
use crate::shared::answers::{Met, of_error, of_outcome, tells_nothing_of};
use crate::shared::laws::{Breach, breach, no_stranger_is_in, of_commit, of_state};
use crate::shared::ledger::{Batch, Entry, Ledger, Outcome};
use crate::shared::plain::{Fnv, field, json, maybe_text_of, set};
use crate::shared::protocol::{Call, Next, loaded, parse, unknown, waited};
use crate::shared::shop::{NOON, Shop, view};

const EVENTS: usize = 90;
const WORKERS: usize = 3;
const HOUR: i64 = 3_600_000;
const TEN_MINUTES: i64 = 600_000;
/// Earlier states that a stale read may come from.
const REMEMBERED: usize = 6;

/// What is kept of a run, besides what breaks and how often what happened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    Breaches,
    /// And the hash of all that was said.
    Hash,
    /// And what was said.
    Trace,
}

/// What came of a seed.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Of everything said and answered, if kept.
    pub hash: u64,
    pub breaches: Vec<Breach>,
    /// How often what happened.
    pub tally: BTreeMap<String, u64>,
    /// If kept.
    pub trace: Vec<String>,
    pub storage_calls: u64,
}

/// A call under way.
pub(super) struct Job {
    id: u64,
    order: Option<usize>,
    /// To start it again.
    kind: &'static str,
    request: Value,
    call: Call,
    pub(super) now: i64,
    replies: Vec<Value>,
    pub(super) met: Met,
    next: Next,
}

/// A commit that has not arrived yet.
pub(super) struct Late {
    job: u64,
    order: Option<usize>,
    call: Call,
    now: i64,
    batch: Batch,
}

/// A call whose outcome nobody knows.
pub(super) struct Unresolved {
    pub(super) order: Option<usize>,
    pub(super) kind: &'static str,
    pub(super) request: Value,
}

pub(super) struct World {
    pub(super) dice: Dice,
    pub(super) shop: Shop,
    pub(super) orders: Vec<Order>,
    pub(super) ledger: Ledger,
    history: BTreeMap<String, Vec<Arc<Entry>>>,
    earlier: VecDeque<Ledger>,
    pub(super) clock: i64,
    skews: [i64; WORKERS],
    pub(super) workers: [Option<Job>; WORKERS],
    pub(super) late: Vec<Late>,
    pub(super) unresolved: Vec<Unresolved>,
    /// Keys that somebody was told are paid.
    pub(super) acknowledged: BTreeSet<String>,
    pub(super) fault_percent: i64,
    jobs: u64,
    hash: Fnv,
    kept: Kept,
    pub(super) report: Report,
}

/// Runs a seed.
pub fn simulate(seed: u64, kept: Kept) -> Report {
    let mut world = World::new(seed, kept);
    for _ in 0..EVENTS {
        if !world.report.breaches.is_empty() {
            break;
        }
        world.event();
    }
    world.drain();
    world.report.hash = world.hash.0;
    world.report
}

impl Job {
    /// The key that it is about.
    fn key(&self) -> String {
        let named = |name: &str| maybe_text_of(field(&self.request, name)).unwrap_or_default();
        match self.kind {
            "adjust_credit" => format!("credit/{}/{}", named("couponId"), named("id")),
            _ => named("key").to_owned(),
        }
    }
}

impl World {
    fn new(seed: u64, kept: Kept) -> Self {
        let mut dice = Dice::new(seed);
        let shop = draw::shop(&mut dice);
        let count = usize::try_from(dice.within(2, 5)).expect("a few");
        let orders = (0..count).map(|place| draw::order(&mut dice, &shop, place));
        let orders = orders.collect();
        let skews = [0; WORKERS].map(|_| dice.within(-TEN_MINUTES, TEN_MINUTES));
        let mut world = Self {
            fault_percent: dice.pick(&[0, 10, 25, 50]),
            dice,
            orders,
            ledger: Ledger::default(),
            history: BTreeMap::new(),
            earlier: VecDeque::new(),
            clock: NOON,
            skews,
            workers: [const { None }; WORKERS],
            late: Vec::new(),
            unresolved: Vec::new(),
            acknowledged: BTreeSet::new(),
            jobs: 0,
            hash: Fnv::default(),
            kept,
            report: Report::default(),
            shop,
        };
        world.tell(&|world: &Self| format!("seed {seed}: {:#?}", world.shop.coupons));
        world.tell(&|world: &Self| format!("policy {}", json(&world.shop.policy)));
        world
    }

    fn event(&mut self) {
        match self.dice.within(0, 99) {
            0..=6 => self.step_clock(),
            7..=11 => self.deliver_late(),
            12..=14 => self.crash(),
            _ => {
                let worker = self.dice.place(WORKERS);
                match self.workers[worker].take() {
                    None => self.start(worker),
                    Some(job) => self.workers[worker] = self.go(job, self.fault_percent),
                }
            }
        }
    }

    fn step_clock(&mut self) {
        let by = self
            .dice
            .pick(&[60_000, 300_000, HOLD, HOLD, HOUR, -HOUR, -300_000]);
        self.clock += by;
        self.tally(if by < 0 { "clock back" } else { "clock" });
        self.tell(&|world: &Self| format!("the clock goes by {by} to {}", world.clock));
    }

    pub(super) fn deliver_late(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let place = self.dice.place(self.late.len());
        let Late {
            job,
            order,
            call,
            now,
            batch,
        } = self.late.remove(place);
        self.tally("late commit");
        let outcome = self.apply(order, &call, now, &batch);
        self.tell(&|_: &Self| format!("a late commit arrives: {outcome:?}"));
        let waiting = self
            .workers
            .iter_mut()
            .flatten()
            .find(|waiting| waiting.id == job);
        if let Some(job) = waiting {
            let is_own = batch.inserts.iter().any(|entry| entry.key == job.key());
            job.met.wrote |= is_own && outcome == Outcome::Committed;
        }
    }

    fn crash(&mut self) {
        let worker = self.dice.place(WORKERS);
        if let Some(job) = self.workers[worker].take() {
            self.tally("crash");
            self.tell(&|_: &Self| format!("{worker} crashes in {}", job.kind));
        }
    }

    fn start(&mut self, worker: usize) {
        let again = self
            .dice
            .chance(40)
            .then(|| self.unresolved.pop())
            .flatten();
        let Unresolved {
            order,
            kind,
            request,
        } = again.unwrap_or_else(|| {
            let place = self.dice.place(self.orders.len());
            let order = &self.orders[place];
            let (kind, request) = draw::event(&mut self.dice, order, &self.shop);
            let is_own = maybe_text_of(field(&request, "key")) == Some(&order.key);
            Unresolved {
                order: is_own.then_some(place),
                kind,
                request,
            }
        });
        let now = self.clock + self.skews[worker];
        self.workers[worker] = self.begin(order, kind, request, now);
    }

    /// `None` if it ends without any storage call.
    pub(super) fn begin(
        &mut self,
        order: Option<usize>,
        kind: &'static str,
        request: Value,
        now: i64,
    ) -> Option<Job> {
        self.jobs += 1;
        let call = Call::new(kind, request.clone(), now, &self.shop.policy);
        self.tell(&|world: &Self| format!("#{} {kind} at {now}: {}", world.jobs, json(&request)));
        let job = Job {
            id: self.jobs,
            order,
            kind,
            request,
            next: Next::Wait(0),
            call,
            now,
            replies: Vec::new(),
            met: Met::default(),
        };
        self.ask(job)
    }

    /// Asks the engine what comes next, until that is a storage call or the end.
    fn ask(&mut self, mut job: Job) -> Option<Job> {
        loop {
            let replies = Value::List(std::mem::take(&mut job.replies));
            let said = job.call.say(&replies);
            if let Value::List(replies) = replies {
                job.replies = replies;
            }
            self.keep(&said);
            self.tell(&|_: &Self| format!("#{} says {}", job.id, json(&said)));
            match parse(&said) {
                Next::Wait(_) => job.replies.push(waited()),
                next @ (Next::Load { .. } | Next::Commit(_)) => {
                    job.next = next;
                    return Some(job);
                }
                Next::Done(outcome) => {
                    self.end(job, &outcome);
                    return None;
                }
                Next::Failed { code, text } => {
                    self.fail(job, &code, &text);
                    return None;
                }
            }
        }
    }

    /// Does the job's next storage call, with so many faults in a hundred.
    pub(super) fn go(&mut self, mut job: Job, fault_percent: i64) -> Option<Job> {
        self.report.storage_calls += 1;
        let reply = match std::mem::replace(&mut job.next, Next::Wait(0)) {
            Next::Load {
                request,
                is_optional,
            } => self.load(&mut job, &request, is_optional, fault_percent),
            Next::Commit(batch) => Some(self.commit(&mut job, &batch, fault_percent)),
            _ => unreachable!("a job waits for the store"),
        };
        let Some(reply) = reply else {
            self.fail(job, "storage_failed", "the read failed");
            return None;
        };
        self.keep(&reply);
        self.tell(&|_: &Self| format!("#{} is answered {}", job.id, json(&reply)));
        job.replies.push(reply);
        self.ask(job)
    }

    /// `None` if the driver throws.
    fn load(
        &mut self,
        job: &mut Job,
        request: &Value,
        is_optional: bool,
        fault_percent: i64,
    ) -> Option<Value> {
        if job.met.unknown.is_some() && !is_optional {
            let what = "a read that may throw, after a commit of unknown outcome";
            self.report.breaches.push(breach("u11", what));
        }
        let fault = match field(request, "ledger") {
            Value::Null => ReadFault::None,
            _ => ReadFault::draw(&mut self.dice, fault_percent),
        };
        if fault != ReadFault::None {
            job.met.misled = true;
            self.tally(&format!("read {fault:?}"));
        }
        let mut answer = match fault {
            ReadFault::Throw if is_optional => return Some(unknown()),
            ReadFault::Throw => return None,
            ReadFault::Stale if !self.earlier.is_empty() => {
                let place = self.dice.place(self.earlier.len());
                view(&self.shop, request, &self.earlier[place])
            }
            _ => view(&self.shop, request, &self.ledger),
        };
        let ledger = field(&answer, "ledger");
        match fault {
            ReadFault::Nonsense => {
                let nonsense = nonsense(&mut self.dice, ledger);
                set(&mut answer, "ledger", nonsense);
            }
            ReadFault::Lie => {
                let lie = lie(&mut self.dice, field(request, "ledger"), ledger);
                set(&mut answer, "ledger", lie);
            }
            _ => job.met.read(&self.shop, request, job.now, &self.ledger),
        }
        if fault != ReadFault::Nonsense {
            job.met.told(&job.key(), &answer);
        }
        Some(loaded(answer))
    }

    fn commit(&mut self, job: &mut Job, batch: &Batch, fault_percent: i64) -> Value {
        let fault = CommitFault::draw(&mut self.dice, fault_percent);
        if fault != CommitFault::None {
            self.tally(&format!("commit {fault:?}"));
        }
        let said = match fault {
            CommitFault::FalseExists => Some(Outcome::Exists {
                insert: self.dice.pick(&[0, 0, 9]),
            }),
            CommitFault::FalseCeiling => Some(Outcome::Ceiling { add: 0, claimed: 0 }),
            CommitFault::Busy => Some(Outcome::Busy),
            _ => None,
        };
        if let Some(said) = said {
            job.met.misled |= fault != CommitFault::Busy;
            return said.reply();
        }
        let is_answered = matches!(fault, CommitFault::None | CommitFault::Duplicate);
        if !is_answered {
            let own = batch.inserts.iter().find(|entry| entry.key == job.key());
            job.met.unknown = own.map(|entry| entry.revision).max(job.met.unknown);
        }
        match fault {
            CommitFault::Throw => return unknown(),
            CommitFault::Late => {
                self.late.push(Late {
                    job: job.id,
                    order: job.order,
                    call: job.call.clone(),
                    now: job.now,
                    batch: batch.clone(),
                });
                return unknown();
            }
            _ => {}
        }
        let outcome = self.apply(job.order, &job.call, job.now, batch);
        job.met.committed(&outcome);
        // Ended holds of others may be freed alone.
        let is_own = batch.inserts.iter().any(|entry| entry.key == job.key());
        job.met.wrote |= is_own && outcome == Outcome::Committed;
        if fault == CommitFault::Duplicate {
            let second = self.apply(job.order, &job.call, job.now, batch);
            if second == Outcome::Committed {
                self.report
                    .breaches
                    .push(breach("u3", "a batch was taken twice"));
            }
        }
        match fault {
            CommitFault::Nonsense => meaningless(),
            CommitFault::ApplyAndThrow => unknown(),
            _ => outcome.reply(),
        }
    }

    /// Hands a batch to the store, and judges what it did.
    fn apply(&mut self, order: Option<usize>, call: &Call, now: i64, batch: &Batch) -> Outcome {
        let before = self.ledger.clone();
        let outcome = self.ledger.commit(batch);
        if outcome != Outcome::Committed {
            return outcome;
        }
        let mut breaches = of_commit(&self.shop, &before, call, now, batch);
        for entry in &batch.inserts {
            let of_key = self.history.entry(entry.key.clone()).or_default();
            of_key.push(entry.clone());
            let is_own = order.is_some_and(|order| self.orders[order].key == entry.key);
            if is_own {
                no_stranger_is_in(&entry.whole, &self.strangers(order), &mut breaches);
            }
            self.tally(&format!("→ {}", entry.state));
        }
        if batch.inserts.len() > 1 {
            self.tally("a helper freed ended holds");
        }
        self.report.breaches.extend(breaches);
        self.report
            .breaches
            .extend(of_state(&self.shop, &self.ledger));
        self.earlier.push_back(before);
        if self.earlier.len() > REMEMBERED {
            self.earlier.pop_front();
        }
        outcome
    }

    /// What identifies the other customers and their orders.
    fn strangers(&self, order: Option<usize>) -> Vec<String> {
        let own = order.map(|order| self.orders[order].customer);
        let mut strangers = Vec::new();
        for customer in (0..draw::customers()).filter(|customer| Some(*customer) != own) {
            strangers.extend(draw::names_of(customer));
        }
        for (place, other) in self.orders.iter().enumerate() {
            if Some(place) != order {
                strangers.push(other.key.clone());
            }
            let newest = self.ledger.newest.get(&other.key);
            if let Some(entry) = newest.filter(|_| Some(other.customer) != own) {
                strangers.extend(entry.customer_keys.iter().cloned());
            }
        }
        strangers
    }

    fn end(&mut self, job: Job, outcome: &Value) {
        let status = maybe_text_of(field(outcome, "status")).unwrap_or("answered");
        let reason = maybe_text_of(field(outcome, "reason")).unwrap_or_default();
        self.tally(format!("{} {status} {reason}", job.kind).trim_end());
        let (empty, key) = (Vec::new(), job.key());
        let history = self.history.get(&key).unwrap_or(&empty);
        let mut breaches = of_outcome(&job.call, &job.met, outcome, history);
        no_stranger_is_in(outcome, &self.strangers(job.order), &mut breaches);
        self.report.breaches.extend(breaches);
        if status == "redeemed" {
            self.acknowledged.insert(key);
        }
    }

    fn fail(&mut self, job: Job, code: &str, text: &str) {
        self.tally(&format!("{} throws {code}", job.kind));
        self.tell(&|_: &Self| format!("#{} throws {text}", job.id));
        let (empty, key) = (Vec::new(), job.key());
        let history = self.history.get(&key).unwrap_or(&empty);
        let mut breaches = of_error(&job.call, &job.met, code, text, history);
        if code == "idempotency_mismatch" {
            tells_nothing_of(text, history, &mut breaches);
        }
        self.report.breaches.extend(breaches);
        if code == "outcome_unknown" {
            let Job {
                order,
                kind,
                request,
                ..
            } = job;
            self.unresolved.push(Unresolved {
                order,
                kind,
                request,
            });
        }
    }

    pub(super) fn tally(&mut self, what: &str) {
        match self.report.tally.get_mut(what) {
            Some(times) => *times += 1,
            None => drop(self.report.tally.insert(what.to_owned(), 1)),
        }
    }

    fn keep(&mut self, said: &Value) {
        if self.kept != Kept::Breaches {
            self.hash.add_value(said);
        }
    }

    pub(super) fn tell(&mut self, what: &dyn Fn(&Self) -> String) {
        if self.kept == Kept::Trace {
            let line = what(self);
            self.report.trace.push(line);
        }
    }
}
