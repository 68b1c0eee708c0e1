//! Choices from a seed (splitmix64), the same on every platform.

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ 0x9E37_79B9_7F4A_7C15)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From `least` to `most`, both included.
    pub fn within(&mut self, least: i64, most: i64) -> i64 {
        let span = most.abs_diff(least) + 1;
        least + i64::try_from(self.next() % span).expect("a span is small")
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.within(0, 99) < percent
    }

    pub fn place(&mut self, count: usize) -> usize {
        let count = i64::try_from(count).expect("a list is short");
        usize::try_from(self.within(0, count - 1)).expect("a place is not negative")
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.place(from.len())]
    }

    pub fn maybe<T>(&mut self, percent: i64, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance(percent).then(|| draw(self))
    }

    /// One of these, as often as its weight says.
    pub fn weighed<T: Copy>(&mut self, from: &[(i64, T)]) -> T {
        let mut left = self.within(0, from.iter().map(|(weight, _)| weight).sum::<i64>() - 1);
        for (weight, one) in from {
            left -= weight;
            if left < 0 {
                return *one;
            }
        }
        from[0].1
    }
}
