//! The cart: what is bought, at which price, where and how. Owns its limits (threat model #10) and its subtotals.

use super::{Amount, Currency, Identifier, Index, Node, Object, Path, text};
use crate::error::{Error, ErrorCode, Result};

const MOST_LINES: usize = 1_000;
const MOST_FOREIGN: usize = 1_000;
const MOST_QUANTITY: i64 = 1_000_000;
/// The largest price of a unit, the largest shipping, the largest tax.
const MOST_MINOR: i64 = 1_000_000_000_000;

/// A priced cart of one currency.
#[derive(Clone, Debug)]
pub struct Cart {
    /// The currency of every amount in it.
    pub currency: Currency,
    /// In the host's order, which never changes an amount.
    pub lines: Vec<Line>,
    /// To be paid for shipping.
    pub shipping: Amount,
    /// To be added on top; 0 where prices include it.
    pub tax: Amount,
    /// Where it is sold, in the host's word.
    pub channel: Option<String>,
    /// Where it goes.
    pub country: Option<String>,
    /// How it is paid.
    pub payment_method: Option<String>,
    /// How it is sent.
    pub shipping_method: Option<String>,
    /// Discounts the host gives itself.
    pub foreign: Vec<Foreign>,
    /// Σ of the lines' subtotals.
    pub subtotal: Amount,
}

/// One line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Unique in the cart.
    pub id: String,
    /// Of one unit.
    pub unit_price: Amount,
    /// 1 … 1,000,000.
    pub quantity: i64,
    /// By what a coupon may name this line.
    pub ids: Vec<String>,
    /// Whether discounts may touch it.
    pub discountable: bool,
    /// Whether it is reduced already.
    pub on_sale: bool,
    /// What it is.
    pub kind: LineKind,
    /// unit price × quantity.
    pub subtotal: Amount,
    /// Σ of the host's own discounts on it; at most the subtotal.
    foreign: Amount,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Anything sold.
    Product,
    /// Money in another form: never discounted, never part of a minimum.
    GiftCard,
}

/// A discount of the host's own on one line (semantics §8, §32).
#[derive(Clone, Debug)]
pub struct Foreign {
    /// The line's place in the cart.
    pub line: usize,
    /// At least 1.
    pub amount: Amount,
    /// For receipts.
    pub label: Option<String>,
    /// The external rule it comes of.
    pub rule_id: Option<Identifier>,
}

impl Cart {
    /// Reads a cart.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "currency",
            "lines",
            "shipping",
            "tax",
            "channel",
            "country",
            "paymentMethod",
            "shippingMethod",
            "foreignDiscounts",
        ])?;
        let currency = object.required("currency", Currency::parse)?;
        let (mut lines, places) = object.required("lines", |lines| {
            let parsed = lines.list(0, MOST_LINES, Line::parse)?;
            let places = each_id_once(lines.path(), &parsed)?;
            Ok((parsed, places))
        })?;
        let charge = |charge: &Node<'_>| Amount::parse(charge, MOST_MINOR);
        let shipping = object.optional("shipping", charge)?.unwrap_or_default();
        let tax = object.optional("tax", charge)?.unwrap_or_default();
        let foreign = object
            .optional("foreignDiscounts", |foreign| {
                Foreign::parse_all(foreign, &mut lines, &places)
            })?
            .unwrap_or_default();
        let subtotal = Amount::sum(lines.iter().map(|line| line.subtotal))
            .ok_or_else(|| Error::arithmetic(object.path().key("lines")))?;
        if Amount::sum([subtotal, shipping, tax]).is_none() {
            return Err(Error::arithmetic(node.path()));
        }
        Ok(Self {
            currency,
            lines,
            shipping,
            tax,
            channel: optional_text(&object, "channel")?,
            country: optional_text(&object, "country")?,
            payment_method: optional_text(&object, "paymentMethod")?,
            shipping_method: optional_text(&object, "shippingMethod")?,
            foreign,
            subtotal,
        })
    }

    /// Σ of the host's own discounts on the line at a place; at most its subtotal.
    pub fn foreign_on(&self, place: usize) -> Amount {
        self.lines
            .get(place)
            .map_or(Amount::ZERO, |line| line.foreign)
    }
}

fn optional_text(object: &Object<'_>, name: &str) -> Result<Option<String>> {
    object.optional(name, |given| text(given, 256))
}

fn each_id_once(path: &Path<'_>, lines: &[Line]) -> Result<Index> {
    let mut seen = Index::default();
    for (place, line) in lines.iter().enumerate() {
        if !seen.insert(&line.id, place) {
            return Err(Error::new(
                ErrorCode::Duplicate,
                path.index(place).key("id"),
                "is the id of an earlier line",
            ));
        }
    }
    Ok(seen)
}

impl Line {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "id",
            "unitPrice",
            "quantity",
            "ids",
            "discountable",
            "kind",
            "onSale",
        ])?;
        let unit_price = object.required("unitPrice", |price| Amount::parse(price, MOST_MINOR))?;
        let quantity =
            object.required("quantity", |quantity| quantity.integer(1, MOST_QUANTITY))?;
        let subtotal = unit_price
            .times(quantity)
            .ok_or_else(|| Error::arithmetic(node.path()))?;
        let flag = |flag: &Node<'_>| flag.flag();
        Ok(Self {
            id: object.required("id", |id| text(id, 256))?,
            unit_price,
            quantity,
            ids: object
                .optional("ids", |ids| ids.list(0, 100, |id| text(id, 256)))?
                .unwrap_or_default(),
            discountable: object.optional("discountable", flag)?.unwrap_or(true),
            on_sale: object.optional("onSale", flag)?.unwrap_or(false),
            kind: object
                .optional("kind", |kind| {
                    kind.word(&[
                        ("product", LineKind::Product),
                        ("gift_card", LineKind::GiftCard),
                    ])
                })?
                .unwrap_or(LineKind::Product),
            subtotal,
            foreign: Amount::ZERO,
        })
    }
}

impl Foreign {
    fn parse_all(node: &Node<'_>, lines: &mut [Line], places: &Index) -> Result<Vec<Self>> {
        let all = node.list(0, MOST_FOREIGN, |one| Self::parse(one, places))?;
        for one in &all {
            let Some(line) = lines.get_mut(one.line) else {
                continue;
            };
            line.foreign = line
                .foreign
                .plus(one.amount)
                .filter(|sum| *sum <= line.subtotal)
                .ok_or_else(|| {
                    Error::new(
                        ErrorCode::OutOfRange,
                        node.path(),
                        "must take no more off a line than its subtotal",
                    )
                })?;
        }
        Ok(all)
    }

    fn parse(node: &Node<'_>, places: &Index) -> Result<Self> {
        let object = node.object(&["lineId", "amount", "label", "ruleId"])?;
        Ok(Self {
            line: object.required("lineId", |id| {
                places
                    .get(id.text()?)
                    .ok_or_else(|| id.invalid("must be the id of a line of this cart"))
            })?,
            amount: object.required("amount", |amount| {
                let parsed = Amount::parse(amount, i64::MAX)?;
                match parsed.is_zero() {
                    false => Ok(parsed),
                    true => Err(Error::new(
                        ErrorCode::OutOfRange,
                        amount.path(),
                        "must be at least 1 minor unit",
                    )),
                }
            })?,
            label: object.optional("label", |label| text(label, 200))?,
            rule_id: object.optional("ruleId", Identifier::parse)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Value;

    fn read(foreign: &str) -> Result<Cart> {
        let text = format!(
            r#"{{"currency":"EGP","tax":70,"foreignDiscounts":{foreign},
            "lines":[{{"id":"a","unitPrice":50,"quantity":2}},{{"id":"b","unitPrice":30,"quantity":1}}]}}"#
        );
        let value: Value = serde_json::from_str(&text).unwrap();
        Cart::parse(&Node::root(&value, "cart"))
    }

    fn refused(foreign: &str) -> (ErrorCode, String) {
        let error = read(foreign).unwrap_err();
        (error.code(), error.path().to_owned())
    }

    #[test]
    fn foreign_discounts_stand_on_their_lines_and_add_up() {
        let cart = read(
            r#"[{"lineId":"a","amount":60},{"lineId":"b","amount":1,"ruleId":"r","label":"Host"},{"lineId":"a","amount":40}]"#,
        )
        .unwrap();
        assert_eq!(
            [0, 1, 2].map(|place| cart.foreign_on(place).minor()),
            [100, 1, 0]
        );
        assert_eq!(cart.foreign.len(), 3);
        assert_eq!(cart.foreign[1].line, 1);
        assert_eq!(cart.foreign[1].label.as_deref(), Some("Host"));
        assert_eq!(cart.tax.minor(), 70);
    }

    #[test]
    fn foreign_discounts_of_nothing_or_of_too_much_are_refused() {
        assert_eq!(
            refused(r#"[{"lineId":"a","amount":1},{"lineId":"c","amount":1}]"#),
            (
                ErrorCode::InvalidValue,
                "cart.foreignDiscounts[1].lineId".to_owned()
            )
        );
        assert_eq!(
            refused(r#"[{"lineId":"a","amount":60},{"lineId":"a","amount":41}]"#),
            (ErrorCode::OutOfRange, "cart.foreignDiscounts".to_owned())
        );
        assert_eq!(
            refused(r#"[{"lineId":"a","amount":0}]"#),
            (
                ErrorCode::OutOfRange,
                "cart.foreignDiscounts[0].amount".to_owned()
            )
        );
    }
}
