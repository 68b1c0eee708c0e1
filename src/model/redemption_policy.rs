//! How a shop reserves and redeems (semantics §13 – §15): one part of its settings. Owns the words and their defaults.

use std::borrow::Cow;

use serde::Serialize;

use super::{Node, Object, Restore, Restores, identifier::sorted_texts};
use crate::error::{Error, ErrorCode, Result};

/// Milliseconds a hold lasts at least and at most: a second, and seven days.
pub const HOLD_RANGE: (i64, i64) = (1_000, 604_800_000);

/// Every setting, settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RedemptionPolicy {
    /// Milliseconds a hold lasts where the request does not say.
    pub hold_for: i64,
    /// What becomes of a payment after its hold has ended and its place is taken.
    pub late_redeem: LateRedeem,
    /// What a rollback gives back, unless the coupon has its own.
    pub restore: Restores,
    /// What the statuses of the host's orders mean.
    pub statuses: Statuses,
}

/// What becomes of a late payment (semantics §14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LateRedeem {
    /// It is refused.
    Reject,
    /// It is taken beyond the limit, and flagged.
    Overdraft,
}

/// Statuses as the host calls them. Those of the presets cost an evaluation nothing, which asks for none.
type Words = Cow<'static, [Cow<'static, str>]>;

/// The host's words, each under what it stands for; sorted, none of them twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statuses {
    /// To be paid.
    pub reserve: Words,
    /// Paid.
    pub redeem: Words,
    /// Will not be paid, or was cancelled.
    pub cancel: Words,
    /// Was paid back.
    pub refund: Words,
}

/// What means paid in some presets, and in the others.
pub(super) const PAID: &[Cow<'static, str>] = &[Cow::Borrowed("completed")];
pub(super) const PAID_OR_PROCESSING: &[Cow<'static, str>] = &[
    Cow::Borrowed("completed"),
    Cow::Borrowed("on-hold"),
    Cow::Borrowed("on_hold"),
    Cow::Borrowed("processing"),
];

impl RedemptionPolicy {
    /// The default, but for the statuses that mean paid.
    pub(super) fn redeeming(paid: &'static [Cow<'static, str>]) -> Self {
        Self {
            hold_for: 900_000,
            late_redeem: LateRedeem::Reject,
            restore: Restores {
                cancelled: Restore::CustomerAndTotal,
                refunded: Restore::None,
            },
            statuses: Statuses {
                reserve: Words::Borrowed(&[Cow::Borrowed("pending")]),
                redeem: Words::Borrowed(paid),
                cancel: Words::Borrowed(&[Cow::Borrowed("cancelled"), Cow::Borrowed("failed")]),
                refund: Words::Borrowed(&[Cow::Borrowed("refunded")]),
            },
        }
    }

    pub(super) fn parse(node: &Node<'_>, base: &Self) -> Result<Self> {
        let object = node.object(&["holdFor", "lateRedeem", "restore", "statuses"])?;
        let (least, most) = HOLD_RANGE;
        Ok(Self {
            hold_for: object
                .optional("holdFor", |hold| hold.integer(least, most))?
                .unwrap_or(base.hold_for),
            late_redeem: object
                .optional("lateRedeem", |late| {
                    late.word(&[
                        ("reject", LateRedeem::Reject),
                        ("overdraft", LateRedeem::Overdraft),
                    ])
                })?
                .unwrap_or(base.late_redeem),
            restore: object
                .optional("restore", |restore| Restores::parse(restore, base.restore))?
                .unwrap_or(base.restore),
            statuses: object
                .optional("statuses", |statuses| {
                    Statuses::parse(statuses, &base.statuses)
                })?
                .unwrap_or_else(|| base.statuses.clone()),
        })
    }
}

impl Statuses {
    fn parse(node: &Node<'_>, base: &Self) -> Result<Self> {
        let object = node.object(&["reserve", "redeem", "cancel", "refund"])?;
        let parsed = Self {
            reserve: texts(&object, "reserve", &base.reserve)?,
            redeem: texts(&object, "redeem", &base.redeem)?,
            cancel: texts(&object, "cancel", &base.cancel)?,
            refund: texts(&object, "refund", &base.refund)?,
        };
        let lists = [
            &parsed.reserve,
            &parsed.redeem,
            &parsed.cancel,
            &parsed.refund,
        ];
        let in_lists =
            |text: &Cow<'_, str>| lists.iter().filter(|list| list.contains(text)).count();
        match lists
            .iter()
            .flat_map(|list| list.iter())
            .any(|text| in_lists(text) > 1)
        {
            false => Ok(parsed),
            true => Err(Error::new(
                ErrorCode::Duplicate,
                node.path(),
                "must not name a status under two of them; one that is not given here is the preset's",
            )),
        }
    }
}

fn texts(object: &Object<'_>, name: &str, base: &Words) -> Result<Words> {
    let given = object.optional(name, |texts| sorted_texts(texts, 0, 100))?;
    Ok(given.map_or_else(
        || base.clone(),
        |given| given.into_iter().map(Cow::Owned).collect(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Policy, Value};

    fn read(json: &str) -> Result<RedemptionPolicy> {
        let value: Value = serde_json::from_str(json).unwrap();
        Policy::parse(&Node::root(&value, "policy")).map(|policy| policy.redemption)
    }

    #[test]
    fn semantics_33_presets_differ_in_what_means_paid() {
        for (preset, paid) in [
            (
                "default",
                &["completed", "on-hold", "on_hold", "processing"][..],
            ),
            ("dino", &["completed", "on-hold", "on_hold", "processing"]),
            ("xpay", &["completed"]),
            ("dovetech", &["completed"]),
            ("fontdue", &["completed"]),
        ] {
            let policy = read(&format!(r#"{{"preset":"{preset}"}}"#)).unwrap();
            assert_eq!(policy.statuses.redeem, paid, "{preset}");
            assert_eq!(policy.hold_for, 900_000);
        }
    }

    #[test]
    fn what_is_not_given_is_the_preset_s_and_a_record_reads_as_itself() {
        let given = r#"{"redemption":{"lateRedeem":"overdraft","restore":{"refunded":"customer_only"},"statuses":{"redeem":["paid","done","paid"]}}}"#;
        let policy = read(given).unwrap();
        let record = serde_json::to_value(&policy).unwrap();
        assert_eq!(
            record,
            serde_json::json!({
                "holdFor": 900_000,
                "lateRedeem": "overdraft",
                "restore": { "cancelled": "customer_and_total", "refunded": "customer_only" },
                "statuses": {
                    "reserve": ["pending"],
                    "redeem": ["done", "paid"],
                    "cancel": ["cancelled", "failed"],
                    "refund": ["refunded"],
                },
            })
        );
        let again = read(&format!(r#"{{"redemption":{record}}}"#)).unwrap();
        assert_eq!(again, policy);
    }

    #[test]
    fn what_has_two_meanings_or_none_is_refused() {
        for (json, code, path) in [
            (
                r#"{"statuses":{"cancel":["refunded"]}}"#,
                ErrorCode::Duplicate,
                "statuses",
            ),
            (
                r#"{"statuses":{"paid":[]}}"#,
                ErrorCode::UnknownField,
                "statuses.paid",
            ),
            (r#"{"holdFor":999}"#, ErrorCode::OutOfRange, "holdFor"),
            (r#"{"holdFor":604800001}"#, ErrorCode::OutOfRange, "holdFor"),
            (
                r#"{"restore":{"cancelled":"total"}}"#,
                ErrorCode::InvalidValue,
                "restore.cancelled",
            ),
        ] {
            let error = read(&format!(r#"{{"redemption":{json}}}"#)).unwrap_err();
            let expected = format!("policy.redemption.{path}");
            assert_eq!((error.code(), error.path()), (code, &*expected), "{json}");
        }
    }
}
