//! Status, validity and the figures a list shows (semantics §25, S2.9 – S2.13, S2.48): all derived, nothing stored but
//! the state.

use serde::Serialize;

use crate::error::Result;
use crate::model::{Amount, Coupon, Currency, Discount, DiscountValue, Instant, Node, Rule, State};

/// The first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Put away.
    Archived,
    /// Switched off.
    Inactive,
    /// Past its last instant.
    Expired,
    /// Its redemptions are used up, or its balance is. Reservations do not count here.
    Exhausted,
    /// Not yet begun.
    Scheduled,
    /// None of these.
    Active,
}

/// What a list or a detail page shows of a coupon.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    status: Status,
    valid: bool,
    draft: bool,
    label: String,
    title: String,
    used: i64,
    redemptions: String,
    balance: Option<Balance>,
}

/// What a store credit may still pay, holds deducted.
#[derive(Clone, Debug, Serialize)]
struct Balance {
    currency: Currency,
    amount: Amount,
}

/// What the ledger says of a store credit, in minor units.
#[derive(Clone, Copy, Debug, Default)]
struct Credit {
    claimed: i64,
    held: i64,
    added: i64,
}

/// Derives status and figures: `{ coupon, rules?, used, credit?, now }`. `rules` are those linked to the coupon, `used`
/// the ledger's redemptions without holds.
pub fn describe(node: &Node<'_>) -> Result<Description> {
    let object = node.object(&["coupon", "rules", "used", "credit", "now"])?;
    let coupon = object.required("coupon", Coupon::from_record)?;
    let has_active_rule = |rules: &Node<'_>| {
        let states = rules.list(0, 20, |rule| Rule::from_record(rule).map(|rule| rule.state))?;
        Ok(states.contains(&State::Active))
    };
    let has_active_rule = object.optional("rules", has_active_rule)?.unwrap_or(false);
    let used = object.required("used", count)?;
    let credit = object
        .optional("credit", Credit::parse)?
        .unwrap_or_default();
    let now = object.required("now", Instant::parse)?;

    let issued = issued(&coupon)
        .map(|(currency, amount)| (currency, amount.minor().saturating_add(credit.added)));
    let is_spent = issued.is_some_and(|(_, issued)| credit.used() >= issued);
    let status = status(&coupon, used, is_spent, now);
    let draft = coupon.discount.is_none() && !has_active_rule;
    Ok(Description {
        status,
        valid: status == Status::Active && !draft,
        draft,
        used,
        redemptions: match coupon.limits.total {
            Some(limit) => format!("{used}/{limit}"),
            None => used.to_string(),
        },
        balance: issued.map(|(currency, issued)| Balance {
            currency,
            amount: Amount::new(issued.saturating_sub(credit.claimed)).unwrap_or(Amount::ZERO),
        }),
        label: coupon
            .name
            .clone()
            .unwrap_or_else(|| coupon.id.as_str().to_owned()),
        title: coupon.name.unwrap_or_else(|| "Untitled coupon".to_owned()),
    })
}

impl Credit {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["claimed", "held", "added"])?;
        let claimed = object.required("claimed", count)?;
        Ok(Self {
            claimed,
            held: object
                .optional("held", |held| held.integer(0, claimed))?
                .unwrap_or(0),
            added: object.optional("added", count)?.unwrap_or(0),
        })
    }

    fn used(self) -> i64 {
        self.claimed.saturating_sub(self.held)
    }
}

fn count(node: &Node<'_>) -> Result<i64> {
    node.integer(0, i64::MAX)
}

fn issued(coupon: &Coupon) -> Option<(Currency, Amount)> {
    match &coupon.discount {
        Some(Discount {
            value: DiscountValue::StoreCredit { amounts, .. },
            ..
        }) => amounts.iter().next(),
        _ => None,
    }
}

fn status(coupon: &Coupon, used: i64, is_spent: bool, now: Instant) -> Status {
    let window = &coupon.restrictions;
    let is_used_up = is_spent || coupon.limits.total.is_some_and(|limit| used >= limit);
    match coupon.state {
        State::Archived => Status::Archived,
        State::Inactive => Status::Inactive,
        State::Active if window.expires_at.is_some_and(|end| end < now) => Status::Expired,
        State::Active if is_used_up => Status::Exhausted,
        State::Active if window.starts_at.is_some_and(|start| start > now) => Status::Scheduled,
        State::Active => Status::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    /// A coupon record of these fields, with what else the call is given.
    fn described(fields: &str, used: i64, now: i64, rest: &str) -> Description {
        let text = format!(
            r#"{{"used":{used},"now":{now}{rest},"coupon":{{"schemaVersion":2,"id":"c","type":"standard","code":"C","version":1,"createdAt":0,{fields}}}}}"#
        );
        let value: Value = serde_json::from_str(&text).unwrap();
        describe(&Node::root(&value, "")).unwrap()
    }

    const PERCENT: &str = r#""discount":{"type":"percent","basisPoints":1000}"#;
    const CREDIT: &str =
        r#""discount":{"type":"store_credit","amounts":{"EGP":5000},"bearer":true}"#;

    /// S2.13, S2.48, S4.28: every combination of the four causes, the stated order.
    #[test]
    fn semantics_25_precedence_over_all_combinations() {
        for mask in 0..32_u32 {
            let has = |bit: u32| mask & (1 << bit) != 0;
            let (inactive, expired, exhausted, scheduled, archived) =
                (has(0), has(1), has(2), has(3), has(4));
            if (expired && scheduled) || (inactive && archived) {
                continue;
            }
            let state = match (archived, inactive) {
                (true, _) => "archived",
                (_, true) => "inactive",
                _ => "active",
            };
            let json = format!(
                r#"{PERCENT},"state":"{state}","limits":{{"total":3}},"restrictions":{{"startsAt":{},"expiresAt":{}}}"#,
                if scheduled { 2_000 } else { 0 },
                if expired { 999 } else { 3_000 },
            );
            let shown = described(&json, if exhausted { 3 } else { 2 }, 1_000, "");
            let expected = match (archived, inactive, expired, exhausted, scheduled) {
                (true, ..) => Status::Archived,
                (_, true, ..) => Status::Inactive,
                (_, _, true, ..) => Status::Expired,
                (_, _, _, true, _) => Status::Exhausted,
                (.., true) => Status::Scheduled,
                _ => Status::Active,
            };
            assert_eq!(shown.status, expected, "mask {mask}");
            assert_eq!(shown.valid, expected == Status::Active);
        }
    }

    #[test]
    fn semantics_17_both_ends_are_inside() {
        let window = format!(r#"{PERCENT},"restrictions":{{"startsAt":1000,"expiresAt":2000}}"#);
        for (now, expected) in [
            (999, Status::Scheduled),
            (1_000, Status::Active),
            (2_000, Status::Active),
            (2_001, Status::Expired),
        ] {
            assert_eq!(described(&window, 0, now, "").status, expected, "now {now}");
        }
    }

    #[test]
    fn s2_9_s2_11_s2_15_labels_and_redemptions() {
        let unnamed = described(&format!(r#"{PERCENT},"limits":{{"total":50}}"#), 12, 0, "");
        assert_eq!(
            (unnamed.label.as_str(), unnamed.title.as_str()),
            ("c", "Untitled coupon")
        );
        assert_eq!(unnamed.redemptions, "12/50");
        let named = described(&format!(r#"{PERCENT},"name":"Summer""#), 12, 0, "");
        assert_eq!(
            (named.label.as_str(), named.title.as_str()),
            ("Summer", "Summer")
        );
        assert_eq!(named.redemptions, "12");
    }

    /// S4.27, S4.12: whichever comes first; a hold takes from the balance and exhausts nothing.
    #[test]
    fn s4_27_a_store_credit_is_exhausted_without_balance_or_without_uses() {
        for (ledger, used, status, balance) in [
            ("", 0, Status::Active, 5_000),
            (r#","credit":{"claimed":0}"#, 0, Status::Active, 5_000),
            (r#","credit":{"claimed":4999}"#, 1, Status::Active, 1),
            (r#","credit":{"claimed":5000}"#, 1, Status::Exhausted, 0),
            (
                r#","credit":{"claimed":5000,"held":1}"#,
                1,
                Status::Active,
                0,
            ),
            (
                r#","credit":{"claimed":5000,"added":200}"#,
                1,
                Status::Active,
                200,
            ),
            (
                r#","credit":{"claimed":5200,"added":200}"#,
                1,
                Status::Exhausted,
                0,
            ),
            (
                r#","credit":{"claimed":5300,"added":200}"#,
                1,
                Status::Exhausted,
                0,
            ),
            (r#","credit":{"claimed":100}"#, 2, Status::Exhausted, 4_900),
        ] {
            let shown = described(
                &format!(r#"{CREDIT},"limits":{{"total":2}}"#),
                used,
                0,
                ledger,
            );
            assert_eq!(shown.status, status, "{ledger}");
            assert_eq!(shown.valid, status == Status::Active, "{ledger}");
            let left = shown.balance.unwrap();
            assert_eq!(left.currency.as_str(), "EGP");
            assert_eq!(left.amount.minor(), balance, "{ledger}");
        }
        let percent = described(PERCENT, 0, 0, r#","credit":{"claimed":5000}"#);
        assert!(percent.balance.is_none());
        assert_eq!(percent.status, Status::Active);
    }

    #[test]
    fn s4_28_a_spent_credit_that_is_off_or_over_says_so_first() {
        let spent = r#","credit":{"claimed":5000}"#;
        let off = described(&format!(r#"{CREDIT},"state":"inactive""#), 1, 0, spent);
        assert_eq!(off.status, Status::Inactive);
        let over = format!(r#"{CREDIT},"restrictions":{{"expiresAt":10}}"#);
        assert_eq!(described(&over, 1, 11, spent).status, Status::Expired);
        let early = format!(r#"{CREDIT},"restrictions":{{"startsAt":10}}"#);
        assert_eq!(described(&early, 1, 9, spent).status, Status::Exhausted);
    }

    #[test]
    fn s0_9_a_draft_has_nothing_to_take_off() {
        let rule = |state: &str| {
            format!(
                r#"{{"schemaVersion":2,"id":"r","gate":"external","state":"{state}","version":1,"createdAt":0}}"#
            )
        };
        let (on, off) = (rule("active"), rule("inactive"));
        for (fields, rest, draft) in [
            (r#""discount":null"#, String::new(), true),
            (PERCENT, String::new(), false),
            (r#""rules":["r"]"#, String::new(), true),
            (r#""rules":["r"]"#, format!(r#","rules":[{off}]"#), true),
            (
                r#""rules":["r"]"#,
                format!(r#","rules":[{off},{on}]"#),
                false,
            ),
        ] {
            let shown = described(fields, 0, 0, &rest);
            assert_eq!(shown.status, Status::Active, "{fields} {rest}");
            assert_eq!(
                (shown.draft, shown.valid),
                (draft, !draft),
                "{fields} {rest}"
            );
        }
    }
}
