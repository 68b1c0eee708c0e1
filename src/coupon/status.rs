//! Status, validity and the figures a list shows (semantics §25, S2.9 – S2.13, S2.48): all derived, nothing stored but
//! the state.

use serde::Serialize;

use super::terms;
use crate::model::{Coupon, Instant, State};

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
    /// Its redemptions are used up. Reservations do not count here.
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
    terms: Option<String>,
    label: String,
    title: String,
    used: i64,
    redemptions: String,
}

/// Derives status and figures. `used` is the ledger's: redemptions, without holds.
pub fn describe(coupon: &Coupon, used: i64, now: Instant) -> Description {
    let status = status(coupon, used, now);
    let name = coupon.name.clone();
    Description {
        status,
        valid: status == Status::Active && coupon.discount.is_some(),
        terms: coupon
            .discount
            .as_ref()
            .map(|discount| terms(discount, coupon.duration)),
        label: name
            .clone()
            .unwrap_or_else(|| coupon.id.as_str().to_owned()),
        title: name.unwrap_or_else(|| "Untitled coupon".to_owned()),
        used,
        redemptions: match coupon.limits.total {
            Some(limit) => format!("{used}/{limit}"),
            None => used.to_string(),
        },
    }
}

fn status(coupon: &Coupon, used: i64, now: Instant) -> Status {
    let window = &coupon.restrictions;
    match coupon.state {
        State::Archived => Status::Archived,
        State::Inactive => Status::Inactive,
        State::Active if window.expires_at.is_some_and(|end| end < now) => Status::Expired,
        State::Active if coupon.limits.total.is_some_and(|limit| used >= limit) => {
            Status::Exhausted
        }
        State::Active if window.starts_at.is_some_and(|start| start > now) => Status::Scheduled,
        State::Active => Status::Active,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Node, Value};

    fn described(json: &str, used: i64, now: i64) -> Description {
        let text = format!(
            r#"{{"id":"c","type":"standard","code":"C","discount":{{"type":"percent","basisPoints":1000}},{json}}}"#
        );
        let value: Value = serde_json::from_str(&text).unwrap();
        let now = Instant::parse(&Node::root(&Value::Integer(now), "now")).unwrap();
        let coupon = Coupon::define(&Node::root(&value, ""), None, now).unwrap();
        describe(&coupon, used, now)
    }

    /// S2.13, S2.48, S4.28: every combination of the four causes, the stated order.
    #[test]
    fn semantics_25_precedence_over_all_combinations() {
        for mask in 0..16_u32 {
            let has = |bit: u32| mask & (1 << bit) != 0;
            let (inactive, expired, exhausted, scheduled) = (has(0), has(1), has(2), has(3));
            if expired && scheduled {
                continue;
            }
            let json = format!(
                r#""state":"{}","limits":{{"total":3}},"restrictions":{{"startsAt":{},"expiresAt":{}}}"#,
                if inactive { "inactive" } else { "active" },
                if scheduled { 2_000 } else { 0 },
                if expired { 999 } else { 3_000 },
            );
            let shown = described(&json, if exhausted { 3 } else { 2 }, 1_000);
            let expected = match (inactive, expired, exhausted, scheduled) {
                (true, ..) => Status::Inactive,
                (_, true, ..) => Status::Expired,
                (_, _, true, _) => Status::Exhausted,
                (_, _, _, true) => Status::Scheduled,
                _ => Status::Active,
            };
            assert_eq!(shown.status, expected, "mask {mask}");
            assert_eq!(shown.valid, expected == Status::Active);
        }
        assert_eq!(
            described(r#""state":"archived""#, 0, 0).status,
            Status::Archived
        );
    }

    #[test]
    fn semantics_17_both_ends_are_inside() {
        let window = r#""restrictions":{"startsAt":1000,"expiresAt":2000}"#;
        for (now, expected) in [
            (999, Status::Scheduled),
            (1_000, Status::Active),
            (2_000, Status::Active),
            (2_001, Status::Expired),
        ] {
            assert_eq!(described(window, 0, now).status, expected, "now {now}");
        }
    }

    #[test]
    fn s2_9_s2_11_s2_15_labels_and_redemptions() {
        let unnamed = described(r#""limits":{"total":50}"#, 12, 0);
        assert_eq!(
            (unnamed.label.as_str(), unnamed.title.as_str()),
            ("c", "Untitled coupon")
        );
        assert_eq!(unnamed.redemptions, "12/50");
        let named = described(r#""name":"Summer""#, 12, 0);
        assert_eq!(
            (named.label.as_str(), named.title.as_str()),
            ("Summer", "Summer")
        );
        assert_eq!(named.redemptions, "12");
    }
}
