//! M9 and C3: one canonical form per code, stable under itself, and at most one use of it per cart. Knows the spellings
//! of semantics §19 from the text of that section.

use std::collections::BTreeMap;

use coupon_engine::discount::Adjustment;
use coupon_engine::model::{CodeText, InnerSpace};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::draw::any_shop;
use crate::hold::{hold, hold_where};
use crate::shop::{Entry, is_ours};

fn canonical(entered: &str) -> Option<String> {
    CodeText::canonical(entered, InnerSpace::Remove).map(|code| code.as_str().to_owned())
}

fn is_canonical(code: &str) -> bool {
    let mut bytes = code.bytes();
    let is_letter_or_digit = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    code.len() <= 64
        && bytes.next().is_some_and(is_letter_or_digit)
        && bytes.all(|byte| is_letter_or_digit(byte) || byte == b'-' || byte == b'_')
}

#[test]
fn c3_canonical_is_idempotent_and_ascii_for_any_text() {
    let near_codes = prop_oneof![
        3 => proptest::char::range('!', '~'),
        1 => proptest::char::range('\u{FF01}', '\u{FF5E}'),
        1 => proptest::char::range('\u{1FF0}', '\u{2070}'),
        1 => proptest::sample::select(&['\u{00AD}', '\u{FEFF}', '\u{3000}', '\u{2212}', 'ı', 'İ', 'ſ', '\u{212A}', '\t']),
        1 => any::<char>(),
    ];
    hold_where(5, &vec(near_codes, 0..8), |characters| {
        let entered: String = characters
            .into_iter()
            .filter(|c| !"#$%&'()*+,./:;<=>?@[\\]^`{|}~\"!".contains(*c))
            .collect();
        let Some(code) = canonical(&entered) else {
            return Ok(false);
        };
        prop_assert!(is_canonical(&code), "{code:?}");
        prop_assert_eq!(canonical(&code), Some(code.clone()));
        let strict = CodeText::canonical(&entered, InnerSpace::Reject);
        prop_assert!(strict.is_none_or(|strict| strict.as_str() == code));
        Ok(true)
    });
}

#[test]
fn c3_spellings_of_a_code_share_its_canonical_form() {
    let code = proptest::string::string_regex("[A-Z0-9][A-Z0-9_-]{0,40}").unwrap();
    let disguises = vec(0..6_u8, 41);
    hold(&(code, disguises), |(code, disguises)| {
        let spelled: String = code
            .chars()
            .zip(disguises)
            .map(|(c, disguise)| disguised(c, disguise))
            .collect();
        prop_assert_eq!(canonical(&spelled), Some(code));
        Ok(())
    });
}

fn disguised(c: char, disguise: u8) -> String {
    match disguise {
        0 => c.to_ascii_lowercase().to_string(),
        1 => char::from_u32(u32::from(c) + 0xFEE0).unwrap().to_string(),
        2 => format!("\u{200B}{c}"),
        3 => format!(" {c}\u{00A0}"),
        4 if c == '-' => '\u{2011}'.to_string(),
        _ => c.to_string(),
    }
}

#[test]
fn c3_every_code_point_first_in_the_middle_and_last() {
    // Of semantics §19: 17 invisible, 25 spaces, 10 dashes, 2 underscores, 20 digits and 104 letters.
    let mut accepted = 0;
    for c in '\0'..=char::MAX {
        for (place, entered) in [format!("{c}AB"), format!("A{c}B"), format!("AB{c}")]
            .iter()
            .enumerate()
        {
            let Some(code) = canonical(entered) else {
                continue;
            };
            assert!(is_canonical(&code), "{entered:?}");
            assert_eq!(canonical(&code).as_ref(), Some(&code), "{entered:?}");
            accepted += usize::from(place == 1);
        }
    }
    assert_eq!(accepted, 17 + 25 + 10 + 2 + 20 + 104);
}

#[test]
fn m9_a_code_applies_at_most_once() {
    let crowded =
        (
            any_shop(),
            vec((0..2_usize, 0..4_usize, any::<bool>()), 1..8),
        )
            .prop_map(|(mut shop, again)| {
                shop.entries.extend(again.into_iter().map(
                    |(place, spelling, by_id)| match by_id {
                        true => Entry::Id(place),
                        false => Entry::Code { place, spelling },
                    },
                ));
                shop
            });
    hold_where(3, &crowded, |shop| {
        let quote = shop.quote();
        let mut entered: BTreeMap<&str, usize> = BTreeMap::new();
        for code in quote
            .codes
            .iter()
            .filter_map(|outcome| outcome.code.as_deref())
        {
            *entered.entry(code).or_default() += 1;
        }
        let ours = quote.adjustments.iter().filter(|one| is_ours(one));
        let by_rule = |one: &&Adjustment| one.rule_id.is_some();
        let (of_rules, of_coupons): (Vec<_>, Vec<_>) = ours.partition(by_rule);
        let mut used: Vec<_> = of_rules.iter().map(|one| &one.rule_id).collect();
        used.extend(of_coupons.iter().map(|one| &one.coupon_id));
        let paid = quote
            .credits
            .iter()
            .map(|credit| Some(credit.coupon_id.clone()));
        let paid: Vec<_> = paid.collect();
        used.extend(&paid);
        for (place, discount) in used.iter().enumerate() {
            prop_assert!(
                !used[..place].contains(discount),
                "{discount:?} applies twice"
            );
        }
        Ok(!used.is_empty() && entered.values().any(|&times| times > 1))
    });
}

#[test]
fn m9_entering_a_code_again_changes_no_amount() {
    hold_where(3, &any_shop(), |mut shop| {
        // Where all codes must apply or none, a repetition is one that does not.
        shop.policy.on_inapplicable = "partial";
        let once = shop.quote();
        shop.entries.extend(shop.entries.clone());
        let twice = shop.quote();
        prop_assert_eq!(once.totals.total, twice.totals.total);
        prop_assert_eq!(once.fingerprint, twice.fingerprint);
        Ok(!once.adjustments.is_empty())
    });
}
