//! From entered codes to what they name: a coupon by one of its codes or by its id. Owns which way a code may come;
//! whether it may be used is decided elsewhere.

use super::catalog::Catalog;
use crate::eligibility::{Candidate, Reason};
use crate::model::{Code, CodeText, Coupon, CouponType, EnteredCode, Identifier, Origin, Policy};

/// An entered code, found or not.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// Canonical; `None` if malformed or by id.
    pub(super) code: Option<CodeText>,
    /// What stands behind it.
    pub(super) candidate: std::result::Result<Candidate<'a>, Reason>,
}

/// Finds what an entry names.
pub(super) fn find<'a>(entry: &EnteredCode, catalog: &'a Catalog, policy: &Policy) -> Found<'a> {
    match entry {
        EnteredCode::Blocked => Found {
            code: None,
            candidate: Err(Reason::TooManyAttempts),
        },
        EnteredCode::Coupon(id) => Found {
            code: None,
            candidate: catalog
                .coupon(id)
                .map(|coupon| named(coupon, None))
                .ok_or(Reason::NotFound),
        },
        EnteredCode::Text { text, origin } => {
            let Some(code) = CodeText::canonical(text, policy.inner_space) else {
                let reason = match CodeText::is_readable(text) {
                    true => Reason::NotFound,
                    false => Reason::Malformed,
                };
                return Found {
                    code: None,
                    candidate: Err(reason),
                };
            };
            let may_be_entered = |coupon: CouponType| {
                coupon != CouponType::UrlToken || *origin == Origin::Url || policy.url_token_typed
            };
            let candidate = catalog
                .find(&code)
                .filter(|(coupon, _)| may_be_entered(coupon.kind))
                .map(|(coupon, code)| named(coupon, Some(code)))
                .ok_or(Reason::NotFound);
            Found {
                code: Some(code),
                candidate,
            }
        }
    }
}

fn named<'a>(coupon: &'a Coupon, code: Option<&'a Code>) -> Candidate<'a> {
    Candidate {
        coupon: Some(coupon),
        code,
        rule: None,
    }
}

/// Two entries with the same identity are one entry given twice.
pub(super) type Identity<'a> = (Option<&'a Identifier>, Option<&'a Identifier>);

pub(super) fn identity<'a>(candidate: &Candidate<'a>) -> Identity<'a> {
    (candidate.coupon_id(), candidate.code.map(|code| &code.id))
}
