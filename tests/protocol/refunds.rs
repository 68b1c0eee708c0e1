//! M10 over random sequences of returns (semantics §15): whatever comes back, in whichever parts and sequence, all refunds
//! of an order add up to what was paid, those of a line to what was paid for it, and credit comes back as credit.

use coupon_engine::model::Value;

use crate::shared::laws::{of_state, paid};
use crate::shared::ledger::Ledger;
use crate::shared::plain::{entries, field, int, int_of, object, set, text, text_of};
use crate::shared::protocol::Call;
use crate::shared::quiet::{run, status};
use crate::shared::shop::{NOON, Shop};
use crate::simulation::dice::Dice;
use crate::simulation::draw;

/// Sequences, unless `COUPON_ENGINE_CASES` says how many.
const SEQUENCES: u64 = 10_000;
/// Returns before everything comes back.
const MOST_RETURNS: i64 = 6;

/// An order that is paid, and what has come back of it.
struct Sale {
    shop: Shop,
    ledger: Ledger,
    key: String,
    refunds: Vec<Value>,
}

impl Sale {
    /// Credits are captured in part. `None` where a budget is too small for the order.
    fn new(dice: &mut Dice) -> Option<Self> {
        let shop = draw::shop(dice);
        let order = draw::order(dice, &shop, 0);
        let mut sale = Self {
            shop,
            ledger: Ledger::default(),
            key: order.key,
            refunds: Vec::new(),
        };
        let reserved = sale.call("reserve", order.checkouts[0].clone());
        if status(&reserved) == "refused" {
            return None;
        }
        assert_eq!(status(&reserved), "held", "{reserved:?}");
        let credits = entries(field(sale.record(), "credits")).to_vec();
        let captured = credits.iter().map(|credit| {
            let most = int_of(field(credit, "amount"));
            object([
                ("couponId", field(credit, "couponId").clone()),
                ("amount", int(dice.within(most / 2, most))),
            ])
        });
        let captured = captured.collect();
        let redeemed = sale.call("redeem", object([("captured", Value::List(captured))]));
        assert_eq!(status(&redeemed), "redeemed", "{redeemed:?}");
        Some(sale)
    }

    fn call(&mut self, kind: &str, mut request: Value) -> Result<Value, String> {
        set(&mut request, "key", text(&self.key));
        let call = Call::new(kind, request, NOON, &self.shop.policy);
        let outcome = run(&self.shop, &mut self.ledger, &call);
        assert_eq!(of_state(&self.shop, &self.ledger), []);
        outcome
    }

    fn record(&self) -> &Value {
        self.ledger.newest[&self.key].body()
    }

    /// Returns something, if there is that much left.
    fn take_back(&mut self, mut request: Value) {
        // What is for everything needs no name.
        if request != object([]) {
            let name = format!("refund-{}", self.refunds.len());
            set(&mut request, "refundId", text(&name));
        }
        let quoted = self.call("refund_quote", without_name(&request));
        let outcome = self.call("rollback", request.clone());
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(code) => {
                assert_eq!(quoted, Err(code), "{request:?}");
                return;
            }
        };
        if *field(&outcome, "changed") == Value::Bool(false) {
            return;
        }
        assert_eq!(Ok(field(&outcome, "refund")), quoted.as_ref());
        self.refunds.push(field(&outcome, "refund").clone());
        let stored = self.record().clone();
        let again = self.call("rollback", request).unwrap();
        assert_eq!(*field(&again, "changed"), Value::Bool(false));
        assert_eq!(field(&again, "refund"), field(&outcome, "refund"));
        assert_eq!(*self.record(), stored);
    }

    fn sum(&self, name: &str) -> i64 {
        let refunds = self.refunds.iter();
        refunds.map(|refund| int_of(field(refund, name))).sum()
    }
}

fn without_name(request: &Value) -> Value {
    let Value::Map(fields) = request else {
        panic!("{request:?} is no request");
    };
    let kept = fields.iter().filter(|(name, _)| name != "refundId");
    Value::Map(kept.cloned().collect())
}

fn any_return(dice: &mut Dice, sale: &Sale) -> Value {
    if dice.chance(15) {
        return object([("amount", int(dice.within(1, 900)))]);
    }
    let lines = entries(field(sale.record(), "lines"));
    let line = &lines[dice.place(lines.len())];
    let left = int_of(field(line, "quantity")) - int_of(field(line, "returned"));
    let shipping = field(field(sale.record(), "refunded"), "shipping") == &Value::Bool(false);
    let shipping = Value::Bool(shipping && dice.chance(20));
    if left == 0 {
        return object([("amount", int(1))]);
    }
    let returned = object([
        ("lineId", field(line, "id").clone()),
        ("quantity", int(dice.within(1, left))),
    ]);
    object([
        ("lines", Value::List(vec![returned])),
        ("shipping", shipping),
    ])
}

#[test]
fn invariant_m10_all_refunds_add_up_to_what_was_paid_in_any_sequence() {
    let mut of_credit = 0;
    let mut in_parts = 0;
    let sequences = super::number("COUPON_ENGINE_CASES").unwrap_or(SEQUENCES);
    for seed in 0..sequences {
        let mut dice = Dice::new(seed);
        let Some(mut sale) = Sale::new(&mut dice) else {
            continue;
        };
        let paid = paid(sale.record());
        for _ in 0..dice.within(0, MOST_RETURNS) {
            let request = any_return(&mut dice, &sale);
            sale.take_back(request);
            let (so_far, last) = (sale.sum("amount"), sale.refunds.last());
            assert!(
                (0..=paid).contains(&so_far),
                "seed {seed}: {so_far} of {paid}"
            );
            if let Some(last) = last {
                assert_eq!(
                    int_of(field(last, "remaining")),
                    paid - so_far,
                    "seed {seed}"
                );
            }
            lines_are_worth_their_units(&sale, seed);
        }
        in_parts += u64::from(sale.refunds.len() > 1);
        sale.take_back(object([]));
        assert_eq!(sale.sum("amount"), paid, "seed {seed}");
        let credits = entries(field(sale.record(), "credits")).iter();
        let captured: i64 = credits.map(|credit| int_of(field(credit, "amount"))).sum();
        let back = sale
            .refunds
            .iter()
            .flat_map(|refund| entries(field(refund, "credits")));
        let back: i64 = back.map(|credit| int_of(field(credit, "amount"))).sum();
        assert_eq!(back, captured, "seed {seed}: credit returns as credit");
        assert_eq!(sale.sum("payment"), paid - captured, "seed {seed}");
        of_credit += u64::from(captured > 0);
    }
    let some = sequences / 10;
    assert!(
        of_credit > some && in_parts > some,
        "{of_credit}, {in_parts}"
    );
}

/// Units 1 … k of a line are worth ⌊total × k ÷ quantity⌋, however they came back.
fn lines_are_worth_their_units(sale: &Sale, seed: u64) {
    for line in entries(field(sale.record(), "lines")) {
        let number = |name: &str| int_of(field(line, name));
        let worth = number("total") * number("returned") / number("quantity");
        let refunds = sale.refunds.iter();
        let of_line = refunds.flat_map(|refund| entries(field(refund, "lines")));
        let of_line = of_line.filter(|part| field(part, "lineId") == field(line, "id"));
        let refunded: i64 = of_line.map(|part| int_of(field(part, "amount"))).sum();
        assert_eq!(
            refunded,
            worth,
            "seed {seed}: {}",
            text_of(field(line, "id"))
        );
    }
}
