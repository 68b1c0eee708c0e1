/**
 * Owns random counters: what has been used of each limit, and of each credit.
 * Must not decide which limits there are.
 */
import { periodName } from "./calendar.mjs";
import {
  budgetCounter, canonicalKeys, codeCounter, couponCounter, creditCounters, customerCounter, firstOrderCounter, periodCounter,
} from "./canonical.mjs";

const A_DAY = 86_400_000;

/** Counters that make each limit as used up as its coupon was meant to be. */
export function randomCounters(random, { uses, firstOrders }, customer, { now, zones }, { stripPlusTag, zone }) {
  const counters = {};
  const keys = canonicalKeys(customer);
  const setOfKeys = (nameOf, limit, use) => random.shuffled(keys).forEach((key, place) => {
    const thisUse = place === 0 || random.chance(20) ? use : "open";
    setCounter(random, counters, nameOf(key), limit, thisUse, now);
  });
  const offset = zone === "UTC" ? 0 : zones[zone];
  for (const { owner, name, per = null, limit, use } of uses) {
    const [kind, id] = owner.split(":");
    if (kind === "credit") setCredit(random, counters, creditCounters(id), limit, use, now);
    if (kind === "budget") setMoney(random, counters, budgetCounter(id, name), limit, use, now);
    if (kind === "credit" || kind === "budget") continue;
    const whole = kind === "coupon" ? couponCounter(id) : codeCounter(id);
    const set = (own, thisUse) => {
      if (name === "total") setCounter(random, counters, own, limit, thisUse, now);
      else setOfKeys((key) => customerCounter(own, key, stripPlusTag), limit, thisUse);
    };
    if (per === null) set(whole, use);
    else {
      const of = (at) => periodCounter(whole, per, periodName(per, at, offset));
      // What was used in another period does not count in this one; nor do all of them together.
      if (random.chance(30)) set(of(now - 31 * A_DAY), "reached");
      if (random.chance(30)) set(per === "day" ? of(now + random.pick([-A_DAY, A_DAY])) : whole, "reached");
      set(of(now), use);
    }
  }
  if (firstOrders && random.chance(45)) {
    setOfKeys((key) => firstOrderCounter(key, stripPlusTag), 1, random.weighted([[4, "reached"], [4, "held"], [2, "open"]]));
  }
  return counters;
}

function setCounter(random, counters, counter, limit, use, now) {
  if (use === "open" && random.chance(30)) return;
  const over = limit < Number.MAX_SAFE_INTEGER && random.chance(8) ? 1 : 0;
  const claimed = use === "open" ? random.pick([0, limit - 1, limit - 1, Math.floor(limit / 2)]) : limit + over;
  const held = use === "held" ? random.int(1, Math.min(claimed, 50)) : use === "open" ? Math.min(claimed, random.int(0, 3)) : 0;
  const ended = random.chance(15) ? random.int(1, 3) : 0;
  const view = { claimed: claimed + ended > Number.MAX_SAFE_INTEGER ? claimed : claimed + ended };
  if (view.claimed > claimed || random.chance(10)) view.ended = view.claimed - claimed;
  if (held > 0 || random.chance(50)) view.held = held;
  const ends = random.weighted([[60, random.int(1, 900_000)], [12, 1], [12, 0], [12, -1], [4, -random.int(2, 900_000)]]);
  const nextExpiry = held > 0 && random.chance(85) ? now + ends : null;
  if (random.chance(held > 0 ? 85 : 30)) view.nextExpiry = nextExpiry;
  counters[counter] = view;
}

/** A credit, sometimes with something added to it. */
function setCredit(random, counters, { spent, added }, issued, use, now) {
  const more = random.chance(40) ? random.weighted([[3, random.int(1, 5000)], [1, 0]]) : null;
  if (more !== null) counters[added] = { claimed: more };
  setMoney(random, counters, spent, issued + (more ?? 0), use, now);
}

/** Money spent in part, wholly, or held by others; some of it by holds that have ended. */
function setMoney(random, counters, counter, whole, use, now) {
  const over = whole < Number.MAX_SAFE_INTEGER && random.chance(10) ? random.int(1, 100) : 0;
  const claimed = use === "open" ? random.pick([0, 1, Math.floor(whole / 2), whole - 1]) : whole + over;
  const held = use === "held" ? random.int(1, claimed) : use === "open" ? Math.min(claimed, random.int(0, 300)) : 0;
  const ended = claimed < 10 ** 12 && random.chance(20) ? random.int(1, 5000) : 0;
  const view = { claimed: claimed + ended };
  if (ended > 0) view.ended = ended;
  if (held > 0 || random.chance(50)) view.held = held;
  if (held > 0 && random.chance(80)) view.nextExpiry = now + random.pick([-1, 0, 1, 60_000]);
  counters[counter] = view;
}
