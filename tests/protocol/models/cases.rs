//! Which shops are modelled, with how many workers, and what those may do.

use crate::model::{Command, HOLD, Memory, Protocol, Script};
use crate::shared::plain::read;
use crate::shared::shop::{Code, Coupon, Limits, Shop, Worth};

const RESERVE: usize = 0;

fn policy() -> String {
    format!(
        r#"{{"disclosure":"full","stacking":{{"maxCodes":5}},"redemption":{{"holdFor":{HOLD}}}}}"#
    )
}

fn command(kind: &'static str, request: &str) -> Command {
    Command {
        kind,
        request: read(request),
    }
}

fn coupon(id: &str, worth: Worth, total: Option<i64>) -> Coupon {
    Coupon {
        id: id.to_owned(),
        worth,
        limits: Limits {
            total,
            ..Limits::default()
        },
        first_order_only: false,
        codes: vec![Code {
            text: id.to_uppercase(),
            limits: Limits::default(),
        }],
    }
}

const CART: &str = r#"{"currency":"EGP","lines":[{"id":"a","unitPrice":1000,"quantity":2}]}"#;

fn reserve(codes: &str) -> Command {
    let request = format!(r#"{{"codes":{codes},"cart":{CART}}}"#);
    command("reserve", &request)
}

/// A buyer's worker, which goes on step by step, and one that the shop's other events come in by.
fn two_workers(order: usize, buyer: &[&[usize]], others: &[&[usize]]) -> [Script; 2] {
    [buyer, others].map(|slots| Script {
        order,
        slots: slots.iter().map(|slot| slot.to_vec()).collect(),
    })
}

fn protocol(shop: Shop, commands: Vec<Command>, workers: Vec<Script>) -> Protocol {
    Protocol {
        shop,
        commands,
        workers,
        reads_at_once: env("ONCE") > 0,
        ticks: env("TICKS"),
        faults: env("FAULTS"),
        crashes: env("CRASHES"),
        bug: None,
        watched: None,
        memory: Memory::default(),
    }
}

fn plain_commands(codes: &str) -> Vec<Command> {
    vec![
        reserve(codes),
        command("redeem", "{}"),
        command("release", "{}"),
        command("rollback", r#"{"restore":"customer_and_total"}"#),
        command("expire", "{}"),
        command("extend", &format!(r#"{{"holdFor":{}}}"#, 2 * HOLD)),
    ]
}

/// Two uses for three orders or more.
pub fn limit(orders: usize) -> Protocol {
    let shop = Shop::new(vec![coupon("spring", Worth::Percent(1_000), Some(2))], &policy());
    let buyer: &[&[usize]] = &[&[RESERVE], &[1]];
    let any: Vec<usize> = std::env::var("MENU").map_or(vec![0,1,2,3,4], |m| m.split(',').map(|n| n.parse().unwrap()).collect());
    let others: &[&[usize]] = &[&any];
    let workers = (0..orders).flat_map(|order| two_workers(order, buyer, others));
    protocol(shop, plain_commands(r#"["spring"]"#), workers.collect())
}

/// One use for two orders, with four commands each in any order.
pub fn anything(orders: usize) -> Protocol {
    let shop = Shop::new(vec![coupon("spring", Worth::Percent(1_000), Some(1))], &policy());
    let any: &[usize] = &[RESERVE, 1, 2, 3, 4, 5];
    let workers = (0..orders).flat_map(|order| two_workers(order, &[any, any], &[any, any]));
    let commands = plain_commands(r#"["spring"]"#);
    protocol(shop, commands, workers.collect())
}

/// 30.00 of credit for orders of 20.00 each.
pub fn balance(orders: usize) -> Protocol {
    let shop = Shop::new(vec![coupon("gift", Worth::Credit(3_000), None)], &policy());
    let commands = vec![
        reserve(r#"["gift"]"#),
        command("redeem", "{}"),
        command("redeem", r#"{"captured":[{"couponId":"gift","amount":700}]}"#),
        command(
            "rollback",
            r#"{"refundId":"r","cause":"refunded","lines":[{"lineId":"a","quantity":1}]}"#,
        ),
        command("rollback", r#"{"cause":"refunded"}"#),
        command("release", "{}"),
    ];
    let buyer: &[&[usize]] = &[&[RESERVE], &[1, 2]];
    let others: &[&[usize]] = &[&[3, 4, 5], &[3, 4]];
    let workers = (0..orders).flat_map(|order| two_workers(order, buyer, others));
    protocol(shop, commands, workers.collect())
}

/// One use of each of two coupons; orders name them in both orders.
pub fn two_coupons(orders: usize) -> Protocol {
    let coupons = vec![
        coupon("autumn", Worth::Amount(100), Some(2)),
        coupon("spring", Worth::Percent(1_000), Some(1)),
    ];
    let mut commands = plain_commands(r#"["spring","autumn"]"#);
    commands.push(reserve(r#"["autumn","spring"]"#));
    commands.push(reserve(r#"["autumn"]"#));
    let last = commands.len() - 1;
    let workers = (0..orders).flat_map(|order| {
        let first: &[&[usize]] = match order % 3 {
            0 => &[&[RESERVE], &[1]],
            1 => &[&[6], &[1]],
            _ => &[&[7], &[1]],
        };
        two_workers(order, first, &[&[2, 3]])
    });
    let workers = workers.collect();
    assert_eq!(last, 7, "orders name commands by their places");
    protocol(Shop::new(coupons, &policy()), commands, workers)
}

fn env(name: &str) -> u8 { std::env::var(name).map_or(1, |n| n.parse().unwrap()) }
