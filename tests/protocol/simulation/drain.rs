//! How a run ends: faults stop, what is under way comes to its end, what is unknown is asked again, and the clock goes
//! past every hold. Then nothing may be held, nothing lost, and nobody may still be told that the outcome is unknown (U9,
//! U10, U11).

use super::draw::HOLD;
use super::world::{Job, Unresolved, World};
use crate::shared::laws::breach;
use crate::shared::plain::{object, text};

/// A call without faults has that many storage calls at most.
const MOST_CALLS: usize = 60;

impl World {
    pub(super) fn drain(&mut self) {
        self.tell(&|_: &Self| "faults stop".to_owned());
        while !self.late.is_empty() {
            match self.dice.chance(50) {
                true => self.deliver_late(),
                false => drop(self.late.pop()),
            }
        }
        for worker in 0..self.workers.len() {
            if let Some(job) = self.workers[worker].take() {
                self.finish(Some(job));
            }
        }
        self.clock_past_all_holds();
        for Unresolved {
            order,
            kind,
            request,
        } in std::mem::take(&mut self.unresolved)
        {
            let job = self.begin(order, kind, request, self.clock);
            self.finish(job);
            self.tally("asked again");
        }
        if !self.unresolved.is_empty() {
            let what = "asked again without faults, the outcome is unknown still";
            self.report.breaches.push(breach("u11", what));
        }
        self.clock_past_all_holds();
        self.sweep();
        self.nothing_is_lost();
    }

    fn finish(&mut self, job: Option<Job>) {
        let mut job = job;
        for _ in 0..MOST_CALLS {
            match job {
                Some(unfinished) => job = self.go(unfinished, 0),
                None => return,
            }
        }
        self.report
            .breaches
            .push(breach("u9", "a call does not end"));
    }

    fn clock_past_all_holds(&mut self) {
        let ends = self
            .ledger
            .newest
            .values()
            .filter_map(|entry| entry.hold_until);
        self.clock = ends.max().unwrap_or(self.clock).max(self.clock) + HOLD;
    }

    fn sweep(&mut self) {
        let held = self.ledger.newest.values().filter(|entry| entry.is_held());
        let keys: Vec<String> = held.map(|entry| entry.key.clone()).collect();
        for key in keys {
            let order = self.orders.iter().position(|order| order.key == key);
            let request = object([("key", text(&key))]);
            let job = self.begin(order, "expire", request, self.clock);
            self.finish(job);
            self.tally("swept");
        }
        if let Some(entry) = self.ledger.newest.values().find(|entry| entry.is_held()) {
            let what = format!("{} is held after the sweep", entry.key);
            self.report.breaches.push(breach("u9", what));
        }
    }

    fn nothing_is_lost(&mut self) {
        for key in &self.acknowledged {
            let newest = self.ledger.newest.get(key);
            let state = newest.map_or("none", |entry| entry.state.as_str());
            if !matches!(state, "redeemed" | "rolled_back") {
                let what = format!("{key} was paid and is {state}");
                self.report.breaches.push(breach("u10", what));
            }
        }
    }
}
