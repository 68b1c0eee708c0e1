//! Input that nobody should send: random trees in the engine's own vocabulary, and valid requests with something broken
//! in them. Knows field names, no rule.

use coupon_engine::model::Value;
use proptest::collection::vec;
use proptest::prelude::*;

const WORDS: [&str; 138] = [
    "codes",
    "cart",
    "customer",
    "codesAllowed",
    "disclosure",
    "trace",
    "usage",
    "now",
    "policy",
    "coupons",
    "currency",
    "lines",
    "shipping",
    "id",
    "unitPrice",
    "quantity",
    "ids",
    "discountable",
    "kind",
    "type",
    "code",
    "discount",
    "restrictions",
    "limits",
    "priority",
    "exclusive",
    "category",
    "combinesWith",
    "state",
    "metadata",
    "amounts",
    "basisPoints",
    "cap",
    "minimum",
    "products",
    "include",
    "exclude",
    "customers",
    "firstOrderOnly",
    "startsAt",
    "expiresAt",
    "total",
    "perCustomer",
    "keys",
    "value",
    "priorOrders",
    "counters",
    "claimed",
    "held",
    "stacking",
    "mode",
    "rounding",
    "view",
    "catalog",
    "ledger",
    "request",
    "count",
    "length",
    "charset",
    "prefix",
    "suffix",
    "separator",
    "existing",
    "entropy",
    "tax",
    "channel",
    "country",
    "paymentMethod",
    "shippingMethod",
    "foreignDiscounts",
    "lineId",
    "ruleId",
    "onSale",
    "groups",
    "every",
    "times",
    "tiers",
    "by",
    "from",
    "to",
    "covers",
    "bearer",
    "target",
    "units",
    "take",
    "buy",
    "distribution",
    "maxPerLine",
    "basis",
    "quantity",
    "scope",
    "maximum",
    "requires",
    "excludeOnSale",
    "customerGroups",
    "orderNumber",
    "channels",
    "countries",
    "paymentMethods",
    "shippingMethods",
    "schedule",
    "zone",
    "zones",
    "windows",
    "days",
    "validForDays",
    "dates",
    "stopAfter",
    "template",
    "refusalMessage",
    "withForeign",
    "issuedAt",
    "rules",
    "gate",
    "interaction",
    "automatic",
    "roundingPoint",
    "globalCapBasisPoints",
    "minPayable",
    "allowZeroTotal",
    "lock",
    "onInapplicable",
    "maxPerCategory",
    "onePerLine",
    "record",
    "changes",
    "duration",
    "months",
    "payments",
    "redeemedAt",
    "paymentAt",
    "paymentNumber",
    "credit",
    "added",
    "used",
    "version",
    "schemaVersion",
    "createdAt",
];
const VALUES: [&str; 56] = [
    "",
    " ",
    "EGP",
    "USD",
    "A",
    "SUMMER-20",
    "percent",
    "amount",
    "standard",
    "bulk_pool",
    "url_token",
    "additive",
    "sequential",
    "best",
    "apply",
    "validate",
    "full",
    "all",
    "none",
    "auto",
    "2026-05-31T23:59:59Z",
    "9223372036854775807",
    "__proto__",
    "\u{0}\u{202E}\u{1F600}",
    "price",
    "tiers",
    "store_credit",
    "shipping",
    "running",
    "original",
    "cheapest",
    "dearest",
    "each_unit",
    "even",
    "by_quantity",
    "greedy_in_order",
    "woocommerce",
    "magento",
    "all_or_nothing",
    "best_combination",
    "code_replaces",
    "suppress",
    "override",
    "mon",
    "24:00",
    "23:59",
    "Africa/Cairo",
    "quantity",
    "external",
    "automatic",
    "coupon",
    "grand_total",
    "running_before_this",
    "*@example.com",
    "never",
    "repeating",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => (-2..20_i64).prop_map(Value::Integer),
        1 => proptest::sample::select(&[i64::MIN, -1 << 53, 10_000, 1_000_000, 1_000_000_000_000, (1 << 53) - 1, 1 << 53, i64::MAX]).prop_map(Value::Integer),
        1 => Just(Value::OtherNumber),
        4 => proptest::sample::select(&VALUES).prop_map(|text| Value::Text(text.to_owned())),
        1 => vec(any::<char>(), 0..6).prop_map(|text| Value::Text(text.into_iter().collect())),
        1 => (0..600_usize).prop_map(|length| Value::Text("a".repeat(length))),
        1 => vec(any::<u8>(), 0..20).prop_map(Value::Bytes),
    ]
}

/// Any tree, three levels deep.
pub fn any_tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 24, 5, |inner| {
        let key = prop_oneof![
            9 => proptest::sample::select(&WORDS).prop_map(str::to_owned),
            1 => proptest::sample::select(&VALUES).prop_map(str::to_owned),
        ];
        prop_oneof![
            1 => vec(inner.clone(), 0..5).prop_map(Value::List),
            2 => vec((key, inner), 0..5).prop_map(Value::Map),
        ]
    })
}

/// One thing done to one place of a tree.
#[derive(Clone, Debug)]
pub enum Damage {
    Replace(Value),
    Remove,
    Repeat,
    Rename(&'static str),
}

/// What to do where; places are counted over the whole tree.
pub fn damages() -> impl Strategy<Value = Vec<(usize, Damage)>> {
    let damage = prop_oneof![
        4 => leaf().prop_map(Damage::Replace),
        1 => any_tree().prop_map(Damage::Replace),
        2 => Just(Damage::Remove),
        1 => Just(Damage::Repeat),
        1 => proptest::sample::select(&WORDS).prop_map(Damage::Rename),
    ];
    vec((any::<u16>().prop_map(usize::from), damage), 1..4)
}

pub fn damaged(mut tree: Value, damages: &[(usize, Damage)]) -> Value {
    for (place, damage) in damages {
        let size = children(&tree);
        if size == 0 {
            break;
        }
        let mut countdown = place % size;
        strike(&mut tree, &mut countdown, damage);
    }
    tree
}

/// How many values stand below the root.
fn children(tree: &Value) -> usize {
    match tree {
        Value::List(entries) => entries.iter().map(|entry| 1 + children(entry)).sum(),
        Value::Map(fields) => fields.iter().map(|(_, value)| 1 + children(value)).sum(),
        _ => 0,
    }
}

/// Goes to the place, does the damage, and answers whether it was there.
fn strike(tree: &mut Value, countdown: &mut usize, damage: &Damage) -> bool {
    match tree {
        Value::List(entries) => {
            for at in 0..entries.len() {
                if *countdown == 0 {
                    match damage {
                        Damage::Replace(value) => entries[at] = value.clone(),
                        Damage::Remove => drop(entries.remove(at)),
                        Damage::Repeat | Damage::Rename(_) => entries.push(entries[at].clone()),
                    }
                    return true;
                }
                *countdown -= 1;
                if strike(&mut entries[at], countdown, damage) {
                    return true;
                }
            }
            false
        }
        Value::Map(fields) => {
            for at in 0..fields.len() {
                if *countdown == 0 {
                    match damage {
                        Damage::Replace(value) => fields[at].1 = value.clone(),
                        Damage::Remove => drop(fields.remove(at)),
                        Damage::Repeat => fields.push(fields[at].clone()),
                        Damage::Rename(name) => fields[at].0 = (*name).to_owned(),
                    }
                    return true;
                }
                *countdown -= 1;
                if strike(&mut fields[at].1, countdown, damage) {
                    return true;
                }
            }
            false
        }
        _ => false,
    }
}
