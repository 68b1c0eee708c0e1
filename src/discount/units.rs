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

/// How many units are picked.
struct Quota {
    units: i64,
    /// At most so many of units that count as bought.
    of_bought: i64,
}

/// The picked units in the cart's order, or how many units would have been needed and how many there are.
pub(super) fn pick_units(
    units: &Units,
    cart: &Cart,
    eligible: &[usize],
) -> Result<Vec<Pick>, (i64, i64)> {
    let mut shelves = shelves(units, cart, eligible);
    let quota = quota(units, cart, &shelves)?;
    sort_by(&mut shelves, |one, two| {
        let by_price = one.line.unit_price.cmp(&two.line.unit_price);
        let from_end = match units.from {
            End::Cheapest => by_price,
            End::Dearest => by_price.reverse(),
        };
        from_end.then_with(|| one.line.id.cmp(&two.line.id))
    });
    let mut picks = quota.picked(&shelves);
    sort_by(&mut picks, |one, two| one.place.cmp(&two.place));
    Ok(picks)
}

/// The lines with units to pick: none that costs nothing.
fn shelves<'a>(units: &Units, cart: &'a Cart, eligible: &[usize]) -> Vec<Shelf<'a>> {
    let lines = eligible
        .iter()
        .filter_map(|&place| Some((place, cart.lines.get(place)?)));
    lines
        .filter(|(_, line)| !line.unit_price.is_zero())
        .map(|(place, line)| Shelf {
            place,
            line,
            is_bought: units.buy.as_ref().is_some_and(|buy| buys(buy, line)),
        })
        .collect()
}

fn quota(units: &Units, cart: &Cart, shelves: &[Shelf<'_>]) -> Result<Quota, (i64, i64)> {
    let on_shelves = quantity(shelves.iter().map(|shelf| shelf.line));
    let Some(buy) = &units.buy else {
        let times = units.times.unwrap_or(1);
        return Ok(Quota {
            units: units.take.saturating_mul(times).min(on_shelves),
            of_bought: 0,
        });
    };
    let (bought, together) = bought(buy, cart, shelves, on_shelves);
    let each = buy.quantity.saturating_add(units.take);
    let mut times = units.times.unwrap_or(i64::MAX);
    for (needed, there) in [
        (buy.quantity, bought),
        (units.take, on_shelves),
        (each, together),
    ] {
        match there.checked_div(needed) {
            None | Some(0) => return Err((needed, there)),
            Some(fitting) => times = times.min(fitting),
        }
    }
    let kept = times.saturating_mul(buy.quantity);
    Ok(Quota {
        units: times.saturating_mul(units.take),
        of_bought: bought.saturating_sub(kept),
    })
}

impl Quota {
    fn picked(mut self, shelves: &[Shelf<'_>]) -> Vec<Pick> {
        let mut picks = Vec::new();
        for &Shelf {
            place,
            line,
            is_bought,
        } in shelves
        {
            let most = match is_bought {
                true => self.units.min(self.of_bought),
                false => self.units,
            };
            let taken = line.quantity.min(most);
            if taken > 0 {
                picks.push(Pick {
                    place,
                    units: taken,
                });
                self.units = self.units.saturating_sub(taken);
                if is_bought {
                    self.of_bought = self.of_bought.saturating_sub(taken);
                }
            }
        }
        picks
    }
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
