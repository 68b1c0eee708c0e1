//! Store credit (semantics §16): a balance that pays, last of all, what the discounts left. It does not combine, count or
//! compete; it is never taken of gift cards, so that credit never buys credit (B4).

use super::amount::{Remaining, out_of_range};
use super::caps::payable;
use super::stacked::Stacked;
use crate::eligibility::{Candidate, Level, Rejection};
use crate::error::Result;
use crate::model::{Amount, Cart, Covers, DiscountValue, Minimum, Policy, sort_by};

/// A store credit that may be used.
#[derive(Clone, Debug)]
pub struct Credit<'a> {
    /// Place in the request's codes.
    pub index: usize,
    /// The coupon and code behind it.
    pub candidate: Candidate<'a>,
    /// What is left of it and not held by others.
    pub balance: Amount,
    /// Places in the cart of the lines it may pay for.
    pub eligible: Vec<usize>,
    /// Minimums on what the discounts left.
    pub running_minimums: Vec<(Level, &'a Minimum)>,
}

/// What became of a credit.
#[derive(Debug)]
pub struct Payment<'a> {
    /// The credit.
    pub credit: Credit<'a>,
    /// What there was to pay that it may pay.
    pub base: Amount,
    /// What it pays; may be nothing.
    pub amount: Amount,
    /// The minimum that what the discounts left does not reach.
    pub unmet: Option<Rejection>,
    /// The one of the same coupon that came before it: a balance is used once.
    pub repeats: Option<Candidate<'a>>,
}

/// What is still to pay, while credits are used one by one.
struct Unpaid {
    lines: Vec<Amount>,
    tax: Amount,
    shipping: Amount,
    total: Amount,
    /// Below this a rest cannot be charged.
    least: Amount,
    /// What earlier credits paid, and what they could have paid it for.
    earlier: Vec<(Cover, Amount)>,
}

/// What one credit may pay for, or several together.
#[derive(Clone)]
struct Cover {
    /// By place in the cart.
    lines: Vec<bool>,
    covers_tax: bool,
    covers_shipping: bool,
}

/// So many earlier credits are weighed against each other; further ones all count against the next.
const MOST_WEIGHED: usize = 12;

/// Uses credits up, in order of priority.
pub fn pay<'a>(
    mut credits: Vec<Credit<'a>>,
    cart: &Cart,
    stacked: &Stacked<'_>,
    policy: &Policy,
) -> Result<Vec<Payment<'a>>> {
    if credits.is_empty() {
        return Ok(Vec::new());
    }
    let rank = |credit: &Credit<'a>| {
        let coupon = credit.candidate.coupon;
        let is_by_id = credit.candidate.code.is_none();
        (
            coupon.map_or(0, |coupon| coupon.priority),
            credit.candidate.name(),
            is_by_id,
        )
    };
    sort_by(&mut credits, |one, two| rank(one).cmp(&rank(two)));
    let mut discounted = Remaining::new(cart, policy);
    for (_, applied) in &stacked.applied {
        discounted.subtract(applied).ok_or_else(out_of_range)?;
    }
    let mut unpaid = Unpaid::new(&discounted, cart, stacked, policy).ok_or_else(out_of_range)?;
    let mut payments: Vec<Payment<'a>> = Vec::with_capacity(credits.len());
    for credit in credits {
        let repeats = payments
            .iter()
            .filter(|earlier| !earlier.amount.is_zero())
            .map(|earlier| earlier.credit.candidate)
            .find(|earlier| earlier.coupon_id() == credit.candidate.coupon_id());
        let unmet = discounted.unmet_minimum(&credit.running_minimums, &credit.eligible)?;
        let (base, amount) = match (repeats, &unmet) {
            (None, None) => unpaid.pay(&credit).ok_or_else(out_of_range)?,
            _ => (Amount::ZERO, Amount::ZERO),
        };
        payments.push(Payment {
            credit,
            base,
            amount,
            unmet,
            repeats,
        });
    }
    Ok(payments)
}

impl Unpaid {
    fn new(
        discounted: &Remaining<'_>,
        cart: &Cart,
        stacked: &Stacked<'_>,
        policy: &Policy,
    ) -> Option<Self> {
        let least = policy.min_payable.as_ref();
        Some(Self {
            lines: discounted.left().to_vec(),
            tax: cart.tax,
            shipping: discounted.shipping_left(),
            total: payable(cart, stacked)?,
            earlier: Vec::new(),
            least: least
                .and_then(|least| least.get(cart.currency))
                .unwrap_or_default(),
        })
    }

    /// What there is that it may pay, and what it pays.
    fn pay(&mut self, credit: &Credit<'_>) -> Option<(Amount, Amount)> {
        let cover = Cover::of(credit, self.lines.len())?;
        let base = self
            .room(&cover, &self.earlier, Amount::ZERO)?
            .min(self.total);
        let mut paid = credit.balance.min(base);
        let rest = self.total.minus(paid)?;
        if !rest.is_zero() && rest < self.least {
            paid = paid.minus(self.least.minus(rest)?).unwrap_or_default();
        }
        self.total = self.total.minus(paid)?;
        if !paid.is_zero() {
            self.earlier.push((cover, paid));
        }
        Some((base, paid))
    }

    /// The most that can be paid such that each credit pays for something it covers: whichever of the earlier ones are
    /// taken together with it, they cannot have paid more than what they cover together (Hall's condition). So neither
    /// the order of lines nor how an earlier payment is shared out makes a difference.
    fn room(&self, cover: &Cover, earlier: &[(Cover, Amount)], paid: Amount) -> Option<Amount> {
        let Some(((other, other_paid), rest)) = earlier.split_first() else {
            return Some(self.worth(cover)?.minus(paid).unwrap_or_default());
        };
        let together = self.room(&cover.with(other), rest, paid.plus(*other_paid)?)?;
        match rest.len() < MOST_WEIGHED {
            true => Some(together.min(self.room(cover, rest, paid)?)),
            false => Some(together),
        }
    }

    fn worth(&self, cover: &Cover) -> Option<Amount> {
        let lines = self.lines.iter().zip(&cover.lines);
        let lines = Amount::sum(
            lines
                .filter(|(_, is_covered)| **is_covered)
                .map(|(left, _)| *left),
        )?;
        let counted = |amount: Amount, is_covered: bool| match is_covered {
            true => amount,
            false => Amount::ZERO,
        };
        lines
            .plus(counted(self.tax, cover.covers_tax))?
            .plus(counted(self.shipping, cover.covers_shipping))
    }
}

impl Cover {
    fn of(credit: &Credit<'_>, lines: usize) -> Option<Self> {
        let covers = match credit.candidate.discount().map(|discount| &discount.value) {
            Some(DiscountValue::StoreCredit { covers, .. }) => *covers,
            _ => return None,
        };
        let mut covered = vec![false; lines];
        for place in &credit.eligible {
            *covered.get_mut(*place)? = true;
        }
        Some(Self {
            lines: covered,
            covers_tax: covers != Covers::Items,
            covers_shipping: covers == Covers::GrandTotal,
        })
    }

    fn with(&self, other: &Self) -> Self {
        let lines = self.lines.iter().zip(&other.lines);
        Self {
            lines: lines.map(|(one, other)| *one || *other).collect(),
            covers_tax: self.covers_tax || other.covers_tax,
            covers_shipping: self.covers_shipping || other.covers_shipping,
        }
    }
}
