/**
 * Random choices that a number replays. Owns the generator (mulberry32); it is no source of secrets.
 */
export interface Random {
  /** 0 … below - 1. */
  below(bound: number): number;
  pick<T>(from: readonly T[]): T;
  chance(percent: number): boolean;
}

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
  const below = (bound: number): number => next() % bound;
  return {
    below,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    chance: (percent) => below(100) < percent,
  };
}
