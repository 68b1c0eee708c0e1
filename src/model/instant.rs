//! Instants: epoch milliseconds (semantics §17). Owns reading them; zones and calendars are the host's. Nothing here can
//! tell what time it is.

use serde::Serialize;

use super::{Node, Value, rfc3339};
use crate::error::Result;

/// The last millisecond of the year 9999.
const LAST: i64 = 253_402_300_799_999;

/// A point in time, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Instant(i64);

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// The last instant there is.
    pub const LAST: Self = Self(LAST);

    /// Reads epoch milliseconds, or RFC 3339 with an offset.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let Value::Text(text) = node.value() else {
            return node.integer(0, LAST).map(Self);
        };
        rfc3339::milliseconds(text)
            .filter(|milliseconds| (0..=LAST).contains(milliseconds))
            .map(Self)
            .ok_or_else(|| {
                node.invalid(
                    "must be epoch milliseconds, or RFC 3339 with an offset such as 2026-05-31T23:59:59Z",
                )
            })
    }

    /// So many milliseconds later, at most the last instant there is.
    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds).min(LAST))
    }

    /// So many times 24 hours later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(86_400_000)))
    }

    /// Milliseconds since the epoch.
    pub fn milliseconds(self) -> i64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(value: Value) -> Option<i64> {
        Instant::parse(&Node::root(&value, "now"))
            .ok()
            .map(Instant::milliseconds)
    }

    fn text(text: &str) -> Option<i64> {
        parse(Value::Text(text.to_owned()))
    }

    #[test]
    fn reads_milliseconds_and_rfc_3339() {
        assert_eq!(parse(Value::Integer(1_500)), Some(1_500));
        assert_eq!(text("1970-01-01T00:00:01.5Z"), Some(1_500));
        assert_eq!(text("1970-01-01T02:00:01+02:00"), Some(1_000));
        assert_eq!(text("2026-05-31"), None);
        assert_eq!(text("2026-05-31T10:00:00"), None);
        assert_eq!(text("1969-12-31T23:59:59Z"), None);
        assert_eq!(parse(Value::Integer(LAST + 1)), None);
    }
}
