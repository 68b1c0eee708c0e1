//! Plain data as it crosses the boundary, before anything is known about it. Owns the mapping from any serde format;
//! native tests and the wasm boundary fill the same type and so pass the same checks.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::sort_by;

/// JavaScript's largest safe integer. Numbers beyond it are refused, whichever way they came.
pub const SAFE: i64 = 9_007_199_254_740_991;

/// A tree of plain data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `null`, or an absent value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A safe integer.
    Integer(i64),
    /// A number that is a fraction, not finite, or beyond the safe integers.
    OtherNumber,
    /// A text.
    Text(String),
    /// Raw bytes.
    Bytes(Vec<u8>),
    /// An array.
    List(Vec<Value>),
    /// An object, its fields in the order given.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The field of an object.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(fields) => fields
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Puts the fields of every object in order, and leaves out those that are null: what is equal is then written alike.
    pub fn sort_fields(&mut self) {
        match self {
            Self::List(entries) => entries.iter_mut().for_each(Self::sort_fields),
            Self::Map(fields) => {
                fields.retain(|(_, value)| *value != Self::Null);
                for (_, value) in fields.iter_mut() {
                    value.sort_fields();
                }
                sort_by(fields, |one, two| one.0.cmp(&two.0));
            }
            _ => {}
        }
    }

    /// JavaScript's one type of number.
    pub fn from_float(number: f64) -> Self {
        whole(number).map_or(Self::OtherNumber, Self::from_signed)
    }

    fn from_signed(number: i64) -> Self {
        if (-SAFE..=SAFE).contains(&number) {
            Self::Integer(number)
        } else {
            Self::OtherNumber
        }
    }
}

impl Serialize for Value {
    /// As it came. What JSON has no word for is null: nothing that was stored as JSON is any of it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null | Self::OtherNumber | Self::Bytes(_) => serializer.serialize_none(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(entries) => entries.serialize(serializer),
            Self::Map(fields) => {
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("plain data")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::from_signed(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(i64::try_from(number).map_or(Value::OtherNumber, Value::from_signed))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::from_float(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Value, E> {
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Value, E> {
        Ok(Value::Bytes(bytes))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(entry) = entries.next_element()? {
            list.push(entry);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut map = Vec::new();
        while let Some(field) = fields.next_entry()? {
            map.push(field);
        }
        Ok(Value::Map(map))
    }
}

/// The integer that a float stands for exactly, if it does. JavaScript has one number type: `1.0` is `1`.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates; a number that does not survive it unchanged is refused by the bounds"
)]
fn whole(number: f64) -> Option<i64> {
    let is_whole = number.is_finite() && number.trunc() == number;
    is_whole.then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::Value;

    fn read(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn numbers_are_safe_integers_or_refused_later() {
        assert_eq!(
            read("9007199254740991"),
            Value::Integer(9_007_199_254_740_991)
        );
        assert_eq!(read("9007199254740992"), Value::OtherNumber);
        assert_eq!(read("18446744073709551615"), Value::OtherNumber);
        assert_eq!(read("1.0"), Value::Integer(1));
        assert_eq!(read("-0.0"), Value::Integer(0));
        assert_eq!(read("1.5"), Value::OtherNumber);
        assert_eq!(read("1e300"), Value::OtherNumber);
    }
}
