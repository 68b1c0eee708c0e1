//! How often something has been used, as the ledger's view has it (storage contract §4a). Owns the names of counters.

use serde::{Serialize, Serializer};

use super::customer::unescaped;
use super::identity::short_digest;
use super::{
    Claim, CodeText, Currency, CustomerKey, Date, Identifier, Identities, Index, Instant, Node,
    Period, text, value::SAFE,
};
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
                "must be under `coupon/{id}` or `code/{id}`, with `/day/2026-11-20`, `/week/2026-W47` or \
                 `/month/2026-11` behind it for a period, and `/customer/{kind}/{value}` behind that, or behind \
                 `first_order`, for one customer; a `/` in a value is `%2F`, a `%` is `%25`",
            )
        })
    }

    /// Reads a name as it came back from a storage, which is nobody's to judge.
    pub fn parse_stored(node: &Node<'_>) -> Result<Self> {
        text(node, 600).map(Self)
    }

    /// The same of a text that has been read.
    pub fn stored_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    fn read(name: &str) -> Option<Self> {
        let (counter, key) = match with_customer(name) {
            Some((counter, kind, value)) => (
                counter,
                Some(CustomerKey::canonical(kind, &unescaped(value))?),
            ),
            None => (name, None),
        };
        let parts: Vec<&str> = counter.split('/').collect();
        let is_known = match (parts.as_slice(), &key) {
            ([FIRST_ORDER], Some(_)) => true,
            (["coupon", id, "credit"] | ["coupon", id, "credit", "added"], None) => is_id(id),
            (["coupon", id, "budget", currency], None) => {
                is_id(id) && Currency::new(currency).is_some()
            }
            (["coupon" | "code", id], _) => is_id(id),
            (["coupon" | "code", id, period, called], _) => {
                is_id(id) && Period::is_called(period, called)
            }
            _ => false,
        };
        let counter = Self(counter.to_owned());
        is_known.then(|| match key {
            None => counter,
            Some(key) => counter.of_customer(&key),
        })
    }

    /// Redemptions of a coupon.
    pub fn coupon(id: &Identifier) -> Self {
        Self(format!("coupon/{}", id.as_str()))
    }

    /// Redemptions of a code.
    pub fn code(id: &Identifier) -> Self {
        Self(format!("code/{}", id.as_str()))
    }

    /// First orders, each customer's by his keys.
    pub fn first_order() -> Self {
        Self(FIRST_ORDER.to_owned())
    }

    /// Minor units that a coupon took off.
    pub fn budget(coupon: &Identifier, currency: Currency) -> Self {
        Self(format!("coupon/{}/budget/{currency}", coupon.as_str()))
    }

    /// Minor units taken of a store credit.
    pub fn credit(coupon: &Identifier) -> Self {
        Self(format!("coupon/{}/credit", coupon.as_str()))
    }

    /// Minor units added to a store credit after its issue.
    pub fn credit_added(coupon: &Identifier) -> Self {
        Self(format!("coupon/{}/credit/added", coupon.as_str()))
    }

    /// The part of this counter that belongs to the day, the week or the month of a date.
    #[must_use]
    pub fn of_date(&self, period: Period, date: Date) -> Self {
        Self(format!("{}/{}/{}", self.0, period.name(), period.at(date)))
    }

    /// The part of this counter that belongs to one customer key.
    #[must_use]
    pub fn of_customer(&self, key: &CustomerKey) -> Self {
        Self(format!("{}/customer/{}", self.0, key.name()))
    }

    /// A counter that nothing ever writes: read in place of an unknown code's, whose text it does not tell.
    pub fn unknown(code: &CodeText) -> Self {
        Self(format!("unknown/{}", short_digest(code.as_str())))
    }

    /// The name as it is stored: with the customer's key as the storage may see it.
    #[must_use]
    pub fn stored(&self, identities: &Identities) -> Self {
        let Some((counter, kind, value)) = with_customer(&self.0) else {
            return self.clone();
        };
        let key = CustomerKey {
            kind: kind.to_owned(),
            value: unescaped(value),
        };
        Self(counter.to_owned()).of_customer(&identities.of(&key))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of a counter of one customer: the counter it is a part of, and the customer's key.
    pub fn of_whom(&self) -> Option<(String, String)> {
        let (counter, kind, value) = with_customer(&self.0)?;
        Some((counter.to_owned(), format!("{kind}/{value}")))
    }

    /// Whether it counts one customer's redemptions.
    pub fn is_of_customer(&self) -> bool {
        with_customer(&self.0).is_some()
    }

    /// Whether it adds up what is taken of a store credit.
    pub fn is_credit(&self) -> bool {
        self.is_money() && self.0.ends_with("/credit")
    }

    /// Whether it adds up minor units, rather than counting redemptions.
    pub fn is_money(&self) -> bool {
        let mut parts = self.0.split('/');
        let is_coupon_s = parts.next() == Some("coupon");
        is_coupon_s && matches!(parts.nth(1), Some("budget" | "credit"))
    }
}

const FIRST_ORDER: &str = "first_order";

fn is_id(text: &str) -> bool {
    Identifier::new(text).is_some()
}

/// What stands before `/customer/{kind}/{value}`, and those two. A coupon may be called `customer`: only where it stands
/// tells the word from an id.
fn with_customer(name: &str) -> Option<(&str, &str, &str)> {
    let (rest, value) = name.rsplit_once('/')?;
    let (rest, kind) = rest.rsplit_once('/')?;
    let (counter, word) = rest.rsplit_once('/')?;
    let is_counter = counter == FIRST_ORDER || matches!(counter.split('/').count(), 2 | 4);
    (word == "customer" && is_counter).then_some((counter, kind, value))
}

impl Serialize for CounterName {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// What a counter stands at. `used = claimed − held − ended`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter {
    /// Held, ended and redeemed.
    pub claimed: i64,
    /// What live holds claim.
    pub held: i64,
    /// What holds claim that have ended and nobody has freed yet: nobody is kept out by it.
    pub ended: i64,
    /// When the first of the holds ends.
    pub next_expiry: Option<Instant>,
}

impl Counter {
    /// Reads a counter; `held`, `ended` and `nextExpiry` may be left out.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["claimed", "held", "ended", "nextExpiry"])?;
        let claimed = object.required("claimed", |claimed| claimed.integer(0, SAFE))?;
        let held = object.optional("held", |held| held.integer(0, claimed))?;
        let held = held.unwrap_or(0);
        let rest = claimed.saturating_sub(held);
        Ok(Self {
            claimed,
            held,
            ended: object
                .optional("ended", |ended| ended.integer(0, rest))?
                .unwrap_or(0),
            next_expiry: object.optional("nextExpiry", Instant::parse)?,
        })
    }

    /// Claimed, without the holds that have ended: at its expiry instant a hold is gone (semantics §14). A view of an
    /// earlier instant tells of the first of them only; whoever commits frees the others.
    pub fn live(self, now: Instant) -> i64 {
        let ended = self.held > 0 && self.next_expiry.is_some_and(|expiry| expiry <= now);
        self.in_use().saturating_sub(i64::from(ended))
    }

    /// Claimed, without what has ended: of minor units, as one hold may have many.
    pub fn in_use(self) -> i64 {
        self.claimed.saturating_sub(self.ended)
    }

    /// Redeemed.
    pub fn used(self) -> i64 {
        self.in_use().saturating_sub(self.held)
    }
}

/// As what a claim counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimState {
    /// Of a live hold.
    Held,
    /// Of a hold that has ended and was not freed.
    Ended,
    /// Of a redemption.
    Redeemed,
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

    /// Leaves out what the caller claims already, so that nobody competes with himself. Names as in this usage.
    pub fn without(&mut self, claims: &[Claim], state: ClaimState) {
        for claim in claims {
            let place = self.index.get(&claim.counter.0);
            let Some(counter) = place.and_then(|place| self.counters.get_mut(place)) else {
                continue;
            };
            let mut aside = 0;
            let part = match state {
                ClaimState::Held => &mut counter.held,
                ClaimState::Ended => &mut counter.ended,
                ClaimState::Redeemed => &mut aside,
            };
            *part = part.saturating_sub(claim.amount).max(0);
            let rest = counter.claimed.saturating_sub(claim.amount);
            counter.claimed = rest.max(counter.held.saturating_add(counter.ended));
        }
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
    use crate::model::Value;

    #[test]
    fn a_coupon_called_customer_is_no_customer() {
        let of_whom = |name: &str| CounterName::stored_text(name).of_whom();
        let expected = ("coupon/customer".to_owned(), "email/a".to_owned());
        assert_eq!(of_whom("coupon/customer/customer/email/a"), Some(expected));
        assert_eq!(of_whom("coupon/customer/budget/EUR"), None);
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        let key = CustomerKey {
            kind: "customer".into(),
            value: "a/b%2F".into(),
        };
        let date = Date::at(Instant::EPOCH, 0);
        for id in ["gift", "customer", "credit"] {
            let id = Identifier::new(id).unwrap();
            let mut counting = vec![CounterName::coupon(&id), CounterName::code(&id)];
            for period in [Period::Day, Period::Week, Period::Month] {
                counting.push(CounterName::coupon(&id).of_date(period, date));
                counting.push(CounterName::code(&id).of_date(period, date));
            }
            let mut written = vec![
                CounterName::credit(&id),
                CounterName::credit_added(&id),
                CounterName::budget(&id, Currency::new("EGP").unwrap()),
                CounterName::first_order().of_customer(&key),
            ];
            assert!(written.iter().take(3).all(CounterName::is_money));
            assert!(!counting.iter().any(CounterName::is_money));
            let of_customer = counting.iter().map(|counter| counter.of_customer(&key));
            written.extend(of_customer);
            written.extend(counting);
            for name in written {
                assert_eq!(CounterName::read(&name.0), Some(name.clone()));
                let is_of_customer = name.0.ends_with("/customer/customer/a%2Fb%252F");
                assert_eq!(name.is_of_customer(), is_of_customer, "{}", name.0);
            }
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for name in [
            "code/gift/credit",
            "code/gift/budget/EGP",
            "coupon/gift/budget/egp",
            "coupon/gift/credit/taken",
            "coupon/a b/credit",
            "coupon/gift/day",
            "coupon/gift/day/2026-11",
            "coupon/gift/year/2026",
            "coupon/gift/customer/id",
            "coupon/gift/credit/customer/id/1",
            "coupon/gift/budget/EGP/customer/id/1",
            "first_order",
            "attempt/x",
        ] {
            assert_eq!(CounterName::read(name), None, "{name}");
        }
    }

    fn usage(counter: &str) -> Usage {
        let json = format!(r#"{{"counters":{{"coupon/c":{counter}}}}}"#);
        let value: Value = serde_json::from_str(&json).unwrap();
        Usage::parse(&Node::root(&value, "usage")).unwrap()
    }

    fn name() -> CounterName {
        CounterName::coupon(&Identifier::new("c").unwrap())
    }

    #[test]
    fn semantics_14_what_has_ended_keeps_nobody_out() {
        let now = Instant::EPOCH.plus_days(1);
        let counter = usage(r#"{"claimed":9,"held":3,"ended":2}"#).counter(&name());
        assert_eq!(
            (counter.used(), counter.in_use(), counter.live(now)),
            (4, 7, 7)
        );
        // A view of earlier: the hold it names has ended since.
        let counter = usage(r#"{"claimed":9,"held":3,"ended":2,"nextExpiry":86400000}"#);
        assert_eq!(counter.counter(&name()).live(now), 6);
    }

    #[test]
    fn semantics_14_nobody_competes_with_himself() {
        let claim = |amount: i64| Claim {
            counter: name(),
            amount,
            ceiling: None,
        };
        let left = |state: ClaimState, amount: i64| {
            let mut usage = usage(r#"{"claimed":9,"held":3,"ended":2}"#);
            usage.without(&[claim(amount)], state);
            let counter = usage.counter(&name());
            (counter.claimed, counter.held, counter.ended)
        };
        assert_eq!(left(ClaimState::Held, 1), (8, 2, 2));
        assert_eq!(left(ClaimState::Ended, 2), (7, 3, 0));
        assert_eq!(left(ClaimState::Redeemed, 4), (5, 3, 2));
        // A view that is older than the claim does not have it yet.
        assert_eq!(left(ClaimState::Redeemed, 5), (5, 3, 2));
        assert_eq!(left(ClaimState::Held, 4), (5, 0, 2));
    }
}
