//! Whether two effects may stand together (semantics §7): both sides must agree. Owns what counts as agreement.

use super::effect::Effect;
use crate::model::CombinesWith;

/// Which others one side tolerates, and by what it is named itself.
struct Consent<'a> {
    category: Option<&'a str>,
    combines_with: &'a CombinesWith,
}

impl<'a> Effect<'a> {
    /// Whether the two may not stand together.
    pub(super) fn conflicts_with(&self, other: &Effect<'_>) -> bool {
        let are_entered = self.is_entered() && other.is_entered();
        let are_one_entry = are_entered && self.source == other.source;
        // An exclusive coupon stands alone among coupons; automatic discounts are a matter of consent.
        if are_entered && !are_one_entry && (self.is_exclusive() || other.is_exclusive()) {
            return true;
        }
        !self.tolerates(other, are_one_entry) || !other.tolerates(self, are_one_entry)
    }

    /// How the merchant's limits count it: at most the coupon's and the rule's category.
    pub(super) fn categories(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.consents(false).filter_map(|consent| consent.category)
    }

    fn is_exclusive(&self) -> bool {
        self.candidate.coupon.is_some_and(|coupon| coupon.exclusive)
    }

    /// Between effects of one entry only the rules have a say: a coupon cannot refuse itself.
    fn tolerates(&self, other: &Effect<'_>, are_one_entry: bool) -> bool {
        self.consents(are_one_entry).all(|mine| {
            matches!(mine.combines_with, CombinesWith::All)
                || other
                    .consents(are_one_entry)
                    .any(|theirs| mine.combines_with.tolerates(theirs.category))
        })
    }

    fn consents(&self, of_rules_only: bool) -> impl Iterator<Item = Consent<'a>> + use<'a> {
        let coupon = self.candidate.coupon.filter(|_| !of_rules_only);
        let of_coupon = coupon.map(|coupon| Consent {
            category: coupon.category.as_deref(),
            combines_with: &coupon.combines_with,
        });
        let of_rule = self.candidate.rule.map(|rule| Consent {
            category: rule.category.as_deref(),
            combines_with: &rule.combines_with,
        });
        [of_coupon, of_rule].into_iter().flatten()
    }
}
