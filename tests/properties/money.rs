//! M1 – M4 on whole quotes: sums, bounds, the one formula of the total, and currencies that never meet.

use std::collections::BTreeMap;

use coupon_engine::discount::UnitRun;
use coupon_engine::eligibility::Reason;
use coupon_engine::model::Value;
use coupon_engine::operation::{OutcomeState, Quote};
use proptest::prelude::*;

use crate::conditions::Conditions;
use crate::draw::{any_shop, plain_shop, tame_shop};
use crate::hold::{hold, hold_where};
use crate::shop::{Coupon, Entry, Shop, field, is_ours, quote, text};
use crate::terms::Worth;

const ALL_MODES: [&str; 5] = [
    "additive",
    "sequential",
    "best",
    "first",
    "best_combination",
];

#[test]
fn m1_shares_units_adjustments_outcomes_and_totals_add_up() {
    hold_where(3, &any_shop(), |shop| {
        let quote = shop.quote();
        let mut by_line: BTreeMap<&str, i64> = BTreeMap::new();
        let mut by_outcome = vec![0; quote.codes.len()];
        let mut by_rule: BTreeMap<&str, i64> = BTreeMap::new();
        let (mut of_shipping, mut together) = (0, 0);
        for adjustment in &quote.adjustments {
            let mut of_lines = 0;
            for share in &adjustment.lines {
                let line = shop.line(&share.line_id);
                let units = units_total(&share.units);
                prop_assert_eq!(units, (line.quantity, share.amount.minor()));
                prop_assert!(!share.amount.is_zero());
                *by_line.entry(&share.line_id).or_default() += share.amount.minor();
                of_lines += share.amount.minor();
            }
            let amount = adjustment.amount.minor();
            prop_assert_eq!(amount, of_lines + adjustment.shipping.minor());
            prop_assert!(amount > 0);
            of_shipping += adjustment.shipping.minor();
            together += amount;
            match (adjustment.index, &adjustment.rule_id) {
                (Some(index), _) => by_outcome[index] += amount,
                (None, Some(rule)) if is_ours(adjustment) => {
                    *by_rule.entry(rule).or_default() += amount;
                }
                (None, _) => prop_assert!(!is_ours(adjustment)),
            }
        }
        for credit in &quote.credits {
            prop_assert_eq!(by_outcome[credit.index], 0);
            by_outcome[credit.index] += credit.amount.minor();
        }
        for (outcome, amount) in quote.codes.iter().zip(&by_outcome) {
            let by_host = by_the_host(&shop, &shop.entries[outcome.index]);
            let discount = outcome.discount.minor();
            prop_assert!(discount == *amount || discount == *amount + by_host);
            match by_host {
                _ if opens_external(&shop, &shop.entries[outcome.index]) => {}
                _ => prop_assert_eq!(outcome.state == OutcomeState::Applied, *amount > 0),
            }
        }
        for outcome in &quote.automatic {
            let amount = by_rule.get(outcome.rule_id.as_str()).copied();
            prop_assert_eq!(outcome.discount.minor(), amount.unwrap_or(0));
            prop_assert_eq!(outcome.state == OutcomeState::Applied, amount.is_some());
        }
        for line in &quote.lines {
            let shares = by_line.get(line.id.as_str()).copied().unwrap_or(0);
            prop_assert_eq!(line.discount.minor(), shares);
        }
        prop_assert_eq!(together, quote.totals.discount.minor());
        prop_assert_eq!(of_shipping, quote.totals.shipping_discount.minor());
        prop_assert_eq!(by_line.values().sum::<i64>() + of_shipping, together);
        let credit: i64 = quote.credits.iter().map(|one| one.amount.minor()).sum();
        prop_assert_eq!(credit, quote.totals.credit.minor());
        Ok(together > 0)
    });
}

fn units_total(units: &[UnitRun]) -> (i64, i64) {
    units.iter().fold((0, 0), |(quantity, amount), run| {
        (
            quantity + run.quantity,
            amount + run.quantity * run.amount.minor(),
        )
    })
}

fn entered<'s>(shop: &'s Shop, entry: &Entry) -> Option<&'s Coupon> {
    match entry {
        Entry::Code { place, .. } | Entry::Id(place) => shop.coupons.get(*place),
        Entry::Unknown => None,
    }
}

fn external_rules(shop: &Shop, entry: &Entry) -> Vec<usize> {
    let links = entered(shop, entry).map(|coupon| coupon.rules.clone());
    let mut links = links.unwrap_or_default();
    links.retain(|place| shop.rules[*place].gate == "external");
    links
}

fn opens_external(shop: &Shop, entry: &Entry) -> bool {
    !external_rules(shop, entry).is_empty()
}

/// What the host takes off for the external rules behind an entry.
fn by_the_host(shop: &Shop, entry: &Entry) -> i64 {
    let rules = external_rules(shop, entry);
    let is_theirs = |rule: Option<usize>| rule.is_some_and(|rule| rules.contains(&rule));
    let amounts = shop.foreign.iter().filter(|one| is_theirs(one.rule));
    amounts.map(|one| one.amount).sum()
}

#[test]
fn m1_the_host_s_own_discounts_are_told_as_given() {
    hold_where(20, &any_shop(), |shop| {
        let quote = shop.quote();
        let told = |line_id: &str| -> i64 {
            let foreign = quote.adjustments.iter();
            let foreign = foreign.filter(|one| !is_ours(one));
            let shares = foreign.flat_map(|one| &one.lines);
            let of_line = shares.filter(|share| share.line_id == line_id);
            of_line.map(|share| share.amount.minor()).sum()
        };
        for line in &shop.lines {
            let given = shop.foreign.iter().filter(|one| one.line_id == line.id);
            prop_assert_eq!(told(&line.id), given.map(|one| one.amount).sum::<i64>());
        }
        Ok(!shop.foreign.is_empty())
    });
}

#[test]
fn m2_every_discount_is_within_its_lines_its_terms_and_its_cap() {
    hold_where(3, &any_shop(), |shop| {
        let quote = shop.quote();
        for line in &quote.lines {
            prop_assert!(line.discount <= line.subtotal);
        }
        let ours = || {
            let all = quote.adjustments.iter();
            all.filter(|one| is_ours(one))
        };
        let mut of_lines = 0;
        for adjustment in ours() {
            let behind = shop.behind(adjustment);
            let eligible = behind.eligible(&shop);
            let worth: i128 = eligible.iter().map(|line| line.subtotal()).sum();
            let amount = i128::from(adjustment.amount.minor());
            let shipping = i128::from(adjustment.shipping.minor());
            let discount = behind.discount();
            let reached = discount.reached(&eligible).unwrap();
            prop_assert!(amount <= adjustment.requested.minor().into());
            match discount.for_shipping {
                true => prop_assert!(amount == shipping && shipping <= shop.shipping.into()),
                false => prop_assert!(shipping == 0 && amount <= worth),
            }
            prop_assert!(reached.cap().is_none_or(|cap| amount <= cap.into()));
            for share in &adjustment.lines {
                let line = shop.line(&share.line_id);
                let share = share.amount.minor();
                prop_assert!(behind.covers(line), "{} is not eligible", line.id);
                prop_assert!(i128::from(share) <= line.subtotal());
                prop_assert!(discount.max_per_line.is_none_or(|most| share <= most));
                of_lines += share;
            }
        }
        let shipping = quote.totals.shipping_discount.minor();
        prop_assert!(shipping <= shop.shipping);
        let discountable = shop
            .lines
            .iter()
            .filter(|line| line.discountable && !line.gift_card);
        let full_price: i128 = discountable.map(|line| line.subtotal()).sum();
        if let Some(cap) = shop.policy.global_cap {
            prop_assert!(i128::from(of_lines) <= full_price * i128::from(cap) / 10_000);
        }
        Ok(ours().count() > 0)
    });
}

/// A price leaves each unit its price, and takes nothing else.
#[test]
fn m2_a_new_price_is_what_each_unit_costs() {
    let shops =
        (plain_shop(&["additive", "sequential"]), 0..1_500_i64).prop_map(|(mut shop, price)| {
            shop.coupons.truncate(1);
            let coupon = &mut shop.coupons[0];
            coupon.discount.as_mut().unwrap().worth = Worth::Price(price);
            coupon.conditions.minimum = None;
            shop.entering_all()
        });
    hold_where(3, &shops, |shop| {
        let quote = shop.quote();
        for adjustment in &quote.adjustments {
            let behind = shop.behind(adjustment);
            let Worth::Price(price) = behind.discount().worth else {
                panic!("every discount is a price");
            };
            for line in behind.eligible(&shop) {
                let total = quote
                    .lines
                    .iter()
                    .find(|one| one.id == line.id)
                    .unwrap()
                    .total;
                prop_assert_eq!(total.minor(), line.quantity * price.min(line.unit_price));
            }
        }
        Ok(!quote.adjustments.is_empty())
    });
}

/// Of units picked at one end of the price list, as many as the terms say bear a discount, and none but those.
#[test]
fn m2_picked_units_are_as_many_as_the_terms_say_and_from_that_end() {
    hold_where(12, &tame_shop(&["additive", "sequential"]), |shop| {
        let quote = shop.quote();
        let mut any = false;
        for adjustment in quote.adjustments.iter().filter(|one| is_ours(one)) {
            let behind = shop.behind(adjustment);
            let Some(units) = &behind.discount().units else {
                continue;
            };
            any = true;
            let runs = adjustment.lines.iter().flat_map(|share| &share.units);
            let bearing = runs.filter(|run| !run.amount.is_zero());
            let picked: i64 = bearing.map(|run| run.quantity).sum();
            let eligible = behind.eligible(&shop);
            let quantity: i64 = eligible
                .iter()
                .filter(|line| line.unit_price > 0)
                .map(|line| line.quantity)
                .sum();
            let most = match units.buy {
                None => units
                    .take
                    .saturating_mul(units.times.unwrap_or(1))
                    .min(quantity),
                Some((bought, None)) => quantity / (bought + units.take) * units.take,
                Some((_, Some(_))) => quantity / units.take * units.take,
            };
            prop_assert!(picked <= most, "{picked} units bear, {most} may");
            let times = units.times.unwrap_or(i64::MAX);
            prop_assert!(picked <= units.take.saturating_mul(times));
            if units.buy.is_none() {
                // What is better placed than a line that bears must be picked whole: only so many units can be.
                for share in &adjustment.lines {
                    let line = shop.line(&share.line_id);
                    let better = eligible.iter().filter(|other| match units.dearest {
                        true => other.unit_price > line.unit_price,
                        false => other.unit_price < line.unit_price && other.unit_price > 0,
                    });
                    let before: i64 = better.map(|other| other.quantity).sum();
                    prop_assert!(before < most, "{before} units go before {}", line.id);
                }
            }
        }
        Ok(any)
    });
}

/// Semantics §2, §3, §5, §6 restated: base, rounding, cap and clamp of every adjustment, in order.
#[test]
fn m2_each_adjustment_is_its_terms_on_its_base() {
    let modes = &["additive", "sequential", "best", "first"];
    hold_where(3, &plain_shop(modes), |shop| {
        let quote = shop.quote();
        let mut left: BTreeMap<&str, i128> = shop
            .lines
            .iter()
            .map(|line| (line.id.as_str(), line.subtotal()))
            .collect();
        for adjustment in &quote.adjustments {
            let behind = shop.behind(adjustment);
            let eligible = || shop.lines.iter().filter(|line| behind.covers(line));
            let remaining: i128 = eligible().map(|line| left[line.id.as_str()]).sum();
            let base = match shop.policy.mode {
                "sequential" => remaining,
                _ => eligible().map(|line| line.subtotal()).sum(),
            };
            let (requested, most) = match behind.discount().worth {
                Worth::Percent { basis_points, cap } => (
                    rounded(
                        base * i128::from(basis_points),
                        10_000,
                        shop.policy.rounding,
                    ),
                    cap.map_or(i128::MAX, i128::from),
                ),
                Worth::Amount(amount) => (amount.into(), i128::MAX),
                _ => panic!("a plain discount is a percentage or an amount"),
            };
            prop_assert_eq!(i128::from(adjustment.requested.minor()), requested);
            let asked = requested.min(most).min(base);
            let amount = i128::from(adjustment.amount.minor());
            if shop.policy.mode == "additive" {
                prop_assert!(amount <= asked && amount <= remaining);
            } else {
                prop_assert_eq!(amount, asked);
            }
            for share in &adjustment.lines {
                *left.get_mut(share.line_id.as_str()).unwrap() -= i128::from(share.amount.minor());
            }
        }
        Ok(!quote.adjustments.is_empty())
    });
}

pub fn rounded(numerator: i128, denominator: i128, rounding: &str) -> i128 {
    let floor = numerator / denominator;
    let twice = 2 * (numerator % denominator);
    let goes_up = match rounding {
        "half_up" => twice >= denominator,
        "half_down" => twice > denominator,
        "half_even" => twice > denominator || (twice == denominator && floor % 2 == 1),
        _ => false,
    };
    floor + i128::from(goes_up)
}

#[test]
fn m3_total_is_subtotal_shipping_and_tax_less_discount_and_credit() {
    hold(&any_shop(), |shop| {
        let Quote { totals, lines, .. } = shop.quote();
        prop_assert_eq!(i128::from(totals.subtotal.minor()), shop.subtotal());
        prop_assert_eq!(totals.shipping.minor(), shop.shipping);
        prop_assert_eq!(totals.tax.minor(), shop.tax);
        let payable = totals.subtotal.minor() + shop.shipping + shop.tax
            - totals.discount.minor()
            - totals.credit.minor();
        prop_assert_eq!(totals.total.minor(), payable);
        prop_assert!(payable >= 0);
        prop_assert_eq!(lines.len(), shop.lines.len());
        for (line, given) in lines.iter().zip(&shop.lines) {
            prop_assert_eq!(&line.id, &given.id);
            prop_assert_eq!(i128::from(line.subtotal.minor()), given.subtotal());
            prop_assert_eq!(
                line.total.minor(),
                line.subtotal.minor() - line.discount.minor()
            );
            prop_assert!(line.total.minor() >= 0);
        }
        Ok(())
    });
}

/// Discounts leave nothing to pay, where that is allowed, or the least; a credit leaves nothing or the least.
#[test]
fn m3_what_is_left_to_pay_is_nothing_or_can_be_charged() {
    hold_where(12, &any_shop(), |shop| {
        let quote = shop.quote();
        let (totals, policy) = (&quote.totals, &shop.policy);
        let by_host: i64 = shop.foreign.iter().map(|one| one.amount).sum();
        let before_credit = totals.total.minor() + totals.credit.minor();
        if totals.discount.minor() > by_host {
            let is_free = before_credit == 0 && policy.allow_zero;
            prop_assert!(
                is_free || before_credit >= policy.least(),
                "{before_credit} is left"
            );
        }
        if !totals.credit.is_zero() {
            let total = totals.total.minor();
            prop_assert!(total == 0 || total >= policy.min_payable.unwrap_or(0));
        }
        Ok(policy.least() > 0 && totals.discount.minor() > by_host)
    });
}

#[test]
fn m4_amounts_in_other_currencies_take_nothing_off() {
    hold_where(3, &without_conditions(), |mut shop| {
        shop.coupons.retain(amounts_of);
        shop.rules.retain(|rule| rule.gate != "automatic");
        let shop = shop.entering_all();
        let mut request = shop.request();
        *field(field(&mut request, "cart"), "currency") = text("USD");
        let quote = quote(&request);
        prop_assert!(quote.adjustments.is_empty());
        prop_assert!(quote.credits.is_empty());
        prop_assert_eq!(quote.totals.discount.minor(), 0);
        for outcome in &quote.codes {
            let rejection = outcome.rejection.as_ref().unwrap();
            prop_assert_eq!(rejection.code, Reason::CurrencyMismatch);
            prop_assert_eq!(outcome.state, OutcomeState::Parked);
        }
        Ok(!quote.codes.is_empty())
    });
}

#[test]
fn m4_coupons_in_other_currencies_do_not_touch_those_beside_them() {
    hold_where(4, &without_conditions(), |shop| {
        let mut mixed = shop.request();
        *field(field(&mut mixed, "cart"), "currency") = text("USD");
        let own: Vec<bool> = shop
            .coupons
            .iter()
            .map(|coupon| !amounts_of(coupon))
            .collect();
        let mut alone = mixed.clone();
        let Value::List(codes) = field(&mut alone, "codes") else {
            panic!("codes are a list");
        };
        let mut is_own = own.iter();
        codes.retain(|_| *is_own.next().unwrap());
        let (mixed, alone) = (quote(&mixed), quote(&alone));
        prop_assert_eq!(mixed.totals.total.minor(), alone.totals.total.minor());
        prop_assert_eq!(mixed.fingerprint, alone.fingerprint);
        Ok(own.contains(&true) && own.contains(&false))
    });
}

/// Every kind of discount; of restrictions only minimums and maximums, which have amounts. No rules linked: a coupon with
/// one in this currency and one in another applies.
fn without_conditions() -> impl Strategy<Value = Shop> {
    tame_shop(&ALL_MODES).prop_map(|mut shop| {
        shop.foreign = Vec::new();
        shop.coupons.retain(|coupon| coupon.discount.is_some());
        for coupon in &mut shop.coupons {
            let conditions = &mut coupon.conditions;
            *conditions = Conditions {
                minimum: conditions.minimum,
                maximum: conditions.maximum,
                ..Default::default()
            };
            coupon.on_code = None;
        }
        for (place, coupon) in shop.coupons.iter_mut().enumerate() {
            coupon.place = place;
        }
        shop.entering_all()
    })
}

/// Whether any of a coupon's terms is an amount, and so belongs to a currency.
fn amounts_of(coupon: &Coupon) -> bool {
    let of_discount = coupon
        .discount
        .as_ref()
        .map_or(0, |discount| discount.amounts());
    of_discount + coupon.conditions.amounts() > 0
}
