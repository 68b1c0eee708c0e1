//! The cart: what is bought, at which price. Owns its limits (threat model #10) and its subtotals.

use super::{Amount, Currency, Index, Node, Path, text};
use crate::error::{Error, ErrorCode, Result};

const MOST_LINES: usize = 1_000;
const MOST_QUANTITY: i64 = 1_000_000;
/// The largest price of a unit, and the largest shipping.
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
    /// What it is.
    pub kind: LineKind,
    /// unit price × quantity.
    pub subtotal: Amount,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Anything sold.
    Product,
    /// Money in another form: never discounted, never part of a minimum.
    GiftCard,
}

impl Cart {
    /// Reads a cart.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["currency", "lines", "shipping"])?;
        let currency = object.required("currency", Currency::parse)?;
        let lines = object.required("lines", |lines| {
            let parsed = lines.list(0, MOST_LINES, Line::parse)?;
            each_id_once(lines.path(), &parsed)?;
            Ok(parsed)
        })?;
        let shipping =
            object.optional("shipping", |shipping| Amount::parse(shipping, MOST_MINOR))?;
        let subtotal = Amount::sum(lines.iter().map(|line| line.subtotal))
            .ok_or_else(|| Error::arithmetic(object.path().key("lines")))?;
        let shipping = shipping.unwrap_or_default();
        if subtotal.plus(shipping).is_none() {
            return Err(Error::arithmetic(node.path()));
        }
        Ok(Self {
            currency,
            lines,
            shipping,
            subtotal,
        })
    }
}

fn each_id_once(path: &Path<'_>, lines: &[Line]) -> Result<()> {
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
    Ok(())
}

impl Line {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object =
            node.object(&["id", "unitPrice", "quantity", "ids", "discountable", "kind"])?;
        let unit_price = object.required("unitPrice", |price| Amount::parse(price, MOST_MINOR))?;
        let quantity =
            object.required("quantity", |quantity| quantity.integer(1, MOST_QUANTITY))?;
        let subtotal = unit_price
            .times(quantity)
            .ok_or_else(|| Error::arithmetic(node.path()))?;
        Ok(Self {
            id: object.required("id", |id| text(id, 256))?,
            unit_price,
            quantity,
            ids: object
                .optional("ids", |ids| ids.list(0, 100, |id| text(id, 256)))?
                .unwrap_or_default(),
            discountable: object
                .optional("discountable", |flag| flag.flag())?
                .unwrap_or(true),
            kind: object
                .optional("kind", |kind| {
                    kind.word(&[
                        ("product", LineKind::Product),
                        ("gift_card", LineKind::GiftCard),
                    ])
                })?
                .unwrap_or(LineKind::Product),
            subtotal,
        })
    }
}
