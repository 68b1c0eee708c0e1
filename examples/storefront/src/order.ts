/**
 * The page of one order, for its customer: the pretend payment, and what came of it. What it shows is always what the shop
 * answers, so that it may be reloaded, pressed twice and come back to.
 */
import { endPayment, fetchOrder, resumePayment, ShopError } from "./api.js";
import type { OrderView, RefusedCheckout } from "./api.js";
import { clockText, headline, refusalText } from "./checkout-words.js";
import { moneyText } from "./money.js";
import { endOrder } from "./order-id.js";
import { emptyCart } from "./saved-cart.js";
import { busy, found, made, write } from "./view/dom.js";
import { meterElement } from "./view/meter.js";
import { linesOf, totalsOf } from "./view/order-summary.js";

const TICK_MS = 1_000;
const id = new URLSearchParams(location.search).get("order") ?? "";
const say = (text: string): void => write(found("#message"), text);

await reload().catch((error: unknown) => {
  const isUnknown = error instanceof ShopError && error.status >= 400 && error.status < 500;
  write(found("#title"), isUnknown ? "There is no such order" : "The shop could not be reached");
  found("#actions").replaceChildren(cartLink("Back to the shop"));
});
addEventListener("pageshow", ({ persisted }) => persisted && location.reload());

async function reload(): Promise<void> {
  show(await fetchOrder(id));
}

function show(order: OrderView): void {
  const { title, lead } = headline(order);
  document.title = `${title}, Delta Supply`;
  document.body.dataset["state"] = order.state;
  write(found("#title"), title);
  write(found("#lead"), lead);
  write(found("#number"), `Order ${order.number}`);
  found("#summary").replaceChildren(linesOf(order), totalsOf(order));
  found("#bought").hidden = false;
  found("#actions").replaceChildren(...actionsOf(order));
  showUsage(order);
  countDown(order);
  // Paid in this window: the next order begins with an empty cart.
  if (order.state === "redeemed" && endOrder(id)) emptyCart();
}

function actionsOf(order: OrderView): readonly HTMLElement[] {
  const total = moneyText(order.totals.total, order.currency);
  switch (order.state) {
    case "held":
      return [
        action("pay", `Pay ${total}`, () => end("pay"), "button--strong"),
        action("fail", "Payment fails", () => end("fail")),
        action("leave", "Leave", () => end("leave")),
        cartLink("Change the cart"),
      ];
    case "expired":
      return [action("pay", `Pay ${total}`, () => end("pay"), "button--strong"), cartLink("Back to the cart")];
    case "released":
      return [action("resume", "Pay again", () => resume(order), "button--strong"), cartLink("Back to the cart")];
    default:
      return [cartLink("Back to the shop")];
  }
}

function action(name: string, text: string, work: () => Promise<void>, look = ""): HTMLElement {
  const button = made("button", { type: "button", class: `button ${look}`, "data-action": name }, text);
  button.addEventListener("click", () => busy(button, work, say));
  return button;
}

function cartLink(text: string): HTMLElement {
  return made("a", { class: "link", href: "/" }, text);
}

async function end(how: "pay" | "fail" | "leave"): Promise<void> {
  say("");
  const { refused } = await endPayment(how, id);
  await reload();
  if (refused === "hold_expired") say("Nothing was paid: the last use of a code went to another customer meanwhile. The cart shows the new total.");
  found("#title").focus();
}

async function resume(order: OrderView, fingerprint?: string): Promise<void> {
  say("");
  const answer = await resumePayment(id, fingerprint);
  if (answer.status === "refused") return explain(order, answer);
  await reload();
  found("#title").focus();
}

function explain(order: OrderView, answer: RefusedCheckout): void {
  const { reason, total, fingerprint, codes } = answer;
  if (reason === "codes_refused") return say(`${codes.map(({ code, message }) => `${code}: ${message}`).join(" ")} In the cart you can go on without it.`);
  say(refusalText(answer, moneyText(order.totals.total, order.currency), order.currency));
  const agree = action("agree", `Agree to ${moneyText(total, order.currency)}`, () => resume(order, fingerprint), "button--strong");
  found("#actions").replaceChildren(agree, cartLink("Back to the cart"));
}

function showUsage({ usage, currency }: OrderView): void {
  found("#used").hidden = usage.length === 0;
  found("#meters").replaceChildren(...usage.map((coupon) => made("div", { class: "used", "data-coupon": coupon.couponId },
    made("h3", {}, coupon.name),
    ...coupon.meters.map((meter) => meterElement(meter, currency)),
    ...(coupon.meters.length > 0 ? [] : [made("p", { class: "quiet" }, `Used ${coupon.redeemed === 1 ? "once" : `${coupon.redeemed} times`}; no limit in all.`)]))));
}

let ticking = 0;

/** Only a picture of it: the shop's clock decides. */
function countDown({ state, heldFor, holdLength }: OrderView): void {
  clearInterval(ticking);
  found("#hold").hidden = state !== "held";
  if (state !== "held") return;
  const until = performance.now() + heldFor;
  const bar = found<HTMLProgressElement>("#hold-bar");
  bar.max = Math.max(holdLength, heldFor);
  const tick = (): void => {
    const left = until - performance.now();
    write(found("#hold-clock"), clockText(left));
    bar.value = Math.max(0, left);
    if (left > 0) return;
    clearInterval(ticking);
    reload().catch(() => say("The time to pay is over."));
  };
  tick();
  ticking = window.setInterval(tick, TICK_MS);
}
