//! M1 – M4 on whole quotes: sums, bounds, the one formula of the total, and currencies that never meet.

use std::collections::BTreeMap;

use coupon_engine::discount::UnitRun;
use coupon_engine::eligibility::Reason;
use coupon_engine::model::Value;
use coupon_engine::operation::{OutcomeState, Quote};
use proptest::prelude::*;

use crate::hold::{hold, hold_where};
use crate::shop::{Coupon, Discount, any_shop, field, quote, text, tolerant_shop};

#[test]
fn m1_shares_units_adjustments_outcomes_and_totals_add_up() {
    hold_where(2, &any_shop(), |shop| {
        let quote = shop.quote();
        let mut by_line: BTreeMap<&str, i64> = BTreeMap::new();
        let mut by_outcome = vec![0; quote.codes.len()];
        for adjustment in &quote.adjustments {
            let mut amount = 0;
            for share in &adjustment.lines {
                let line = shop
                    .lines
                    .iter()
                    .find(|line| line.id == share.line_id)
                    .unwrap();
                prop_assert_eq!(
                    units_total(&share.units),
                    (line.quantity, share.amount.minor())
                );
                prop_assert!(!share.amount.is_zero());
                *by_line.entry(&share.line_id).or_default() += share.amount.minor();
                amount += share.amount.minor();
            }
            prop_assert_eq!(adjustment.amount.minor(), amount);
            by_outcome[adjustment.index] += amount;
        }
        for (outcome, amount) in quote.codes.iter().zip(&by_outcome) {
            prop_assert_eq!(outcome.discount.minor(), *amount);
            prop_assert_eq!(outcome.state == OutcomeState::Applied, *amount > 0);
        }
        for line in &quote.lines {
            let shares = by_line.get(line.id.as_str()).copied().unwrap_or(0);
            prop_assert_eq!(line.discount.minor(), shares);
        }
        let discount = quote.totals.discount.minor();
        prop_assert_eq!(by_outcome.iter().sum::<i64>(), discount);
        prop_assert_eq!(by_line.values().sum::<i64>(), discount);
        Ok(discount > 0)
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

#[test]
fn m2_every_discount_is_within_its_lines_its_terms_and_its_cap() {
    hold_where(2, &any_shop(), |shop| {
        let quote = shop.quote();
        for line in &quote.lines {
            prop_assert!(line.discount <= line.subtotal);
        }
        for adjustment in &quote.adjustments {
            let coupon = shop
                .coupons
                .iter()
                .find(|one| one.id() == adjustment.coupon_id)
                .unwrap();
            let eligible: i128 = shop
                .lines
                .iter()
                .filter(|line| coupon.covers(line))
                .map(|line| line.subtotal())
                .sum();
            let amount = i128::from(adjustment.amount.minor());
            prop_assert!(amount <= eligible && amount <= adjustment.requested.minor().into());
            match coupon.discount {
                Discount::Percent { cap: Some(cap), .. } => prop_assert!(amount <= cap.into()),
                Discount::Percent { cap: None, .. } => {}
                Discount::Amount(most) => prop_assert!(amount <= most.into()),
            }
            for share in &adjustment.lines {
                let line = shop
                    .lines
                    .iter()
                    .find(|line| line.id == share.line_id)
                    .unwrap();
                prop_assert!(coupon.covers(line), "{} is not eligible", line.id);
                prop_assert!(i128::from(share.amount.minor()) <= line.subtotal());
            }
        }
        Ok(!quote.adjustments.is_empty())
    });
}

/// Semantics §2, §3, §5, §6 restated: base, rounding, cap and clamp of every adjustment, in order.
#[test]
fn m2_each_adjustment_is_its_terms_on_its_base() {
    hold_where(
        2,
        &tolerant_shop(&["additive", "sequential", "best", "first"]),
        |shop| {
            let quote = shop.quote();
            let mut left: BTreeMap<&str, i128> = shop
                .lines
                .iter()
                .map(|line| (line.id.as_str(), line.subtotal()))
                .collect();
            for adjustment in &quote.adjustments {
                let coupon = shop
                    .coupons
                    .iter()
                    .find(|one| one.id() == adjustment.coupon_id)
                    .unwrap();
                let eligible = || shop.lines.iter().filter(|line| coupon.covers(line));
                let remaining: i128 = eligible().map(|line| left[line.id.as_str()]).sum();
                let base = match shop.mode {
                    "sequential" => remaining,
                    _ => eligible().map(|line| line.subtotal()).sum(),
                };
                let (requested, most) = match coupon.discount {
                    Discount::Percent { basis_points, cap } => (
                        rounded(base * i128::from(basis_points), 10_000, shop.rounding),
                        cap.map_or(i128::MAX, i128::from),
                    ),
                    Discount::Amount(amount) => (amount.into(), i128::MAX),
                };
                prop_assert_eq!(i128::from(adjustment.requested.minor()), requested);
                let asked = requested.min(most).min(base);
                let amount = i128::from(adjustment.amount.minor());
                if shop.mode == "additive" {
                    prop_assert!(amount <= asked && amount <= remaining);
                } else {
                    prop_assert_eq!(amount, asked);
                }
                for share in &adjustment.lines {
                    *left.get_mut(share.line_id.as_str()).unwrap() -=
                        i128::from(share.amount.minor());
                }
            }
            Ok(!quote.adjustments.is_empty())
        },
    );
}

fn rounded(numerator: i128, denominator: i128, rounding: &str) -> i128 {
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
fn m3_total_is_subtotal_less_discount_plus_shipping() {
    hold(&any_shop(), |shop| {
        let Quote { totals, lines, .. } = shop.quote();
        let subtotal: i128 = shop.lines.iter().map(|line| line.subtotal()).sum();
        prop_assert_eq!(i128::from(totals.subtotal.minor()), subtotal);
        prop_assert_eq!(totals.shipping.minor(), shop.shipping);
        let payable = totals.subtotal.minor() - totals.discount.minor() + totals.shipping.minor();
        prop_assert_eq!(totals.total.minor(), payable);
        prop_assert!(payable >= shop.shipping);
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

#[test]
fn m4_amounts_in_other_currencies_take_nothing_off() {
    let shops = tolerant_shop(&["additive", "sequential", "best", "first"]).prop_map(|mut shop| {
        shop.coupons.retain(|coupon| amounts_of(coupon) > 0);
        shop.entering_all()
    });
    hold_where(3, &shops, |shop| {
        let mut request = shop.request();
        *field(field(&mut request, "cart"), "currency") = text("USD");
        let quote = quote(&request);
        prop_assert!(quote.adjustments.is_empty());
        prop_assert_eq!(quote.totals.discount.minor(), 0);
        prop_assert_eq!(
            quote.totals.total.minor(),
            quote.totals.subtotal.minor() + quote.totals.shipping.minor()
        );
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
    hold_where(
        3,
        &tolerant_shop(&["additive", "sequential", "best", "first"]),
        |shop| {
            let mut mixed = shop.request();
            *field(field(&mut mixed, "cart"), "currency") = text("USD");
            let own: Vec<bool> = shop
                .coupons
                .iter()
                .map(|coupon| amounts_of(coupon) == 0)
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
        },
    );
}

/// How many of a coupon's terms are amounts, and so belong to a currency.
fn amounts_of(coupon: &Coupon) -> usize {
    let of_discount = match coupon.discount {
        Discount::Percent { cap, .. } => cap.is_some(),
        Discount::Amount(_) => true,
    };
    usize::from(of_discount) + usize::from(coupon.minimum.is_some())
}
