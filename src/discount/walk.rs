//! Combining several coupons, one after the other in order: each joins those accepted before it, or is refused with the
//! reason. Consent is mutual, so the outcome is a function of the set (M7).

use super::amount::{Applied, Remaining};
use super::order::Applicable;
use super::stack::{Stacked, because_of};
use crate::eligibility::{Details, Level, Reason, Rejection};
use crate::error::{Error, Result};
use crate::model::{Amount, Cart, OnConflict, Path, Policy};

/// Walks the coupons in order.
pub(super) fn walk<'a>(
    in_order: Vec<Applicable<'a>>,
    cart: &Cart,
    policy: &Policy,
) -> Result<Stacked<'a>> {
    let mut walk = Walk {
        cart,
        policy,
        remaining: Remaining::new(cart, policy.stacking.mode, policy.rounding),
        stacked: Stacked {
            applied: Vec::new(),
            refused: Vec::new(),
        },
    };
    for applicable in in_order {
        walk.join(applicable)?;
    }
    Ok(walk.stacked)
}

struct Walk<'a, 'c> {
    cart: &'c Cart,
    policy: &'c Policy,
    remaining: Remaining<'c>,
    stacked: Stacked<'a>,
}

impl<'a, 'c> Walk<'a, 'c> {
    fn join(&mut self, new: Applicable<'a>) -> Result<()> {
        let standing = self
            .stacked
            .applied
            .iter()
            .find(|(accepted, _)| accepted.coupon_id() == new.coupon_id())
            .map(|(accepted, _)| accepted.label.clone());
        if let Some(label) = standing {
            self.refuse(new.index, because_of(Reason::AlreadyApplied, vec![label]));
            return Ok(());
        }
        let in_the_way: Vec<String> = self
            .stacked
            .applied
            .iter()
            .filter(|(accepted, _)| accepted.conflicts_with(&new))
            .map(|(accepted, _)| accepted.label.clone())
            .collect();
        if !in_the_way.is_empty() {
            return match self.policy.stacking.on_conflict {
                OnConflict::RejectNew => {
                    self.refuse(new.index, because_of(Reason::NotCombinable, in_the_way));
                    Ok(())
                }
                OnConflict::KeepBest => self.keep_better(new, in_the_way),
            };
        }
        let max = self.policy.stacking.max_codes;
        if usize::try_from(max).is_ok_and(|max| self.stacked.applied.len() >= max) {
            let details = Details {
                max: Some(max),
                ..Details::default()
            };
            self.refuse(
                new.index,
                Rejection {
                    code: Reason::TooManyCodes,
                    level: Level::Coupon,
                    details,
                },
            );
            return Ok(());
        }
        let mut remaining = self.remaining.clone();
        let applied = remaining.take(&new)?;
        if applied.amount.is_zero() {
            self.refuse(new.index, Rejection::plain(Reason::NoEffect, Level::Coupon));
        } else {
            self.remaining = remaining;
            self.stacked.applied.push((new, applied));
        }
        Ok(())
    }

    /// Takes the new coupon in place of those in its way, if the cart gets cheaper by it.
    fn keep_better(&mut self, new: Applicable<'a>, in_the_way: Vec<String>) -> Result<()> {
        let staying = self
            .stacked
            .applied
            .iter()
            .map(|(accepted, _)| accepted)
            .filter(|accepted| !accepted.conflicts_with(&new))
            .chain(std::iter::once(&new))
            .cloned()
            .collect();
        let (remaining, instead) = self.take_all(staying)?;
        if total(&instead)? <= total(&self.stacked.applied)? {
            self.refuse(
                new.index,
                because_of(Reason::SupersededByBetter, in_the_way),
            );
            return Ok(());
        }
        self.remaining = remaining;
        let before = std::mem::replace(&mut self.stacked.applied, instead);
        for (leaving, _) in before
            .into_iter()
            .filter(|(one, _)| one.conflicts_with(&new))
        {
            let reason = because_of(Reason::SupersededByBetter, vec![new.label.clone()]);
            self.refuse(leaving.index, reason);
        }
        Ok(())
    }

    fn take_all(
        &self,
        coupons: Vec<Applicable<'a>>,
    ) -> Result<(Remaining<'c>, Vec<(Applicable<'a>, Applied)>)> {
        let mut remaining =
            Remaining::new(self.cart, self.policy.stacking.mode, self.policy.rounding);
        let taken = coupons
            .into_iter()
            .map(|one| {
                let applied = remaining.take(&one)?;
                Ok((one, applied))
            })
            .collect::<Result<_>>()?;
        Ok((remaining, taken))
    }

    fn refuse(&mut self, index: usize, rejection: Rejection) {
        self.stacked.refused.push((index, rejection));
    }
}

fn total(applied: &[(Applicable<'_>, Applied)]) -> Result<Amount> {
    Amount::sum(applied.iter().map(|(_, applied)| applied.amount))
        .ok_or_else(|| Error::arithmetic(Path::root("cart.lines")))
}
