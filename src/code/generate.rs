//! Making codes (semantics §21; threat model §4): uniform draws from a stated space, refused up front if the space is
//! too small, with the arithmetic of guessing in the answer. Owns no randomness: bytes are an argument.

use serde::Serialize;

use super::Entropy;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{CodeShape, CodeText, Identifier, Index, Node};

/// Symbols that cannot be misread: no 0 O, 1 I L, U.
const UNAMBIGUOUS: &str = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const IDENTIFIER_SYMBOLS: &[u8] = b"0123456789abcdefghijklmnopqrstuv";
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
                    "is too many: {space} codes of this shape exist in all, and at least {} are needed",
                    pool.saturating_mul(2)
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

    /// One code of 12 symbols (59 bits), for a merchant who left its text blank (S2.34).
    pub fn single() -> Self {
        let (length, symbols) = (12, UNAMBIGUOUS.as_bytes().to_vec());
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
    pub fn generate_one(&self, entropy: &mut impl Entropy) -> Result<CodeText> {
        let random = Draw::new(&self.symbols, entropy).text(self.length)?;
        self.text(&random)
            .ok_or_else(|| Error::new(ErrorCode::InvalidCode, "", "cannot be made of this shape"))
    }

    /// Draws the codes.
    pub fn generate(&self, entropy: &mut impl Entropy) -> Result<GeneratedCodes> {
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
        let guesses_per_hit = guesses.to_string();
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

/// An id such as `coupon_` and 16 random symbols (80 bits).
pub fn random_identifier(prefix: &str, entropy: &mut impl Entropy) -> Result<Identifier> {
    let random = Draw::new(IDENTIFIER_SYMBOLS, entropy).text(16)?;
    Identifier::new(&format!("{prefix}{random}"))
        .ok_or_else(|| Error::new(ErrorCode::InvalidValue, "", "has no room for an id"))
}

/// Uniform draws of symbols: bytes beyond the largest multiple of the alphabet's size are thrown away, so that no symbol
/// comes more often than another.
struct Draw<'a, E> {
    symbols: &'a [u8],
    accepted_below: usize,
    entropy: &'a mut E,
    block: [u8; 16],
    next: usize,
}

impl<'a, E: Entropy> Draw<'a, E> {
    fn new(symbols: &'a [u8], entropy: &'a mut E) -> Self {
        let excess = 256_usize.checked_rem(symbols.len()).unwrap_or(0);
        Self {
            symbols,
            accepted_below: 256_usize.saturating_sub(excess),
            entropy,
            block: [0; 16],
            next: 16,
        }
    }

    fn text(&mut self, length: u32) -> Result<String> {
        (0..length).map(|_| self.symbol()).collect()
    }

    fn symbol(&mut self) -> Result<char> {
        loop {
            let byte = usize::from(self.byte()?);
            if byte < self.accepted_below {
                let index = byte.checked_rem(self.symbols.len()).unwrap_or(0);
                return Ok(self.symbols.get(index).copied().map_or('0', char::from));
            }
        }
    }

    fn byte(&mut self) -> Result<u8> {
        if self.next >= self.block.len() {
            self.entropy.fill(&mut self.block)?;
            self.next = 0;
        }
        let byte = self.block.get(self.next).copied().unwrap_or(0);
        self.next = self.next.saturating_add(1);
        Ok(byte)
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
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::Value;

    /// A deterministic stand-in, for tests only: SplitMix64.
    struct Seeded(u64);

    impl Entropy for Seeded {
        fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
            for chunk in buffer.chunks_mut(8) {
                self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
                let mut mixed = self.0;
                mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                mixed ^= mixed >> 31;
                chunk.copy_from_slice(&mixed.to_le_bytes()[..chunk.len()]);
            }
            Ok(())
        }
    }

    fn generate(json: &str) -> Result<GeneratedCodes> {
        let value: Value = serde_json::from_str(json).unwrap();
        GenerationRequest::parse(&Node::root(&value, ""))?.generate(&mut Seeded(7))
    }

    #[test]
    fn s0_15_the_guide_s_shape() {
        let made = generate(
            r#"{"count":500,"length":6,"charset":"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789","prefix":"SUMMER20"}"#,
        )
        .unwrap();
        let unique: BTreeSet<_> = made.codes.iter().collect();
        assert_eq!(unique.len(), 500);
        for code in &made.codes {
            let random = code.as_str().strip_prefix("SUMMER20-").unwrap();
            assert_eq!(random.len(), 6);
            assert!(
                random
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            );
        }
        assert_eq!(made.guesses_per_hit, (36_u128.pow(6) / 500).to_string());
        assert_eq!(made.warnings.len(), 1);
    }

    #[test]
    fn s3_23_length_leaves_prefix_and_suffix_out() {
        let made =
            generate(r#"{"count":3,"length":5,"prefix":"A","suffix":"Z","separator":""}"#).unwrap();
        for code in &made.codes {
            assert_eq!(code.as_str().len(), 7);
            assert!(code.as_str().starts_with('A') && code.as_str().ends_with('Z'));
        }
    }

    #[test]
    fn s3_21_an_affix_that_brings_its_separator_gets_no_second_one() {
        let made = generate(r#"{"count":1,"length":5,"prefix":"A-","suffix":"_Z"}"#).unwrap();
        assert_eq!(made.codes[0].as_str().len(), 9);
        assert!(made.codes[0].as_str().starts_with("A-") && made.codes[0].as_str().ends_with("_Z"));
    }

    #[test]
    fn auto_length_makes_guessing_hopeless() {
        let made = generate(r#"{"count":1000}"#).unwrap();
        assert_eq!(made.length, 9);
        assert!(made.guesses_per_hit.parse::<u128>().unwrap() >= SAFE_GUESSES);
        assert!(made.warnings.is_empty());
    }

    #[test]
    fn semantics_21_a_space_too_small_is_refused_before_anything_is_made() {
        let refused = generate(r#"{"count":513,"length":5,"charset":"abcd"}"#).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::KeySpaceExhausted);
        assert_eq!(
            generate(r#"{"count":512,"length":5,"charset":"abcdABCD"}"#)
                .unwrap()
                .codes
                .len(),
            512
        );
        let with_existing = generate(r#"{"count":1,"existing":512,"length":5,"charset":"abcd"}"#);
        assert_eq!(
            with_existing.unwrap_err().code(),
            ErrorCode::KeySpaceExhausted
        );
    }

    #[test]
    fn c4_symbols_are_uniform() {
        // Chi-square over 36 symbols, 35 degrees of freedom: 66.6 is exceeded once in a thousand uniform samples.
        let json =
            r#"{"count":50000,"length":20,"charset":"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"}"#;
        let mut seen = [0_u64; 256];
        for code in generate(json).unwrap().codes {
            for byte in code.as_str().bytes() {
                seen[usize::from(byte)] += 1;
            }
        }
        let expected = 1_000_000 / 36;
        let chi_square: u64 = seen
            .iter()
            .filter(|&&count| count > 0)
            .map(|&count| count.abs_diff(expected).pow(2) / expected)
            .sum();
        assert!(chi_square < 67, "chi-square {chi_square}");
    }

    #[test]
    fn c4_short_or_constant_entropy_is_refused() {
        use super::super::GivenBytes;
        assert!(GivenBytes::new(&[1, 2, 3]).is_err());
        assert!(GivenBytes::new(&[7; 64]).is_err());
        let bytes: Vec<u8> = (0..32).collect();
        let value: Value = serde_json::from_str(r#"{"count":10,"length":8}"#).unwrap();
        let request = GenerationRequest::parse(&Node::root(&value, "")).unwrap();
        let refused = request
            .generate(&mut GivenBytes::new(&bytes).unwrap())
            .unwrap_err();
        assert_eq!(refused.code(), ErrorCode::EntropyUnavailable);
    }
}
