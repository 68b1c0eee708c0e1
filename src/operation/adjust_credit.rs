//! A change of a store credit's balance besides payments (semantics §16): issued more, voided, expired.

use super::load::{LedgerAnswer, LedgerRequest, LoadRequest, read_definitions};
use super::redeeming::RedemptionOutcome;
use super::reserve::digest_of;
use super::script::{Run, Script};
use super::settle::{Settled, Tries};
use super::shop::Context;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{CounterName, Coupon, Currency, DiscountValue, Node};
use crate::redemption::CreditChange;

/// Changes a balance, once per id.
pub(super) fn adjust_credit(
    request: &Node<'_>,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<RedemptionOutcome> {
    let object = request.object(&["couponId", "id", "amount", "reason"])?;
    let change = CreditChange::parse(&object)?;
    let payload = digest_of(request.value().clone(), context);
    let mut tries = Tries::default();
    loop {
        let mut ledger = LedgerRequest::of_entry(&change.key(), script.now);
        ledger.counters = vec![
            CounterName::credit(&change.coupon),
            CounterName::credit_added(&change.coupon),
        ];
        let coupons = vec![change.coupon.clone()];
        let reply = script.load(LoadRequest::of_coupons(coupons, Some(ledger)))?;
        let (catalog, _) = read_definitions(reply)?;
        let mut answer = LedgerAnswer::read(reply, 2, 1)?;
        if let Some(own) = answer.entry(&change.key())? {
            return match own.record.payload == payload {
                true => Ok(RedemptionOutcome::unchanged(own)),
                false => Err(Error::new(
                    ErrorCode::IdempotencyMismatch,
                    "id",
                    "is the name of another change of this credit",
                )
                .into()),
            };
        }
        let (currency, amount) = issued(catalog.coupon(&change.coupon))?;
        let claimed = |place: usize| answer.counters.get(place).map_or(0, |one| one.in_use());
        let (taken, added) = (claimed(0), claimed(1));
        let issued = amount.saturating_add(added);
        let balance = (issued, issued.saturating_sub(taken));
        let write = change.write(currency, balance, payload.clone(), script.now)?;
        if let Settled::Written(entry) = tries.settle(&write, script)? {
            return Ok(RedemptionOutcome::written(*entry));
        }
    }
}

/// A store credit's own amount.
fn issued(coupon: Option<&Coupon>) -> Result<(Currency, i64)> {
    let value = coupon.and_then(|coupon| coupon.discount.as_ref());
    let issued = match value.map(|discount| &discount.value) {
        Some(DiscountValue::StoreCredit { amounts, .. }) => amounts.iter().next(),
        _ => None,
    };
    issued
        .map(|(currency, amount)| (currency, amount.minor()))
        .ok_or_else(|| {
            Error::new(
                ErrorCode::InvalidValue,
                "couponId",
                "must be the id of a store credit",
            )
        })
}
