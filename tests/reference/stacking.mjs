/**
 * Owns what keeps effects out of stacking altogether, and what each stacking mode makes of the others.
 * Must not repeat a check of a candidate by itself.
 */
import { inOrder, isSameDiscount, namesOf } from "./effects.mjs";
import { refusal } from "./obstacles.mjs";
import { refuseOthers, select, totalOf, walk } from "./selection.mjs";

/**
 * `{accepted, refusals, exact}`: the effects that apply, in stacking order, the reason of each other one, and whether
 * no better selection can have been overlooked.
 */
export function stack(effects, shop) {
  const ordered = inOrder(effects, shop.policy);
  if (shop.policy.stacking.mode === "none") {
    return { accepted: [], refusals: refuseOthers(ordered, [], (effect) => refusal(effect, "codes_not_allowed")), exact: true };
  }
  const suppressed = refuseOthers(ordered, ordered.filter((effect) => !isSuppressed(effect, shop)), (effect) =>
    refusal(effect, "foreign_coupon_present"));
  const unsuppressed = ordered.filter((effect) => !suppressed.has(effect));
  const displaced = interact(unsuppressed, shop);
  const { accepted, refusals, exact } = byMode(unsuppressed.filter((effect) => !displaced.has(effect)), shop);
  return { accepted, refusals: new Map([...suppressed, ...displaced, ...refusals]), exact };
}

/** Only a discount the host gives of itself stands against ours, not what it computed for a rule a code opens. */
function isSuppressed({ withForeign }, { cart, policy, opened }) {
  const yields = withForeign === null ? policy.foreignDiscounts === "suppress_ours" : withForeign === "suppress";
  return yields && cart.foreign.some(({ ruleId }) => !opened.includes(ruleId));
}

/** The refusals where codes and automatic rules do not stand beside each other. */
function interact(ordered, shop) {
  const settingOf = ({ rule }) => rule.interaction ?? shop.policy.interaction;
  const [codes, automatic] = [ordered.filter(({ entry }) => entry), ordered.filter(({ entry }) => !entry)];
  const giving = (effects) => effects.filter((effect) => totalOf(walk([effect], Infinity, shop).accepted, shop) > 0n);
  const refuseAll = (effects, by) =>
    refuseOthers(effects, [], (effect) => refusal(effect, "not_combinable", { with: namesOf(by) }));
  const replacing = giving(automatic.filter((effect) => settingOf(effect) === "automatic_replaces"));
  if (replacing.length > 0) return refuseAll(codes, replacing);
  const replaced = giving(codes);
  return replaced.length > 0 ? refuseAll(automatic.filter((effect) => settingOf(effect) === "code_replaces"), replaced) : new Map();
}

function byMode(ordered, shop) {
  const { mode } = shop.policy.stacking;
  return mode === "best" || mode === "first" ? oneUnit(ordered, mode, shop) : select(ordered, shop);
}

/** One entry with all it brings, or one automatic rule: that takes most alone, or the first that takes anything. */
function oneUnit(ordered, mode, shop) {
  const units = unitsOf(ordered).map((effects) => {
    const alone = walk(effects, Infinity, shop);
    const total = totalOf(alone.accepted, shop);
    return { effects, accepted: alone.accepted, refusals: alone.refusals, total, name: effects[0].name };
  });
  const giving = units.filter(({ total }) => total > 0n);
  const most = giving.reduce((best, { total }) => (total > best ? total : best), 0n);
  const winner = mode === "first" ? giving[0] : giving.find(({ total }) => total === most);
  if (!winner) return { accepted: [], refusals: new Map(units.flatMap(({ refusals }) => [...refusals])), exact: true };
  const isBeaten = (unit) => (mode === "first" ? units.indexOf(unit) > units.indexOf(winner) : unit.total > 0n);
  const beatenBy = mode === "first" ? "stopped_by_previous" : "superseded_by_better";
  const reason = (effect) => {
    const unit = units.find(({ effects }) => effects.includes(effect));
    const same = winner.accepted.find((other) => isSameDiscount(effect, other));
    if (unit !== winner && same) return refusal(effect, "already_applied", { with: [same.name] });
    return unit !== winner && isBeaten(unit) ? refusal(effect, beatenBy, { with: [winner.name] }) : unit.refusals.get(effect);
  };
  return { accepted: winner.accepted, refusals: refuseOthers(ordered, winner.accepted, reason), exact: true };
}

function unitsOf(ordered) {
  const units = [];
  for (const effect of ordered) {
    const unit = effect.entry && units.find(([first]) => first.entry === effect.entry);
    if (unit) unit.push(effect);
    else units.push([effect]);
  }
  return units;
}
