//! Making codes (semantics §21; threat model §4): uniform draws from a stated space, refused up front if the space is
//! too small, with the arithmetic of guessing in the answer. Owns no randomness: bytes are an argument.

use serde::Serialize;

use super::Entropy;
use super::draw::Draw;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{CodeShape, CodeText, Index, Node};

/// Symbols that cannot be misread: no 0 O, 1 I L, U.
const UNAMBIGUOUS: &str = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SHORTEST_AUTO: u32 = 6;
const LONGEST: i64 = 64;
/// An attacker shall need this many guesses for one hit.
const SAFE_GUESSES: u128 = 1_000_000_000;

/// What codes to make.
#[derive(Clone, Debug)]
pub struct GenerationRequest {
    count: usize,
    length: u32,
    symbols: Vec<u8>,
    before: String,
    after: String,
    space: u128,
    pool: u128,
}

/// The codes made.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GeneratedCodes {
    /// Unique among themselves.
    pub codes: Vec<CodeText>,
    /// Random characters in each.
    pub length: u32,
    /// Guesses for one hit on average, in digits.
    pub guesses_per_hit: String,
    /// What the merchant should know.
    pub warnings: Vec<GenerationWarning>,
}

/// Something a merchant should know about a run.
#[derive(Clone, Debug, Serialize)]
#[serde(
    tag = "code",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum GenerationWarning {
    /// The codes can be found by guessing.
    Guessable {
        /// Guesses for one hit on average, in digits.
        guesses_per_hit: String,
    },
}

impl GenerationRequest {
    /// Reads and checks a request, the size of its space included: `key_space_exhausted` before anything is made.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "count",
            "shape",
            "length",
            "charset",
            "prefix",
            "suffix",
            "separator",
            "existing",
            "entropy",
        ])?;
        let count = object.required("count", |count| count.integer(1, 100_000))?;
        let existing = object
            .optional("existing", |existing| {
                existing.integer(0, 1_000_000_000_000)
            })?
            .unwrap_or(0);
        let shape = object
            .optional("shape", CodeShape::parse)?
            .unwrap_or_default();
        let symbols = object
            .optional("charset", charset)?
            .unwrap_or_else(|| match shape {
                CodeShape::Unguessable => UNAMBIGUOUS.into(),
                CodeShape::Short => ALPHANUMERIC.into(),
            });
        let separator = object
            .optional("separator", affix)?
            .unwrap_or_else(|| "-".to_owned());
        let before = object
            .optional("prefix", affix)?
            .filter(|prefix| !prefix.is_empty());
        let after = object
            .optional("suffix", affix)?
            .filter(|suffix| !suffix.is_empty());
        let pool = u128::from(count.unsigned_abs()).saturating_add(existing.unsigned_abs().into());
        let length = object
            .optional("length", length)?
            .unwrap_or(match shape {
                CodeShape::Unguessable => None,
                CodeShape::Short => Some(SHORTEST_AUTO),
            })
            .unwrap_or_else(|| shortest_safe(symbols.len(), pool));
        let space = capacity(symbols.len(), length);
        if space < pool.saturating_mul(2) {
            return Err(Error::new(
                ErrorCode::KeySpaceExhausted,
                object.path().key("count"),
                format!(
                    "is too many: {} codes of this shape exist in all, and at least {} are needed",
                    digits(space),
                    digits(pool.saturating_mul(2))
                ),
            ));
        }
        let request = Self {
            count: usize::try_from(count).unwrap_or(usize::MAX),
            length,
            symbols,
            before: before
                .map(|prefix| match prefix.ends_with(['-', '_']) {
                    true => prefix,
                    false => format!("{prefix}{separator}"),
                })
                .unwrap_or_default(),
            after: after
                .map(|suffix| match suffix.starts_with(['-', '_']) {
                    true => suffix,
                    false => format!("{separator}{suffix}"),
                })
                .unwrap_or_default(),
            space,
            pool,
        };
        if request
            .text(&"A".repeat(usize::try_from(length).unwrap_or(usize::MAX)))
            .is_none()
        {
            return Err(Error::new(
                ErrorCode::InvalidCode,
                object.path().key("length"),
                "makes codes that are longer than 64 characters or do not start with a letter or digit",
            ));
        }
        Ok(request)
    }

    /// One code of 12 symbols (59 bits) for a merchant who left its text blank (S2.34), of 16 (78 bits) where the code
    /// is money.
    pub fn single(is_money: bool) -> Self {
        let length = if is_money { 16 } else { 12 };
        let symbols = UNAMBIGUOUS.as_bytes().to_vec();
        Self {
            count: 1,
            length,
            space: capacity(symbols.len(), length),
            symbols,
            before: String::new(),
            after: String::new(),
            pool: 1,
        }
    }

    /// Draws one code.
    pub fn generate_one(&self, entropy: &mut dyn Entropy) -> Result<CodeText> {
        let random = Draw::new(&self.symbols, entropy).text(self.length)?;
        self.text(&random)
            .ok_or_else(|| Error::new(ErrorCode::InvalidCode, "", "cannot be made of this shape"))
    }

    /// Draws the codes.
    pub fn generate(&self, entropy: &mut dyn Entropy) -> Result<GeneratedCodes> {
        let mut drawn = Index::default();
        let mut codes = Vec::with_capacity(self.count);
        let mut draw = Draw::new(&self.symbols, entropy);
        // The space is at least twice the pool, so that every draw has an even chance or better of being new.
        while codes.len() < self.count {
            let random = draw.text(self.length)?;
            if drawn.insert(&random, codes.len()) {
                codes.extend(self.text(&random));
            }
        }
        let guesses = self.space.checked_div(self.pool).unwrap_or(0);
        let guesses_per_hit = digits(guesses);
        let warnings = (guesses < SAFE_GUESSES).then(|| GenerationWarning::Guessable {
            guesses_per_hit: guesses_per_hit.clone(),
        });
        Ok(GeneratedCodes {
            codes,
            length: self.length,
            guesses_per_hit,
            warnings: warnings.into_iter().collect(),
        })
    }

    fn text(&self, random: &str) -> Option<CodeText> {
        CodeText::from_canonical(format!("{}{random}{}", self.before, self.after))
    }
}

fn capacity(symbols: usize, length: u32) -> u128 {
    u128::try_from(symbols)
        .unwrap_or(u128::MAX)
        .saturating_pow(length)
}

fn shortest_safe(symbols: usize, pool: u128) -> u32 {
    let needed = pool.saturating_mul(SAFE_GUESSES);
    (SHORTEST_AUTO..64)
        .find(|&length| capacity(symbols, length) >= needed)
        .unwrap_or(64)
}

/// In digits. What the standard library has for numbers of this size is a kilobyte of code.
fn digits(number: u128) -> String {
    let mut digits = String::new();
    let mut rest = Some(number);
    while let Some(number) = rest {
        let digit = number % 10;
        digits.insert(
            0,
            u8::try_from(digit).map_or('0', |digit| char::from(b'0' | digit)),
        );
        rest = Some(number / 10).filter(|rest| *rest > 0);
    }
    digits
}

/// `"auto"`, or a number of characters.
fn length(node: &Node<'_>) -> Result<Option<u32>> {
    if node.text().is_ok() {
        return node.word(&[("auto", None)]);
    }
    let length = node.integer(1, LONGEST)?;
    Ok(u32::try_from(length).ok())
}

/// The distinct symbols after upper-casing: `aA` is one.
fn charset(node: &Node<'_>) -> Result<Vec<u8>> {
    let text = node.text()?;
    let is_plain = text.len() <= 256 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let upper = text.to_ascii_uppercase();
    let symbols: Vec<u8> = (b'0'..=b'9')
        .chain(b'A'..=b'Z')
        .filter(|symbol| upper.as_bytes().contains(symbol))
        .collect();
    if !is_plain || symbols.len() < 2 {
        return Err(node.invalid("must be at least two different letters or digits"));
    }
    Ok(symbols)
}

/// A fixed part of a code, in upper case; may be empty.
fn affix(node: &Node<'_>) -> Result<String> {
    let text = node.text()?.trim_matches(' ').to_ascii_uppercase();
    let fits = text.len() <= 63
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if !fits {
        return Err(Error::new(
            ErrorCode::InvalidCode,
            node.path(),
            "must be at most 63 letters, digits, hyphens or underscores",
        ));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
