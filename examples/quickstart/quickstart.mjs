/**
 * A coupon and a discounted cart, printed. The README shows this very file; it must need nothing but the package.
 */
import { createCouponEngine } from "coupon-engine";
import { memoryStorage } from "coupon-engine/stores/memory";

const engine = await createCouponEngine({ storage: memoryStorage() });
await engine.coupons.create({ type: "standard", code: "SUMMER20", discount: { type: "percent", basisPoints: 2000 } });

const lines = [{ id: "shirt", unitPrice: 1750, quantity: 2 }, { id: "socks", unitPrice: 700, quantity: 1 }];
const quote = await engine.apply({ codes: ["summer20", "winter50"], cart: { currency: "EGP", lines } });

const egp = (minor) => String(minor).padStart(3, "0").replace(/..$/, ".$&").padStart(7);
for (const { id, subtotal, discount, total } of quote.lines) {
  console.log(`${id}     ${egp(subtotal)} - ${egp(discount)} = ${egp(total)} EGP`);
}
for (const { code, state, discount, rejection } of quote.codes) {
  console.log(`${code}  ${state}: ${rejection?.message ?? `${egp(discount).trim()} EGP off`}`);
}
console.log(`total     ${egp(quote.totals.subtotal)} - ${egp(quote.totals.discount)} = ${egp(quote.totals.total)} EGP`);
await engine.close();
