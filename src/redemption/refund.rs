//! What a return is worth (semantics §15, M10). One sum that only grows stands for everything refunded so far; a refund
//! is the difference of two of them. That is why the refunds of an order add up to what was paid, in any sequence.

use serde::Serialize;

use super::record::key;
use super::{RedeemedLine, Redemption};
use crate::error::{Error, ErrorCode, Result};
use crate::model::{Amount, Currency, Node, Object, Rounding, SAFE};

/// What comes back.
#[derive(Clone, Debug, Default)]
pub struct RefundRequest {
    /// Units by line; with the two below absent: everything.
    lines: Option<Vec<(String, i64)>>,
    shipping: bool,
    amount: Option<Amount>,
}

/// What it is worth.
#[derive(Clone, Debug, Serialize)]
pub struct Refund {
    /// Of every amount.
    pub currency: Currency,
    /// Those that come back.
    pub lines: Vec<RefundLine>,
    /// Of it.
    pub shipping: Amount,
    /// Of it.
    pub tax: Amount,
    /// A sum without goods.
    pub other: Amount,
    /// Together, less what sums without goods have paid already.
    pub amount: Amount,
    /// Of it, back to store credits.
    pub credits: Vec<RefundCredit>,
    /// Of it, by the way of payment.
    pub payment: Amount,
    /// Of everything paid, what is not refunded after this.
    pub remaining: Amount,
}

/// A line's part.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundLine {
    line_id: String,
    quantity: i64,
    amount: Amount,
}

/// A store credit's part.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundCredit {
    /// Whose balance.
    pub coupon_id: String,
    /// Given back to it.
    pub amount: Amount,
}

impl RefundRequest {
    /// The fields of a refund.
    pub const FIELDS: [&'static str; 3] = ["lines", "shipping", "amount"];

    /// Reads what comes back.
    pub fn parse(object: &Object<'_>) -> Result<Self> {
        let shipping = object.optional("shipping", |flag| flag.flag())?;
        let request = Self {
            lines: object.optional("lines", |lines| lines.list(1, 1_000, line))?,
            shipping: shipping.unwrap_or(false),
            amount: object.optional("amount", |amount| Amount::parse(amount, SAFE))?,
        };
        // A form with nothing ticked is not the order to refund everything.
        match shipping == Some(false) && request.is_whole() {
            true => Err(Error::required(&object.path().key("lines"))),
            false => Ok(request),
        }
    }

    /// Whether everything comes back.
    pub fn is_whole(&self) -> bool {
        self.lines.is_none() && !self.shipping && self.amount.is_none()
    }
}

fn line(node: &Node<'_>) -> Result<(String, i64)> {
    let object = node.object(&["lineId", "quantity"])?;
    let id = object.required("lineId", |id| crate::model::text(id, 256))?;
    let quantity = object.required("quantity", |quantity| quantity.integer(1, 1_000_000))?;
    Ok((id, quantity))
}

impl Redemption {
    /// What this return is worth, and the record after it.
    pub fn refund(&self, request: &RefundRequest) -> Result<(Refund, Self)> {
        let mut after = self.clone();
        after.take_back(request)?;
        let (Some(before), Some(now)) = (self.worth(), after.worth()) else {
            return Err(Error::arithmetic("lines"));
        };
        let difference = |one: Amount, two: Amount| one.minus(two).unwrap_or_default();
        let amount = difference(now.value, before.value);
        after.refunded.amount = now.value;
        after.refunded.credit = now.credit;
        let mut credits = Vec::new();
        after.give_credit(now.credit);
        for (was, is) in self.credits.iter().zip(&after.credits) {
            let given = difference(is.restored, was.restored);
            if !given.is_zero() {
                credits.push(RefundCredit {
                    coupon_id: is.coupon_id.clone(),
                    amount: given,
                });
            }
        }
        let lines = self.lines.iter().zip(&after.lines);
        let lines = lines.filter(|(was, is)| was.returned < is.returned);
        let lines = lines.map(|(was, is)| RefundLine {
            line_id: is.id.clone(),
            quantity: is.returned.saturating_sub(was.returned),
            amount: difference(
                is.worth().unwrap_or_default(),
                was.worth().unwrap_or_default(),
            ),
        });
        let refund = Refund {
            currency: self.currency,
            lines: lines.collect(),
            shipping: difference(now.shipping, before.shipping),
            tax: difference(now.tax, before.tax),
            other: difference(after.refunded.other, self.refunded.other),
            amount,
            credits,
            payment: difference(amount, difference(now.credit, before.credit)),
            remaining: difference(self.paid().unwrap_or_default(), now.value),
        };
        Ok((refund, after))
    }

    /// Whether everything has come back.
    pub fn is_returned(&self) -> bool {
        // Of an order without goods, what is for shipping stands for everything.
        let has_goods = !self.lines.is_empty();
        let is_shipping_free = self.shipping().is_none_or(Amount::is_zero);
        let shipped = self.refunded.shipping || (is_shipping_free && has_goods);
        shipped && self.lines.iter().all(RedeemedLine::is_returned)
    }

    /// Everything paid, by whatever means.
    fn paid(&self) -> Option<Amount> {
        self.totals.total.plus(self.totals.credit)
    }

    fn shipping(&self) -> Option<Amount> {
        self.totals.shipping.minus(self.totals.shipping_discount)
    }

    fn take_back(&mut self, request: &RefundRequest) -> Result<()> {
        if request.is_whole() {
            for line in &mut self.lines {
                line.returned = line.quantity;
            }
            self.refunded.shipping = true;
            return Ok(());
        }
        for (place, (id, quantity)) in request.lines.iter().flatten().enumerate() {
            let Some(line) = self.lines.iter_mut().find(|line| line.id == *id) else {
                let path = format!("lines[{place}].lineId");
                let message = "is not the id of a line of this order";
                return Err(Error::new(ErrorCode::InvalidValue, path, message));
            };
            let left = line.left();
            if *quantity > left {
                let path = format!("lines[{place}].quantity");
                let message = format!("must be at most {left}, the units that have not come back");
                return Err(Error::new(ErrorCode::OutOfRange, path, message));
            }
            line.returned = line.returned.saturating_add(*quantity);
        }
        if request.shipping {
            if self.refunded.shipping {
                let message = "is refunded already";
                return Err(Error::new(ErrorCode::InvalidValue, "shipping", message));
            }
            self.refunded.shipping = true;
        }
        if let Some(amount) = request.amount {
            let paid = self.paid().unwrap_or_default();
            let left = paid.minus(self.refunded.amount).unwrap_or_default();
            let other = self.refunded.other.plus(amount);
            self.refunded.other = other
                .filter(|_| !amount.is_zero() && amount <= left)
                .ok_or_else(|| {
                    let most = left.minor();
                    let message = format!("must be 1 to {most}, which is not refunded yet");
                    Error::new(ErrorCode::OutOfRange, "amount", message)
                })?;
        }
        Ok(())
    }

    fn worth(&self) -> Option<Worth> {
        let goods = Amount::sum(self.lines.iter().filter_map(RedeemedLine::worth))?;
        let all_goods = Amount::sum(self.lines.iter().map(|line| line.total))?;
        let all_shipping = self.shipping()?;
        let shipping = match self.refunded.shipping {
            true => all_shipping,
            false => Amount::ZERO,
        };
        let (so_far, all) = (goods.plus(shipping)?, all_goods.plus(all_shipping)?);
        let tax = match (all.is_zero(), self.is_returned()) {
            (_, true) => self.totals.tax,
            (true, false) => Amount::ZERO,
            (false, false) => share(self.totals.tax, so_far, all)?,
        };
        let paid = self.paid()?;
        let value = so_far.plus(tax)?.plus(self.refunded.other)?.min(paid);
        let credit = Amount::sum(self.credits.iter().map(|credit| credit.amount))?;
        let credit = match paid.is_zero() {
            true => Amount::ZERO,
            false => share(credit, value, paid)?,
        };
        Some(Worth {
            shipping,
            tax,
            value,
            credit,
        })
    }

    /// The credit that paid last is given back first.
    fn give_credit(&mut self, given: Amount) {
        let mut left = given;
        for credit in self.credits.iter_mut().rev() {
            credit.restored = credit.amount.min(left);
            left = left.minus(credit.restored).unwrap_or_default();
        }
    }
}

/// Everything refunded so far.
struct Worth {
    shipping: Amount,
    tax: Amount,
    value: Amount,
    credit: Amount,
}

impl RedeemedLine {
    /// What its returned units are worth: the last one takes the remainder.
    fn worth(&self) -> Option<Amount> {
        self.total
            .scaled(self.returned, self.quantity, Rounding::Floor)
    }

    fn left(&self) -> i64 {
        self.quantity.saturating_sub(self.returned)
    }

    fn is_returned(&self) -> bool {
        self.left() == 0
    }
}

fn share(of: Amount, part: Amount, whole: Amount) -> Option<Amount> {
    of.scaled(part.minor(), whole.minor(), Rounding::Floor)
}

/// A refund's name.
pub(super) fn refund_id(object: &Object<'_>) -> Result<Option<String>> {
    object.optional("refundId", key)
}
