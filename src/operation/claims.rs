//! From a quote to what is claimed and kept for it: the record's figures, the counters, and what the entry is found by.

use super::assemble::assemble;
use super::checkout::{settle, situation};
use super::find::Found;
use super::outcomes::{automatic_outcomes, outcomes};
use super::quote::Quote;
use super::request::{Checkout, Ground};
use crate::discount::Source;
use crate::eligibility::{Candidate, claims_of};
use crate::error::Result;
use crate::model::{Amount, Claim, Coupon, CouponRestores, Customer, Identities, sort_unique};
use crate::redemption::{
    EntryIndex, Redeemed, RedeemedCode, RedeemedCredit, RedeemedLine, Snapshot, credit_counter,
};

/// What a record is made from.
pub(super) type Applied = (Redeemed, EntryIndex);

/// The quote, and what its codes claim.
pub(super) fn applied(
    checkout: &Checkout,
    ground: &Ground<'_>,
    identities: &Identities,
) -> Result<(Quote, Applied)> {
    let (found, decided) = settle(checkout, ground)?;
    let codes = outcomes(checkout, &found, &decided, ground);
    let automatic = automatic_outcomes(&decided, ground);
    let quote = assemble(checkout, codes, automatic, &decided, ground)?;
    let strips = ground.policy.strip_plus_tag;
    let mut index = EntryIndex {
        customer_keys: customer_names(checkout.customer.as_ref(), strips, identities),
        ..EntryIndex::default()
    };
    let mut claims = Vec::new();
    let mut redeemed = Vec::new();
    for (place, found) in found.iter().enumerate() {
        let Found {
            candidate: Ok(candidate),
            ..
        } = found
        else {
            continue;
        };
        let Some(coupon) = candidate.coupon else {
            continue;
        };
        let taken = decided.taken_by(Source::Entry(place));
        let credit = decided.credit_of(place);
        let now = situation(checkout, ground);
        claims.extend(claims_of(candidate, taken, credit, &now)?);
        index.coupons.push(coupon.id.as_str().to_owned());
        index
            .codes
            .extend(candidate.code.map(|code| code.id.as_str().to_owned()));
        index
            .coupons
            .extend(credit.map(|_| credit_counter(&coupon.id)));
        redeemed.push(code(candidate, coupon, taken, ground));
    }
    sort_unique(&mut index.coupons);
    sort_unique(&mut index.codes);
    index.claims = stored(Claim::together(claims), identities);
    let of = Redeemed {
        currency: quote.currency,
        codes: redeemed,
        lines: lines(checkout, &quote),
        credits: credits(&quote),
        adjustments: quote.adjustments.clone(),
        totals: quote.totals,
    };
    Ok((quote, (of, index)))
}

/// The customer's keys as they are stored, each once.
pub fn customer_names(
    customer: Option<&Customer>,
    strips_plus_tag: bool,
    identities: &Identities,
) -> Vec<String> {
    let keys = customer.into_iter().flat_map(|customer| &customer.keys);
    let names = keys.map(|key| identities.of(&key.for_limits(strips_plus_tag)).name());
    let mut names: Vec<String> = names.collect();
    sort_unique(&mut names);
    names
}

fn stored(claims: Vec<Claim>, identities: &Identities) -> Vec<Claim> {
    let claims = claims.into_iter().map(|claim| Claim {
        counter: claim.counter.stored(identities),
        ..claim
    });
    claims.collect()
}

fn code(
    candidate: &Candidate<'_>,
    coupon: &Coupon,
    amount: Amount,
    ground: &Ground<'_>,
) -> RedeemedCode {
    let shop = ground.policy.redemption.restore;
    let own = coupon.restore;
    RedeemedCode {
        coupon_id: coupon.id.as_str().to_owned(),
        code_id: candidate.code.map(|code| code.id.as_str().to_owned()),
        code: candidate.code.map(|code| code.code.as_str().to_owned()),
        label: candidate.label(),
        version: coupon.version,
        amount,
        terms: Snapshot::Taken(coupon.discount.clone()),
        restore: own.map_or(shop, |own: CouponRestores| own.over(shop)),
    }
}

fn lines(checkout: &Checkout, quote: &Quote) -> Vec<RedeemedLine> {
    let lines = checkout.cart.lines.iter().zip(&quote.lines);
    let lines = lines.map(|(line, quoted)| RedeemedLine {
        id: line.id.clone(),
        quantity: line.quantity,
        total: quoted.total,
        returned: 0,
    });
    lines.collect()
}

fn credits(quote: &Quote) -> Vec<RedeemedCredit> {
    let credits = quote.credits.iter().map(|credit| RedeemedCredit {
        coupon_id: credit.coupon_id.clone(),
        amount: credit.amount,
        restored: Amount::ZERO,
    });
    credits.collect()
}
