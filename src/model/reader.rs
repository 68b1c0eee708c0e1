//! Reading typed values out of plain data, each refusal with its path. Owns the mechanics only: which fields exist and
//! what they may hold is said by the types that use it.

use super::{Path, Value};
use crate::error::{Error, ErrorCode, Result};

/// A value and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    value: &'a Value,
    path: Path<'a>,
}

impl<'a> Node<'a> {
    /// The root of an input; `name` is what its paths begin with, empty for a request.
    pub fn root(value: &'a Value, name: &'a str) -> Self {
        Self {
            value,
            path: Path::root(name),
        }
    }

    /// Where this value stands.
    pub fn path(&self) -> &Path<'a> {
        &self.path
    }

    /// The value as it came.
    pub fn value(&self) -> &'a Value {
        self.value
    }

    /// A text, of any length.
    pub fn text(&self) -> Result<&'a str> {
        match self.value {
            Value::Text(text) => Ok(text),
            _ => Err(Error::expected(&self.path, "a text")),
        }
    }

    /// `true` or `false`.
    pub fn flag(&self) -> Result<bool> {
        match self.value {
            Value::Bool(flag) => Ok(*flag),
            _ => Err(Error::expected(&self.path, "true or false")),
        }
    }

    /// A whole number within `least ..= most`.
    pub fn integer(&self, least: i64, most: i64) -> Result<i64> {
        match self.value {
            Value::Integer(number) if (least..=most).contains(number) => Ok(*number),
            Value::Integer(_) => Err(self.out_of_range(least, most)),
            Value::OtherNumber => Err(Error::expected(
                &self.path,
                "a whole number within ±(2^53 − 1)",
            )),
            _ => Err(Error::expected(&self.path, "a whole number")),
        }
    }

    /// The list's entries as they came.
    pub fn values(&self) -> Result<&'a [Value]> {
        match self.value {
            Value::List(entries) => Ok(entries),
            _ => Err(Error::expected(&self.path, "a list")),
        }
    }

    /// The list's entries, `least ..= most` of them, each read by `parse`.
    pub fn list<T>(
        &self,
        least: usize,
        most: usize,
        mut parse: impl FnMut(&Node<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let entries = self.counted_values(least, most)?;
        let mut parsed = Vec::with_capacity(entries.len());
        for (index, value) in entries.iter().enumerate() {
            let path = self.path.index(index);
            parsed.push(parse(&Node { value, path })?);
        }
        Ok(parsed)
    }

    fn counted_values(&self, least: usize, most: usize) -> Result<&'a [Value]> {
        let entries = self.values()?;
        if entries.len() > most {
            return Err(self.too_large(most));
        }
        if entries.len() < least {
            return Err(Error::new(
                ErrorCode::OutOfRange,
                self.path,
                format!("must have at least {least} entries"),
            ));
        }
        Ok(entries)
    }

    /// The entries of an object whose keys are data, at most `most` of them.
    pub fn entries<T>(
        &self,
        most: usize,
        mut parse: impl FnMut(&str, &Node<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let fields = self.fields()?;
        if fields.len() > most {
            return Err(self.too_large(most));
        }
        let mut parsed = Vec::with_capacity(fields.len());
        for (key, value) in fields {
            let path = self.path.key(key);
            parsed.push(parse(key, &Node { value, path })?);
        }
        Ok(parsed)
    }

    fn fields(&self) -> Result<&'a [(String, Value)]> {
        match self.value {
            Value::Map(fields) => Ok(fields),
            _ => Err(Error::expected(&self.path, "an object")),
        }
    }

    /// The field of an object whose other fields nobody knows yet; `None` if it is missing.
    pub fn field<'s>(&'s self, name: &'s str) -> Option<Node<'s>> {
        let path = self.path.key(name);
        self.value.field(name).map(|value| Node { value, path })
    }

    /// The object's fields; any field not in `allowed` is refused.
    pub fn object(&self, allowed: &[&str]) -> Result<Object<'_>> {
        let fields = self.fields()?;
        if let Some((unknown, _)) = fields
            .iter()
            .find(|(key, _)| !allowed.contains(&key.as_str()))
        {
            return Err(Error::new(
                ErrorCode::UnknownField,
                self.path.key(unknown),
                format!("is not a field here; known are {}", listed(allowed)),
            ));
        }
        Ok(Object {
            fields,
            path: self.path,
        })
    }

    /// One of a closed list of words.
    pub fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T> {
        words
            .iter()
            .find(|(name, _)| self.is_text(name))
            .map(|(_, word)| *word)
            .ok_or_else(|| {
                let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
                self.none_of(&names)
            })
    }

    fn is_text(&self, text: &str) -> bool {
        matches!(self.value, Value::Text(own) if own == text)
    }

    fn none_of(&self, names: &[&str]) -> Error {
        let known = format!("one of {}", listed(names));
        match self.value {
            Value::Text(_) => self.invalid(&format!("must be {known}")),
            _ => Error::expected(&self.path, &known),
        }
    }

    /// An `invalid_value` here.
    pub fn invalid(&self, message: &str) -> Error {
        Error::new(ErrorCode::InvalidValue, self.path, message)
    }

    fn too_large(&self, most: usize) -> Error {
        Error::new(
            ErrorCode::TooLarge,
            self.path,
            format!("must have at most {most} entries"),
        )
    }

    fn out_of_range(&self, least: i64, most: i64) -> Error {
        Error::new(
            ErrorCode::OutOfRange,
            self.path,
            format!("must be within {least} … {most}"),
        )
    }
}

/// Names for a message, with commas between them.
fn listed(names: &[&str]) -> String {
    let mut list = String::new();
    for name in names {
        list.push_str(if list.is_empty() { "" } else { ", " });
        list.push_str(name);
    }
    list
}

/// An object whose fields are all known.
#[derive(Clone, Copy, Debug)]
pub struct Object<'a> {
    fields: &'a [(String, Value)],
    path: Path<'a>,
}

impl Object<'_> {
    /// A field that must be there and not be null.
    pub fn required<T>(&self, name: &str, parse: impl FnOnce(&Node<'_>) -> Result<T>) -> Result<T> {
        match &self.given(name) {
            Some(node) => parse(node),
            None => Err(self.missing(name)),
        }
    }

    /// A field that may be absent or null.
    pub fn optional<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&Node<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        match &self.given(name) {
            Some(node) => parse(node).map(Some),
            None => Ok(None),
        }
    }

    /// Whether the field is there at all, be it as null.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Where the object stands.
    pub fn path(&self) -> &Path<'_> {
        &self.path
    }

    fn given<'s>(&'s self, name: &'s str) -> Option<Node<'s>> {
        let path = self.path.key(name);
        self.find(name)
            .filter(|value| **value != Value::Null)
            .map(|value| Node { value, path })
    }

    fn missing(&self, name: &str) -> Error {
        Error::required(&self.path.key(name))
    }

    fn find(&self, name: &str) -> Option<&Value> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value)
    }
}
