//! What a storage gets to see of customers: everything but a host's own ids is behind a keyed hash, so that who holds the
//! data alone can neither read nor guess an e-mail. Owns which part of a name that is.

use super::CustomerKey;
use super::sha256::{Digest, hmac, sha256};

/// The hash of one shop.
#[derive(Clone, Debug)]
pub struct Identities {
    key: String,
}

impl Identities {
    /// By the host's secret; without one the hash hides, but can be guessed at.
    pub fn new(key: Option<&str>) -> Self {
        Self {
            key: key.unwrap_or_default().to_owned(),
        }
    }

    /// The key as it is stored: an `id` of the host's as it is, any other kind hashed.
    #[must_use]
    pub fn of(&self, key: &CustomerKey) -> CustomerKey {
        let value = match key.kind.as_str() {
            "id" => key.value.clone(),
            kind => format!("h{}", self.digest(&format!("{kind}/{}", key.value))),
        };
        CustomerKey {
            kind: key.kind.clone(),
            value,
        }
    }

    /// Of any text, 32 hexadecimal digits.
    pub fn digest(&self, text: &str) -> String {
        let [first, second, ..] = pairs(hmac(self.key.as_bytes(), text.as_bytes()));
        format!("{first:016x}{second:016x}")
    }
}

/// The first 16 hexadecimal digits of a text's SHA-256.
pub(super) fn short_digest(text: &str) -> String {
    let [first, ..] = pairs(sha256(text.as_bytes()));
    format!("{first:016x}")
}

fn pairs(digest: Digest) -> [u64; 4] {
    let [a, b, c, d, e, f, g, h] = digest.map(u64::from);
    [(a, b), (c, d), (e, f), (g, h)].map(|(high, low)| (high << 32) | low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CounterName, Identifier};

    fn key(kind: &str, value: &str) -> CustomerKey {
        CustomerKey {
            kind: kind.into(),
            value: value.into(),
        }
    }

    #[test]
    fn an_id_is_stored_as_it_is_and_any_other_key_as_its_hash() {
        let identities = Identities::new(Some("Jefe"));
        assert_eq!(identities.of(&key("id", "a/b")), key("id", "a/b"));
        // RFC 4231, test case 2: the text is `{kind}/{value}` of this key, as it were.
        assert_eq!(
            identities.digest("what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c7"
        );
        let stored = identities.of(&key("email", "ann@example.com"));
        assert_eq!(stored.kind, "email");
        assert_eq!(
            stored.value,
            format!("h{}", identities.digest("email/ann@example.com"))
        );
        let of = |secret: Option<&str>, kind: &str| {
            Identities::new(secret)
                .of(&key(kind, "ann@example.com"))
                .value
        };
        assert_ne!(of(Some("Jefe"), "phone"), stored.value);
        assert_ne!(of(None, "email"), stored.value);
        assert_eq!(of(None, "email"), of(Some(""), "email"));
    }

    #[test]
    fn only_the_customer_of_a_name_is_hashed() {
        let identities = Identities::new(None);
        let id = Identifier::new("spring").unwrap();
        let coupon = CounterName::coupon(&id);
        assert_eq!(coupon.stored(&identities), coupon);
        let mail = key("email", "50%/off@example.com");
        assert_eq!(
            coupon.of_customer(&mail).stored(&identities),
            coupon.of_customer(&identities.of(&mail))
        );
        let own = CounterName::first_order().of_customer(&key("id", "50%/off"));
        assert_eq!(own.stored(&identities), own);
    }
}
