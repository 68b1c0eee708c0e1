/**
 * Owns the seeded source of chance: the same seed gives the same choices everywhere.
 * Must not use the platform's own randomness, and must not know what is chosen.
 */

export function randomSource(seed) {
  let state = mix(seed >>> 0);
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    return mix(state);
  };
  const source = {
    /** A whole number from `low` to `high`, both included, for spans up to 2^53. */
    int(low, high) {
      const span = high - low + 1;
      const wide = next() * 0x200000 + (next() >>> 11);
      return low + (wide % span);
    },
    /** True `percent` times in a hundred. */
    chance(percent) {
      return source.int(1, 10_000) <= percent * 100;
    },
    pick(list) {
      return list[source.int(0, list.length - 1)];
    },
    /** One of `[[weight, value], …]`. */
    weighted(choices) {
      let ticket = source.int(1, choices.reduce((sum, [weight]) => sum + weight, 0));
      return choices.find(([weight]) => (ticket -= weight) <= 0)[1];
    },
    /** Some of the list, at least `least` of it, in a random order. */
    some(list, least = 1) {
      return source.shuffled(list).slice(0, source.int(Math.min(least, list.length), list.length));
    },
    shuffled(list) {
      const rest = [...list];
      const drawn = [];
      while (rest.length > 0) drawn.push(...rest.splice(source.int(0, rest.length - 1), 1));
      return drawn;
    },
  };
  return source;
}

/** A finaliser of 32 bits, so that neighbouring seeds share nothing. */
function mix(value) {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
