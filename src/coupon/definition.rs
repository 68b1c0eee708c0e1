//! Defining coupons, codes and rules: the checks that need the shop's policy or several fields, ids and generated texts.
//! The checks of single fields are the model's.

use serde::Serialize;

use crate::code::{Entropy, GenerationRequest, random_identifier};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{
    Code, Coupon, Discount, DiscountValue, Index, Instant, Node, Path, Policy, Rule,
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
    /// Which of them do not look like the coupon's template says (S3.7).
    pub mismatches: Vec<usize>,
}

/// Checked codes, ready to be stored.
#[derive(Clone, Debug, Serialize)]
pub struct DefinedCodes {
    /// In the order given.
    pub codes: Vec<Code>,
    /// Which of them do not look like the coupon's template says (S3.7).
    pub mismatches: Vec<usize>,
}

/// Checks a merchant's definition (S0.3 – S0.9, S2.15 – S2.34).
pub fn define_coupon(
    node: &Node<'_>,
    policy: &Policy,
    now: Instant,
    entropy: &mut dyn Entropy,
) -> Result<Defined> {
    let new_id = random_identifier("coupon_", entropy)?;
    let coupon = Coupon::define(node, Some(new_id), now)?;
    if let Some(discount) = &coupon.discount {
        refuse_small_percentage(discount, node.path(), policy)?;
    }
    let own_code = match &coupon.code {
        Some(code) if coupon.kind.own_code_redeems() => {
            let id = random_identifier("code_", entropy)?;
            Some(Code::plain(id, coupon.id.clone(), code.clone(), now))
        }
        _ => None,
    };
    let codes = Coupon::definition_fields(node)?.optional("codes", |codes| {
        let defined = codes.list(0, MOST_CODES, |code| {
            define_code(code, &coupon, now, entropy)
        })?;
        each_id_once(codes.path(), &defined)?;
        Ok(defined)
    })?;
    let codes = codes.unwrap_or_default();
    Ok(Defined {
        mismatches: mismatches(&coupon, &codes),
        coupon,
        own_code,
        codes,
    })
}

/// Checks codes that are added to a stored coupon: `{ coupon, codes, batch }`.
pub fn define_codes(
    node: &Node<'_>,
    now: Instant,
    entropy: &mut dyn Entropy,
) -> Result<DefinedCodes> {
    let object = node.object(&["coupon", "codes", "batch"])?;
    let coupon = object.required("coupon", |coupon| {
        Coupon::from_record(coupon).map_err(Error::in_storage_answer)
    })?;
    let batch = object.optional("batch", |batch| batch.integer(1, 1_000_000_000))?;
    let codes = object.required("codes", |codes| {
        codes.list(0, MOST_CODES, |code| {
            let defined = define_code(code, &coupon, now, entropy)?;
            Ok(Code { batch, ..defined })
        })
    })?;
    Ok(DefinedCodes {
        mismatches: mismatches(&coupon, &codes),
        codes,
    })
}

/// Checks a merchant's rule (semantics §32).
pub fn define_rule(
    node: &Node<'_>,
    policy: &Policy,
    now: Instant,
    entropy: &mut dyn Entropy,
) -> Result<Rule> {
    let new_id = random_identifier("rule_", entropy)?;
    let rule = Rule::define(node, Some(new_id), now)?;
    if let Some(discount) = &rule.discount {
        refuse_small_percentage(discount, node.path(), policy)?;
    }
    Ok(rule)
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
    coupon: &Coupon,
    now: Instant,
    entropy: &mut dyn Entropy,
) -> Result<Code> {
    let id = random_identifier("code_", entropy)?;
    let is_money = coupon
        .discount
        .as_ref()
        .is_some_and(Discount::is_store_credit);
    let defined = Code::define(
        node,
        &coupon.id,
        now,
        &mut || GenerationRequest::single(is_money).generate_one(entropy),
        &|_| Ok(id.clone()),
    )?;
    coupon.refuse_prefix(&defined.code, node.path())?;
    Ok(defined)
}

fn mismatches(coupon: &Coupon, codes: &[Code]) -> Vec<usize> {
    let Some(template) = &coupon.template else {
        return Vec::new();
    };
    let places = codes.iter().enumerate();
    places
        .filter(|(_, code)| !template.fits(&code.code))
        .map(|(place, _)| place)
        .collect()
}

/// Refuses percentages below the shop's least, a tier's among them. `path` is the coupon's or rule's.
pub(super) fn refuse_small_percentage(
    discount: &Discount,
    path: &Path<'_>,
    policy: &Policy,
) -> Result<()> {
    let path = path.key("discount");
    let DiscountValue::Tiers(tiers) = &discount.value else {
        return refuse_below(policy.min_basis_points, &discount.value, &path);
    };
    let path = path.key("tiers");
    for (place, tier) in tiers.tiers.iter().enumerate() {
        let path = path.index(place);
        refuse_below(
            policy.min_basis_points,
            &tier.discount,
            &path.key("discount"),
        )?;
    }
    Ok(())
}

fn refuse_below(least: i64, value: &DiscountValue, path: &Path<'_>) -> Result<()> {
    match value {
        DiscountValue::Percent { basis_points, .. } if basis_points.get() < least => {
            Err(Error::new(
                ErrorCode::OutOfRange,
                path.key("basisPoints"),
                format!("must be within {least} … 10000"),
            ))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
