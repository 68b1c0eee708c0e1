//! Taking back what was paid, in part or as a whole (semantics §15): what is refunded, and which uses come back.

use super::refund::refund_id;
use super::{Entry, RedemptionState, Refund, RefundRequest, Snapshot, Write};
use crate::error::{Error, Result};
use crate::model::{Claim, CounterName, Identifier, Instant, Object, Path, Restore, text};

/// What is taken back, and why.
#[derive(Clone, Debug)]
pub struct RollbackRequest {
    refund: RefundRequest,
    cause: Option<Cause>,
    /// Names a refund of a part.
    pub refund_id: Option<String>,
    restore: Option<Restore>,
    reason: Option<String>,
}

/// Why.
#[derive(Clone, Copy, Debug)]
pub enum Cause {
    /// The order was called off.
    Cancelled,
    /// The goods came back.
    Refunded,
}

impl RollbackRequest {
    /// The fields of a rollback besides the key and those of a refund.
    pub const FIELDS: [&'static str; 4] = ["cause", "refundId", "restore", "reason"];

    /// Everything, for a cause.
    pub fn whole(cause: Cause, reason: Option<String>) -> Self {
        Self {
            refund: RefundRequest::default(),
            cause: Some(cause),
            refund_id: None,
            restore: None,
            reason,
        }
    }

    /// Reads a rollback.
    pub fn parse(object: &Object<'_>) -> Result<Self> {
        let refund = RefundRequest::parse(object)?;
        let refund_id = refund_id(object)?;
        if refund.is_whole() && refund_id.is_some() {
            return Err(Error::required(&Path::root("lines")));
        }
        if !refund.is_whole() && refund_id.is_none() {
            // Without a name, a repeated call could not be told from a second refund.
            return Err(Error::required(&Path::root("refundId")));
        }
        Ok(Self {
            refund,
            refund_id,
            cause: object.optional("cause", |cause| {
                cause.word(&[
                    ("cancelled", Cause::Cancelled),
                    ("refunded", Cause::Refunded),
                ])
            })?,
            restore: object.optional("restore", Restore::parse)?,
            reason: object.optional("reason", |reason| text(reason, 200))?,
        })
    }
}

impl Entry {
    /// Taken back; `payload` is the digest of what was asked for.
    pub fn rolled_back(
        &self,
        request: &RollbackRequest,
        payload: String,
        now: Instant,
    ) -> Result<(Write, Refund)> {
        let (refund, after) = self.record.refund(&request.refund)?;
        let is_end = after.is_returned();
        let state = match is_end {
            true => RedemptionState::RolledBack,
            false => RedemptionState::Redeemed,
        };
        let mut next = self.next(state, now);
        next.record.lines = after.lines;
        next.record.credits = after.credits;
        next.record.refunded = after.refunded;
        next.record.reason.clone_from(&request.reason);
        next.record
            .refunded
            .refunds
            .push(Snapshot::Taken(refund.clone()));
        if let Some(id) = &request.refund_id {
            next.record.refunded.refund_ids.push(id.clone());
            next.record.refunded.payloads.push(payload);
        }
        for credit in &next.record.credits.clone() {
            if let Some(coupon) = Identifier::new(&credit.coupon_id) {
                let left = credit.amount.minus(credit.restored).unwrap_or_default();
                next.set_claim(&CounterName::credit(&coupon), left);
            }
        }
        if is_end {
            let is_given_back = |claim: &Claim| self.gives_back(claim, request);
            next.index.claims.retain(|claim| !is_given_back(claim));
        }
        Ok((Write::new(next, &self.index.claims), refund))
    }

    /// Whether the end of this record frees a use. The first order of a customer it was not, in any case.
    fn gives_back(&self, claim: &Claim, request: &RollbackRequest) -> bool {
        let name = claim.counter.as_str();
        let mut codes = self.record.codes.iter();
        let owner = codes.find(|code| {
            let of_code = code.code_id.as_deref();
            is_under(name, "coupon", &code.coupon_id)
                || of_code.is_some_and(|id| is_under(name, "code", id))
        });
        let Some(owner) = owner else { return true };
        let cause = request.cause.unwrap_or(match request.refund.is_whole() {
            true => Cause::Cancelled,
            false => Cause::Refunded,
        });
        let settled = match cause {
            Cause::Cancelled => owner.restore.cancelled,
            Cause::Refunded => owner.restore.refunded,
        };
        match request.restore.unwrap_or(settled) {
            Restore::None => false,
            Restore::CustomerOnly => claim.counter.is_of_customer(),
            Restore::CustomerAndTotal => true,
        }
    }
}

fn is_under(name: &str, scope: &str, id: &str) -> bool {
    let own = name
        .strip_prefix(scope)
        .and_then(|rest| rest.strip_prefix('/'))
        .and_then(|rest| rest.strip_prefix(id));
    own.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
