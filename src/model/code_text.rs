//! The canonical form of a code (semantics §19, invariant C3): one function for storing, importing, comparing and
//! links. ASCII in the end, so that no Unicode table, locale or collation can ever disagree.

use serde::Serialize;

use super::Node;
use crate::error::{Error, ErrorCode, Result};

/// Longest text looked at, in UTF-16 code units; anything longer is refused before any work.
const MOST_ENTERED: usize = 256;
const MOST_CANONICAL: usize = 64;

/// A canonical code: `[A-Z0-9][A-Z0-9_-]{0,63}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CodeText(String);

/// What a space inside a code means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InnerSpace {
    /// Nothing: it is left out.
    #[default]
    Remove,
    /// That this is no code.
    Reject,
}

impl InnerSpace {
    /// Reads the setting.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[("remove", Self::Remove), ("reject", Self::Reject)])
    }
}

impl CodeText {
    /// Whether a text is short enough to be looked at.
    pub fn is_readable(entered: &str) -> bool {
        // A UTF-16 unit is at most 3 bytes of UTF-8, so a text of more bytes than this needs no counting.
        entered.len() <= MOST_ENTERED.saturating_mul(3)
            && entered.encode_utf16().count() <= MOST_ENTERED
    }

    /// The canonical form of what somebody typed, pasted or imported; `None` if it cannot be a code.
    pub fn canonical(entered: &str, inner_space: InnerSpace) -> Option<Self> {
        if !Self::is_readable(entered) {
            return None;
        }
        let folded: String = entered.chars().filter_map(fold).collect();
        let trimmed = folded.trim_matches(' ');
        match inner_space {
            InnerSpace::Reject if trimmed.contains(' ') => None,
            InnerSpace::Reject | InnerSpace::Remove => {
                Self::from_canonical(trimmed.replace(' ', ""))
            }
        }
    }

    /// The code, if the text is in canonical form already.
    pub fn from_canonical(text: String) -> Option<Self> {
        let fits = (1..=MOST_CANONICAL).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(is_symbol);
        fits.then_some(Self(text))
    }

    /// Reads a code a merchant defines, in any spelling.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        Self::canonical(node.text()?, InnerSpace::Remove).ok_or_else(|| {
            Error::new(
                ErrorCode::InvalidCode,
                node.path(),
                "must be 1 … 64 letters, digits, hyphens or underscores, a letter or digit first",
            )
        })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a byte may stand in a canonical code.
fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
}

/// One character on its way to ASCII: `None` for what is invisible.
fn fold(c: char) -> Option<char> {
    let folded = match c {
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{00AD}' => return None,
        '\u{FF01}'..='\u{FF5E}' => u32::from(c)
            .checked_sub(0xFEE0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        '\u{0009}'..='\u{000D}'
        | '\u{0085}'
        | '\u{00A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' => '-',
        _ => c,
    };
    Some(folded.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(entered: &str) -> Option<String> {
        CodeText::canonical(entered, InnerSpace::Remove).map(|code| code.as_str().to_owned())
    }

    #[test]
    fn semantics_19_spellings_of_one_code() {
        for entered in [
            "SUMMER-20",
            " summer-20 ",
            "SUMMER\u{2011}20",
            "ＳＵＭＭＥＲ－２０",
            "SUM\u{200B}MER-20",
            "\u{202A}Summer - 20\u{202C}",
            "\u{FEFF}summer\u{00A0}-\u{3000}20\t",
        ] {
            assert_eq!(
                canonical(entered).as_deref(),
                Some("SUMMER-20"),
                "{entered:?}"
            );
        }
    }

    #[test]
    fn semantics_19_what_cannot_be_a_code() {
        for entered in [
            "",
            "   ",
            "-A",
            "_A",
            "ıstanbul",
            "İSTANBUL",
            "A.B",
            "DANKEFÜR100",
            "А20",
        ] {
            assert_eq!(canonical(entered), None, "{entered:?}");
        }
        assert_eq!(canonical(&"A".repeat(64)).map(|code| code.len()), Some(64));
        assert_eq!(canonical(&"A".repeat(65)), None);
        assert_eq!(canonical(&" ".repeat(10_000)), None);
        let padded = format!("A{}", " ".repeat(255));
        assert_eq!(canonical(&padded).as_deref(), Some("A"));
        assert_eq!(canonical(&format!("{padded} ")), None);
    }

    #[test]
    fn inner_spaces_are_removed_or_refused() {
        assert_eq!(canonical("AB CD").as_deref(), Some("ABCD"));
        assert_eq!(CodeText::canonical("AB CD", InnerSpace::Reject), None);
        assert!(CodeText::canonical(" ABCD ", InnerSpace::Reject).is_some());
    }
}
