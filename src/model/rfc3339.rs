//! Instants as text: RFC 3339 with an offset. Owns the reading; what an instant may be is its own to say.

use chrono::NaiveDate;

use super::calendar::has_form;

/// Milliseconds since 1970-01-01T00:00:00Z; finer fractions are dropped, and a leap second is the one after it.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let (local, rest) = text.split_at_checked(19)?;
    let forms = [
        "0000-00-00T00:00:00",
        "0000-00-00t00:00:00",
        "0000-00-00 00:00:00",
    ];
    if !forms.iter().any(|form| has_form(local, form)) {
        return None;
    }
    let (fraction, rest) = fraction(rest)?;
    let year = i32::try_from(number(local, 0, 4)?).ok()?;
    let month = u32::try_from(number(local, 5, 7)?).ok()?;
    let day = u32::try_from(number(local, 8, 10)?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    let minutes = minutes(number(local, 11, 13)?, number(local, 14, 16)?)?;
    let minutes = plus(date.to_epoch_days().into(), 1_440, minutes)?.checked_sub(offset(rest)?)?;
    let second = number(local, 17, 19).filter(|second| *second <= 60)?;
    plus(plus(minutes, 60, second)?, 1_000, fraction)
}

/// The milliseconds of `.5`, if there is a fraction at all, and what follows it.
fn fraction(text: &str) -> Option<(i64, &str)> {
    let Some(fraction) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let end = fraction.find(|digit: char| !digit.is_ascii_digit())?;
    let (digits, rest) = fraction.split_at_checked(end).filter(|_| end > 0)?;
    let thousandths = [digits, "00"].concat();
    Some((number(&thousandths, 0, 3)?, rest))
}

/// The minutes by which the clocks are ahead of UTC.
fn offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let ahead = text.strip_prefix('+');
    let clock = ahead.or_else(|| text.strip_prefix(['-', '\u{2212}']))?;
    if !has_form(clock, "00:00") {
        return None;
    }
    let offset = minutes(number(clock, 0, 2)?, number(clock, 3, 5)?)?;
    match ahead {
        Some(_) => Some(offset),
        None => offset.checked_neg(),
    }
}

/// The minutes of a day that a clock shows.
fn minutes(hour: i64, minute: i64) -> Option<i64> {
    plus(hour, 60, minute).filter(|_| hour < 24 && minute < 60)
}

fn number(text: &str, from: usize, to: usize) -> Option<i64> {
    text.get(from..to)?.parse().ok()
}

/// So many of the larger unit, each so many of the smaller, and some of these.
fn plus(larger: i64, each: i64, smaller: i64) -> Option<i64> {
    larger.checked_mul(each)?.checked_add(smaller)
}

#[cfg(test)]
mod tests {
    use super::milliseconds;
    use chrono::DateTime;

    /// chrono as the oracle: what it costs in size is why it is not used above.
    fn expected(text: &str) -> Option<i64> {
        let read = DateTime::parse_from_rfc3339(text).ok()?;
        Some(read.timestamp_millis())
    }

    #[test]
    fn every_text_near_an_instant_is_read_as_the_standard_says() {
        let texts = [
            "2026-05-31T23:59:59Z",
            "2024-02-29T00:00:00.1234567890123+23:59",
            "1970-01-01 00:00:60.99-00:30",
            "9999-12-31t10:20:30.5\u{2212}11:00",
        ];
        let mut read = 0;
        for text in texts {
            assert!(milliseconds(text).is_some(), "{text}");
            for (at, own) in text.char_indices() {
                let (before, from) = text.split_at(at);
                let (_, after) = from.split_at(own.len_utf8());
                for other in "0123456789-+.:TtZz \u{2212}/x\0".chars() {
                    let replaced = format!("{before}{other}{after}");
                    let inserted = format!("{before}{other}{from}");
                    for changed in [
                        replaced,
                        inserted,
                        format!("{before}{after}"),
                        before.into(),
                    ] {
                        let own = milliseconds(&changed);
                        assert_eq!(own, expected(&changed), "{changed}");
                        read += i32::from(own.is_some());
                    }
                }
            }
        }
        assert!(read > 500, "{read}");
    }
}
