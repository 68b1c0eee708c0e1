//! Defining coupons and codes: the checks that need the shop's policy, ids and generated texts. The checks of single
//! fields are the model's.

use serde::Serialize;

use crate::code::{Entropy, GenerationRequest, random_identifier};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    Code, Coupon, Discount, Identifier, Index, Instant, Node, Policy, Value, value_of,
};

/// Inline codes in one definition.
const MOST_CODES: usize = 10_000;

/// A checked coupon and its codes, ready to be stored.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Defined {
    /// The coupon.
    pub coupon: Coupon,
    /// The code that is the coupon's own; a pool has none, its code is a prefix (S0.16).
    pub own_code: Option<Code>,
    /// The codes given along with it.
    pub codes: Vec<Code>,
}

/// Checks a merchant's definition (S0.3 – S0.9, S2.15 – S2.34).
pub fn define_coupon(
    node: &Node<'_>,
    policy: &Policy,
    now: Instant,
    entropy: &mut impl Entropy,
) -> Result<Defined> {
    let new_id = random_identifier("coupon_", entropy)?;
    let coupon = Coupon::define(node, Some(new_id), now)?;
    check_percentage(node, &coupon, policy)?;
    let own_code = match &coupon.code {
        Some(code) if coupon.kind.own_code_redeems() => {
            let id = random_identifier("code_", entropy)?;
            Some(Code::plain(id, coupon.id.clone(), code.clone(), now))
        }
        _ => None,
    };
    let mut ids = Index::default();
    let codes = Coupon::definition_fields(node)?.optional("codes", |codes| {
        codes.list(0, MOST_CODES, |code| {
            let defined = define_code(code, &coupon.id, now, entropy)?;
            if !ids.insert(defined.id.as_str(), 0) {
                return Err(Error::new(
                    ErrorCode::Duplicate,
                    code.path().key("id"),
                    "is the id of an earlier code",
                ));
            }
            Ok(defined)
        })
    })?;
    Ok(Defined {
        coupon,
        own_code,
        codes: codes.unwrap_or_default(),
    })
}

/// Checks codes that are added to a coupon: `{ couponId, codes, batch }`.
pub fn define_codes(
    node: &Node<'_>,
    now: Instant,
    entropy: &mut impl Entropy,
) -> Result<Vec<Code>> {
    let object = node.object(&["couponId", "codes", "batch"])?;
    let coupon_id = object.required("couponId", Identifier::parse)?;
    let batch = object.optional("batch", |batch| batch.integer(1, 1_000_000_000))?;
    let codes = object.required("codes", |codes| {
        codes.list(0, MOST_CODES, |code| {
            define_code(code, &coupon_id, now, entropy)
        })
    })?;
    Ok(codes
        .into_iter()
        .map(|code| Code { batch, ..code })
        .collect())
}

fn define_code(
    node: &Node<'_>,
    coupon_id: &Identifier,
    now: Instant,
    entropy: &mut impl Entropy,
) -> Result<Code> {
    let id = random_identifier("code_", entropy)?;
    Code::define(
        node,
        coupon_id,
        now,
        || {
            let single = value_of(&[("count", Value::Integer(1)), ("length", Value::Integer(12))]);
            let request = GenerationRequest::parse(&Node::root(&single, ""))?;
            let mut generated = request.generate(entropy)?.codes;
            generated.pop().ok_or_else(|| Error::required(node.path()))
        },
        |_| Ok(id),
    )
}

fn check_percentage(node: &Node<'_>, coupon: &Coupon, policy: &Policy) -> Result<()> {
    match &coupon.discount {
        Some(Discount::Percent { basis_points, .. })
            if basis_points.get() < policy.min_basis_points =>
        {
            let discount = node.path().key("discount");
            Err(Error::new(
                ErrorCode::OutOfRange,
                discount.key("basisPoints"),
                format!("must be within {} … 10000", policy.min_basis_points),
            ))
        }
        _ => Ok(()),
    }
}
