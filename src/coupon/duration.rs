//! Whether a payment is still discounted by a coupon that was redeemed with an earlier one (semantics §18, S2.21 –
//! S2.26). Asks nothing of restrictions or limits: those are for new redemptions. Proration is the host's.

use chrono::{Months, NaiveDate};

use crate::error::Result;
use crate::model::{Duration, Instant, Node, Span, State};

const MILLISECONDS_OF_A_DAY: i64 = 86_400_000;

/// A later payment of a subscription whose first was discounted.
struct Payment {
    duration: Duration,
    redeemed_at: Instant,
    paid_at: Instant,
    number: i64,
    state: State,
    stop_on_deactivate: bool,
}

/// Reads and answers `{ duration, redeemedAt, paymentAt, paymentNumber, state?, stopOnDeactivate? }`.
pub fn discount_active_at(node: &Node<'_>) -> Result<bool> {
    Payment::parse(node).map(|payment| payment.is_discounted())
}

impl Payment {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "duration",
            "redeemedAt",
            "paymentAt",
            "paymentNumber",
            "state",
            "stopOnDeactivate",
        ])?;
        Ok(Self {
            duration: object.required("duration", Duration::parse)?,
            redeemed_at: object.required("redeemedAt", Instant::parse)?,
            paid_at: object.required("paymentAt", Instant::parse)?,
            number: object.required("paymentNumber", |number| number.integer(1, i64::MAX))?,
            state: object
                .optional("state", State::parse)?
                .unwrap_or(State::Active),
            stop_on_deactivate: object
                .optional("stopOnDeactivate", |flag| flag.flag())?
                .unwrap_or(true),
        })
    }

    /// Only `forever` asks for the coupon's state (S2.24); the others were promised with the redemption.
    fn is_discounted(&self) -> bool {
        if self.paid_at < self.redeemed_at {
            return false;
        }
        match self.duration {
            Duration::Once => self.number == 1,
            Duration::Repeating(Span::Payments(payments)) => self.number <= payments,
            Duration::Repeating(Span::Months(months)) => months_later(self.redeemed_at, months)
                .is_none_or(|end| day_and_rest(self.paid_at) < end),
            Duration::Forever => self.state == State::Active || !self.stop_on_deactivate,
        }
    }
}

/// The same day and time so many months later in UTC, or the last day of a month that has no such day. Counted from the
/// anchor and not month by month: 31 January, 29 February, 31 March.
fn months_later(anchor: Instant, months: i64) -> Option<(i64, i64)> {
    let (day, rest) = day_and_rest(anchor);
    let months = Months::new(u32::try_from(months).ok()?);
    let end = NaiveDate::from_epoch_days(i32::try_from(day).ok()?)?.checked_add_months(months)?;
    Some((end.to_epoch_days().into(), rest))
}

/// Days since 1970 in UTC, and milliseconds into the day.
fn day_and_rest(instant: Instant) -> (i64, i64) {
    let milliseconds = instant.milliseconds();
    (
        milliseconds.div_euclid(MILLISECONDS_OF_A_DAY),
        milliseconds.rem_euclid(MILLISECONDS_OF_A_DAY),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    /// `redeemed` and `paid` are dates with times in UTC.
    fn is_active(duration: &str, redeemed: &str, paid: &str, number: i64, rest: &str) -> bool {
        let text = format!(
            r#"{{"duration":{duration},"redeemedAt":"{redeemed}Z","paymentAt":"{paid}Z","paymentNumber":{number}{rest}}}"#
        );
        let value: Value = serde_json::from_str(&text).unwrap();
        discount_active_at(&Node::root(&value, "")).unwrap()
    }

    fn months(months: i64, redeemed: &str, paid: &str) -> bool {
        let duration = format!(r#"{{"type":"repeating","months":{months}}}"#);
        // By time and not by count: the number of the payment does not matter.
        let answers = [1, 2, 1_000].map(|number| is_active(&duration, redeemed, paid, number, ""));
        assert_eq!(answers, [answers[0]; 3]);
        answers[0]
    }

    #[test]
    fn s2_23_three_months_are_three_monthly_payments() {
        let redeemed = "2026-04-15T10:30:00";
        for (paid, expected) in [
            ("2026-04-15T10:29:59.999", false),
            ("2026-04-15T10:30:00", true),
            ("2026-05-15T10:30:00", true),
            ("2026-06-15T10:30:00", true),
            ("2026-07-15T10:29:59.999", true),
            ("2026-07-15T10:30:00", false),
            ("2026-08-15T10:30:00", false),
        ] {
            assert_eq!(months(3, redeemed, paid), expected, "{paid}");
        }
    }

    #[test]
    fn semantics_18_one_month_of_weekly_payments_is_all_of_them() {
        let redeemed = "2026-03-02T00:00:00";
        for (paid, expected) in [
            ("2026-03-02T00:00:00", true),
            ("2026-03-09T00:00:00", true),
            ("2026-03-16T00:00:00", true),
            ("2026-03-23T00:00:00", true),
            ("2026-03-30T00:00:00", true),
            ("2026-04-06T00:00:00", false),
        ] {
            assert_eq!(months(1, redeemed, paid), expected, "{paid}");
        }
    }

    #[test]
    fn semantics_18_months_are_counted_from_the_anchor_and_end_with_a_shorter_month() {
        let time = "T12:00:00";
        for (redeemed, count, end) in [
            ("2026-01-31", 1, "2026-02-28"),
            ("2028-01-31", 1, "2028-02-29"),
            ("2026-01-31", 2, "2026-03-31"),
            ("2026-01-31", 3, "2026-04-30"),
            ("2026-01-31", 13, "2027-02-28"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("2026-12-31", 2, "2027-02-28"),
        ] {
            let redeemed = format!("{redeemed}{time}");
            assert!(
                months(count, &redeemed, &format!("{end}T11:59:59.999")),
                "{redeemed} + {count}"
            );
            assert!(
                !months(count, &redeemed, &format!("{end}{time}")),
                "{redeemed} + {count}"
            );
        }
    }

    #[test]
    fn semantics_18_a_yearly_price_inside_four_months_is_discounted_once() {
        assert!(months(4, "2026-01-10T00:00:00", "2026-01-10T00:00:00"));
        assert!(!months(4, "2026-01-10T00:00:00", "2027-01-10T00:00:00"));
        assert!(months(12, "2026-01-10T00:00:00", "2027-01-09T23:59:59.999"));
        assert!(!months(12, "2026-01-10T00:00:00", "2027-01-10T00:00:00"));
    }

    #[test]
    fn semantics_18_the_longest_span_does_not_overflow() {
        assert!(months(
            1_200,
            "9999-12-31T23:59:59",
            "9999-12-31T23:59:59.999"
        ));
        assert!(!months(1_200, "1970-01-01T00:00:00", "2070-01-01T00:00:00"));
    }

    #[test]
    fn s2_22_once_is_by_count_and_not_by_time() {
        let once = r#"{"type":"once"}"#;
        let (redeemed, soon) = ("2026-04-15T10:30:00", "2026-04-15T10:30:01");
        assert!(is_active(once, redeemed, redeemed, 1, ""));
        assert!(is_active(once, redeemed, "2027-04-15T10:30:00", 1, ""));
        assert!(!is_active(once, redeemed, soon, 2, ""));
        assert!(is_active(once, redeemed, soon, 1, r#","state":"inactive""#));
    }

    #[test]
    fn b14_payments_are_counted() {
        let payments = r#"{"type":"repeating","payments":3}"#;
        for (number, expected) in [(1, true), (3, true), (4, false)] {
            let years_later = is_active(
                payments,
                "2026-01-01T00:00:00",
                "2036-01-01T00:00:00",
                number,
                "",
            );
            assert_eq!(years_later, expected, "{number}");
        }
        assert!(!is_active(
            payments,
            "2026-01-01T00:00:00",
            "2025-12-31T00:00:00",
            1,
            ""
        ));
    }

    /// S2.24, and S2.26: nothing but the state ends it.
    #[test]
    fn s2_24_forever_ends_with_the_coupon_s_deactivation_unless_the_shop_says_otherwise() {
        let forever = r#"{"type":"forever"}"#;
        let later = |rest: &str| {
            is_active(
                forever,
                "2026-01-01T00:00:00",
                "2056-01-01T00:00:00",
                361,
                rest,
            )
        };
        assert!(later(""));
        for state in ["inactive", "archived"] {
            assert!(!later(&format!(r#","state":"{state}""#)));
            assert!(!later(&format!(
                r#","state":"{state}","stopOnDeactivate":true"#
            )));
            assert!(later(&format!(
                r#","state":"{state}","stopOnDeactivate":false"#
            )));
        }
        assert!(!is_active(
            forever,
            "2026-01-02T00:00:00",
            "2026-01-01T00:00:00",
            1,
            ""
        ));
    }
}
