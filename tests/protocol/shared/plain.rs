//! Plain data: building and reading `Value`s, their JSON text, and its FNV-1a hash. Knows nothing about coupons.

use coupon_engine::model::Value;

/// An object.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Map(fields.map(|(name, value)| (name.to_owned(), value)).into())
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn int(number: i64) -> Value {
    Value::Integer(number)
}

pub fn maybe_int(number: Option<i64>) -> Value {
    number.map_or(Value::Null, Value::Integer)
}

/// Reads JSON.
pub fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}"))
}

/// A field, `Null` where there is none.
pub fn field<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.field(name).unwrap_or(&Value::Null)
}

/// The entries of a list, none of anything else.
pub fn entries(value: &Value) -> &[Value] {
    match value {
        Value::List(list) => list,
        _ => &[],
    }
}

pub fn text_of(value: &Value) -> &str {
    maybe_text_of(value).unwrap_or_else(|| panic!("no text: {value:?}"))
}

pub fn maybe_text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

pub fn texts_of(value: &Value) -> Vec<String> {
    let texts = entries(value).iter();
    texts.map(|text| text_of(text).to_owned()).collect()
}

pub fn int_of(value: &Value) -> i64 {
    maybe_int_of(value).unwrap_or_else(|| panic!("no integer: {value:?}"))
}

pub fn maybe_int_of(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}

pub fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// Puts a field in the place of the one of this name, or behind the others.
pub fn set(value: &mut Value, name: &str, to: Value) {
    let Value::Map(fields) = value else {
        panic!("no object: {value:?}");
    };
    match fields.iter_mut().find(|(key, _)| key == name) {
        Some((_, old)) => *old = to,
        None => fields.push((name.to_owned(), to)),
    }
}

/// JSON text; equal values have equal texts.
pub fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_else(|error| panic!("{error}"))
}

/// FNV-1a over words of eight bytes, the same on every platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fnv(pub u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    pub fn add(&mut self, text: &str) {
        for word in text.as_bytes().chunks(8) {
            let mut bytes = [0xFF; 8];
            bytes[..word.len()].copy_from_slice(word);
            self.mix(u64::from_le_bytes(bytes));
        }
        self.mix(u64::MAX);
    }

    pub fn add_value(&mut self, value: &Value) {
        match value {
            Value::Null => self.mix(1),
            Value::OtherNumber => self.mix(2),
            Value::Bool(flag) => self.mix(3 + u64::from(*flag)),
            Value::Integer(number) => {
                self.mix(5);
                self.mix(number.cast_unsigned());
            }
            Value::Text(text) => self.add(text),
            Value::Bytes(bytes) => self.mix(bytes.len() as u64),
            Value::List(list) => {
                self.mix(6);
                list.iter().for_each(|one| self.add_value(one));
                self.mix(7);
            }
            Value::Map(fields) => {
                self.mix(8);
                for (name, one) in fields {
                    self.add(name);
                    self.add_value(one);
                }
                self.mix(9);
            }
        }
    }

    fn mix(&mut self, word: u64) {
        // The shift brings what is in the high bits down, where the next product spreads it.
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        self.0 ^= self.0 >> 32;
    }

    pub fn of(text: &str) -> u64 {
        let mut hash = Self::default();
        hash.add(text);
        hash.0
    }
}

/// A line for whoever runs the tests, shown for those that pass too.
pub fn tell(line: &str) {
    use std::io::Write;
    // What is printed by macros is kept back; a line that cannot be written is no failure of a test.
    let _ = writeln!(std::io::stdout(), "{line}");
}
