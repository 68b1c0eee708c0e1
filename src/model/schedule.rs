//! Weekly windows in the local time of a zone (semantics §17). Owns their shape and when they are open. Knows no zone's
//! rules: the host says how far each is from UTC at the request's instant.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{Instant, Node, text};
use crate::error::{Error, ErrorCode, Result};

const MOST_ZONES: usize = 1_000;
const MOST_WINDOWS: usize = 50;
const MINUTES_OF_A_DAY: i64 = 1_440;
const MILLISECONDS_OF_A_MINUTE: i64 = 60_000;

/// The days by name, each with its bit; a week begins on Monday.
const DAYS: [(&str, u8); 7] = [
    ("mon", 1),
    ("tue", 2),
    ("wed", 4),
    ("thu", 8),
    ("fri", 16),
    ("sat", 32),
    ("sun", 64),
];

/// When in the week something may be used.
#[derive(Clone, Debug, Serialize)]
pub struct Schedule {
    /// In whose local time.
    pub zone: String,
    /// Open in any of them; never empty.
    pub windows: Vec<Window>,
}

/// From one time of the day to another, half-open; over midnight if the second is the smaller.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// The days on which it begins, as bits.
    days: u8,
    /// Minutes of the day, 0 … 1439.
    from: i64,
    /// Minutes of the day, 0 … 1440.
    to: i64,
}

impl Schedule {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["zone", "windows"])?;
        Ok(Self {
            zone: object.required("zone", |zone| text(zone, 256))?,
            windows: object.required("windows", |windows| {
                windows.list(1, MOST_WINDOWS, Window::parse)
            })?,
        })
    }

    /// Whether any window is open then.
    pub fn is_open(&self, then: LocalTime) -> bool {
        self.windows.iter().any(|window| window.is_open(then))
    }
}

impl Window {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["days", "from", "to"])?;
        let from = object.required("from", |from| {
            minute_of_day(from, MINUTES_OF_A_DAY.saturating_sub(1))
        })?;
        Ok(Self {
            days: object.required("days", days)?,
            from,
            to: object.required("to", |to| match minute_of_day(to, MINUTES_OF_A_DAY)? {
                same if same == from => Err(to.invalid("must not be the same as `from`")),
                other => Ok(other),
            })?,
        })
    }

    fn is_open(self, then: LocalTime) -> bool {
        let begins = |day: usize| self.days & bit(day) != 0;
        if self.from < self.to {
            return begins(then.day) && (self.from..self.to).contains(&then.minute);
        }
        (begins(then.day) && then.minute >= self.from)
            || (begins(then.day_before()) && then.minute < self.to)
    }
}

fn days(node: &Node<'_>) -> Result<u8> {
    let mut days = 0;
    node.list(1, DAYS.len(), |day| {
        let bit = day.word(&DAYS)?;
        if days & bit != 0 {
            return Err(day.invalid("is named already"));
        }
        days |= bit;
        Ok(())
    })?;
    Ok(days)
}

fn bit(day: usize) -> u8 {
    DAYS.get(day).map_or(0, |(_, bit)| *bit)
}

/// `HH:MM` as minutes of the day, at most `most` of them.
fn minute_of_day(node: &Node<'_>, most: i64) -> Result<i64> {
    read_minute(node.text()?)
        .filter(|minute| *minute <= most)
        .ok_or_else(|| node.invalid("must be a time of the day such as 09:30"))
}

fn read_minute(text: &str) -> Option<i64> {
    let [hour_tens, hour_ones, b':', minute_tens, minute_ones] = *text.as_bytes() else {
        return None;
    };
    let number = |tens: u8, ones: u8| {
        let digit = |byte: u8| char::from(byte).to_digit(10).map(i64::from);
        digit(tens)?.checked_mul(10)?.checked_add(digit(ones)?)
    };
    let minute = number(minute_tens, minute_ones).filter(|minute| *minute < 60)?;
    number(hour_tens, hour_ones)?
        .checked_mul(60)?
        .checked_add(minute)
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let days: Vec<&str> = DAYS
            .iter()
            .filter(|(_, bit)| self.days & bit != 0)
            .map(|(name, _)| *name)
            .collect();
        let mut window = serializer.serialize_struct("Window", 3)?;
        window.serialize_field("days", &days)?;
        window.serialize_field("from", &clock(self.from))?;
        window.serialize_field("to", &clock(self.to))?;
        window.end()
    }
}

/// Minutes of the day as `HH:MM`.
fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute.div_euclid(60), minute.rem_euclid(60))
}

/// A day of the week and a time of the day, as a clock on the wall shows them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Since Monday.
    day: usize,
    /// Since midnight.
    minute: i64,
}

impl LocalTime {
    /// The local time where clocks are so many minutes ahead of UTC.
    pub fn at(instant: Instant, offset: i64) -> Self {
        let minutes = instant
            .milliseconds()
            .div_euclid(MILLISECONDS_OF_A_MINUTE)
            .saturating_add(offset);
        // 1970-01-01 was a Thursday.
        let day = minutes
            .div_euclid(MINUTES_OF_A_DAY)
            .saturating_add(3)
            .rem_euclid(7);
        Self {
            day: usize::try_from(day).unwrap_or_default(),
            minute: minutes.rem_euclid(MINUTES_OF_A_DAY),
        }
    }

    fn day_before(self) -> usize {
        self.day.checked_sub(1).unwrap_or(6)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = DAYS.get(self.day).map_or("", |(name, _)| name);
        write!(f, "{name} {}", clock(self.minute))
    }
}

/// How many minutes the clocks of each zone are ahead of UTC at the request's instant.
#[derive(Clone, Debug, Default)]
pub struct Zones {
    offsets: Vec<(String, i64)>,
}

impl Zones {
    /// Reads the `zones` of a request.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let offsets = node.entries(MOST_ZONES, |name, offset| {
            let minutes = offset.integer(-MINUTES_OF_A_DAY, MINUTES_OF_A_DAY)?;
            Ok((name.to_owned(), minutes))
        })?;
        Ok(Self { offsets })
    }

    /// The offset of a zone, which somebody has to have said.
    pub fn offset(&self, zone: &str) -> Result<i64> {
        self.offsets
            .iter()
            .find(|(name, _)| name == zone)
            .map(|(_, offset)| *offset)
            .ok_or_else(|| {
                Error::new(
                    ErrorCode::Required,
                    super::Path::root("zones").key(zone),
                    "is required: the minutes that its clocks are ahead of UTC",
                )
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    fn read(json: &str) -> Result<Schedule> {
        let text = format!(r#"{{"zone":"Africa/Cairo","windows":[{json}]}}"#);
        let value: Value = serde_json::from_str(&text).unwrap();
        Schedule::parse(&Node::root(&value, "schedule"))
    }

    fn refused(json: &str) -> (ErrorCode, String) {
        let error = read(json).unwrap_err();
        (error.code(), error.path().to_owned())
    }

    fn at(text: &str, offset: i64) -> LocalTime {
        let value = Value::Text(text.to_owned());
        LocalTime::at(Instant::parse(&Node::root(&value, "now")).unwrap(), offset)
    }

    fn is_open(window: &str, text: &str) -> bool {
        read(window).unwrap().is_open(at(text, 0))
    }

    #[test]
    fn local_time_is_that_of_the_zone() {
        // 2026-06-15 is a Monday.
        assert_eq!(at("2026-06-15T12:05:59.999Z", 120).to_string(), "mon 14:05");
        assert_eq!(at("2026-06-15T00:30:00Z", -60).to_string(), "sun 23:30");
        assert_eq!(at("2026-06-14T23:30:00Z", 60).to_string(), "mon 00:30");
        assert_eq!(at("1970-01-01T00:00:00Z", 0).to_string(), "thu 00:00");
        assert_eq!(at("1970-01-01T00:00:00Z", -1440).to_string(), "wed 00:00");
    }

    #[test]
    fn a_window_is_half_open() {
        let office = r#"{"days":["mon","fri"],"from":"09:00","to":"17:30"}"#;
        for (time, expected) in [
            ("2026-06-15T08:59:59Z", false),
            ("2026-06-15T09:00:00Z", true),
            ("2026-06-15T17:29:59Z", true),
            ("2026-06-15T17:30:00Z", false),
            ("2026-06-16T12:00:00Z", false),
            ("2026-06-19T12:00:00Z", true),
        ] {
            assert_eq!(is_open(office, time), expected, "{time}");
        }
        let all_day = r#"{"days":["mon"],"from":"00:00","to":"24:00"}"#;
        assert!(is_open(all_day, "2026-06-15T23:59:59Z"));
        assert!(!is_open(all_day, "2026-06-16T00:00:00Z"));
    }

    #[test]
    fn over_midnight_the_days_say_where_it_begins() {
        let night = r#"{"days":["sun"],"from":"22:00","to":"02:00"}"#;
        for (time, expected) in [
            ("2026-06-14T01:00:00Z", false),
            ("2026-06-14T21:59:00Z", false),
            ("2026-06-14T22:00:00Z", true),
            ("2026-06-15T01:59:00Z", true),
            ("2026-06-15T02:00:00Z", false),
            ("2026-06-15T22:00:00Z", false),
        ] {
            assert_eq!(is_open(night, time), expected, "{time}");
        }
        let until_midnight = r#"{"days":["sun"],"from":"22:00","to":"00:00"}"#;
        assert!(is_open(until_midnight, "2026-06-14T23:59:00Z"));
        assert!(!is_open(until_midnight, "2026-06-15T00:00:00Z"));
    }

    #[test]
    fn impossible_times_are_refused() {
        let to = |time: &str| {
            refused(&format!(
                r#"{{"days":["mon"],"from":"09:00","to":"{time}"}}"#
            ))
        };
        for time in ["24:01", "9:30", "09:60", "0930", "+1:00", "09:00", "９:00"] {
            let expected = "schedule.windows[0].to".to_owned();
            assert_eq!(to(time), (ErrorCode::InvalidValue, expected), "{time}");
        }
        assert_eq!(
            refused(r#"{"days":["mon"],"from":"24:00","to":"09:00"}"#),
            (
                ErrorCode::InvalidValue,
                "schedule.windows[0].from".to_owned()
            )
        );
        assert_eq!(
            refused(r#"{"days":["mon","mon"],"from":"09:00","to":"10:00"}"#),
            (
                ErrorCode::InvalidValue,
                "schedule.windows[0].days[1]".to_owned()
            )
        );
    }

    #[test]
    fn a_record_reads_as_defined() {
        let window = r#"{"days":["sun","mon"],"from":"22:05","to":"24:00"}"#;
        let record = serde_json::to_value(read(window).unwrap()).unwrap();
        assert_eq!(
            record,
            serde_json::json!({
                "zone": "Africa/Cairo",
                "windows": [{ "days": ["mon", "sun"], "from": "22:05", "to": "24:00" }],
            })
        );
    }

    #[test]
    fn an_unknown_zone_is_asked_for() {
        let value: Value = serde_json::from_str(r#"{"UTC":0,"Asia/Kolkata":330}"#).unwrap();
        let zones = Zones::parse(&Node::root(&value, "zones")).unwrap();
        assert_eq!(zones.offset("Asia/Kolkata").unwrap(), 330);
        let error = zones.offset("Africa/Cairo").unwrap_err();
        assert_eq!(error.code(), ErrorCode::Required);
        assert_eq!(error.path(), r#"zones["Africa/Cairo"]"#);
    }
}
