//! From entered codes to a quote: find, check, stack, disclose. The one path that `evaluate`, `validate` and `apply`
//! share, so that they can never disagree.

use super::catalog::Catalog;
use super::fingerprint::fingerprint;
use super::quote::{
    Adjustment, AdjustmentSource, CodeOutcome, Distribution, LineShare, OutcomeState, Quote,
    QuoteLine, Strategy, Totals,
};
use super::request::Checkout;
use crate::discount::{Applicable, Applied, Stacked, in_order, split_over_units, stack, trace};
use crate::eligibility::{
    Candidate, Details, Disclosed, Level, Reason, Rejection, Situation, assess,
};
use crate::error::{Error, Result};
use crate::model::{
    Amount, Cart, CodeText, CouponType, Disclosure, EnteredCode, Identifier, Instant, Origin, Path,
    Policy, Products, StackingMode, Usage,
};

/// What a quote is made from, beside the request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) usage: &'a Usage,
    pub(super) prior_orders: Option<i64>,
    pub(super) now: Instant,
    pub(super) policy: &'a Policy,
    pub(super) disclosure: Disclosure,
}

/// An entered code, found or not.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// Canonical; `None` if malformed or by id.
    pub(super) code: Option<CodeText>,
    /// What stands behind it.
    pub(super) candidate: std::result::Result<Candidate<'a>, Reason>,
}

/// Finds what an entry names.
pub(super) fn find<'a>(entry: &EnteredCode, catalog: &'a Catalog, policy: &Policy) -> Found<'a> {
    match entry {
        EnteredCode::Coupon(id) => Found {
            code: None,
            candidate: catalog
                .coupon(id)
                .map(|coupon| Candidate { coupon, code: None })
                .ok_or(Reason::NotFound),
        },
        EnteredCode::Text { text, origin } => {
            let Some(code) = CodeText::canonical(text, policy.inner_space) else {
                let reason = match CodeText::is_readable(text) {
                    true => Reason::NotFound,
                    false => Reason::Malformed,
                };
                return Found {
                    code: None,
                    candidate: Err(reason),
                };
            };
            let may_be_entered = |coupon: CouponType| {
                coupon != CouponType::UrlToken || *origin == Origin::Url || policy.url_token_typed
            };
            let candidate = catalog
                .find(&code)
                .filter(|(coupon, _)| may_be_entered(coupon.kind))
                .map(|(coupon, code)| Candidate {
                    coupon,
                    code: Some(code),
                })
                .ok_or(Reason::NotFound);
            Found {
                code: Some(code),
                candidate,
            }
        }
    }
}

/// Makes the quote.
pub(super) fn quote(checkout: &Checkout, ground: &Ground<'_>) -> Result<Quote> {
    let cart = &checkout.cart;
    let found: Vec<Found<'_>> = checkout
        .codes
        .iter()
        .map(|entry| find(entry, ground.catalog, ground.policy))
        .collect();
    let situation = Situation {
        cart,
        customer: checkout.customer.as_ref(),
        prior_orders: ground.prior_orders,
        codes_allowed: checkout.codes_allowed,
        now: ground.now,
        usage: ground.usage,
        policy: ground.policy,
    };
    let mut refusals: Vec<Vec<Rejection>> = Vec::with_capacity(found.len());
    let mut applicables = Vec::new();
    for (index, entry) in found.iter().enumerate() {
        let (rejections, applicable) = match earlier_entry(index, &found) {
            Some(earlier) => (vec![already_applied(earlier)], None),
            None => judge(index, entry, &situation)?,
        };
        refusals.push(rejections);
        applicables.extend(applicable);
    }
    let stacked = stack(
        in_order(applicables, ground.policy.stacking.order),
        cart,
        ground.policy,
    )?;
    for (index, rejection) in &stacked.refused {
        if let Some(rejections) = refusals.get_mut(*index) {
            rejections.push(rejection.clone());
        }
    }
    let codes = outcomes(checkout, &found, refusals, &stacked, ground);
    assemble(checkout, &found, codes, &stacked, ground)
}

/// The first entry of the same target, if this one repeats it.
fn earlier_entry<'f, 'a>(index: usize, all: &'f [Found<'a>]) -> Option<&'f Candidate<'a>> {
    let candidate = all.get(index)?.candidate.as_ref().ok()?;
    all.iter()
        .take(index)
        .filter_map(|earlier| earlier.candidate.as_ref().ok())
        .find(|earlier| identity(earlier) == identity(candidate))
}

fn already_applied(earlier: &Candidate<'_>) -> Rejection {
    Rejection {
        code: Reason::AlreadyApplied,
        level: Level::Code,
        details: Details {
            with: Some(vec![earlier.name().to_owned()]),
            ..Details::default()
        },
    }
}

/// One entry on its own: why not, or what to stack.
fn judge<'a>(
    index: usize,
    entry: &'a Found<'a>,
    situation: &Situation<'_>,
) -> Result<(Vec<Rejection>, Option<Applicable<'a>>)> {
    let candidate = match &entry.candidate {
        Ok(candidate) => candidate,
        Err(reason) => return Ok((vec![Rejection::plain(*reason, Level::Code)], None)),
    };
    let assessment = assess(candidate, situation)?;
    let applicable = candidate
        .coupon
        .discount
        .as_ref()
        .filter(|_| assessment.rejections.is_empty())
        .map(|discount| Applicable {
            index,
            coupon: candidate.coupon,
            discount,
            label: candidate.label(),
            name: candidate.name(),
            is_by_id: candidate.code.is_none(),
            eligible: assessment.eligible,
            is_line_level: narrows(candidate),
        });
    Ok((assessment.rejections, applicable))
}

/// Two entries with the same identity are one entry given twice.
type Identity<'a> = (&'a Identifier, Option<&'a Identifier>);

fn identity<'a>(candidate: &Candidate<'a>) -> Identity<'a> {
    (&candidate.coupon.id, candidate.code.map(|code| &code.id))
}

fn narrows(candidate: &Candidate<'_>) -> bool {
    let of_code = candidate
        .code
        .and_then(|code| code.restrictions.products.as_ref());
    [candidate.coupon.restrictions.products.as_ref(), of_code]
        .into_iter()
        .flatten()
        .any(Products::narrow)
}

/// What the caller gets to know of each entry.
fn outcomes(
    checkout: &Checkout,
    found: &[Found<'_>],
    refusals: Vec<Vec<Rejection>>,
    stacked: &Stacked<'_>,
    ground: &Ground<'_>,
) -> Vec<CodeOutcome> {
    let disclosure = ground.disclosure;
    let are_closed = !checkout.codes_allowed || ground.policy.stacking.mode == StackingMode::None;
    let mut masked: Vec<Identity<'_>> = Vec::new();
    let mut outcomes = Vec::with_capacity(found.len());
    for (index, (entry, rejections)) in found.iter().zip(refusals).enumerate() {
        let is_text = matches!(checkout.codes.get(index), Some(EnteredCode::Text { .. }));
        let identity = entry.candidate.as_ref().ok().map(identity);
        let parks = rejections.iter().all(|rejection| rejection.code.parks());
        let mut rejections = rejections.into_iter();
        let told = rejections.next().map(|first| {
            if disclosure != Disclosure::Full && is_text && are_closed {
                // Codes are closed to everyone alike: whether this one exists is not said.
                return (Disclosed::closed(), false);
            }
            let repeats_masked = identity.is_some_and(|identity| masked.contains(&identity));
            let disclosed = match repeats_masked {
                true => Disclosed::masked(),
                false => Disclosed::new(first, rejections.collect(), disclosure),
            };
            (disclosed, parks)
        });
        if told
            .as_ref()
            .is_some_and(|(disclosed, _)| disclosed.hides_coupon)
        {
            masked.extend(identity);
        }
        let discount = stacked
            .applied
            .iter()
            .find(|(applicable, _)| applicable.index == index)
            .map(|(_, applied)| applied.amount);
        outcomes.push(outcome(index, entry, told, discount));
    }
    outcomes
}

fn outcome(
    index: usize,
    entry: &Found<'_>,
    told: Option<(Disclosed, bool)>,
    discount: Option<Amount>,
) -> CodeOutcome {
    let hides_coupon = told
        .as_ref()
        .is_some_and(|(disclosed, _)| disclosed.hides_coupon);
    let candidate = entry.candidate.as_ref().ok().filter(|_| !hides_coupon);
    let state = match &told {
        None => OutcomeState::Applied,
        // A reason that is kept back must not show through the state either.
        Some((disclosed, true)) if !disclosed.hides_coupon => OutcomeState::Parked,
        Some(_) => OutcomeState::Rejected,
    };
    let (rejection, also) = match told {
        None => (None, Vec::new()),
        Some((disclosed, _)) => (Some(disclosed.rejection), disclosed.also),
    };
    CodeOutcome {
        index,
        code: entry.code.as_ref().map(|code| code.as_str().to_owned()),
        coupon_id: candidate.map(|candidate| candidate.coupon.id.as_str().to_owned()),
        code_id: candidate
            .and_then(|candidate| candidate.code)
            .map(|code| code.id.as_str().to_owned()),
        label: candidate.map(Candidate::label),
        state,
        discount: discount.unwrap_or_default(),
        rejection,
        also,
    }
}

fn assemble(
    checkout: &Checkout,
    found: &[Found<'_>],
    codes: Vec<CodeOutcome>,
    stacked: &Stacked<'_>,
    ground: &Ground<'_>,
) -> Result<Quote> {
    let cart = &checkout.cart;
    let lines = quote_lines(cart, stacked).ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
    let totals = totals(cart, &lines).ok_or_else(|| Error::arithmetic(Path::root("cart")))?;
    let adjustments: Vec<Adjustment> = stacked
        .applied
        .iter()
        .map(|(applicable, applied)| adjustment(applicable, applied, cart, found))
        .collect();
    let strategy = Strategy {
        stacking: ground.policy.stacking.mode,
        rounding: ground.policy.rounding,
        distribution: Distribution::Proportional,
        exact: stacked.is_exact,
    };
    let trace = checkout.trace.then(|| {
        let texts: Vec<Option<String>> = codes.iter().map(|code| code.code.clone()).collect();
        trace(&stacked.applied, &texts, cart, strategy.stacking)
    });
    Ok(Quote {
        currency: cart.currency,
        fingerprint: fingerprint(cart, &adjustments),
        codes,
        adjustments,
        lines,
        totals,
        strategy,
        trace,
        disclosure: ground.disclosure,
    })
}

/// M1 and M2 hold by construction, and are checked here once more: `minus` refuses a line below 0.
fn quote_lines(cart: &Cart, stacked: &Stacked<'_>) -> Option<Vec<QuoteLine>> {
    cart.lines
        .iter()
        .enumerate()
        .map(|(place, line)| {
            let discount = Amount::sum(
                stacked
                    .applied
                    .iter()
                    .filter_map(|(_, applied)| applied.shares.get(place).copied()),
            )?;
            Some(QuoteLine {
                id: line.id.clone(),
                subtotal: line.subtotal,
                discount,
                total: line.subtotal.minus(discount)?,
            })
        })
        .collect()
}

fn totals(cart: &Cart, lines: &[QuoteLine]) -> Option<Totals> {
    let discount = Amount::sum(lines.iter().map(|line| line.discount))?;
    Some(Totals {
        subtotal: cart.subtotal,
        discount,
        shipping: cart.shipping,
        total: cart.subtotal.minus(discount)?.plus(cart.shipping)?,
    })
}

fn adjustment(
    applicable: &Applicable<'_>,
    applied: &Applied,
    cart: &Cart,
    found: &[Found<'_>],
) -> Adjustment {
    let entry = found.get(applicable.index);
    let code = entry
        .and_then(|entry| entry.candidate.as_ref().ok())
        .and_then(|candidate| candidate.code);
    Adjustment {
        index: applicable.index,
        source: AdjustmentSource::Code,
        coupon_id: applicable.coupon.id.as_str().to_owned(),
        code_id: code.map(|code| code.id.as_str().to_owned()),
        code: code.map(|code| code.code.as_str().to_owned()),
        label: applicable.label.clone(),
        coupon_version: applicable.coupon.version,
        requested: applied.requested,
        amount: applied.amount,
        lines: cart
            .lines
            .iter()
            .zip(&applied.shares)
            .filter(|(_, share)| !share.is_zero())
            .map(|(line, share)| LineShare {
                line_id: line.id.clone(),
                amount: *share,
                units: split_over_units(*share, line.quantity),
            })
            .collect(),
    }
}
