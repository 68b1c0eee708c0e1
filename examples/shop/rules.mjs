/**
 * The demo shop's discounts that are no coupons: two apply by themselves, two wait for a code that opens them. Plain
 * definitions; storing them is not done here.
 */
import { advertised } from "./advertised.mjs";

/** @type {readonly (import("coupon-engine").RuleDefinition & { readonly id: string })[]} */
export const rules = [
  {
    id: "paper",
    gate: "automatic",
    name: "Any three of paper, 10 % off",
    discount: { type: "percent", basisPoints: 1000 },
    restrictions: { products: { include: ["paper"] }, minimum: { quantity: 3, scope: "eligible_lines" } },
    metadata: advertised,
  },
  {
    id: "tea",
    gate: "automatic",
    name: "More tea, more off",
    discount: {
      type: "tiers",
      by: "amount",
      tiers: [
        { from: { EGP: 5000 }, discount: { type: "percent", basisPoints: 500 } },
        { from: { EGP: 10000 }, discount: { type: "percent", basisPoints: 1000 } },
        { from: { EGP: 20000 }, discount: { type: "percent", basisPoints: 1500 } },
      ],
    },
    restrictions: { products: { include: ["tea"] } },
    metadata: advertised,
  },
  {
    id: "sale-shirts",
    gate: "coupon",
    name: "Spring sale on shirts",
    discount: { type: "percent", basisPoints: 2000 },
    restrictions: { products: { include: ["shirts"] } },
    metadata: advertised,
  },
  {
    id: "sale-caps",
    gate: "coupon",
    name: "Spring sale on caps",
    discount: { type: "percent", basisPoints: 3000 },
    restrictions: { products: { include: ["wool-cap"] } },
    metadata: advertised,
  },
];
