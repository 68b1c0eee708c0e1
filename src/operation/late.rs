//! What a late payment claims again: what its record had claimed, under the limits of today (semantics §14). A limit that
//! was lowered, raised or given meanwhile is the one that holds.

use super::catalog::Catalog;
use super::load::{LedgerAnswer, LedgerRequest, LoadRequest, read_definitions};
use super::script::{Run, Script};
use super::shop::Context;
use crate::model::{
    Claim, Code, CodeText, CounterName, Coupon, Currency, DiscountValue, Identifier, InnerSpace,
    Limits, Policy,
};
use crate::redemption::{Entry, RedeemedCode};

/// The claims of a lapsed record, and the policy in force.
pub(super) fn claims_of_today(
    own: &Entry,
    context: &Context,
    script: &mut Script<'_>,
) -> Run<(Vec<Claim>, Policy)> {
    let codes = &own.record.codes;
    let coupons: Vec<Identifier> = codes.iter().filter_map(coupon_id).collect();
    let texts = codes.iter().filter_map(code_text).collect();
    let added = coupons.iter().map(CounterName::credit_added).collect();
    let ledger = LedgerRequest::of_counters(added, script.now);
    let reply = script.load(LoadRequest::of_codes(texts, coupons.clone(), Some(ledger)))?;
    let (catalog, settings) = read_definitions(reply)?;
    let added = LedgerAnswer::read(reply, coupons.len(), 0)?.counters;

    let mut claims = own.lapsed_claims();
    for (coupon, added) in coupons.iter().zip(added) {
        let Some(coupon) = catalog.coupon(coupon) else {
            continue;
        };
        let currency = own.record.currency;
        hold_to(&mut claims, "coupon", &coupon.id, &coupon.limits, currency);
        let credit = CounterName::credit(&coupon.id);
        let issued = issued(coupon, currency, added.claimed);
        for claim in claims.iter_mut().filter(|claim| claim.counter == credit) {
            claim.ceiling = issued;
        }
    }
    for code in codes.iter().filter_map(|code| find(code, &catalog)) {
        hold_to(
            &mut claims,
            "code",
            &code.id,
            &code.limits,
            own.record.currency,
        );
    }
    Ok((claims, context.settled_policy(settings)?))
}

fn coupon_id(code: &RedeemedCode) -> Option<Identifier> {
    Identifier::new(&code.coupon_id)
}

fn code_text(code: &RedeemedCode) -> Option<CodeText> {
    CodeText::canonical(code.code.as_deref()?, InnerSpace::Remove)
}

/// The code's record, whatever its text is today.
fn find<'a>(code: &RedeemedCode, catalog: &'a Catalog) -> Option<&'a Code> {
    let (_, found) = catalog.find(&code_text(code)?)?;
    (code.code_id.as_deref() == Some(found.id.as_str())).then_some(found)
}

/// Gives the claims of one coupon or code the ceilings of its limits.
fn hold_to(
    claims: &mut Vec<Claim>,
    scope: &str,
    id: &Identifier,
    limits: &Limits,
    currency: Currency,
) {
    let own = [scope, "/", id.as_str()].concat();
    let mut has_total = false;
    for claim in claims.iter_mut() {
        let name = claim.counter.of_whom();
        let of_customer = name.is_some();
        let name = name.map_or(claim.counter.as_str().to_owned(), |(counter, _)| counter);
        let Some(rest) = name.strip_prefix(&own) else {
            continue;
        };
        let mut rest = rest.split('/');
        let figures = match (rest.next(), rest.next()) {
            (Some(""), None) => (limits.total, limits.per_customer),
            (Some(""), Some("budget")) => {
                let budget = limits.budget.as_ref();
                (
                    budget
                        .and_then(|one| one.get(currency))
                        .map(|one| one.minor()),
                    None,
                )
            }
            (Some(""), Some("credit")) => continue,
            (Some(""), Some(period)) => {
                let window = limits.windows.iter().find(|one| one.per.name() == period);
                window.map_or((None, None), |one| (one.total, one.per_customer))
            }
            _ => continue,
        };
        claim.ceiling = match of_customer {
            true => figures.1,
            false => figures.0,
        };
        has_total |= name == own && !of_customer;
    }
    if let (Some(_), false) = (limits.total, has_total) {
        claims.push(Claim {
            counter: CounterName::stored_text(&own),
            amount: 1,
            ceiling: limits.total,
        });
    }
}

fn issued(coupon: &Coupon, currency: Currency, added: i64) -> Option<i64> {
    match &coupon.discount.as_ref()?.value {
        DiscountValue::StoreCredit { amounts, .. } => {
            Some(amounts.get(currency)?.minor().saturating_add(added))
        }
        _ => None,
    }
}
