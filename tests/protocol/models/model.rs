//! The model: workers that run commands against one ledger, one storage call at a time, in every order, with replies
//! lost, commits that nobody knows of, crashes, and a clock. What a worker does next is the engine's own `step`; a
//! transition only carries it out. Owns which actions there are, and what they do; a state is in `state`.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use coupon_engine::model::Value;
use stateright::{Model, Property};

use crate::bugs::Bug;
use crate::quiescence::drained;
use crate::shared::answers::{Met, of_error, of_outcome};
use crate::shared::laws::{Breach, of_commit, of_state};
use crate::shared::ledger::{Batch, Ledger, Outcome};
use crate::shared::plain::{
    entries, field, int, int_of, maybe_text_of, object, set, text, text_of,
};
use crate::shared::protocol::{Call, Next, loaded, unknown, waited};
use crate::shared::shop::{NOON, Shop, view};
use crate::state::{
    Action, Fate, Replies, Running, State, WORKERS_OF_AN_ORDER, Worker, clock, key_of,
};

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
    /// What has to be seen: a claim refused, a late payment taken.
    pub expects: [bool; 2],
    pub memory: Memory,
}

/// What has been asked before.
#[derive(Default)]
pub struct Memory {
    calls: Remembered<(usize, usize, u8), Call>,
    steps: Remembered<(usize, usize, u8, u64, Vec<usize>), Next>,
    advances: Remembered<(usize, Running, Arc<Ledger>, Option<Fate>), Advance>,
    /// By whether nothing is under way.
    judged: Remembered<(bool, Arc<Ledger>), Vec<Breach>>,
}

/// Answers by question.
type Remembered<Question, Answer> = RwLock<HashMap<Question, Arc<Answer>>>;

/// What a worker's part of a transition comes to.
#[derive(Debug)]
struct Advance {
    /// `None` if the command has ended.
    running: Option<Running>,
    ledger: Arc<Ledger>,
    breaches: Vec<Breach>,
    seen: [bool; 2],
}

/// Beyond it, the memory would be better spent on states.
const MOST_REMEMBERED: usize = 500_000;

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
        self.memory
            .calls
            .write()
            .unwrap()
            .insert(name, call.clone());
        call
    }

    fn next(&self, order: usize, running: &Running) -> Arc<Next> {
        let Replies { digest, others, .. } = &running.replies;
        let name = (
            order,
            running.command,
            running.tick,
            digest.0,
            others.clone(),
        );
        if let Some(next) = self.memory.steps.read().unwrap().get(&name) {
            return next.clone();
        }
        let replies = Value::List((*running.replies.list).clone());
        let call = self.call(order, running.command, running.tick);
        let next = Arc::new(call.next(&replies));
        self.memory
            .steps
            .write()
            .unwrap()
            .insert(name, next.clone());
        next
    }

    /// A worker's part of a transition, which depends on nothing but its own call and the ledger: `fate` is that of the
    /// storage call that is due, `None` at the beginning.
    fn advance(&self, state: &mut State, worker: usize, running: Running, fate: Option<Fate>) {
        let order = self.workers[worker].order;
        let name = (order, running, state.ledger.clone(), fate);
        let memory = self.memory.advances.read().unwrap();
        let known = memory.get(&name).cloned();
        drop(memory);
        let advance = known.unwrap_or_else(|| {
            let advance = Arc::new(self.advanced(state, worker, &name.1, fate));
            let mut memory = self.memory.advances.write().unwrap();
            if memory.len() < MOST_REMEMBERED {
                memory.insert(name, advance.clone());
            }
            advance
        });
        state.workers[worker].running.clone_from(&advance.running);
        state.workers[worker].slot += usize::from(advance.running.is_none());
        state.ledger = advance.ledger.clone();
        state.breaches.extend(advance.breaches.iter().cloned());
        for (seen, is_seen) in state.seen.iter_mut().zip(advance.seen) {
            *seen |= is_seen;
        }
    }

    fn advanced(
        &self,
        state: &State,
        worker: usize,
        running: &Running,
        fate: Option<Fate>,
    ) -> Advance {
        let mut state = State {
            breaches: Vec::new(),
            seen: [false; 2],
            ..state.clone()
        };
        state.workers[worker].running = Some(running.clone());
        if let Some(fate) = fate {
            match &*self.next(self.workers[worker].order, running) {
                Next::Load { request, .. } => self.load(&mut state, worker, request),
                Next::Commit(batch) => self.commit(&mut state, worker, batch, fate),
                other => panic!("a worker waits for {other:?}"),
            }
        }
        self.settle(&mut state, worker);
        if fate.is_none() || self.reads_at_once {
            self.read_on(&mut state, worker);
        }
        Advance {
            running: state.workers[worker].running.take(),
            ledger: state.ledger,
            breaches: state.breaches,
            seen: state.seen,
        }
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
                    running.replies.push(waited(), order, self.orders());
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
        let order = self.workers[worker].order;
        let running = state.workers[worker].running.as_mut().unwrap();
        running.met.told(&key_of(order), &answer);
        running.met.read(&self.shop, request, now, &state.ledger);
        running.replies.push(loaded(answer), order, self.orders());
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
        let order = self.workers[worker].order;
        let now = self.now(state, worker);
        let running = state.workers[worker].running.clone().unwrap();
        let call = self.call(order, running.command, running.tick);
        let before = state.ledger.clone();
        let mut ledger = (*before).clone();
        let is_half = |half: &Batch| half.inserts.is_empty();
        let batch = match self.bug {
            Some(bug) => bug.altered(batch, &before, running.is_torn),
            None => batch.clone(),
        };
        let running = state.workers[worker].running.as_mut().unwrap();
        let own = key_of(order);
        let revision = batch.inserts.iter().find(|entry| entry.key == own);
        let revision = revision
            .map(|entry| entry.revision)
            .max(running.met.unknown);
        let outcome = match (fate, self.bug) {
            (Fate::Dropped, _) => {
                running.met.unknown = revision;
                return running.replies.push(unknown(), order, self.orders());
            }
            (_, Some(bug)) => bug.judge(&mut ledger, &batch),
            (_, None) => ledger.commit(&batch),
        };
        state.ledger = Arc::new(ledger);
        // A place that only the call's own first answer fills is no reason to refuse it.
        if before.judge_inserts(&batch).is_none() {
            running.met.committed(&outcome);
        }
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
            running.replies.push(unknown(), order, self.orders());
        } else {
            running.replies.push(outcome.reply(), order, self.orders());
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

    fn at_the_beginning(&self, script: &Script) -> Worker {
        let mut all = self.workers.iter();
        let role = all.position(|other| other.slots == script.slots);
        Worker {
            role: role.unwrap(),
            slot: 0,
            running: None,
        }
    }

    fn orders(&self) -> usize {
        self.workers.len() / WORKERS_OF_AN_ORDER
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            ledger: Arc::default(),
            tick: 0,
            workers: self
                .workers
                .iter()
                .map(|script| self.at_the_beginning(script))
                .collect(),
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
                let commands = commands.into_iter().flatten();
                actions.extend(commands.map(|&command| Action::Start { worker, command }));
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
                let running = Running {
                    command,
                    tick: state.tick,
                    replies: Replies::default(),
                    met: Met::default(),
                    is_torn: false,
                };
                self.advance(&mut state, worker, running, None);
            }
            Action::Go { worker, fate } => {
                let running = state.workers[worker].running.take()?;
                state.faults -= u8::from(fate != Fate::Answered);
                self.advance(&mut state, worker, running, Some(fate));
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
            Property::sometimes("a claim is refused", |model: &Self, state: &State| {
                state.seen[0] || !model.expects[0]
            }),
            Property::sometimes("a late payment is taken", |model: &Self, state: &State| {
                state.seen[1] || !model.expects[1]
            }),
        ]
    }
}

/// The instant after which nothing is held that was made by this tick.
pub fn after_all(ledger: &Ledger) -> i64 {
    let ends = ledger.newest.values().filter_map(|entry| entry.hold_until);
    ends.max().unwrap_or(NOON)
}
