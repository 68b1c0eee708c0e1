//! Which shops are modelled, with how many workers, and what those may do.

use crate::model::{Command, Memory, Protocol, Script};
use crate::shared::plain::read;
use crate::shared::shop::{Code, Coupon, Limits, Shop, Worth};
use crate::state::{HOLD, WORKERS_OF_AN_ORDER};

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

/// What may go wrong in a run, and what has to be seen in it.
#[derive(Clone, Copy)]
pub struct Scope {
    pub orders: usize,
    /// Replies lost and commits dropped, together.
    pub faults: u8,
    pub crashes: u8,
    /// See `Protocol::expects`.
    pub expects: [bool; 2],
}

/// A buyer's worker, which goes on step by step, and one that the shop's other events come in by.
fn two_workers(order: usize, buyer: &[&[usize]], others: &[&[usize]]) -> [Script; 2] {
    [buyer, others].map(|slots| Script {
        order,
        slots: slots.iter().map(|slot| slot.to_vec()).collect(),
    })
}

fn protocol(shop: Shop, commands: Vec<Command>, workers: Vec<Script>, scope: Scope) -> Protocol {
    Protocol {
        shop,
        commands,
        workers,
        // With two orders there is time to look between a commit and what is read after it.
        reads_at_once: scope.orders > 2,
        ticks: 1,
        faults: scope.faults,
        crashes: scope.crashes,
        bug: None,
        watched: None,
        expects: scope.expects,
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

/// Every event that may come in beside the buyer's own.
pub const ANY_EVENT: &[usize] = &[RESERVE, 1, 2, 3, 4];
/// Those that change most.
pub const LATE_EVENT: &[usize] = &[1, 2, 3];
/// Those that give a use back.
pub const GIVEN_BACK: &[usize] = &[2, 3];
/// The one that gives back what was paid.
pub const TAKEN_BACK: &[usize] = &[3];

/// One use less than there are orders, at most two.
pub fn limit(events: &[usize], scope: Scope) -> Protocol {
    let total = if scope.orders > 2 { 2 } else { 1 };
    let shop = Shop::new(
        vec![coupon("spring", Worth::Percent(1_000), Some(total))],
        &policy(),
    );
    let buyer: &[&[usize]] = &[&[RESERVE], &[1]];
    let workers = (0..scope.orders).flat_map(|order| two_workers(order, buyer, &[events]));
    let commands = plain_commands(r#"["spring"]"#);
    protocol(shop, commands, workers.collect(), scope)
}

/// The same, and the buyer's worker goes on after the payment: it repeats it, or takes it back.
pub fn to_the_end(scope: Scope) -> Protocol {
    let mut protocol = limit(ANY_EVENT, scope);
    for buyer in protocol.workers.iter_mut().step_by(WORKERS_OF_AN_ORDER) {
        buyer.slots.push(vec![1, 3]);
    }
    protocol
}

/// One use for orders whose workers do anything in any order, `extend` as well.
pub fn anything(scope: Scope) -> Protocol {
    let shop = Shop::new(
        vec![coupon("spring", Worth::Percent(1_000), Some(1))],
        &policy(),
    );
    let any: &[usize] = &[RESERVE, 1, 2, 3, 4, 5];
    let workers = (0..scope.orders).flat_map(|order| two_workers(order, &[any, any], &[any]));
    let commands = plain_commands(r#"["spring"]"#);
    protocol(shop, commands, workers.collect(), scope)
}

/// What comes back of a credit that paid, in two steps: a part, the whole, or the hold.
pub const ANY_RETURN: &[&[usize]] = &[&[3, 4, 5], &[3, 4]];
/// In one step: the whole, or the hold.
pub const WHOLE_RETURN: &[&[usize]] = &[&[4, 5]];
/// The whole.
pub const LATE_RETURN: &[&[usize]] = &[&[4]];

/// 30.00 of credit for orders of 20.00 each.
pub fn balance(returns: &[&[usize]], scope: Scope) -> Protocol {
    let shop = Shop::new(vec![coupon("gift", Worth::Credit(3_000), None)], &policy());
    let commands = vec![
        reserve(r#"["gift"]"#),
        command("redeem", "{}"),
        command(
            "redeem",
            r#"{"captured":[{"couponId":"gift","amount":700}]}"#,
        ),
        command(
            "rollback",
            r#"{"refundId":"r","cause":"refunded","lines":[{"lineId":"a","quantity":1}]}"#,
        ),
        command("rollback", r#"{"cause":"refunded"}"#),
        command("release", "{}"),
    ];
    let buyer: &[&[usize]] = &[&[RESERVE], &[1, 2]];
    let workers = (0..scope.orders).flat_map(|order| two_workers(order, buyer, returns));
    protocol(shop, commands, workers.collect(), scope)
}

/// One use of one coupon and two of another; orders name them both, both the other way round, or one.
pub fn two_coupons(events: &[usize], scope: Scope) -> Protocol {
    let coupons = vec![
        coupon("autumn", Worth::Amount(100), Some(2)),
        coupon("spring", Worth::Percent(1_000), Some(1)),
    ];
    let mut commands = plain_commands(r#"["spring","autumn"]"#);
    let both_ways = [RESERVE, commands.len(), commands.len() + 1];
    commands.push(reserve(r#"["autumn","spring"]"#));
    commands.push(reserve(r#"["autumn"]"#));
    let workers = (0..scope.orders).flat_map(|order| {
        let first = [both_ways[order % both_ways.len()]];
        two_workers(order, &[&first, &[1]], &[events])
    });
    let workers = workers.collect();
    protocol(Shop::new(coupons, &policy()), commands, workers, scope)
}
