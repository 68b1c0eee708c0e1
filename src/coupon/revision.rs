//! Revising what is stored (semantics §22, S2.44 – S2.45, S2.65 – S2.68): the changes are laid over the record, the
//! result is read again with every check, and what the shop's lock keeps may only be given as it is stored. A revision
//! is a new version; redemptions keep the one they were made with.

use super::definition::refuse_small_percentage;
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Code, Coupon, Discount, Lock, Node, Policy, Rule, Value};

/// The part of a record that its definition does not have.
const OF_RECORDS: [&str; 6] = [
    "schemaVersion",
    "version",
    "createdAt",
    "archivedFrom",
    "couponId",
    "batch",
];

/// Revises a coupon: `{ record, changes, claimed }`.
pub fn revise_coupon(node: &Node<'_>, policy: &Policy) -> Result<Coupon> {
    let revision = Revision::parse(node, &["record", "changes", "claimed"], policy)?;
    let mut coupon = Coupon::from_record(&revision.root())?;
    let free = ["name", "description", "state", "metadata"];
    // Nobody can have redeemed a draft: what it takes off is still to be said (S0.9).
    let of_drafts = ["discount", "rules"];
    match revision.is_of_draft() {
        true => revision.refuse_locked(&["id", "type"], &[&free[..], &of_drafts].concat())?,
        false => revision.refuse_locked(&["id", "type"], &free)?,
    }
    revision.refuse_small_percentage(coupon.discount.as_ref(), policy)?;
    coupon.version = coupon.version.saturating_add(1);
    Ok(coupon)
}

/// Revises a code: `{ coupon, record, changes, claimed }`.
pub fn revise_code(node: &Node<'_>, policy: &Policy) -> Result<Code> {
    let fields = ["coupon", "record", "changes", "claimed"];
    let revision = Revision::parse(node, &fields, policy)?;
    let mut code = Code::from_record(&revision.root())?;
    revision.refuse_locked(&["id"], &["state", "metadata"])?;
    let coupon = node.object(&fields)?;
    let coupon = coupon.required("coupon", Coupon::from_record);
    coupon
        .map_err(Error::in_storage_answer)?
        .refuse_prefix(&code.code, revision.root().path())?;
    code.version = code.version.saturating_add(1);
    Ok(code)
}

/// Revises a rule: `{ record, changes }`. How often it has been used is not counted, so that only a shop that locks
/// nothing may change its terms. What opens it stays: coupons are linked to it as it is.
pub fn revise_rule(node: &Node<'_>, policy: &Policy) -> Result<Rule> {
    let revision = Revision::parse(node, &["record", "changes"], policy)?;
    let mut rule = Rule::from_record(&revision.root())?;
    revision.refuse_locked(
        &["id", "gate"],
        &["name", "description", "state", "metadata", "priority"],
    )?;
    revision.refuse_small_percentage(rule.discount.as_ref(), policy)?;
    rule.version = rule.version.saturating_add(1);
    Ok(rule)
}

/// A record, and what it becomes.
struct Revision<'a> {
    record: &'a Value,
    changes: &'a [(String, Value)],
    changed: Value,
    are_terms_locked: bool,
}

impl<'a> Revision<'a> {
    /// Whatever does not say how often it was claimed counts as claimed.
    fn parse(node: &Node<'a>, fields: &[&str], policy: &Policy) -> Result<Self> {
        let object = node.object(fields)?;
        let claimed = object.optional("claimed", |claimed| claimed.integer(0, i64::MAX))?;
        let record = node.value().field("record");
        let changes = node.value().field("changes");
        let (Some(record @ Value::Map(old)), Some(Value::Map(changes))) = (record, changes) else {
            return Err(Error::expected(&node.path().key("changes"), "an object"));
        };
        Ok(Self {
            record,
            changes,
            changed: laid_over(old, changes)?,
            are_terms_locked: match policy.lock {
                Lock::OnCreate => true,
                Lock::OnFirstRedemption => claimed != Some(0),
                Lock::Never => false,
            },
        })
    }

    /// Paths name the changes' own fields: `discount.cap`, not `changes.discount.cap`.
    fn root(&self) -> Node<'_> {
        Node::root(&self.changed, "")
    }

    /// `fixed` fields never change, `free` ones may always, all others are terms.
    fn refuse_locked(&self, fixed: &[&str], free: &[&str]) -> Result<()> {
        let kept = |name: &str| match self.are_terms_locked {
            true => !free.contains(&name),
            false => fixed.contains(&name),
        };
        let names = self.changes.iter().map(|(name, _)| name);
        let locked: Vec<String> = names
            .filter(|name| kept(name) && self.differs(name))
            .cloned()
            .collect();
        match locked.first() {
            None => Ok(()),
            Some(first) => {
                let message = "is locked: make a new one instead, and deactivate this one";
                Err(Error::new(ErrorCode::TermsLocked, first, message).about_fields(locked))
            }
        }
    }

    /// The shop's least percentage may have grown since: what stays is not asked.
    fn refuse_small_percentage(&self, discount: Option<&Discount>, policy: &Policy) -> Result<()> {
        match discount {
            Some(discount) if self.differs("discount") => {
                refuse_small_percentage(discount, self.root().path(), policy)
            }
            _ => Ok(()),
        }
    }

    fn is_of_draft(&self) -> bool {
        let says_nothing = |name| match of_field(self.record, name) {
            Value::Null => true,
            Value::List(entries) => entries.is_empty(),
            _ => false,
        };
        says_nothing("discount") && says_nothing("rules")
    }

    fn differs(&self, name: &str) -> bool {
        !is_same(of_field(self.record, name), of_field(&self.changed, name))
    }
}

/// The record with the changes over it.
fn laid_over(record: &[(String, Value)], changes: &[(String, Value)]) -> Result<Value> {
    let mut changed = record.to_vec();
    for (name, value) in changes {
        if OF_RECORDS.contains(&name.as_str()) {
            let message = "is not a field of a definition";
            return Err(Error::new(ErrorCode::UnknownField, name, message));
        }
        let value = match value {
            Value::Null => cleared(name),
            _ => value.clone(),
        };
        match changed.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => changed.push((name.clone(), value)),
        }
    }
    Ok(Value::Map(changed))
}

/// What `null` makes of a field: its default, where a record must spell it out.
fn cleared(name: &str) -> Value {
    match name {
        "restrictions" | "limits" | "metadata" => Value::Map(Vec::new()),
        "state" => Value::Text("active".to_owned()),
        _ => Value::Null,
    }
}

/// Whether two values say the same: fields in any order, an absent one as `null`. A definition is five deep at most.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Map(of_one), Value::Map(of_other)) => {
            has_all(one, of_other) && has_all(other, of_one)
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| is_same(one, other))
        }
        _ => one == other,
    }
}

fn has_all(map: &Value, fields: &[(String, Value)]) -> bool {
    fields
        .iter()
        .all(|(name, value)| is_same(of_field(map, name), value))
}

fn of_field<'a>(map: &'a Value, name: &str) -> &'a Value {
    map.field(name).unwrap_or(&Value::Null)
}

#[cfg(test)]
mod tests;
