//! Every edge from one state to the next, each with what it claims and gives back in the same step (reliability §0, U5
//! – U7). Nothing else makes a revision of a record, except a rollback.

use super::batch::LEAST_OPERATIONS;
use super::lapsed::{Lapsed, OF_CUSTOMER};
use super::{Entry, EntryIndex, Flag, Redeemed, Redemption, RedemptionState, Write};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Amount, Claim, CounterName, Identifier, Instant};

/// What a payment says.
#[derive(Clone, Debug, Default)]
pub struct Payment {
    /// The host's order id.
    pub order: Option<String>,
    /// Of store credits, by coupon.
    pub captured: Vec<(Identifier, Amount)>,
    /// Claims of customer keys that became known only now.
    pub customer_claims: Vec<Claim>,
    /// Those keys.
    pub customer_keys: Vec<String>,
    /// Whether one of them had used its limit.
    pub exceeds: bool,
    /// What a lapsed record claims again.
    pub reclaimed: Vec<Claim>,
    /// Taken although there is no place any more.
    pub is_overdraft: bool,
}

impl Entry {
    /// What is reserved, as the first revision of its key.
    pub fn fresh(
        key: String,
        payload: String,
        of: Redeemed,
        index: EntryIndex,
        now: Instant,
    ) -> Self {
        Self {
            record: Redemption::new(key, payload, of, now),
            index,
        }
    }

    /// A hold, in place of whatever the key had before.
    #[must_use]
    pub fn held(mut self, before: Option<&Self>, until: Instant) -> Write {
        // A hold is never shortened.
        let before_until = before.and_then(|before| before.record.hold_until);
        self.record.hold_until = Some(before_until.map_or(until, |before| before.max(until)));
        self.in_place_of(before)
    }

    /// A claim and its redemption in one.
    #[must_use]
    pub fn redeemed_at_once(mut self, before: Option<&Self>, order: Option<String>) -> Write {
        self.record.pay(order);
        self.index.order = self.record.order.clone();
        self.in_place_of(before)
    }

    fn in_place_of(mut self, before: Option<&Self>) -> Write {
        let Some(before) = before else {
            return Write::new(self, &[]);
        };
        let record = &mut self.record;
        record.revision = before.record.revision.saturating_add(1);
        if !before.record.state.has_lapsed() {
            record.reserved_at = before.record.reserved_at;
        }
        Write::new(self, &before.index.claims)
    }

    /// Paid. What has lapsed is claimed again in the same step; what is held has its place already.
    pub fn redeemed(&self, payment: Payment, now: Instant) -> Result<Write> {
        let mut next = self.next(RedemptionState::Redeemed, now);
        if self.record.state.has_lapsed() {
            next.record.reason = None;
            next.record.lapsed.clear();
            next.index.claims = payment.reclaimed;
            if payment.is_overdraft {
                // Beyond a limit, but never beyond what a store credit has: that is money.
                let mut claims = next.index.claims.iter_mut();
                while let Some(claim) = claims.find(|claim| !claim.counter.is_credit()) {
                    claim.ceiling = None;
                }
                next.record.flags.push(Flag::Overdraft);
            }
        }
        for (coupon, amount) in payment.captured {
            next.capture(&coupon, amount)?;
        }
        next.index.claims.extend(payment.customer_claims);
        next.index.customer_keys.extend(payment.customer_keys);
        if payment.exceeds {
            next.record.flags.push(Flag::CustomerLimitExceeded);
        }
        next.record.pay(payment.order);
        next.index.order = next.record.order.clone();
        Ok(Write::new(next, &self.index.claims))
    }

    /// What it claimed before it was given back, under the limits of then.
    pub fn lapsed_claims(&self) -> Vec<Claim> {
        let keys = &self.index.customer_keys;
        let lapsed = self.record.lapsed.iter();
        Claim::together(lapsed.filter_map(|claim| claim.claim(keys)).collect())
    }

    /// What these keys of the customer would claim as well: one place of each limit that is the customer's.
    pub fn claims_of_keys(&self, keys: &[String]) -> Vec<Claim> {
        let claims = self.index.claims.iter().cloned();
        let claims: Vec<Claim> = claims.chain(self.lapsed_claims()).collect();
        let mut more: Vec<Claim> = Vec::new();
        for key in keys {
            let of_customer = claims.iter().filter_map(|claim| {
                let (counter, _) = claim.counter.of_whom()?;
                Some(Claim {
                    counter: CounterName::stored_text(&[&counter, OF_CUSTOMER, key].concat()),
                    ..claim.clone()
                })
            });
            more.extend(of_customer);
        }
        Claim::together(more)
    }

    /// How many more counters it may claim: what is claimed in one commit has to be given back in one.
    pub fn room_for_claims(&self) -> usize {
        let claimed = self.index.claims.len();
        let all = claimed.saturating_add(self.lapsed_claims().len());
        LEAST_OPERATIONS.saturating_sub(1).saturating_sub(all)
    }

    /// A credit that paid less than was reserved: the rest goes back (semantics §16).
    fn capture(&mut self, coupon: &Identifier, amount: Amount) -> Result<()> {
        let credits = &mut self.record.credits;
        let credit = credits
            .iter_mut()
            .find(|credit| credit.coupon_id == coupon.as_str() && amount <= credit.amount);
        let Some(credit) = credit else {
            return Err(Error::new(
                ErrorCode::InvalidValue,
                "captured",
                "must name store credits that are reserved, and at most what is reserved of each",
            ));
        };
        let rest = credit.amount.minus(amount).unwrap_or_default();
        credit.amount = amount;
        // What a credit does not pay is paid by other means: the totals still add up.
        let totals = &mut self.record.totals;
        totals.credit = totals.credit.minus(rest).unwrap_or_default();
        totals.total = totals.total.plus(rest).unwrap_or_default();
        self.set_claim(&CounterName::credit(coupon), amount);
        Ok(())
    }

    pub(super) fn set_claim(&mut self, counter: &CounterName, amount: Amount) {
        for claim in &mut self.index.claims {
            if claim.counter == *counter {
                claim.amount = amount.minor();
            }
        }
        self.index.claims.retain(|claim| claim.amount != 0);
    }

    /// Given back.
    pub fn released(&self, reason: Option<String>, now: Instant) -> Write {
        self.given_back(RedemptionState::Released, reason, now)
    }

    /// Given back because its time is over.
    pub fn expired(&self, now: Instant) -> Write {
        self.given_back(RedemptionState::Expired, None, now)
    }

    fn given_back(&self, state: RedemptionState, reason: Option<String>, now: Instant) -> Write {
        let mut next = self.next(state, now);
        let claims = std::mem::take(&mut next.index.claims);
        let keys = &self.index.customer_keys;
        next.record.lapsed = claims.iter().map(|claim| Lapsed::of(claim, keys)).collect();
        next.record.reason = reason;
        Write::new(next, &self.index.claims)
    }

    /// The same hold for longer.
    pub fn extended(&self, until: Instant, now: Instant) -> Write {
        let mut next = self.next(RedemptionState::Held, now);
        next.record.hold_until = Some(until);
        Write::new(next, &self.index.claims)
    }

    /// A hold that a limit was given over its head, with a use of it; `None` if it has one.
    pub fn counted(&self, counter: &CounterName, now: Instant) -> Option<Write> {
        let mut claims = self.index.claims.iter();
        if claims.any(|claim| claim.counter == *counter) {
            return None;
        }
        let mut next = self.next(RedemptionState::Held, now);
        next.record.hold_until = self.record.hold_until;
        next.index.claims.push(Claim {
            counter: counter.clone(),
            amount: 1,
            ceiling: None,
        });
        next.index.claims = Claim::together(next.index.claims);
        Some(Write::new(next, &self.index.claims))
    }

    pub(super) fn next(&self, state: RedemptionState, now: Instant) -> Self {
        let mut next = self.clone();
        next.record.revision = next.record.revision.saturating_add(1);
        next.record.state = state;
        next.record.at = now;
        next.record.hold_until = None;
        next
    }
}

impl Redemption {
    fn pay(&mut self, order: Option<String>) {
        self.state = RedemptionState::Redeemed;
        self.redeemed_at = Some(self.at);
        self.order = order.or_else(|| Some(self.key.clone()));
    }
}
