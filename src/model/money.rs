//! Money: whole minor units, checked (semantics §1, §3). Owns arithmetic, rounding and the wire form of amounts; knows
//! nothing of discounts. There is no way to make a negative [`Amount`], and no operation that wraps.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Currency, Node, Value, sort_by, value::SAFE};
use crate::error::{Error, ErrorCode, Result};

/// An amount of 0 or more minor units. Its currency is the cart's: amounts of several currencies meet only in
/// [`Amounts`], which gives out one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The amount, unless it is negative.
    pub fn new(minor: i64) -> Option<Self> {
        (minor >= 0).then_some(Self(minor))
    }

    /// Reads a safe integer, or a string of digits for more than that, not above `most` minor units.
    pub fn parse(node: &Node<'_>, most: i64) -> Result<Self> {
        let minor = match node.value() {
            Value::Text(digits) => Self::from_digits(digits)
                .ok_or_else(|| node.invalid("must be minor units in digits only"))?,
            _ => node.integer(0, most.min(SAFE))?,
        };
        if minor > most {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                node.path(),
                format!("must be within 0 … {most} minor units"),
            ));
        }
        Ok(Self(minor))
    }

    fn from_digits(digits: &str) -> Option<i64> {
        let plain = !digits.is_empty()
            && digits.bytes().all(|b| b.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'));
        plain.then(|| digits.parse().ok()).flatten()
    }

    /// Minor units.
    pub fn minor(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, unless it is out of range.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, unless `other` is more.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).and_then(Self::new)
    }

    /// So many times this, unless that is out of range.
    pub fn times(self, count: i64) -> Option<Self> {
        self.0.checked_mul(count).and_then(Self::new)
    }

    /// `self × numerator ÷ denominator` in exact arithmetic, settled by `rounding`. `None` if the result is out of range
    /// or the denominator is 0.
    pub fn scaled(self, numerator: i64, denominator: i64, rounding: Rounding) -> Option<Self> {
        let product = i128::from(self.0).checked_mul(i128::from(numerator))?;
        let denominator = i128::from(denominator);
        let quotient = product.checked_div_euclid(denominator)?;
        let remainder = product.checked_rem_euclid(denominator)?;
        let twice = remainder.checked_mul(2)?;
        let up = match rounding {
            Rounding::Floor => false,
            Rounding::HalfUp => twice >= denominator,
            Rounding::HalfDown => twice > denominator,
            Rounding::HalfEven => {
                twice > denominator || (twice == denominator && quotient & 1 == 1)
            }
        };
        let rounded = quotient.checked_add(i128::from(up))?;
        i64::try_from(rounded).ok().and_then(Self::new)
    }

    /// The sum of all, unless it is out of range.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts
            .into_iter()
            .try_fold(Self::ZERO, |sum, amount| sum.plus(amount))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        if self.0 <= SAFE {
            serializer.serialize_i64(self.0)
        } else {
            serializer.serialize_str(&self.0.to_string())
        }
    }
}

/// How an amount that falls between two minor units is settled (semantics §3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Halves up: for a discount, in the customer's favour.
    #[default]
    HalfUp,
    /// Halves to the even neighbour.
    HalfEven,
    /// Halves down.
    HalfDown,
    /// Always down: in the merchant's favour.
    Floor,
}

impl Rounding {
    /// Reads a rounding mode.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("half_up", Self::HalfUp),
            ("half_even", Self::HalfEven),
            ("half_down", Self::HalfDown),
            ("floor", Self::Floor),
        ])
    }
}

/// Hundredths of a percent, 1 … 10000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct BasisPoints(i64);

impl BasisPoints {
    /// The whole.
    pub const WHOLE: i64 = 10_000;

    /// Reads a percentage in basis points.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.integer(1, Self::WHOLE).map(Self)
    }

    /// Hundredths of a percent.
    pub fn get(self) -> i64 {
        self.0
    }
}

/// One amount per currency, sorted. A currency without an entry is refused, never converted (semantics §1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts(Vec<(Currency, Amount)>);

impl Amounts {
    /// Reads `{ EGP: 10000 }`: at least one currency, each amount 1 or more.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        Self::parse_from(node, Amount(1))
    }

    /// Reads prices, which may be 0.
    pub fn parse_prices(node: &Node<'_>) -> Result<Self> {
        Self::parse_from(node, Amount::ZERO)
    }

    fn parse_from(node: &Node<'_>, least: Amount) -> Result<Self> {
        let mut amounts = node.entries(200, |key, value| {
            let currency = Currency::new(key).ok_or_else(|| {
                value.invalid("must be under an ISO 4217 code of three upper-case letters")
            })?;
            let amount = Amount::parse(value, i64::MAX)?;
            if amount < least {
                return Err(Error::new(
                    ErrorCode::OutOfRange,
                    value.path(),
                    "must be at least 1 minor unit",
                ));
            }
            Ok((currency, amount))
        })?;
        if amounts.is_empty() {
            return Err(node.invalid("must have an amount for at least one currency"));
        }
        sort_by(&mut amounts, |one, two| one.0.cmp(&two.0));
        Ok(Self(amounts))
    }

    /// The amount in this currency.
    pub fn get(&self, currency: Currency) -> Option<Amount> {
        self.0
            .iter()
            .find(|(known, _)| *known == currency)
            .map(|(_, amount)| *amount)
    }

    /// Whether it has the same currencies as the other and more of each.
    pub fn is_above(&self, other: &Self) -> bool {
        self.0.len() == other.0.len()
            && self
                .0
                .iter()
                .zip(&other.0)
                .all(|(one, other)| one.0 == other.0 && one.1 > other.1)
    }

    /// All of them, by currency.
    pub fn iter(&self) -> impl Iterator<Item = (Currency, Amount)> + '_ {
        self.0.iter().copied()
    }
}

impl Serialize for Amounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (currency, amount) in &self.0 {
            map.serialize_entry(currency, amount)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scaled(minor: i64, basis_points: i64, rounding: Rounding) -> i64 {
        Amount(minor)
            .scaled(basis_points, BasisPoints::WHOLE, rounding)
            .unwrap()
            .minor()
    }

    #[test]
    fn semantics_3_halves_are_settled_by_mode() {
        use Rounding::*;
        assert_eq!(scaled(3490, 1500, HalfUp), 524);
        assert_eq!(scaled(3490, 1500, HalfEven), 524);
        assert_eq!(scaled(3490, 1500, HalfDown), 523);
        assert_eq!(scaled(3490, 1500, Floor), 523);
        assert_eq!(scaled(5 * 899, 2000, HalfUp), 899);
        assert_eq!(scaled(1005, 1000, HalfUp), 101);
        assert_eq!(scaled(1005, 1000, HalfEven), 100);
        assert_eq!(scaled(1005, 1000, Floor), 100);
    }

    #[test]
    fn semantics_1_a_third_of_a_currency_without_decimals() {
        assert_eq!(scaled(100, 3333, Rounding::HalfUp), 33);
    }

    #[test]
    fn the_largest_amount_scales_without_wrapping() {
        let most = Amount(i64::MAX);
        assert_eq!(most.scaled(10_000, 10_000, Rounding::HalfUp), Some(most));
        assert_eq!(most.scaled(10_001, 10_000, Rounding::HalfUp), None);
        assert_eq!(most.scaled(1, 0, Rounding::HalfUp), None);
        assert_eq!(most.plus(Amount(1)), None);
    }
}
