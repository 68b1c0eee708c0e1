//! A short text that is equal for equal carts, terms and amounts, so that a quote shown can be told from the quote of
//! today (semantics §32, `quote_changed`). Not a secret and not a signature: whoever relies on it evaluates again.

use super::quote::CreditUse;
use crate::discount::Adjustment;
use crate::model::{Cart, sort_by};

/// FNV-1a over a length-prefixed rendering; the order of lines does not count.
pub(super) fn fingerprint(
    cart: &Cart,
    adjustments: &[Adjustment],
    credits: &[CreditUse],
) -> String {
    let mut hash = Hash::new();
    hash.text(cart.currency.as_str());
    hash.number(cart.shipping.minor());
    hash.number(cart.tax.minor());
    let mut lines: Vec<_> = cart.lines.iter().collect();
    sort_by(&mut lines, |one, two| one.id.cmp(&two.id));
    for line in lines {
        hash.text(&line.id);
        hash.number(line.unit_price.minor());
        hash.number(line.quantity);
    }
    for adjustment in adjustments {
        for name in [
            &adjustment.coupon_id,
            &adjustment.rule_id,
            &adjustment.code_id,
        ] {
            hash.text(name.as_deref().unwrap_or_default());
        }
        hash.number(adjustment.version.unwrap_or_default());
        hash.number(adjustment.shipping.minor());
        let mut shares: Vec<_> = adjustment.lines.iter().collect();
        sort_by(&mut shares, |one, two| one.line_id.cmp(&two.line_id));
        for share in shares {
            hash.text(&share.line_id);
            hash.number(share.amount.minor());
        }
    }
    for credit in credits {
        hash.text(&credit.coupon_id);
        hash.number(credit.amount.minor());
    }
    format!("{:016x}", hash.0)
}

struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    fn text(&mut self, text: &str) {
        self.number(i64::try_from(text.len()).unwrap_or(i64::MAX));
        self.bytes(text.as_bytes());
    }

    fn number(&mut self, number: i64) {
        self.bytes(&number.to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
}
