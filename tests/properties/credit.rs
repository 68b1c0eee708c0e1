//! B1 and B4 on whole quotes: a store credit pays what is left of what it covers, once, from its balance, and never for
//! money in another form.

use proptest::prelude::*;

use crate::determinism::without_orders_of_lines;
use crate::draw::any_shop;
use crate::hold::hold_where;
use crate::shop::{Coupon, Line, Shop};
use crate::terms::{Discount, Worth};

/// Shops in which most coupons are store credits.
fn shops_with_credit() -> impl Strategy<Value = Shop> {
    let covers = proptest::sample::select(&["items", "items_tax", "grand_total"]);
    let credits = proptest::collection::vec((1..6_000_i64, covers, any::<bool>()), 4);
    (any_shop(), credits).prop_map(|(mut shop, credits)| {
        for (coupon, (balance, covers, is_credit)) in shop.coupons.iter_mut().zip(credits) {
            if is_credit {
                coupon.rules.clear();
                let worth = Worth::Credit { balance, covers };
                coupon.discount = Some(Discount::plain(worth));
            }
        }
        shop
    })
}

fn of<'s>(shop: &'s Shop, coupon_id: &str) -> (&'s Coupon, i64, &'static str) {
    let coupon = shop
        .coupons
        .iter()
        .find(|one| one.id() == coupon_id)
        .unwrap();
    match coupon.discount.as_ref().unwrap().worth {
        Worth::Credit { balance, covers } => (coupon, balance, covers),
        _ => panic!("{coupon_id} is no credit"),
    }
}

#[test]
fn credit_b1_a_credit_pays_once_and_no_more_than_its_balance() {
    hold_where(5, &shops_with_credit(), |shop| {
        let quote = shop.quote();
        for (place, credit) in quote.credits.iter().enumerate() {
            let (_, balance, _) = of(&shop, &credit.coupon_id);
            prop_assert_eq!(credit.balance.minor(), balance);
            prop_assert!((1..=balance).contains(&credit.amount.minor()));
            let before = &quote.credits[..place];
            prop_assert!(
                before
                    .iter()
                    .all(|other| other.coupon_id != credit.coupon_id)
            );
        }
        Ok(!quote.credits.is_empty())
    });
}

/// What is left of the lines that a coupon's products cover, gift cards apart.
fn covered(
    shop: &Shop,
    quote: &coupon_engine::operation::Quote,
    covers: impl Fn(&Line) -> bool,
) -> i64 {
    let counted = shop.lines.iter().zip(&quote.lines);
    let counted = counted.filter(|(line, _)| !line.gift_card && covers(line));
    counted.map(|(_, line)| line.total.minor()).sum()
}

#[test]
fn credit_b4_credit_pays_for_what_it_covers_and_never_for_gift_cards() {
    hold_where(5, &shops_with_credit(), |shop| {
        let quote = shop.quote();
        let shipping_left = shop.shipping - quote.totals.shipping_discount.minor();
        let mut any_tax = false;
        let mut any_shipping = false;
        for credit in &quote.credits {
            let (coupon, _, covers) = of(&shop, &credit.coupon_id);
            let on_code = coupon.on_code.as_ref().filter(|_| credit.code.is_some());
            let by_code = |line: &Line| on_code.is_none_or(|(own, _)| own.covers(line));
            let mut most = covered(&shop, &quote, |line| {
                coupon.conditions.covers(line) && by_code(line)
            });
            if covers != "items" {
                most += shop.tax;
                any_tax = true;
            }
            if covers == "grand_total" {
                most += shipping_left;
                any_shipping = true;
            }
            prop_assert!(
                credit.amount.minor() <= most,
                "{} of {most}",
                credit.amount.minor()
            );
        }
        let mut most = covered(&shop, &quote, |_| true);
        most += if any_tax { shop.tax } else { 0 };
        most += if any_shipping { shipping_left } else { 0 };
        prop_assert!(
            quote.totals.credit.minor() <= most,
            "together more than there is"
        );
        let gift_cards = shop
            .lines
            .iter()
            .zip(&quote.lines)
            .filter(|(line, _)| line.gift_card);
        let gift_cards: i64 = gift_cards.map(|(_, line)| line.total.minor()).sum();
        prop_assert!(quote.totals.total.minor() >= gift_cards);
        Ok(!quote.credits.is_empty())
    });
}

/// Gift cards alone: no discount and no credit touches them.
#[test]
fn credit_b4_a_cart_of_gift_cards_is_paid_in_full() {
    let shops = shops_with_credit().prop_map(|mut shop| {
        for line in &mut shop.lines {
            line.gift_card = true;
        }
        (shop.shipping, shop.tax, shop.foreign) = (0, 0, Vec::new());
        shop
    });
    hold_where(2, &shops, |shop| {
        let quote = shop.quote();
        prop_assert_eq!(i128::from(quote.totals.total.minor()), shop.subtotal());
        Ok(!shop.lines.is_empty() && !shop.entries.is_empty())
    });
}

/// M6, where several credits share what is left: which lines the first has paid for must not go by their order.
#[test]
fn m6_the_order_of_lines_changes_no_credit() {
    let shops = shops_with_credit().prop_map(without_orders_of_lines);
    hold_where(40, &shops, |shop| {
        let mut other = shop.clone();
        other.lines.reverse();
        let paid = |shop: &Shop| -> Vec<(String, i64)> {
            let quote = shop.quote();
            let credits = quote.credits.iter();
            credits
                .map(|one| (one.coupon_id.clone(), one.amount.minor()))
                .collect()
        };
        let (one, two) = (paid(&shop), paid(&other));
        prop_assert_eq!(&one, &two);
        Ok(one.len() > 1)
    });
}
