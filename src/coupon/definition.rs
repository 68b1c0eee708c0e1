//! Defining coupons and codes: the checks that need the shop's policy, ids and generated texts. The checks of single
//! fields are the model's.

use serde::Serialize;

use crate::code::{Entropy, GenerationRequest, random_identifier};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Code, Coupon, Discount, Identifier, Index, Instant, Node, Path, Policy};

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
    refuse_small_percentage(node, &coupon, policy)?;
    let own_code = match &coupon.code {
        Some(code) if coupon.kind.own_code_redeems() => {
            let id = random_identifier("code_", entropy)?;
            Some(Code::plain(id, coupon.id.clone(), code.clone(), now))
        }
        _ => None,
    };
    let codes = Coupon::definition_fields(node)?.optional("codes", |codes| {
        let defined = codes.list(0, MOST_CODES, |code| {
            let defined = define_code(code, &coupon.id, now, entropy)?;
            coupon.refuse_prefix(&defined.code, code.path())?;
            Ok(defined)
        })?;
        each_id_once(codes.path(), &defined)?;
        Ok(defined)
    })?;
    Ok(Defined {
        coupon,
        own_code,
        codes: codes.unwrap_or_default(),
    })
}

/// Checks codes that are added to a stored coupon: `{ coupon, codes, batch }`.
pub fn define_codes(
    node: &Node<'_>,
    now: Instant,
    entropy: &mut impl Entropy,
) -> Result<Vec<Code>> {
    let object = node.object(&["coupon", "codes", "batch"])?;
    let coupon = object.required("coupon", |coupon| {
        Coupon::from_record(coupon).map_err(Error::in_storage_answer)
    })?;
    let batch = object.optional("batch", |batch| batch.integer(1, 1_000_000_000))?;
    object.required("codes", |codes| {
        codes.list(0, MOST_CODES, |code| {
            let defined = define_code(code, &coupon.id, now, entropy)?;
            coupon.refuse_prefix(&defined.code, code.path())?;
            Ok(Code { batch, ..defined })
        })
    })
}

fn each_id_once(path: &Path<'_>, codes: &[Code]) -> Result<()> {
    let mut seen = Index::default();
    for (place, code) in codes.iter().enumerate() {
        if !seen.insert(code.id.as_str(), place) {
            return Err(Error::new(
                ErrorCode::Duplicate,
                path.index(place).key("id"),
                "is the id of an earlier code",
            ));
        }
    }
    Ok(())
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
        || GenerationRequest::single().generate_one(entropy),
        |_| Ok(id),
    )
}

fn refuse_small_percentage(node: &Node<'_>, coupon: &Coupon, policy: &Policy) -> Result<()> {
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
