//! An entry of the ledger: one revision of a record, with what it is found by and what it claims (storage contract §4).

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::record::{any_text, key};
use super::{Redemption, RedemptionState};
use crate::error::Result;
use crate::model::{Claim, Instant, Node};

/// A revision as it is stored.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it says.
    pub record: Redemption,
    /// What it is found by.
    pub index: EntryIndex,
}

/// What an entry is found by.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryIndex {
    /// What the key claims of counters while this is its newest revision; each counter once.
    pub claims: Vec<Claim>,
    /// Ids.
    pub coupons: Vec<String>,
    /// Ids.
    pub codes: Vec<String>,
    /// `kind/value`, as in counters.
    pub customer_keys: Vec<String>,
    /// The host's order id.
    pub order: Option<String>,
}

impl Entry {
    /// Reads an entry. A body that contradicts the row it stands in is no answer of the contract's shape.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "key",
            "revision",
            "state",
            "at",
            "holdUntil",
            "body",
            "index",
        ])?;
        let record = object.required("body", Redemption::parse)?;
        object.required("key", |own| match key(own)? == record.key {
            true => Ok(()),
            false => Err(own.invalid("is not the key in the body")),
        })?;
        object.required("revision", |own| {
            own.integer(record.revision, record.revision)
        })?;
        let state = object.required("state", RedemptionState::parse)?;
        let hold_until = object.optional("holdUntil", Instant::parse)?;
        if state != record.state || hold_until != record.hold_until {
            return Err(node.invalid("is not in the state of its body"));
        }
        Ok(Self {
            index: object.required("index", EntryIndex::parse)?,
            record,
        })
    }

    /// Whether this is a hold that has not ended.
    pub fn is_live_hold(&self, now: Instant) -> bool {
        self.record.state == RedemptionState::Held && !self.has_ended(now)
    }

    /// Whether this is a hold whose time is over: at its instant it is gone (semantics §14).
    pub fn is_ended_hold(&self, now: Instant) -> bool {
        self.record.state == RedemptionState::Held && self.has_ended(now)
    }

    fn has_ended(&self, now: Instant) -> bool {
        self.record.hold_until.is_some_and(|end| end <= now)
    }
}

impl EntryIndex {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["claims", "coupons", "codes", "customerKeys", "order"])?;
        let texts = |name: &str| object.required(name, |all| all.list(0, usize::MAX, any_text));
        Ok(Self {
            claims: object.required("claims", |all| all.list(0, usize::MAX, Claim::parse))?,
            coupons: texts("coupons")?,
            codes: texts("codes")?,
            customer_keys: texts("customerKeys")?,
            order: object.optional("order", any_text)?,
        })
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut entry = serializer.serialize_struct("Entry", 7)?;
        entry.serialize_field("key", &self.record.key)?;
        entry.serialize_field("revision", &self.record.revision)?;
        entry.serialize_field("state", &self.record.state)?;
        entry.serialize_field("at", &self.record.at)?;
        entry.serialize_field("holdUntil", &self.record.hold_until)?;
        entry.serialize_field("body", &self.record)?;
        entry.serialize_field("index", &self.index)?;
        entry.end()
    }
}
