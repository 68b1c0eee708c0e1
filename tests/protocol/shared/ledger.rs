//! The ledger of the storage contract in memory, as plain as it can be: the newest revision of each key, and one integer
//! per counter. Owns what a read answers and how a batch is judged; whether what is written may be written is judged in
//! `laws`.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use coupon_engine::model::Value;

use super::plain::{
    Fnv, entries, field, int, int_of, json, maybe_int, maybe_int_of, maybe_text_of, object, text,
    text_of, texts_of,
};

/// A part of a counter that belongs to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub counter: String,
    pub amount: i64,
}

/// One revision of a key.
#[derive(Debug)]
pub struct Entry {
    pub key: String,
    pub revision: i64,
    pub state: String,
    pub at: i64,
    pub hold_until: Option<i64>,
    pub claims: Vec<Claim>,
    pub coupons: Vec<String>,
    pub codes: Vec<String>,
    pub customer_keys: Vec<String>,
    pub order: Option<String>,
    /// As it was given, and is given back.
    pub whole: Value,
    digest: OnceLock<u64>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.digest() == other.digest()
    }
}

impl Eq for Entry {}

impl Hash for Entry {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest().hash(state);
    }
}

impl Entry {
    /// Reads an entry of a batch.
    pub fn parse(whole: &Value) -> Self {
        let index = field(whole, "index");
        let claims = entries(field(index, "claims")).iter().map(|claim| Claim {
            counter: text_of(field(claim, "counter")).to_owned(),
            amount: int_of(field(claim, "amount")),
        });
        let key = text_of(field(whole, "key"));
        Self {
            key: key.to_owned(),
            revision: int_of(field(whole, "revision")),
            state: text_of(field(whole, "state")).to_owned(),
            at: int_of(field(whole, "at")),
            hold_until: maybe_int_of(field(whole, "holdUntil")),
            claims: claims.collect(),
            coupons: texts_of(field(index, "coupons")),
            codes: texts_of(field(index, "codes")),
            customer_keys: texts_of(field(index, "customerKeys")),
            order: maybe_text_of(field(index, "order")).map(str::to_owned),
            whole: whole.clone(),
            digest: OnceLock::new(),
        }
    }

    /// Of all of it but the key's name.
    pub fn digest(&self) -> u64 {
        let digest = || Fnv::of(&json(&self.whole).replace(&quoted(&self.key), "\"own\""));
        *self.digest.get_or_init(digest)
    }

    pub fn body(&self) -> &Value {
        field(&self.whole, "body")
    }

    pub fn is_held(&self) -> bool {
        self.state == "held"
    }

    /// Held or redeemed.
    pub fn is_live(&self) -> bool {
        self.is_held() || self.state == "redeemed"
    }

    /// A hold is gone at its last instant.
    pub fn has_ended(&self, at: i64) -> bool {
        self.is_held() && self.hold_until.is_none_or(|until| until <= at)
    }

    pub fn claims_of(&self, counter: &str) -> i64 {
        let claims = self.claims.iter().filter(|claim| claim.counter == counter);
        claims.map(|claim| claim.amount).sum()
    }
}

/// A text as it stands in JSON.
pub fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

/// A guarded change of a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Add {
    pub counter: String,
    pub delta: i64,
    pub ceiling: Option<i64>,
}

/// What a commit carries.
#[derive(Clone, Debug)]
pub struct Batch {
    pub inserts: Vec<Arc<Entry>>,
    pub adds: Vec<Add>,
}

impl Batch {
    pub fn parse(batch: &Value) -> Self {
        let inserts = entries(field(batch, "insert")).iter();
        let adds = entries(field(batch, "add")).iter();
        Self {
            inserts: inserts.map(|entry| Arc::new(Entry::parse(entry))).collect(),
            adds: adds
                .map(|add| Add {
                    counter: text_of(field(add, "counter")).to_owned(),
                    delta: int_of(field(add, "delta")),
                    ceiling: maybe_int_of(field(add, "ceiling")),
                })
                .collect(),
        }
    }
}

/// How a batch is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Committed,
    Exists { insert: usize },
    Ceiling { add: usize, claimed: i64 },
    Busy,
}

impl Outcome {
    /// As the driver hands it to the engine.
    pub fn reply(&self) -> Value {
        let place = |place: usize| int(i64::try_from(place).unwrap_or(i64::MAX));
        let outcome = match self {
            Self::Committed => object([("status", text("committed"))]),
            Self::Exists { insert } => {
                object([("status", text("exists")), ("insert", place(*insert))])
            }
            Self::Ceiling { add, claimed } => object([
                ("status", text("ceiling")),
                ("add", place(*add)),
                ("claimed", int(*claimed)),
            ]),
            Self::Busy => object([("status", text("busy"))]),
        };
        object([("type", text("committed")), ("outcome", outcome)])
    }
}

/// Newest revisions and counters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Ledger {
    pub newest: BTreeMap<String, Arc<Entry>>,
    pub counters: BTreeMap<String, i64>,
}

impl Ledger {
    /// Everything or nothing; inserts are judged before adds.
    pub fn commit(&mut self, batch: &Batch) -> Outcome {
        let outcome = self.judge_inserts(batch).or_else(|| self.judge_adds(batch));
        outcome.unwrap_or_else(|| {
            self.insert(batch);
            self.add(batch);
            Outcome::Committed
        })
    }

    pub fn judge_inserts(&self, batch: &Batch) -> Option<Outcome> {
        let insert = batch.inserts.iter().position(|entry| {
            let newest = self.newest.get(&entry.key);
            newest.is_some_and(|newest| entry.revision <= newest.revision)
        });
        insert.map(|insert| Outcome::Exists { insert })
    }

    pub fn judge_adds(&self, batch: &Batch) -> Option<Outcome> {
        batch.adds.iter().enumerate().find_map(|(place, add)| {
            let claimed = self.claimed(&add.counter);
            let after = claimed + add.delta;
            let is_within = after >= 0 && add.ceiling.is_none_or(|ceiling| after <= ceiling);
            (!is_within).then_some(Outcome::Ceiling {
                add: place,
                claimed,
            })
        })
    }

    pub fn insert(&mut self, batch: &Batch) {
        for entry in &batch.inserts {
            self.newest.insert(entry.key.clone(), entry.clone());
        }
    }

    pub fn add(&mut self, batch: &Batch) {
        for add in &batch.adds {
            let after = self.claimed(&add.counter) + add.delta;
            // A counter at 0 is as one that was never written, in the contract and so in the state of a model.
            match after {
                0 => self.counters.remove(&add.counter),
                _ => self.counters.insert(add.counter.clone(), after),
            };
        }
    }

    pub fn claimed(&self, counter: &str) -> i64 {
        self.counters.get(counter).copied().unwrap_or(0)
    }

    /// The sum of what newest revisions claim of each counter.
    pub fn live(&self) -> BTreeMap<&str, i64> {
        let mut live: BTreeMap<&str, i64> = BTreeMap::new();
        for claim in self.newest.values().flat_map(|entry| &entry.claims) {
            *live.entry(&claim.counter).or_default() += claim.amount;
        }
        live.retain(|_, amount| *amount != 0);
        live
    }

    /// Answers a `LedgerReadRequest`.
    pub fn read(&self, request: &Value) -> Value {
        let at = int_of(field(request, "at"));
        let counters = entries(field(request, "counters")).iter();
        let keys = entries(field(request, "entries")).iter();
        let newest = |key: &Value| {
            let entry = self.newest.get(text_of(key));
            entry.map_or(Value::Null, |entry| entry.whole.clone())
        };
        object([
            (
                "counters",
                Value::List(counters.map(|name| self.view(text_of(name), at)).collect()),
            ),
            ("entries", Value::List(keys.map(newest).collect())),
            (
                "expiredHolds",
                Value::List(self.expired_holds(field(request, "expiredHolds"), at)),
            ),
        ])
    }

    fn view(&self, counter: &str, at: i64) -> Value {
        let holds = self.newest.values().filter(|entry| entry.is_held());
        let (ended, live): (Vec<_>, Vec<_>) = holds
            .filter(|entry| entry.claims_of(counter) != 0)
            .partition(|entry| entry.has_ended(at));
        let sum = |holds: &[&Arc<Entry>]| holds.iter().map(|hold| hold.claims_of(counter)).sum();
        object([
            ("claimed", int(self.claimed(counter))),
            ("held", int(sum(&live))),
            ("ended", int(sum(&ended))),
            (
                "nextExpiry",
                maybe_int(live.iter().filter_map(|hold| hold.hold_until).min()),
            ),
        ])
    }

    fn expired_holds(&self, wanted: &Value, at: i64) -> Vec<Value> {
        if *wanted == Value::Null {
            return Vec::new();
        }
        let counters = match field(wanted, "counters") {
            Value::Null => None,
            names => Some(texts_of(names)),
        };
        let mut ended: Vec<&Arc<Entry>> = self
            .newest
            .values()
            .filter(|entry| entry.has_ended(at))
            .filter(|entry| {
                counters
                    .as_ref()
                    .is_none_or(|names| names.iter().any(|name| entry.claims_of(name) != 0))
            })
            .collect();
        ended.sort_by_key(|entry| (entry.hold_until, &entry.key));
        let limit = usize::try_from(int_of(field(wanted, "limit"))).unwrap_or(0);
        let ended = ended.into_iter().take(limit);
        ended.map(|entry| entry.whole.clone()).collect()
    }
}
