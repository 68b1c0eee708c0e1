//! Order and places. One sort and one lookup for all types: each further instance of the standard library's would add
//! kilobytes to what a storefront downloads.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts in place; equal values keep their order.
pub fn sort_by<T>(values: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let order = places(
        values.len(),
        &|one, two| match (values.get(one), values.get(two)) {
            (Some(one), Some(two)) => compare(one, two),
            _ => Ordering::Equal,
        },
    );
    for (one, two) in swaps(&order) {
        values.swap(one, two);
    }
}

/// Sorts, and keeps one of each.
pub fn sort_unique<T: Ord>(values: &mut Vec<T>) {
    sort_by(values, T::cmp);
    values.dedup();
}

fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, two| compare(*one, *two));
    places
}

/// The swaps, in order, after which each place holds what stood at the place that `order` names for it.
fn swaps(order: &[usize]) -> Vec<(usize, usize)> {
    let mut destinations = vec![0; order.len()];
    for (destination, place) in order.iter().enumerate() {
        if let Some(slot) = destinations.get_mut(*place) {
            *slot = destination;
        }
    }
    let mut swaps = Vec::new();
    for place in 0..order.len() {
        while let Some(destination) = destinations.get(place).copied()
            && destination != place
        {
            swaps.push((place, destination));
            destinations.swap(place, destination);
        }
    }
    swaps
}

/// Where in a list the value with a certain text stands.
#[derive(Clone, Debug, Default)]
pub struct Index {
    places: BTreeMap<String, usize>,
}

impl Index {
    /// Notes the place of a text; `false`, and nothing changed, if the text has one already.
    pub fn insert(&mut self, text: &str, place: usize) -> bool {
        if self.places.contains_key(text) {
            return false;
        }
        self.places.insert(text.to_owned(), place);
        true
    }

    /// The place of a text.
    pub fn get(&self, text: &str) -> Option<usize> {
        self.places.get(text).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_is_stable() {
        let mut pairs = vec![(2, 'a'), (1, 'b'), (2, 'c'), (1, 'd')];
        sort_by(&mut pairs, |one, two| one.0.cmp(&two.0));
        assert_eq!(pairs, [(1, 'b'), (1, 'd'), (2, 'a'), (2, 'c')]);
        let mut numbers: Vec<u32> = (0..1_000).map(|number| number * 7_919 % 1_009).collect();
        let mut expected = numbers.clone();
        expected.sort();
        sort_by(&mut numbers, u32::cmp);
        assert_eq!(numbers, expected);
        let mut letters = vec!['b', 'a', 'b'];
        sort_unique(&mut letters);
        assert_eq!(letters, ['a', 'b']);
    }
}
