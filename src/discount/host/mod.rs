//! What a coupon takes of each line in the arithmetic of a known shop system, to the minor unit: which steps each host
//! takes, as rows of one table. The steps themselves are in `spread`. Not the engine's own rule, which is `allocate`.
//!
//! Read from the hosts' own sources; hosts that calculate in binary fractions are followed in exact decimals, so a case
//! in which the fraction itself goes wrong there is not reproduced. A cent a host would put above a line's price, or bill
//! on a line instead of taking it off, is kept within 0 … base: each variant says where that can happen. Vendure, Magento,
//! django-oscar and Spree's percentages round at two decimals in every currency; here all round at the currency's own.

mod spread;

use super::share::Party;
use crate::model::{Amount, BasisPoints, Host, Rounding};
use spread::{Sharing, Spread};

/// What is taken off.
#[derive(Clone, Copy, Debug)]
pub(super) enum Take {
    /// A part of what the lines cost.
    Percent(BasisPoints),
    /// So much of all lines together, as the coupon says it: not yet held back to what they cost.
    Amount(Amount),
}

/// What a percentage is rounded on.
#[derive(Clone, Copy)]
enum Percent {
    /// Every line by itself; the sum is what comes out.
    Lines(Rounding),
    /// All lines together; the whole is then spread as an amount is.
    Whole(Rounding),
}

impl Host {
    fn rule(self) -> (Percent, Spread) {
        use Percent::{Lines, Whole};
        use Rounding::{Floor, HalfDown, HalfUp};
        match self {
            Self::WooCommerce => (Whole(HalfDown), Spread::Units),
            Self::Medusa | Self::PrestaShop => (Whole(HalfDown), Spread::Fractions),
            Self::Vendure => (Whole(HalfDown), Spread::FractionsFromLast),
            Self::Sylius => (Whole(HalfUp), Spread::Nearest),
            Self::Saleor => (Whole(HalfUp), Spread::LastTakes),
            Self::Solidus => (Lines(HalfUp), Spread::Backwards),
            Self::Spree => (Lines(HalfUp), Spread::Fractions),
            Self::Magento => (Lines(HalfUp), Spread::Carry),
            Self::Lunar => (Lines(HalfUp), Spread::FirstWithRoom),
            Self::DjangoOscar => (Lines(Floor), Spread::DearestTakes),
        }
    }
}

/// The shares the host would give, in the parties' order. `None`: out of range.
pub(super) fn shares(host: Host, take: Take, parties: &[Party<'_>]) -> Option<Vec<Amount>> {
    let (percent, spread) = host.rule();
    // What the lines get to begin with: all of it, the whole cents of it, or nothing yet.
    let (points, rounding) = match (take, percent) {
        (Take::Percent(points), Percent::Lines(rounding)) => (points.get(), rounding),
        (Take::Percent(points), _) if spread == Spread::Units => (points.get(), Rounding::Floor),
        _ => (0, Rounding::Floor),
    };
    let (mut cost, mut given) = (Amount::ZERO, Amount::ZERO);
    let mut shares = Vec::with_capacity(parties.len());
    for party in parties {
        let share = party.base.scaled(points, BasisPoints::WHOLE, rounding)?;
        cost = cost.plus(party.base)?;
        given = given.plus(share)?;
        shares.push(share);
    }
    let whole = match (take, percent) {
        (Take::Percent(_), Percent::Lines(_)) => given,
        (Take::Percent(points), Percent::Whole(rounding)) => {
            cost.scaled(points.get(), BasisPoints::WHOLE, rounding)?
        }
        (Take::Amount(amount), _) => match spread {
            // Asking for more than there is changes what these two do.
            Spread::Units => amount,
            Spread::FirstWithRoom if amount > cost => Amount::ZERO,
            _ => amount.min(cost),
        },
    };
    let mut sharing = Sharing {
        parties,
        shares,
        left: whole.minus(given)?,
    };
    if !cost.is_zero() && !sharing.left.is_zero() {
        sharing.spread(spread, cost.minor())?;
    }
    Some(sharing.shares)
}

#[cfg(test)]
mod tests;
