//! Order and places. One sort and one lookup for all types: each further instance of the standard library's would add
//! kilobytes to what a storefront downloads.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts in place; equal values keep their order.
pub fn sort_by<T>(values: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let swaps = sorting_swaps(
        values.len(),
        &|one, two| match (values.get(one), values.get(two)) {
            (Some(one), Some(two)) => compare(one, two),
            _ => Ordering::Equal,
        },
    );
    for (one, two) in swaps {
        values.swap(one, two);
    }
}

/// Sorts, and keeps one of each.
pub fn sort_unique<T: Ord>(values: &mut Vec<T>) {
    sort_by(values, T::cmp);
    values.dedup();
}

/// The swaps, in order, that sort so many values; none for what is in order already, as most is.
fn sorting_swaps(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let is_sorted = (1..count)
        .zip(0..)
        .all(|(place, before)| compare(before, place).is_le());
    match is_sorted {
        true => Vec::new(),
        false => swaps(&places(count, compare)),
    }
}

/// The places in sorted order: runs of twice the length are merged until one is left.
fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut sorted: Vec<usize> = (0..count).collect();
    let mut merged = Vec::with_capacity(count);
    let mut length = 1_usize;
    while length < count {
        for runs in sorted.chunks(length.saturating_mul(2)) {
            let (mut left, mut right) = runs.split_at(length.min(runs.len()));
            while let Some(&place) = match (left.first(), right.first()) {
                (Some(one), Some(two)) if compare(*one, *two).is_gt() => right.split_off_first(),
                (Some(_), _) => left.split_off_first(),
                (None, _) => right.split_off_first(),
            } {
                merged.push(place);
            }
        }
        std::mem::swap(&mut sorted, &mut merged);
        merged.clear();
        length = length.saturating_mul(2);
    }
    sorted
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
