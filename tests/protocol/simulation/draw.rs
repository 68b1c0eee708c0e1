//! Shops, orders and what is done to an order, drawn from dice. In these shops a code applies wherever its limits leave
//! room, so that every refusal has to be a limit's.

use coupon_engine::model::Value;

use super::dice::Dice;
use crate::shared::plain::{int, object, read, set, text};
use crate::shared::shop::{Code, Coupon, Limits, Shop, Window, Worth};

/// How long a hold is in these shops.
pub const HOLD: i64 = 900_000;

const NAMES: [&str; 3] = ["ann-7391", "bob-2284", "cyd-5560"];

#[derive(Clone, Debug)]
pub struct Order {
    pub key: String,
    pub customer: usize,
    /// Two requests of `reserve`, without the key: as it was first, and as it was changed.
    pub checkouts: [Value; 2],
    /// Its units by line.
    pub lines: Vec<(String, i64)>,
    pub credit: Option<String>,
}

/// The customer's keys as they are entered.
pub fn names_of(customer: usize) -> Vec<String> {
    vec![
        NAMES[customer].to_owned(),
        format!("{}@example.com", NAMES[customer]),
    ]
}

pub fn customers() -> usize {
    NAMES.len()
}

fn customer(dice: &mut Dice, place: usize) -> Value {
    let key = |kind: &str, value: &str| object([("kind", text(kind)), ("value", text(value))]);
    let names = names_of(place);
    let mut keys = vec![key("id", &names[0])];
    if dice.chance(50) {
        keys.push(key("email", &names[1]));
    }
    object([("keys", Value::List(keys))])
}

pub fn shop(dice: &mut Dice) -> Shop {
    let count = dice.within(1, 3);
    let coupons = (0..count).map(|place| coupon(dice, place));
    let coupons = coupons.collect();
    let policy = format!(
        r#"{{"disclosure":"full","stacking":{{"maxCodes":10}},"zone":"{}","redemption":{{"holdFor":{HOLD},"lateRedeem":"{}","restore":{{"cancelled":"{}","refunded":"{}"}}}}}}"#,
        dice.pick(&["UTC", "Africa/Cairo"]),
        dice.pick(&["reject", "reject", "reject", "overdraft"]),
        dice.pick(&["customer_and_total", "customer_only"]),
        dice.pick(&["none", "customer_only", "customer_and_total"]),
    );
    Shop::new(coupons, &policy)
}

fn coupon(dice: &mut Dice, place: i64) -> Coupon {
    let worth = match dice.within(0, 2) {
        0 => Worth::Percent(dice.within(500, 2_000)),
        1 => Worth::Amount(dice.within(10, 150)),
        _ => Worth::Credit(dice.within(400, 4_000)),
    };
    let is_credit = matches!(worth, Worth::Credit(_));
    let codes = (0..dice.within(1, 2)).map(|code| Code {
        text: format!("C{place}-{code}"),
        limits: Limits {
            total: dice.maybe(30, |dice| dice.within(1, 2)),
            per_customer: dice.maybe(20, |_| 1),
            ..Limits::default()
        },
    });
    let codes = codes.collect();
    Coupon {
        id: format!("c{place}"),
        worth,
        limits: Limits {
            total: dice.maybe(60, |dice| dice.within(1, 3)),
            per_customer: dice.maybe(40, |dice| dice.within(1, 2)),
            budget: dice
                .maybe(25, |dice| dice.within(100, 900))
                .filter(|_| !is_credit),
            windows: dice.maybe(25, window).into_iter().collect(),
        },
        first_order_only: dice.chance(15),
        codes,
    }
}

fn window(dice: &mut Dice) -> Window {
    let total = dice.maybe(60, |dice| dice.within(1, 2));
    Window {
        per: dice.pick(&["day", "week", "month"]),
        per_customer: match total {
            Some(_) => dice.maybe(30, |_| 1),
            None => Some(1),
        },
        total,
    }
}

pub fn order(dice: &mut Dice, shop: &Shop, place: usize) -> Order {
    let who = dice.place(NAMES.len());
    let who_is = customer(dice, who);
    let first = dice.place(shop.coupons.len());
    let second = dice.maybe(50, |dice| dice.place(shop.coupons.len()));
    let second = second.filter(|place| *place != first);
    let mut codes = Vec::new();
    let mut credit = None;
    for place in [Some(first), second].into_iter().flatten() {
        let coupon = &shop.coupons[place];
        let code = dice.place(coupon.codes.len());
        codes.push(text(&coupon.codes[code].text.to_lowercase()));
        credit = credit.or_else(|| coupon.issued().map(|_| coupon.id.clone()));
    }
    let mut lines = Vec::new();
    let mut checkout = || {
        object([
            ("codes", Value::List(codes.clone())),
            ("cart", cart(dice, place, &mut lines)),
            ("customer", who_is.clone()),
        ])
    };
    let changed = checkout();
    let checkouts = [checkout(), changed];
    Order {
        key: format!("order-{place}"),
        customer: who,
        checkouts,
        lines,
        credit,
    }
}

/// `lines` become those of the cart drawn last.
fn cart(dice: &mut Dice, order: usize, lines: &mut Vec<(String, i64)>) -> Value {
    lines.clear();
    let count = dice.within(1, 3);
    let drawn = (0..count).map(|place| {
        let (id, quantity) = (format!("line-{order}-{place}"), dice.within(1, 3));
        lines.push((id.clone(), quantity));
        object([
            ("id", text(&id)),
            ("unitPrice", int(dice.within(500, 2_000))),
            ("quantity", int(quantity)),
        ])
    });
    let drawn = Value::List(drawn.collect());
    object([
        ("currency", text("EGP")),
        ("lines", drawn),
        ("shipping", int(dice.pick(&[0, 490]))),
        ("tax", int(dice.pick(&[0, 70]))),
    ])
}

/// What is done to an order: the operation, and its request.
pub fn event(dice: &mut Dice, order: &Order, shop: &Shop) -> (&'static str, Value) {
    let name = dice.weighed(&[
        (26, "reserve"),
        (5, "replace"),
        (4, "another payload"),
        (24, "redeem"),
        (4, "capture"),
        (8, "late key"),
        (11, "release"),
        (7, "rollback"),
        (11, "return"),
        (7, "extend"),
        (6, "expire"),
        (3, "quote"),
        (10, "status"),
        (6, "redeem now"),
        (2, "nobody"),
        (4, "adjust"),
    ]);
    let key = || ("key", text(&order.key));
    let with_key = |checkout: &Value, more: &[(&str, Value)]| {
        let mut request = checkout.clone();
        set(&mut request, "key", text(&order.key));
        for (name, value) in more {
            set(&mut request, name, value.clone());
        }
        request
    };
    let yes = Value::Bool(true);
    match name {
        "reserve" => ("reserve", with_key(&order.checkouts[0], &[])),
        "replace" => {
            let which = dice.place(2);
            (
                "reserve",
                with_key(&order.checkouts[which], &[("replace", yes)]),
            )
        }
        "another payload" => ("reserve", with_key(&order.checkouts[1], &[])),
        "redeem" => ("redeem", object([key()])),
        "capture" => {
            let coupon = order.credit.clone().unwrap_or_else(|| "c0".to_owned());
            let amount = int(dice.within(0, 600));
            let captured = object([("couponId", text(&coupon)), ("amount", amount)]);
            (
                "redeem",
                object([key(), ("captured", Value::List(vec![captured]))]),
            )
        }
        "late key" => (
            "redeem",
            object([key(), ("customer", customer(dice, order.customer))]),
        ),
        "release" => ("release", object([key(), ("reason", text("not paid"))])),
        "rollback" => {
            let cause = dice.pick(&["cancelled", "refunded"]);
            let mut request = object([key(), ("cause", text(cause))]);
            if dice.chance(30) {
                let restore = dice.pick(&["none", "customer_only", "customer_and_total"]);
                set(&mut request, "restore", text(restore));
            }
            ("rollback", request)
        }
        "return" => ("rollback", part(dice, order)),
        "extend" => {
            let hold = int(dice.pick(&[60_000, HOLD, 2 * HOLD]));
            ("extend", object([key(), ("holdFor", hold)]))
        }
        "expire" => ("expire", object([key()])),
        "quote" => ("refund_quote", object([key()])),
        "status" => {
            let to = dice.pick(&[
                "pending",
                "processing",
                "completed",
                "failed",
                "cancelled",
                "refunded",
                "draft",
            ]);
            (
                "order_status",
                with_key(&order.checkouts[0], &[("to", text(to))]),
            )
        }
        "redeem now" => ("redeem_now", with_key(&order.checkouts[0], &[])),
        "nobody" => {
            let kind = dice.pick(&[
                "redeem",
                "release",
                "rollback",
                "extend",
                "expire",
                "refund_quote",
            ]);
            (kind, object([("key", text("nobody's"))]))
        }
        _ => adjustment(dice, shop),
    }
}

/// The units of three refunds, each named; a repeated one asks for the same.
fn part(dice: &mut Dice, order: &Order) -> Value {
    let number = dice.place(3);
    let (line, _) = &order.lines[number % order.lines.len()];
    let name = format!("refund-{number}");
    let what = match number {
        0 => r#"{"amount":90}"#.to_owned(),
        _ => format!(
            r#"{{"shipping":{},"lines":[{{"lineId":"{line}","quantity":1}}]}}"#,
            number == 2
        ),
    };
    let mut request = read(&what);
    set(&mut request, "key", text(&order.key));
    set(&mut request, "refundId", text(&name));
    set(&mut request, "cause", text("refunded"));
    request
}

fn adjustment(dice: &mut Dice, shop: &Shop) -> (&'static str, Value) {
    let credits = shop
        .coupons
        .iter()
        .filter(|coupon| coupon.issued().is_some());
    let ids: Vec<&str> = credits.map(|coupon| coupon.id.as_str()).collect();
    if ids.is_empty() {
        return ("expire", object([("key", text("nobody's"))]));
    }
    let amount = match dice.chance(20) {
        true => text("rest"),
        false => int(dice.pick(&[500, 300, -200, -700])),
    };
    let request = object([
        ("couponId", text(dice.pick(&ids))),
        ("id", text(dice.pick(&["one", "two"]))),
        ("amount", amount),
    ]);
    ("adjust_credit", request)
}
