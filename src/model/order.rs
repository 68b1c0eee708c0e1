//! Order and places. One sort and one lookup for all types: each further instance of the standard library's would add
//! kilobytes to what a storefront downloads.

use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Sorts in place; equal values keep their order.
pub fn sort_by<T>(values: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = places(
        values.len(),
        &|one, two| match (values.get(one), values.get(two)) {
            (Some(one), Some(two)) => compare(one, two),
            _ => Ordering::Equal,
        },
    );
    let mut unsorted: Vec<Option<T>> = std::mem::take(values).into_iter().map(Some).collect();
    values.extend(
        order
            .into_iter()
            .filter_map(|place| unsorted.get_mut(place)?.take()),
    );
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
        let mut letters = vec!['b', 'a', 'b'];
        sort_unique(&mut letters);
        assert_eq!(letters, ['a', 'b']);
    }
}
