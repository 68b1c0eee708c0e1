/**
 * Owns random counters: what has been used of each limit, and of each credit.
 * Must not decide which limits there are.
 */
import { canonicalKeys, codeCounter, couponCounter, creditCounters, customerCounter } from "./canonical.mjs";

/** Counters that make each limit as used up as its coupon was meant to be. */
export function randomCounters(random, uses, customer, now, { stripPlusTag }) {
  const counters = {};
  for (const { owner, name, limit, use } of uses) {
    const [kind, id] = owner.split(":");
    if (kind === "credit") {
      setCredit(random, counters, creditCounters(id), limit, use, now);
      continue;
    }
    const own = kind === "coupon" ? couponCounter(id) : codeCounter(id);
    if (name === "total") {
      setCounter(random, counters, own, limit, use, now);
      continue;
    }
    const keys = random.shuffled(canonicalKeys(customer));
    keys.forEach((key, place) => {
      const thisUse = place === 0 || random.chance(20) ? use : "open";
      setCounter(random, counters, customerCounter(own, key, stripPlusTag), limit, thisUse, now);
    });
  }
  return counters;
}

function setCounter(random, counters, counter, limit, use, now) {
  if (use === "open" && random.chance(30)) return;
  const over = limit < Number.MAX_SAFE_INTEGER && random.chance(8) ? 1 : 0;
  const claimed = use === "open" ? random.pick([0, limit - 1, limit - 1, Math.floor(limit / 2)]) : limit + over;
  const held = use === "held" ? random.int(1, Math.min(claimed, 50)) : use === "open" ? Math.min(claimed, random.int(0, 3)) : 0;
  const view = { claimed };
  if (held > 0 || random.chance(50)) view.held = held;
  const ends = random.weighted([[60, random.int(1, 900_000)], [12, 1], [12, 0], [12, -1], [4, -random.int(2, 900_000)]]);
  const nextExpiry = held > 0 && random.chance(85) ? now + ends : null;
  if (random.chance(held > 0 ? 85 : 30)) view.nextExpiry = nextExpiry;
  counters[counter] = view;
}

/** A credit spent in part, wholly, or held by others; sometimes with something added to it. */
function setCredit(random, counters, { spent, added }, issued, use, now) {
  const more = random.chance(40) ? random.weighted([[3, random.int(1, 5000)], [1, 0]]) : null;
  if (more !== null) counters[added] = { claimed: more };
  const whole = issued + (more ?? 0);
  const over = random.chance(10) ? random.int(1, 100) : 0;
  const claimed = use === "open" ? random.pick([0, 1, Math.floor(whole / 2), whole - 1]) : whole + over;
  const held = use === "held" ? random.int(1, claimed) : use === "open" ? Math.min(claimed, random.int(0, 300)) : 0;
  const view = { claimed };
  if (held > 0 || random.chance(50)) view.held = held;
  if (held > 0 && random.chance(80)) view.nextExpiry = now + random.pick([-1, 0, 1, 60_000]);
  counters[spent] = view;
}
