//! What the engine says as plain data, without a text in between. Owns the few kinds of value that answers are made of;
//! what no answer has is refused, as the engine's own writer does.

use std::fmt;

use coupon_engine::model::{SAFE, Value};
use serde::Serialize;
use serde::ser::{Error as _, Impossible, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

/// The same as writing it as JSON and reading that.
pub fn tree_of(said: &impl Serialize) -> Value {
    said.serialize(Tree)
        .unwrap_or_else(|error| panic!("{error}"))
}

struct Tree;

/// What no answer has.
#[derive(Debug)]
struct Foreign(String);

impl fmt::Display for Foreign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Foreign {}

impl serde::ser::Error for Foreign {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Result<T> = std::result::Result<T, Foreign>;

/// A list that is being made.
struct List(Vec<Value>);

/// An object that is being made, and the name of the field to come.
struct Map {
    fields: Vec<(String, Value)>,
    name: String,
}

fn map(length: usize) -> Map {
    Map {
        fields: Vec::with_capacity(length),
        name: String::new(),
    }
}

fn whole(number: impl TryInto<i64>) -> Result<Value> {
    let number = number.try_into().ok();
    let safe = number.filter(|number| (-SAFE..=SAFE).contains(number));
    Ok(safe.map_or(Value::OtherNumber, Value::Integer))
}

fn foreign<T>(what: &str) -> Result<T> {
    Err(Foreign::custom(format!("no answer has {what}")))
}

impl Serializer for Tree {
    type Ok = Value;
    type Error = Foreign;
    type SerializeSeq = List;
    type SerializeMap = Map;
    type SerializeStruct = Map;
    type SerializeTuple = Impossible<Value, Foreign>;
    type SerializeTupleStruct = Impossible<Value, Foreign>;
    type SerializeTupleVariant = Impossible<Value, Foreign>;
    type SerializeStructVariant = Impossible<Value, Foreign>;

    fn serialize_bool(self, flag: bool) -> Result<Value> {
        Ok(Value::Bool(flag))
    }

    fn serialize_i8(self, number: i8) -> Result<Value> {
        whole(number)
    }

    fn serialize_i16(self, number: i16) -> Result<Value> {
        whole(number)
    }

    fn serialize_i32(self, number: i32) -> Result<Value> {
        whole(number)
    }

    fn serialize_i64(self, number: i64) -> Result<Value> {
        whole(number)
    }

    fn serialize_u8(self, number: u8) -> Result<Value> {
        whole(number)
    }

    fn serialize_u16(self, number: u16) -> Result<Value> {
        whole(number)
    }

    fn serialize_u32(self, number: u32) -> Result<Value> {
        whole(number)
    }

    fn serialize_u64(self, number: u64) -> Result<Value> {
        whole(number)
    }

    fn serialize_f32(self, _: f32) -> Result<Value> {
        foreign("a fraction")
    }

    fn serialize_f64(self, _: f64) -> Result<Value> {
        foreign("a fraction")
    }

    fn serialize_char(self, value: char) -> Result<Value> {
        Ok(Value::Text(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Value> {
        Ok(Value::Text(value.to_owned()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value> {
        foreign("bytes")
    }

    fn serialize_none(self) -> Result<Value> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Value> {
        foreign("a variant with its name around it")
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List> {
        Ok(List(Vec::with_capacity(length.unwrap_or(0))))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Map> {
        Ok(map(length.unwrap_or(0)))
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Map> {
        Ok(map(length))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple> {
        foreign("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct> {
        foreign("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        foreign("a tuple")
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant> {
        foreign("a variant with its name around it")
    }
}

impl SerializeSeq for List {
    type Ok = Value;
    type Error = Foreign;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.0.push(value.serialize(Tree)?);
        Ok(())
    }

    fn end(self) -> Result<Value> {
        Ok(Value::List(self.0))
    }
}

impl SerializeMap for Map {
    type Ok = Value;
    type Error = Foreign;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        match key.serialize(Tree)? {
            Value::Text(name) => self.name = name,
            _ => return foreign("a key that is no text"),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let name = std::mem::take(&mut self.name);
        self.fields.push((name, value.serialize(Tree)?));
        Ok(())
    }

    fn end(self) -> Result<Value> {
        Ok(Value::Map(self.fields))
    }
}

impl SerializeStruct for Map {
    type Ok = Value;
    type Error = Foreign;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<()> {
        self.fields.push((name.to_owned(), value.serialize(Tree)?));
        Ok(())
    }

    fn end(self) -> Result<Value> {
        Ok(Value::Map(self.fields))
    }
}
