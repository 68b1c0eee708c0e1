//! The model: workers that run commands against one ledger, one storage call at a time, in every order, with replies
//! lost, commits that nobody knows of, crashes, and a clock. What a worker does next is the engine's own `step`; a
//! transition only carries it out. Owns the states, the actions, and which of them there are.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, RwLock};

use coupon_engine::model::Value;
use stateright::{Model, Property};

use crate::bugs::Bug;
use crate::quiescence::drained;
use crate::shared::answers::{Met, of_error, of_outcome};
use crate::shared::laws::{Breach, of_commit, of_state};
use crate::shared::ledger::{Batch, Ledger, Outcome};
use crate::shared::plain::{
    Fnv, entries, field, int, int_of, json, maybe_text_of, object, set, text, text_of,
};
use crate::shared::protocol::{Call, Next, loaded, unknown, waited};
use crate::shared::shop::{NOON, Shop, view};

/// A hold's time, and the clock's one step.
pub const HOLD: i64 = 900_000;

/// A command as a worker may start it.
#[derive(Clone, Debug)]
pub struct Command {
    pub kind: &'static str,
    /// Without the key.
    pub request: Value,
}

/// Somebody who handles one order.
#[derive(Clone, Debug)]
pub struct Script {
    /// Which order.
    pub order: usize,
    /// Of the list of commands: one of the first slot, then one of the second …
    pub slots: Vec<Vec<usize>>,
}

/// What is checked, and how far.
pub struct Protocol {
    pub shop: Shop,
    pub commands: Vec<Command>,
    pub workers: Vec<Script>,
    /// Whether orders differ in nothing but their keys.
    pub are_alike: bool,
    /// Whether what is read after a commit is read in the same transition.
    pub reads_at_once: bool,
    /// How often the clock may step past the end of all holds so far.
    pub ticks: u8,
    /// How many replies get lost.
    pub faults: u8,
    /// How many workers crash.
    pub crashes: u8,
    /// Put into the protocol.
    pub bug: Option<Bug>,
    /// The one law that is watched; all if `None`.
    pub watched: Option<&'static str>,
    pub memory: Memory,
}

/// What has been asked before.
#[derive(Default)]
pub struct Memory {
    calls: RwLock<HashMap<(usize, usize, u8), Arc<Call>>>,
    steps: RwLock<HashMap<(usize, usize, u8, u64), Arc<Next>>>,
    /// By whether nothing is under way.
    judged: RwLock<HashMap<(bool, Ledger), Arc<Vec<Breach>>>>,
}

/// The replies that a worker has, told apart by their hash.
#[derive(Clone, Default)]
pub struct Replies {
    list: Vec<Arc<Value>>,
    digest: Fnv,
}

impl Replies {
    fn push(&mut self, reply: Value) {
        self.digest.add(&json(&reply));
        self.list.push(Arc::new(reply));
    }
}

impl PartialEq for Replies {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
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

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Worker {
    pub slot: usize,
    pub running: Option<Running>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub ledger: Ledger,
    pub tick: u8,
    pub workers: Vec<Worker>,
    pub faults: u8,
    pub crashes: u8,
    /// What does not hold, noticed on the way here.
    pub breaches: Vec<Breach>,
    /// A claim was refused, a late payment was taken: what has to happen in a run that shows anything.
    pub seen: [bool; 2],
}

/// What becomes of a commit and its reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Protocol {
    pub fn call(&self, order: usize, command: usize, tick: u8) -> Arc<Call> {
        let name = (order, command, tick);
        if let Some(call) = self.memory.calls.read().unwrap().get(&name) {
            return call.clone();
        }
        let Command { kind, request, .. } = &self.commands[command];
        let mut request = request.clone();
        set(&mut request, "key", text(&key_of(order)));
        let call = Arc::new(Call::new(kind, request, clock(tick), &self.shop.policy));
        self.memory.calls.write().unwrap().insert(name, call.clone());
        call
    }

    fn next(&self, order: usize, running: &Running) -> Arc<Next> {
        let name = (order, running.command, running.tick, running.replies.digest.0);
        if let Some(next) = self.memory.steps.read().unwrap().get(&name) {
            return next.clone();
        }
        let replies = running.replies.list.iter().map(|reply| (**reply).clone());
        let replies = Value::List(replies.collect());
        let call = self.call(order, running.command, running.tick);
        let next = Arc::new(call.next(&replies).0);
        self.memory.steps.write().unwrap().insert(name, next.clone());
        next
    }

    /// Goes on until a storage call is due or the command has ended.
    fn settle(&self, state: &mut State, worker: usize) {
        let order = self.workers[worker].order;
        while let Some(running) = state.workers[worker].running.clone() {
            let call = self.call(order, running.command, running.tick);
            let newest = state.ledger.newest.get(&key_of(order));
            let history = newest.map_or(&[][..], std::slice::from_ref);
            match &*self.next(order, &running) {
                Next::Wait(_) => {
                    let running = state.workers[worker].running.as_mut().unwrap();
                    running.replies.push(waited());
                    continue;
                }
                Next::Load { .. } | Next::Commit(_) => return,
                Next::Done(outcome) => {
                    let breaches = of_outcome(&call, &running.met, outcome, history);
                    state.breaches.extend(breaches);
                    let reason = maybe_text_of(field(outcome, "reason"));
                    state.seen[0] |= matches!(reason, Some("codes_refused" | "hold_expired"));
                }
                Next::Failed { code, text } => {
                    let breaches = of_error(&call, &running.met, code, text, history);
                    state.breaches.extend(breaches);
                }
            }
            state.workers[worker].running = None;
            state.workers[worker].slot += 1;
        }
    }

    /// Does the reads that are due.
    fn read_on(&self, state: &mut State, worker: usize) {
        while let Some(running) = &state.workers[worker].running {
            let next = self.next(self.workers[worker].order, running);
            let Next::Load { request, .. } = &*next else {
                return;
            };
            self.load(state, worker, request);
            self.settle(state, worker);
        }
    }

    fn load(&self, state: &mut State, worker: usize, request: &Value) {
        let now = self.now(state, worker);
        let mut answer = view(&self.shop, request, &state.ledger);
        self.simplify(&mut answer, request, &state.ledger);
        if let Some(bug) = self.bug {
            bug.twist(&mut answer);
        }
        let own = key_of(self.workers[worker].order);
        let running = state.workers[worker].running.as_mut().unwrap();
        running.met.told(&own, &answer);
        running.met.read(&self.shop, request, now, &state.ledger);
        running.replies.push(loaded(answer));
    }

    /// A read may be stale: where a counter leaves room, it is told as it was at the beginning, so that replies that lead
    /// to the same do not make states that differ. How much is left of a balance is told as it is.
    fn simplify(&self, view: &mut Value, request: &Value, ledger: &Ledger) {
        let mut of_ledger = field(view, "ledger").clone();
        if of_ledger == Value::Null {
            return;
        }
        let names = entries(field(field(request, "ledger"), "counters")).iter();
        let told = names.zip(entries(field(&of_ledger, "counters")));
        let told = told.map(|(name, counter)| {
            let ceiling = self.shop.ceiling_of(text_of(name), ledger);
            let stands = int_of(field(counter, "claimed")) - int_of(field(counter, "ended"));
            let is_balance = text_of(name).ends_with("/credit");
            let is_full = ceiling.is_none_or(|ceiling| stands >= ceiling);
            let claimed = if is_balance || is_full { stands } else { 0 };
            object([("claimed", int(claimed))])
        });
        let told = Value::List(told.collect());
        set(&mut of_ledger, "counters", told);
        set(view, "ledger", of_ledger);
    }

    fn commit(&self, state: &mut State, worker: usize, batch: &Batch, fate: Fate) {
        let script = &self.workers[worker];
        let now = self.now(state, worker);
        let running = state.workers[worker].running.clone().unwrap();
        let call = self.call(script.order, running.command, running.tick);
        let before = state.ledger.clone();
        let is_half = |half: &Batch| half.inserts.is_empty();
        let batch = match self.bug {
            Some(bug) => bug.altered(batch, &before, running.is_torn),
            None => batch.clone(),
        };
        let running = state.workers[worker].running.as_mut().unwrap();
        let own = key_of(script.order);
        let revision = batch.inserts.iter().find(|entry| entry.key == own);
        let revision = revision.map(|entry| entry.revision).max(running.met.unknown);
        let outcome = match (fate, self.bug) {
            (Fate::Dropped, _) => {
                running.met.unknown = revision;
                return running.replies.push(unknown());
            }
            (_, Some(bug)) => bug.judge(&mut state.ledger, &batch),
            (_, None) => state.ledger.commit(&batch),
        };
        running.met.committed(&outcome);
        if outcome == Outcome::Committed {
            running.met.wrote |= batch.inserts.iter().any(|entry| entry.key == own);
            let breaches = of_commit(&self.shop, &before, &call, now, &batch);
            state.breaches.extend(breaches);
            let was = before.newest.get(&own);
            let has_lapsed = was.is_some_and(|was| was.state == "expired" || was.has_ended(now));
            state.seen[1] |= has_lapsed && call.kind() == "redeem";
        }
        if is_half(&batch) && !running.is_torn {
            running.is_torn = true;
            return;
        }
        running.is_torn = false;
        if fate == Fate::Lost {
            running.met.unknown = revision;
            running.replies.push(unknown());
        } else {
            running.replies.push(outcome.reply());
        }
    }

    fn now(&self, state: &State, worker: usize) -> i64 {
        clock(state.workers[worker].running.as_ref().unwrap().tick)
    }

    fn judge(&self, state: &mut State) {
        let is_quiet = state.workers.iter().all(|worker| worker.running.is_none());
        let name = (is_quiet, state.ledger.clone());
        let memory = self.memory.judged.read().unwrap();
        let known = memory.get(&name).cloned();
        drop(memory);
        let breaches = known.unwrap_or_else(|| {
            let mut breaches = of_state(&self.shop, &name.1);
            if is_quiet {
                breaches.extend(drained(self, &name.1));
            }
            let breaches = Arc::new(breaches);
            let mut memory = self.memory.judged.write().unwrap();
            memory.insert(name, breaches.clone());
            breaches
        });
        state.breaches.extend(breaches.iter().cloned());
        if let Some(law) = self.watched {
            state.breaches.retain(|breach| breach.law == law);
        }
    }

    /// Orders that are alike are named in the order in which they begin.
    fn is_next(&self, state: &State, worker: usize) -> bool {
        let order = self.workers[worker].order;
        let has_begun = |order: usize| {
            let workers = self.workers.iter().zip(&state.workers);
            let mut of_order = workers.filter(|(script, _)| script.order == order);
            of_order.any(|(_, worker)| worker.slot > 0 || worker.running.is_some())
        };
        !self.are_alike || order == 0 || has_begun(order - 1)
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            ledger: Ledger::default(),
            tick: 0,
            workers: vec![Worker::default(); self.workers.len()],
            faults: self.faults,
            crashes: self.crashes,
            breaches: Vec::new(),
            seen: [false; 2],
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        if !state.breaches.is_empty() {
            return;
        }
        for (worker, at) in state.workers.iter().enumerate() {
            let Some(running) = &at.running else {
                let commands = self.workers[worker].slots.get(at.slot);
                if self.is_next(state, worker) {
                    let commands = commands.into_iter().flatten();
                    actions.extend(commands.map(|&command| Action::Start { worker, command }));
                }
                continue;
            };
            let go = |fate| Action::Go { worker, fate };
            actions.push(go(Fate::Answered));
            let next = self.next(self.workers[worker].order, running);
            if state.faults > 0 && matches!(&*next, Next::Commit(_)) {
                actions.push(go(Fate::Lost));
                actions.push(go(Fate::Dropped));
            }
            if state.crashes > 0 {
                actions.push(Action::Crash { worker });
            }
        }
        if state.tick < self.ticks {
            actions.push(Action::Tick);
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Start { worker, command } => {
                state.workers[worker].running = Some(Running {
                    command,
                    tick: state.tick,
                    replies: Replies::default(),
                    met: Met::default(),
                    is_torn: false,
                });
                self.settle(&mut state, worker);
                self.read_on(&mut state, worker);
            }
            Action::Go { worker, fate } => {
                let running = state.workers[worker].running.as_ref()?;
                let next = self.next(self.workers[worker].order, running);
                match &*next {
                    Next::Load { request, .. } => self.load(&mut state, worker, request),
                    Next::Commit(batch) => self.commit(&mut state, worker, batch, fate),
                    other => panic!("a worker waits for {other:?}"),
                }
                state.faults -= u8::from(fate != Fate::Answered);
                self.settle(&mut state, worker);
                if self.reads_at_once {
                    self.read_on(&mut state, worker);
                }
            }
            Action::Crash { worker } => {
                state.workers[worker].running = None;
                state.crashes -= 1;
            }
            Action::Tick => state.tick += 1,
        }
        self.judge(&mut state);
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        macro_rules! law {
            ($name:literal) => {
                Property::always($name, |_, state: &State| {
                    state.breaches.iter().all(|breach| breach.law != $name)
                })
            };
        }
        vec![
            law!("u1"),
            law!("u2"),
            law!("u3"),
            law!("u4"),
            law!("u5"),
            law!("u6"),
            law!("u7"),
            law!("u8"),
            law!("u9"),
            law!("u11"),
            law!("u12"),
            law!("b1"),
            law!("b2"),
            law!("b3"),
            law!("m10"),
            law!("s5"),
            Property::sometimes("a claim is refused", |_, state: &State| state.seen[0]),
            Property::sometimes("a payment comes late", |_, state: &State| state.seen[1]),
        ]
    }
}

/// The instant after which nothing is held that was made by this tick.
pub fn after_all(ledger: &Ledger) -> i64 {
    let ends = ledger.newest.values().filter_map(|entry| entry.hold_until);
    ends.max().unwrap_or(NOON)
}
