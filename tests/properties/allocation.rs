//! M1 and M2 on the allocation itself (semantics §4): shares that add up, stay within their weights and within one minor
//! unit of their exact part, and do not depend on the order of the weights.

use std::cmp::Reverse;

use coupon_engine::discount::{Weight, allocate, split_over_units};
use coupon_engine::model::Amount;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::hold::hold;

const MOST: i64 = i64::MAX / 12;

fn shares(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    let ids: Vec<String> = (0..weights.len()).map(id).collect();
    let weights: Vec<Weight<'_>> = weights
        .iter()
        .zip(&ids)
        .map(|(&amount, id)| Weight {
            id,
            amount: Amount::new(amount).unwrap(),
        })
        .collect();
    let shares = allocate(Amount::new(total).unwrap(), &weights)?;
    Some(shares.into_iter().map(Amount::minor).collect())
}

/// Ids whose order by bytes is not that of their places: `9`, `8`, … before `10`.
fn id(place: usize) -> String {
    (usize::MAX - place).to_string()
}

fn weights() -> impl Strategy<Value = Vec<i64>> {
    let weight =
        prop_oneof![2 => Just(0), 2 => Just(1), 4 => 0..50_i64, 4 => 0..100_000_i64, 1 => 0..=MOST];
    vec(weight, 0..12)
}

/// Totals that the weights can bear, with 0, 1 and the whole among them.
fn weights_and_total() -> impl Strategy<Value = (Vec<i64>, i64)> {
    (weights(), prop_oneof![1 => 0..2_i64, 4 => any::<i64>()]).prop_map(|(weights, dice)| {
        let whole: i64 = weights.iter().sum();
        let total = dice.unsigned_abs() % (whole.unsigned_abs() + 1);
        (weights, i64::try_from(total).unwrap())
    })
}

#[test]
fn m1_shares_add_up_and_are_within_one_unit_of_their_exact_part() {
    hold(&weights_and_total(), |(weights, total)| {
        let shares = shares(total, &weights).unwrap();
        prop_assert_eq!(shares.iter().sum::<i64>(), total);
        let whole: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
        for (&share, &weight) in shares.iter().zip(&weights) {
            let error = i128::from(share) * whole - i128::from(total) * i128::from(weight);
            prop_assert!(error.abs() < whole.max(1), "{share} of {weight}");
        }
        Ok(())
    });
}

#[test]
fn m1_missing_units_go_to_the_largest_remainders_then_the_smallest_ids() {
    hold(&weights_and_total(), |(weights, total)| {
        let shares = shares(total, &weights).unwrap();
        let whole: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
        let exact = |place: usize| i128::from(total) * i128::from(weights[place]);
        let mut claims: Vec<(Reverse<i128>, String, usize)> = (0..weights.len())
            .filter(|_| whole > 0)
            .map(|place| (Reverse(exact(place) % whole), id(place), place))
            .collect();
        claims.sort();
        let got_more: Vec<bool> = claims
            .iter()
            .map(|(_, _, place)| i128::from(shares[*place]) > exact(*place) / whole)
            .collect();
        prop_assert!(got_more.is_sorted_by_key(|more| !more), "{got_more:?}");
        Ok(())
    });
}

#[test]
fn m2_no_share_is_more_than_its_weight_and_a_weight_of_0_gets_0() {
    hold(&weights_and_total(), |(weights, total)| {
        for (share, weight) in shares(total, &weights).unwrap().into_iter().zip(weights) {
            prop_assert!((0..=weight).contains(&share), "{share} of {weight}");
        }
        Ok(())
    });
}

#[test]
fn m5_a_total_beyond_the_weights_is_shared_or_refused_never_wrapped() {
    let hostile = prop_oneof![
        0..4_i64,
        any::<i64>().prop_map(|n| n & i64::MAX),
        proptest::sample::select(&[(1 << 53) - 1, 1 << 53, 1 << 62, i64::MAX - 1, i64::MAX]),
    ];
    hold(
        &(vec(hostile.clone(), 0..5), hostile),
        |(weights, total)| {
            let whole: i128 = weights.iter().map(|&weight| i128::from(weight)).sum();
            match shares(total, &weights) {
                Some(shares) => prop_assert_eq!(shares.iter().sum::<i64>(), total),
                None => prop_assert!(whole > i128::from(i64::MAX) || (whole == 0 && total > 0)),
            }
            Ok(())
        },
    );
}

#[test]
fn m1_units_add_up_to_their_line_s_share() {
    let case = (
        prop_oneof![0..10_000_i64, 0..=i64::MAX],
        prop_oneof![1..50_i64, 1..=1_000_000_i64],
    );
    hold(&case, |(share, quantity)| {
        let runs = split_over_units(Amount::new(share).unwrap(), quantity);
        let amounts: Vec<i64> = runs.iter().map(|run| run.amount.minor()).collect();
        let sum: i64 = runs
            .iter()
            .map(|run| run.quantity * run.amount.minor())
            .sum();
        prop_assert_eq!(sum, share);
        prop_assert_eq!(runs.iter().map(|run| run.quantity).sum::<i64>(), quantity);
        prop_assert!(runs.iter().all(|run| run.quantity > 0));
        match amounts[..] {
            [_] => {}
            [first, rest] => prop_assert_eq!(first, rest + 1),
            _ => prop_assert!(false, "{amounts:?}"),
        }
        Ok(())
    });
}

#[test]
fn m1_a_hundred_thousand_lines() {
    let many = 100_000;
    let uneven: Vec<i64> = (0..many).map(|place| place * 7_919 % 10_007).collect();
    let mut lonely = vec![0; 100_000];
    lonely[77_777] = 5;
    let whole: i64 = uneven.iter().sum();
    for (total, weights) in [
        (1, vec![1; 100_000]),
        (99_999, vec![1; 100_000]),
        (many * 3, vec![5; 100_000]),
        (5, lonely),
        (1, uneven.clone()),
        (whole / 3, uneven.clone()),
        (whole, uneven),
        (i64::MAX / 2, vec![i64::MAX / 100_000; 100_000]),
    ] {
        let shares = shares(total, &weights).unwrap();
        assert_eq!(shares.iter().sum::<i64>(), total);
        assert!(
            shares
                .iter()
                .zip(&weights)
                .all(|(share, weight)| share <= weight)
        );
    }
}
