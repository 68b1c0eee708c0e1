//! Answers as JSON text, which is how they leave the wasm. Owns the writing of the few kinds of value that answers are
//! made of; a float, a tuple or a variant with its name around it is refused, because no answer has one.

use std::fmt::{self, Write};

use serde::Serialize;
use serde::ser::{Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

/// The text of an answer.
pub(crate) fn text_of<T: Serialize>(answer: &T) -> Result<String, fmt::Error> {
    let mut text = String::new();
    answer.serialize(Json { text: &mut text })?;
    Ok(text)
}

/// Where the next value is written.
struct Json<'t> {
    text: &'t mut String,
}

impl<'t> Json<'t> {
    fn open(self, bracket: char) -> Open<'t> {
        self.text.push(bracket);
        Open {
            text: self.text,
            is_empty: true,
        }
    }
}

/// A list or an object that is still being written.
struct Open<'t> {
    text: &'t mut String,
    is_empty: bool,
}

impl Open<'_> {
    /// Where the next entry is written.
    fn entry(&mut self) -> Json<'_> {
        if !self.is_empty {
            self.text.push(',');
        }
        self.is_empty = false;
        Json { text: self.text }
    }

    /// Where the value of the field `name` is written. A name in Rust has nothing to escape.
    fn field(&mut self, name: &str) -> Json<'_> {
        self.text.push_str(if self.is_empty { "\"" } else { ",\"" });
        self.is_empty = false;
        self.text.push_str(name);
        self.text.push_str("\":");
        Json { text: self.text }
    }

    /// Where the value of a key is written.
    fn value(&mut self) -> Json<'_> {
        self.text.push(':');
        Json { text: self.text }
    }
}

fn quote(value: &str, text: &mut String) {
    text.push('"');
    if value.bytes().all(is_plain) {
        text.push_str(value);
    } else {
        for character in value.chars() {
            match character {
                '"' | '\\' => {
                    text.push('\\');
                    text.push(character);
                }
                '\0'..' ' => text.push_str(&format!("\\u{:04x}", u32::from(character))),
                _ => text.push(character),
            }
        }
    }
    text.push('"');
}

fn is_plain(byte: u8) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\'
}

impl<'t> Serializer for Json<'t> {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Open<'t>;
    type SerializeMap = Open<'t>;
    type SerializeStruct = Open<'t>;
    type SerializeTuple = Impossible<(), fmt::Error>;
    type SerializeTupleStruct = Impossible<(), fmt::Error>;
    type SerializeTupleVariant = Impossible<(), fmt::Error>;
    type SerializeStructVariant = Impossible<(), fmt::Error>;

    fn serialize_bool(self, value: bool) -> fmt::Result {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> fmt::Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> fmt::Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> fmt::Result {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> fmt::Result {
        write!(self.text, "{value}")
    }

    fn serialize_u8(self, value: u8) -> fmt::Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> fmt::Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> fmt::Result {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> fmt::Result {
        write!(self.text, "{value}")
    }

    fn serialize_f32(self, _: f32) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_f64(self, _: f64) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_char(self, value: char) -> fmt::Result {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> fmt::Result {
        quote(value, self.text);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_none(self) -> fmt::Result {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_unit(self) -> fmt::Result {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> fmt::Result {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> fmt::Result {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> fmt::Result {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> fmt::Result {
        Err(fmt::Error)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'t>, fmt::Error> {
        Ok(self.open('['))
    }

    fn collect_seq<I>(self, entries: I) -> fmt::Result
    where
        I: IntoIterator<Item: Serialize>,
    {
        let mut list = self.open('[');
        for entry in entries {
            entry.serialize(list.entry())?;
        }
        SerializeSeq::end(list)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Open<'t>, fmt::Error> {
        Ok(self.open('{'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'t>, fmt::Error> {
        Ok(self.open('{'))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, fmt::Error> {
        Err(fmt::Error)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, fmt::Error> {
        Err(fmt::Error)
    }
}

impl SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        value.serialize(self.entry())
    }

    fn end(self) -> fmt::Result {
        self.text.push(']');
        Ok(())
    }
}

impl SerializeMap for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> fmt::Result {
        key.serialize(self.entry())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> fmt::Result {
        value.serialize(self.value())
    }

    fn end(self) -> fmt::Result {
        self.text.push('}');
        Ok(())
    }
}

impl SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> fmt::Result {
        value.serialize(self.field(name))
    }

    fn end(self) -> fmt::Result {
        SerializeMap::end(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        let every: String = ('\0'..='\u{2fff}')
            .chain(['\u{fffd}', '\u{10ffff}'])
            .collect();
        for text in ["", "plain", "\"", "\\u0041", "a\nb\u{7f}", every.as_str()] {
            let read: String = serde_json::from_str(&text_of(&text).unwrap()).unwrap();
            assert_eq!(read, text);
        }
    }

    #[test]
    fn is_what_serde_json_writes() {
        let answer = serde_json::json!({
            "list": [1, -2, 9_007_199_254_740_991_i64, []],
            "object": { "a \"key\"": null, "empty": {} },
            "flags": [true, false],
        });
        assert_eq!(text_of(&answer).unwrap(), answer.to_string());
    }

    #[test]
    fn floats_are_refused() {
        assert!(text_of(&1.5).is_err());
    }
}
