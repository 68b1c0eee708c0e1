//! Days, weeks and months as a zone's calendar has them. Owns their names; how far a zone's clocks are ahead of UTC is the
//! host's to say (semantics §17).

use serde::Serialize;

use super::{Instant, Node};
use crate::error::Result;

/// A stretch of the calendar that a limit counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday, as ISO 8601 numbers them.
    Week,
    /// Of the year.
    Month,
}

impl Period {
    /// Each, with its name and the form of what it is called.
    const ALL: [(&'static str, Self, &'static str); 3] = [
        ("day", Self::Day, "0000-00-00"),
        ("week", Self::Week, "0000-W00"),
        ("month", Self::Month, "0000-00"),
    ];

    /// Reads a period.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&Self::ALL.map(|(name, period, _)| (name, period)))
    }

    /// As it is written.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.iter();
        all.find(|(_, period, _)| *period == self)
            .map_or("", |(name, ..)| name)
    }

    /// Whether a period of this name may be called so.
    pub(super) fn is_called(name: &str, text: &str) -> bool {
        let mut all = Self::ALL.iter();
        let form = all
            .find(|(known, ..)| *known == name)
            .map(|(.., form)| form);
        form.is_some_and(|form| {
            let digits = |byte: u8| if byte.is_ascii_digit() { b'0' } else { byte };
            text.bytes().map(digits).eq(form.bytes())
        })
    }

    /// What it is called at a date: `2026-11-20`, `2026-W47` or `2026-11`.
    pub fn at(self, date: Date) -> String {
        match self {
            Self::Day => {
                let (year, month, day) = date.civil();
                format!("{year:04}-{month:02}-{day:02}")
            }
            Self::Week => {
                let (year, day) = date.thursday().of_year();
                format!("{year:04}-W{:02}", day.div_euclid(7).saturating_add(1))
            }
            Self::Month => {
                let (year, month, _) = date.civil();
                format!("{year:04}-{month:02}")
            }
        }
    }
}

/// Whether a text is the form with a digit for each of its zeros.
pub(super) fn has_form(text: &str, form: &str) -> bool {
    let fits = |(byte, form): (u8, u8)| match form {
        b'0' => byte.is_ascii_digit(),
        _ => byte == form,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

/// A day of the calendar, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date(i64);

impl Date {
    /// The day where clocks are so many minutes ahead of UTC.
    pub fn at(instant: Instant, offset: i64) -> Self {
        let minutes = instant.milliseconds().div_euclid(60_000);
        Self(minutes.saturating_add(offset).div_euclid(1_440))
    }

    /// The Thursday of its week, whose year is the week's. 1970-01-01 was one.
    fn thursday(self) -> Self {
        let weeks = self.0.saturating_add(3).div_euclid(7);
        Self(weeks.saturating_mul(7))
    }

    /// The year, and the day in it from 0. No date is earlier than the day before 1970.
    fn of_year(self) -> (i64, i64) {
        let mut year = 1969_i64;
        let mut day = self.0.saturating_add(365);
        while day >= length(year) {
            day = day.saturating_sub(length(year));
            year = year.saturating_add(1);
        }
        (year, day)
    }

    /// Year, month from 1, day from 1.
    fn civil(self) -> (i64, i64, i64) {
        let (year, mut day) = self.of_year();
        let february = length(year).saturating_sub(337);
        let mut month = 1_i64;
        for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30] {
            if day < length {
                break;
            }
            day = day.saturating_sub(length);
            month = month.saturating_add(1);
        }
        (year, month, day.saturating_add(1))
    }
}

/// The days of a year.
fn length(year: i64) -> i64 {
    let divides = |by: i64| year.rem_euclid(by) == 0;
    match divides(4) && (!divides(100) || divides(400)) {
        true => 366,
        false => 365,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    fn named(text: &str, offset: i64) -> [String; 3] {
        let value = Value::Text(text.to_owned());
        let instant = Instant::parse(&Node::root(&value, "now")).unwrap();
        Period::ALL.map(|(_, period, _)| period.at(Date::at(instant, offset)))
    }

    #[test]
    fn a_date_is_that_of_the_zone() {
        let expected = ["2026-11-20", "2026-W47", "2026-11"];
        assert_eq!(named("2026-11-20T12:00:00Z", 0), expected);
        assert_eq!(named("2026-11-19T22:00:00Z", 120), expected);
        assert_eq!(named("2026-11-21T03:59:59.999Z", -240), expected);
        assert_eq!(
            named("1970-01-01T00:00:00Z", -1)[..2],
            ["1969-12-31", "1970-W01"]
        );
        assert_eq!(named("9999-12-31T23:59:59Z", 0)[0], "9999-12-31");
    }

    #[test]
    fn weeks_are_those_of_iso_8601() {
        for (date, week) in [
            ("2020-12-31", "2020-W53"),
            ("2021-01-03", "2020-W53"),
            ("2021-01-04", "2021-W01"),
            ("2024-12-29", "2024-W52"),
            ("2024-12-30", "2025-W01"),
            ("2026-01-01", "2026-W01"),
            ("2027-01-03", "2026-W53"),
            ("2000-02-29", "2000-W09"),
        ] {
            assert_eq!(named(&format!("{date}T00:00:00Z"), 0)[1], week, "{date}");
        }
    }

    #[test]
    fn every_date_is_that_of_the_calendar() {
        // chrono as the oracle: what it costs in size is why it is not used above.
        let mut days = chrono::DateTime::UNIX_EPOCH.date_naive().iter_days();
        for day in 0..60_000_i64 {
            let expected = days.next().unwrap();
            let date = Date(day);
            let of = |form: &str| expected.format(form).to_string();
            assert_eq!(Period::Day.at(date), of("%Y-%m-%d"));
            assert_eq!(Period::Week.at(date), of("%G-W%V"));
            assert_eq!(Period::Month.at(date), of("%Y-%m"));
        }
    }

    #[test]
    fn what_a_period_is_called_has_a_form() {
        for (name, text) in [
            ("day", "2026-11-20"),
            ("week", "2026-W47"),
            ("month", "2026-11"),
        ] {
            assert!(Period::is_called(name, text), "{text}");
        }
        for (name, text) in [
            ("day", "2026-11"),
            ("week", "2026-47"),
            ("month", "2026-1a"),
            ("year", "2026"),
            ("day", "2026-11-201"),
        ] {
            assert!(!Period::is_called(name, text), "{text}");
        }
    }
}
