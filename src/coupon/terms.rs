//! A coupon's terms in plain words (semantics §28, S2.10): `20% off forever`, `100 EGP off once`,
//! `15% off for 3 months`. English; the parts are stable, so that a host may translate them.

use crate::model::{Amounts, Discount, Duration};

/// The terms of a discount.
pub fn terms(discount: &Discount, duration: Duration) -> String {
    let (off, cap) = match discount {
        Discount::Percent { basis_points, cap } => (
            format!("{}%", basis_points.percent()),
            cap.as_ref()
                .map(|cap| format!(" up to {}", amounts_in_words(cap)))
                .unwrap_or_default(),
        ),
        Discount::Amount { amounts } => (amounts_in_words(amounts), String::new()),
    };
    let lasting = match duration {
        Duration::Once => "once".to_owned(),
        Duration::Forever => "forever".to_owned(),
        Duration::Repeating { months: 1 } => "for 1 month".to_owned(),
        Duration::Repeating { months } => format!("for {months} months"),
    };
    format!("{off} off {lasting}{cap}")
}

/// `100 EGP`, `10.50 EGP`; decimals only where there are any. Several currencies are alternatives.
fn amounts_in_words(amounts: &Amounts) -> String {
    let words: Vec<String> = amounts
        .iter()
        .map(|(currency, amount)| {
            let decimal = amount.decimal(currency);
            let shown = decimal
                .split_once('.')
                .filter(|(_, minor)| minor.bytes().all(|digit| digit == b'0'))
                .map_or(decimal.as_str(), |(major, _)| major);
            format!("{shown} {currency}")
        })
        .collect();
    words.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Coupon, Instant, Node, Value};

    fn of(json: &str) -> String {
        let text = format!(r#"{{"id":"c","type":"standard","code":"C",{json}}}"#);
        let value: Value = serde_json::from_str(&text).unwrap();
        let now = Instant::parse(&Node::root(&Value::Integer(0), "now")).unwrap();
        let coupon = Coupon::define(&Node::root(&value, ""), None, now).unwrap();
        terms(coupon.discount.as_ref().unwrap(), coupon.duration)
    }

    #[test]
    fn s2_10_the_guide_s_three_shapes() {
        assert_eq!(
            of(r#""discount":{"type":"percent","basisPoints":2000},"duration":{"type":"forever"}"#),
            "20% off forever"
        );
        assert_eq!(
            of(r#""discount":{"type":"amount","amounts":{"EGP":10000}}"#),
            "100 EGP off once"
        );
        assert_eq!(
            of(
                r#""discount":{"type":"percent","basisPoints":1500},"duration":{"type":"repeating","months":3}"#
            ),
            "15% off for 3 months"
        );
    }

    #[test]
    fn semantics_28_decimals_caps_and_the_singular() {
        assert_eq!(
            of(r#""discount":{"type":"amount","amounts":{"EGP":1050}}"#),
            "10.50 EGP off once"
        );
        assert_eq!(
            of(r#""discount":{"type":"amount","amounts":{"KWD":1250}}"#),
            "1.250 KWD off once"
        );
        assert_eq!(
            of(r#""discount":{"type":"amount","amounts":{"JPY":500}}"#),
            "500 JPY off once"
        );
        assert_eq!(
            of(
                r#""discount":{"type":"percent","basisPoints":1250,"cap":{"EGP":10000}},"duration":{"type":"repeating","months":1}"#
            ),
            "12.5% off for 1 month up to 100 EGP"
        );
        assert_eq!(
            of(r#""discount":{"type":"amount","amounts":{"USD":500,"EGP":10000}}"#),
            "100 EGP or 5 USD off once"
        );
    }
}
