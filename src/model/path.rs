//! Where in the input a value stands, written only when something is wrong there. Owns the spelling of paths.

use std::fmt;

use crate::json::text_of;

/// A chain of segments on the stack: costs nothing until it is displayed.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    segment: Segment<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Segment<'a> {
    Root(&'a str),
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The start of a path; an empty name for the input as a whole.
    pub const fn root(name: &'a str) -> Self {
        Self {
            parent: None,
            segment: Segment::Root(name),
        }
    }

    /// The field `key` below this path.
    pub const fn key(&'a self, key: &'a str) -> Self {
        Self {
            parent: Some(self),
            segment: Segment::Key(key),
        }
    }

    /// The entry `index` below this path.
    pub const fn index(&'a self, index: usize) -> Self {
        Self {
            parent: Some(self),
            segment: Segment::Index(index),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
        }
        match self.segment {
            Segment::Root(name) => f.write_str(name),
            Segment::Index(index) => write!(f, "[{index}]"),
            Segment::Key(key) if !is_word(key) => write!(f, "[{}]", text_of(&key)?),
            Segment::Key(key) => match self.parent {
                Some(Path {
                    segment: Segment::Root(""),
                    ..
                })
                | None => f.write_str(key),
                Some(_) => write!(f, ".{key}"),
            },
        }
    }
}

fn is_word(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn is_spelled_as_a_developer_would() {
        let root = Path::root("");
        let cart = root.key("cart");
        let lines = cart.key("lines");
        let line = lines.index(2);
        assert_eq!(line.key("quantity").to_string(), "cart.lines[2].quantity");
        assert_eq!(root.key("a b").to_string(), "[\"a b\"]");
        let answer = Path::root("storage.catalog.find");
        assert_eq!(
            answer.key("coupons").to_string(),
            "storage.catalog.find.coupons"
        );
    }
}
