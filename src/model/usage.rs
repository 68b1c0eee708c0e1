//! How often something has been used, as the ledger's view has it (storage contract §4a). Owns the names of counters.

use serde::{Serialize, Serializer};

use super::{CodeText, CustomerKey, Identifier, Index, Instant, Node, value::SAFE};
use crate::error::Result;

/// A counter's name: its parts between slashes, a slash or percent sign inside a part escaped, so that no two counters
/// share a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CounterName(String);

impl CounterName {
    /// Reads a name as a host writes it; the customer's key is compared as everywhere.
    pub fn parse(name: &str, node: &Node<'_>) -> Result<Self> {
        Self::read(name).ok_or_else(|| {
            node.invalid(
                "must be under `coupon/{id}` or `code/{id}`, with `/customer/{kind}/{value}` behind it for one \
                 customer; a `/` in a value is `%2F`, a `%` is `%25`",
            )
        })
    }

    fn read(name: &str) -> Option<Self> {
        let parts: Vec<&str> = name.split('/').collect();
        let of = |scope: &str, id: &str| match scope {
            "coupon" => Identifier::new(id).map(|id| Self::coupon(&id)),
            "code" => Identifier::new(id).map(|id| Self::code(&id)),
            _ => None,
        };
        match parts.as_slice() {
            [scope, id] => of(scope, id),
            ["coupon", id, "credit"] => Identifier::new(id).map(|id| Self::credit(&id)),
            ["coupon", id, "credit", "added"] => {
                Identifier::new(id).map(|id| Self::credit_added(&id))
            }
            [scope, id, "customer", kind, value] => {
                let key = CustomerKey::canonical(kind, &unescaped(value))?;
                Some(of(scope, id)?.of_customer(&key))
            }
            _ => None,
        }
    }

    /// Redemptions of a coupon.
    pub fn coupon(id: &Identifier) -> Self {
        Self(format!("coupon/{}", id.as_str()))
    }

    /// Redemptions of a code.
    pub fn code(id: &Identifier) -> Self {
        Self(format!("code/{}", id.as_str()))
    }

    /// Minor units taken of a store credit.
    pub fn credit(coupon: &Identifier) -> Self {
        Self(format!("coupon/{}/credit", coupon.as_str()))
    }

    /// Minor units added to a store credit after its issue.
    pub fn credit_added(coupon: &Identifier) -> Self {
        Self(format!("coupon/{}/credit/added", coupon.as_str()))
    }

    /// The part of this counter that belongs to one customer key.
    #[must_use]
    pub fn of_customer(&self, key: &CustomerKey) -> Self {
        let value = key.value.replace('%', "%25").replace('/', "%2F");
        Self(format!("{}/customer/{}/{value}", self.0, key.kind))
    }

    /// A counter that nothing ever writes: read in place of an unknown code's.
    pub fn unknown(code: &CodeText) -> Self {
        Self(format!("unknown/{}", code.as_str()))
    }
}

/// A customer key's value without what `of_customer` escapes.
fn unescaped(value: &str) -> String {
    let mut pieces = value.split('%');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (escaped, rest) = match (piece.strip_prefix("2F"), piece.strip_prefix("25")) {
            (Some(rest), _) => ('/', rest),
            (_, Some(rest)) => ('%', rest),
            _ => ('%', piece),
        };
        text.push(escaped);
        text.push_str(rest);
    }
    text
}

impl Serialize for CounterName {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What a counter stands at. `used = claimed − held`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    /// Held and redeemed.
    pub claimed: i64,
    /// Held among them; never more than `claimed`.
    pub held: i64,
    /// When the first of the holds ends.
    pub next_expiry: Option<Instant>,
}

impl Counter {
    /// Reads a counter; `held` and `nextExpiry` may be left out.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["claimed", "held", "nextExpiry"])?;
        let claimed = object.required("claimed", |claimed| claimed.integer(0, SAFE))?;
        Ok(Self {
            claimed,
            held: object
                .optional("held", |held| held.integer(0, claimed))?
                .unwrap_or(0),
            next_expiry: object.optional("nextExpiry", Instant::parse)?,
        })
    }

    /// Claimed, without the hold that has ended: at its expiry instant a hold is gone (semantics §14). Of further ended
    /// holds the view does not tell; whoever commits frees them.
    pub fn live(self, now: Instant) -> i64 {
        let ended = self.held > 0 && self.next_expiry.is_some_and(|expiry| expiry <= now);
        self.claimed.saturating_sub(i64::from(ended))
    }

    /// Redeemed.
    pub fn used(self) -> i64 {
        self.claimed.saturating_sub(self.held)
    }
}

/// What has been used so far.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    index: Index,
    counters: Vec<Counter>,
}

impl Usage {
    /// Reads the `usage` of a pure evaluation.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["counters"])?;
        let counters = object.optional("counters", |counters| {
            counters.entries(100_000, |name, counter| {
                Ok((CounterName::parse(name, counter)?, Counter::parse(counter)?))
            })
        })?;
        let (names, counters): (Vec<_>, Vec<_>) = counters.unwrap_or_default().into_iter().unzip();
        Ok(Self::from_view(&names, counters))
    }

    /// The answers to a read, name by name.
    pub fn from_view(names: &[CounterName], counters: Vec<Counter>) -> Self {
        let mut index = Index::default();
        for (place, name) in names.iter().enumerate() {
            index.insert(&name.0, place);
        }
        Self { index, counters }
    }

    /// Where a counter stands; at 0 if nothing has written it.
    pub fn counter(&self, name: &CounterName) -> Counter {
        self.index
            .get(&name.0)
            .and_then(|place| self.counters.get(place))
            .copied()
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        let id = Identifier::new("gift").unwrap();
        let written = [
            CounterName::coupon(&id),
            CounterName::code(&id),
            CounterName::credit(&id),
            CounterName::credit_added(&id),
        ];
        for name in written {
            assert_eq!(CounterName::read(&name.0), Some(name));
        }
        assert_eq!(CounterName::read("code/gift/credit"), None);
        assert_eq!(CounterName::read("coupon/gift/credit/taken"), None);
        assert_eq!(CounterName::read("coupon/a b/credit"), None);
    }
}
