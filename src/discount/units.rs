//! Picking units from one end of the price list: the cheapest two, every third free, a cap for two shirts. Owns which
//! units are picked; ties by line id, so that the order of lines never changes it.

use crate::model::{Buy, Cart, End, Line, LineKind, Units, sort_by};

/// Units of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The line's place in the cart.
    pub place: usize,
    /// How many of its units, at least 1.
    pub units: i64,
}

/// A line that may give units.
struct Shelf<'a> {
    place: usize,
    line: &'a Line,
    /// Whether its units count as bought as well.
    is_bought: bool,
}

/// The picked units in the cart's order, or how many units would have been needed and how many there are.
pub(super) fn pick_units(
    units: &Units,
    cart: &Cart,
    eligible: &[usize],
) -> Result<Vec<Pick>, (i64, i64)> {
    let mut shelves: Vec<Shelf<'_>> = eligible
        .iter()
        .filter_map(|&place| {
            let line = cart.lines.get(place)?;
            let is_bought = units.buy.as_ref().is_some_and(|buy| buys(buy, line));
            (!line.unit_price.is_zero()).then_some(Shelf {
                place,
                line,
                is_bought,
            })
        })
        .collect();
    let on_shelves = quantity(shelves.iter().map(|shelf| shelf.line));
    let times = units.times.unwrap_or(match units.buy {
        Some(_) => i64::MAX,
        None => 1,
    });
    let (mut wanted, mut from_bought) = match &units.buy {
        None => (units.take.saturating_mul(times).min(on_shelves), 0),
        Some(buy) => {
            let (bought, together) = bought(buy, cart, &shelves, on_shelves);
            let each = buy.quantity.saturating_add(units.take);
            let needs = [
                (buy.quantity, bought),
                (units.take, on_shelves),
                (each, together),
            ];
            let mut groups = times;
            for (needed, there) in needs {
                match there.checked_div(needed) {
                    None | Some(0) => return Err((needed, there)),
                    Some(fitting) => groups = groups.min(fitting),
                }
            }
            let kept = groups.saturating_mul(buy.quantity);
            (
                groups.saturating_mul(units.take),
                bought.saturating_sub(kept),
            )
        }
    };
    sort_by(&mut shelves, |one, two| {
        let by_price = one.line.unit_price.cmp(&two.line.unit_price);
        let from_end = match units.from {
            End::Cheapest => by_price,
            End::Dearest => by_price.reverse(),
        };
        from_end.then_with(|| one.line.id.cmp(&two.line.id))
    });
    let mut picks = Vec::new();
    for shelf in &shelves {
        let most = match shelf.is_bought {
            true => shelf.line.quantity.min(from_bought),
            false => shelf.line.quantity,
        };
        let taken = most.min(wanted);
        if taken > 0 {
            picks.push(Pick {
                place: shelf.place,
                units: taken,
            });
            wanted = wanted.saturating_sub(taken);
            if shelf.is_bought {
                from_bought = from_bought.saturating_sub(taken);
            }
        }
    }
    sort_by(&mut picks, |one, two| one.place.cmp(&two.place));
    Ok(picks)
}

/// How many units count as bought, and how many there are on these lines and the shelves together.
fn bought(buy: &Buy, cart: &Cart, shelves: &[Shelf<'_>], on_shelves: i64) -> (i64, i64) {
    if buy.products.is_none() {
        return (on_shelves, on_shelves);
    }
    let bought = quantity(cart.lines.iter().filter(|line| buys(buy, line)));
    let shared = shelves.iter().filter(|shelf| shelf.is_bought);
    let shared = quantity(shared.map(|shelf| shelf.line));
    let together = on_shelves.saturating_add(bought).saturating_sub(shared);
    (bought, together)
}

fn buys(buy: &Buy, line: &Line) -> bool {
    line.kind != LineKind::GiftCard
        && buy
            .products
            .as_ref()
            .is_none_or(|products| products.cover(line))
}

fn quantity<'a>(lines: impl Iterator<Item = &'a Line>) -> i64 {
    lines.fold(0, |sum: i64, line| sum.saturating_add(line.quantity))
}
