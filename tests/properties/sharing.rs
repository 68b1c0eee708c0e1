//! M1 and M2 for every way of sharing out, the hosts' among them: 0 ≤ share ≤ line, the sum as exact as the way allows
//! (semantics §3, §4), and what each way means restated. One coupon on each cart, nothing else.

use proptest::prelude::*;

use crate::draw::plain_shop;
use crate::hold::hold_where;
use crate::money::rounded;
use crate::shop::{Line, Shop};
use crate::terms::{DISTRIBUTIONS, HOSTS, Worth};

/// Hosts that take an amount off in full, at most what the lines cost, whatever the lines; see `exactSum` of the files in
/// `tests/parity`. The others round or lose in the way that their files say.
const EXACT_AMOUNTS: [&str; 7] = [
    "woocommerce",
    "medusa",
    "solidus",
    "vendure",
    "spree",
    "magento",
    "prestashop",
];
/// Hosts that round a percentage once, on the whole.
const EXACT_PERCENTAGES: [&str; 4] = ["woocommerce", "medusa", "vendure", "prestashop"];
/// Ways of the engine's own that round once, on the whole.
const WHOLE: [&str; 4] = ["proportional", "by_quantity", "even", "greedy_in_order"];

struct Case {
    shop: Shop,
    /// By place of the line; 0 where it is not eligible.
    shares: Vec<i64>,
    eligible: Vec<bool>,
}

impl Case {
    fn new(shop: Shop) -> Self {
        let quote = shop.quote();
        let eligible = |line: &Line| {
            shop.coupons[0].conditions.covers(line) && line.discountable && !line.gift_card
        };
        let eligible = shop.lines.iter().map(eligible).collect();
        let share = |line: &Line| {
            let shares = quote.adjustments.iter().flat_map(|one| &one.lines);
            let own = shares.filter(|share| share.line_id == line.id);
            own.map(|share| share.amount.minor()).sum()
        };
        let shares = shop.lines.iter().map(share).collect();
        Self {
            shares,
            eligible,
            shop,
        }
    }

    fn lines(&self) -> impl Iterator<Item = (&Line, i64)> {
        let all = self.shop.lines.iter().zip(&self.shares).zip(&self.eligible);
        all.filter(|(_, eligible)| **eligible)
            .map(|((line, share), _)| (line, *share))
    }

    fn cost(&self) -> i128 {
        self.lines().map(|(line, _)| line.subtotal()).sum()
    }

    fn taken(&self) -> i128 {
        self.lines().map(|(_, share)| i128::from(share)).sum()
    }

    fn worth(&self) -> &Worth {
        &self.shop.coupons[0].discount.as_ref().unwrap().worth
    }
}

/// One coupon of a percentage or an amount, in one of these ways.
fn shops_of_one(ways: &'static [&'static str], is_percent: bool) -> impl Strategy<Value = Shop> {
    (
        plain_shop(&["additive", "sequential"]),
        proptest::sample::select(ways),
        1..9_000_i64,
    )
        .prop_map(move |(mut shop, way, figure)| {
            shop.coupons.truncate(1);
            let coupon = &mut shop.coupons[0];
            coupon.conditions.minimum = None;
            coupon.discount.as_mut().unwrap().worth = match is_percent {
                true => Worth::Percent {
                    basis_points: figure,
                    cap: None,
                },
                false => Worth::Amount(figure),
            };
            shop.policy.distribution = way;
            shop.entering_all()
        })
}

/// No share leaves its line, whatever the way; nothing is taken where nothing is eligible.
fn within_lines(case: &Case) -> Result<(), TestCaseError> {
    for ((line, share), eligible) in case.shop.lines.iter().zip(&case.shares).zip(&case.eligible) {
        prop_assert!(*share >= 0 && i128::from(*share) <= line.subtotal());
        prop_assert!(*eligible || *share == 0);
    }
    Ok(())
}

fn amount_of(case: &Case) -> i128 {
    match case.worth() {
        Worth::Amount(amount) => i128::from(*amount),
        _ => panic!("the coupon is an amount"),
    }
}

fn share_of_whole(case: &Case) -> i128 {
    match case.worth() {
        Worth::Percent { basis_points, .. } => case.cost() * i128::from(*basis_points),
        _ => panic!("the coupon is a percentage"),
    }
}

#[test]
fn m1_amounts_are_shared_out_exactly_by_the_engine_s_ways_of_the_whole_and_by_exact_hosts() {
    for ways in [&WHOLE[..], &EXACT_AMOUNTS[..]] {
        hold_where(3, &shops_of_one(ways, false), |shop| {
            let case = Case::new(shop);
            within_lines(&case)?;
            prop_assert_eq!(case.taken(), amount_of(&case).min(case.cost()));
            Ok(case.taken() > 0)
        });
    }
}

#[test]
fn m2_amounts_of_other_hosts_take_no_more_than_asked() {
    hold_where(3, &shops_of_one(&HOSTS, false), |shop| {
        let case = Case::new(shop);
        within_lines(&case)?;
        prop_assert!(case.taken() <= amount_of(&case));
        Ok(case.taken() > 0)
    });
}

#[test]
fn m1_percentages_are_rounded_once_by_the_engine_s_ways_of_the_whole() {
    hold_where(3, &shops_of_one(&WHOLE, true), |shop| {
        let case = Case::new(shop);
        within_lines(&case)?;
        prop_assert_eq!(
            case.taken(),
            rounded(share_of_whole(&case), 10_000, case.shop.policy.rounding)
        );
        Ok(case.taken() > 0)
    });
}

#[test]
fn m1_percentages_are_rounded_once_and_halves_down_by_exact_hosts() {
    hold_where(3, &shops_of_one(&EXACT_PERCENTAGES, true), |shop| {
        let case = Case::new(shop);
        within_lines(&case)?;
        prop_assert_eq!(
            case.taken(),
            rounded(share_of_whole(&case), 10_000, "half_down")
        );
        Ok(case.taken() > 0)
    });
}

#[test]
fn m1_percentages_of_other_hosts_are_within_a_unit_a_line() {
    hold_where(3, &shops_of_one(&HOSTS, true), |shop| {
        let case = Case::new(shop);
        within_lines(&case)?;
        let error = case.taken() * 10_000 - share_of_whole(&case);
        let lines = i128::try_from(case.lines().count()).unwrap();
        prop_assert!(error.abs() <= 10_000 * lines.max(1), "{error} / 10000");
        Ok(case.taken() > 0)
    });
}

#[test]
fn m2_each_line_and_each_unit_are_taken_by_themselves() {
    hold_where(
        3,
        &shops_of_one(&["each_line", "each_unit"], false),
        |shop| {
            let case = Case::new(shop);
            let amount = amount_of(&case);
            for (line, share) in case.lines() {
                let expected = match case.shop.policy.distribution {
                    "each_line" => amount.min(line.subtotal()),
                    _ => amount.min(line.unit_price.into()) * i128::from(line.quantity),
                };
                prop_assert_eq!(i128::from(share), expected);
            }
            within_lines(&case)?;
            Ok(case.taken() > 0)
        },
    );
}

#[test]
fn m2_percentages_of_each_line_and_each_unit_are_rounded_there() {
    let points = proptest::sample::select(&["coupon", "line", "unit"]);
    hold_where(
        3,
        &(shops_of_one(&DISTRIBUTIONS, true), points),
        |(mut shop, point)| {
            shop.policy.rounding_point = point;
            let is_line = shop.policy.distribution == "each_line" || point == "line";
            let is_unit = shop.policy.distribution == "each_unit" || point == "unit";
            if !is_line && !is_unit {
                return Ok(false);
            }
            let case = Case::new(shop);
            let Worth::Percent { basis_points, .. } = *case.worth() else {
                panic!("the coupon is a percentage");
            };
            let part = |base: i128| {
                rounded(
                    base * i128::from(basis_points),
                    10_000,
                    case.shop.policy.rounding,
                )
            };
            for (line, share) in case.lines() {
                let expected = match is_unit {
                    true => part(line.unit_price.into()) * i128::from(line.quantity),
                    false => part(line.subtotal()),
                };
                prop_assert_eq!(i128::from(share), expected);
            }
            Ok(case.taken() > 0)
        },
    );
}

/// `even`, and `by_quantity` unit by unit: whoever has room bears as much as any other, to the unit.
#[test]
fn m2_even_shares_differ_only_where_a_line_has_no_room() {
    hold_where(3, &shops_of_one(&["even", "by_quantity"], false), |shop| {
        let case = Case::new(shop);
        let is_even = case.shop.policy.distribution == "even";
        for (line, share) in case
            .lines()
            .filter(|(line, share)| i128::from(*share) < line.subtotal())
        {
            for (other, more) in case.lines() {
                let (own, their) = if is_even {
                    (1, 1)
                } else {
                    (line.quantity, other.quantity)
                };
                // A share is within one unit of its part in every round, and there is a round for each line at the most.
                let slack = i128::try_from(case.lines().count()).unwrap() * i128::from(own + their);
                let (share, more) = (
                    i128::from(share) * i128::from(their),
                    i128::from(more) * i128::from(own),
                );
                prop_assert!(
                    more <= share + slack,
                    "{} bears too much beside {}",
                    other.id,
                    line.id
                );
            }
        }
        Ok(case.taken() > 0)
    });
}

#[test]
fn m2_greedy_fills_one_line_after_another() {
    hold_where(3, &shops_of_one(&["greedy_in_order"], false), |shop| {
        let case = Case::new(shop);
        let is_full = |(line, share): (&Line, i64)| i128::from(share) == line.subtotal();
        let open = case.lines().skip_while(|one| is_full(*one)).skip(1);
        prop_assert!(open.into_iter().all(|(_, share)| share == 0));
        Ok(case.taken() > 0)
    });
}
