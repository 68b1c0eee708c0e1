//! Choices drawn one after another from a list of random numbers. Far cheaper than a strategy for every field, and a
//! failing case still shrinks: every number goes towards 0, and 0 is the simplest choice.

use proptest::collection::vec;
use proptest::prelude::*;

/// More than any shop needs; what is drawn beyond them is 0.
const CHOICES: usize = 360;

pub struct Dice {
    numbers: Vec<u32>,
    at: usize,
}

impl Dice {
    /// What a function draws.
    pub fn drawing<T: std::fmt::Debug>(draw: fn(&mut Self) -> T) -> impl Strategy<Value = T> {
        vec(any::<u32>(), CHOICES).prop_map(move |numbers| draw(&mut Self { numbers, at: 0 }))
    }

    fn next(&mut self) -> u64 {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        number.into()
    }

    /// From `least` to `most`, both included.
    pub fn within(&mut self, least: i64, most: i64) -> i64 {
        let span = u128::from(most.abs_diff(least)) + 1;
        let wide = match span > 1 << 20 {
            true => (self.next() << 32) | self.next(),
            false => self.next() << 32,
        };
        least + i64::try_from((u128::from(wide) * span) >> 64).unwrap()
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.within(0, 99) >= 100 - percent
    }

    pub fn place(&mut self, count: usize) -> usize {
        usize::try_from(self.within(0, i64::try_from(count).unwrap() - 1)).unwrap()
    }

    /// The first is the simplest.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.place(from.len())]
    }

    /// So many of the lowest bits.
    pub fn bits(&mut self, count: u32) -> u8 {
        u8::try_from(self.within(0, (1 << count) - 1)).unwrap()
    }

    pub fn maybe<T>(&mut self, percent: i64, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(percent).then(|| draw(self))
    }

    pub fn several<T>(
        &mut self,
        least: i64,
        most: i64,
        mut draw: impl FnMut(&mut Self) -> T,
    ) -> Vec<T> {
        (0..self.within(least, most)).map(|_| draw(self)).collect()
    }
}
