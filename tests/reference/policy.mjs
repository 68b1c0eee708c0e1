/**
 * Owns the presets and how a request's policy is settled from them.
 * Must not act on any setting: every rule reads its own.
 */

const DEFAULT = {
  stacking: {
    mode: "additive",
    maxCodes: 1,
    order: "priority",
    onConflict: "reject_new",
    onInapplicable: "partial",
    maxPerCategory: {},
    onePerLine: false,
  },
  rounding: "half_up",
  roundingPoint: "coupon",
  distribution: "proportional",
  disclosure: "actionable",
  minBasisPoints: 1,
  urlTokenTyped: false,
  innerSpace: "remove",
  stripPlusTag: false,
  globalCapBasisPoints: null,
  foreignDiscounts: "alongside",
  interaction: "alongside",
  minPayable: null,
  allowZeroTotal: true,
  zone: "UTC",
};

const PRESETS = {
  default: {},
  dino: { stacking: { maxCodes: 5 } },
  xpay: { minBasisPoints: 100, urlTokenTyped: true },
  dovetech: { stacking: { maxCodes: 5, mode: "sequential" }, urlTokenTyped: true },
  fontdue: { urlTokenTyped: true },
};

export function resolvePolicy(policy = {}) {
  const { preset = "default", ...given } = policy;
  return overlay(overlay(DEFAULT, PRESETS[preset]), given);
}

/** Whoever holds the definitions may read the reasons, unless the request says otherwise. */
export function resolveDisclosure(request) {
  return request.disclosure ?? request.policy?.disclosure ?? "full";
}

function overlay(base, given) {
  return { ...base, ...given, stacking: { ...base.stacking, ...given.stacking } };
}
