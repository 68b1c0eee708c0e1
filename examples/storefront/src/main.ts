/**
 * Puts the page together: the shop's answers, the visit, the views, and what the shopper does.
 */
import { changeSetup, fetchCatalogue, fetchPublicCoupons, fetchQuote, fetchSetup } from "./api.js";
import type { PublicCoupons, SetupChange } from "./api.js";
import { orderUnderWay } from "./order-id.js";
import { loadCart, saveCart } from "./saved-cart.js";
import { Session } from "./session.js";
import type { Showcase } from "./showcases.js";
import { createAutomatic } from "./view/automatic.js";
import { showCatalogue } from "./view/catalogue.js";
import { createCheckout } from "./view/checkout.js";
import { createChips } from "./view/codes.js";
import { showCombination } from "./view/combination.js";
import { found } from "./view/dom.js";
import { createLines } from "./view/lines.js";
import { showOffers } from "./view/offers.js";
import { showShowcases } from "./view/showcases.js";
import { createStaff } from "./view/staff.js";
import { showSummary } from "./view/summary.js";
import { showWorkings } from "./view/workings.js";
import type { Catalogue } from "../../shop/cart.mjs";

try {
  open(await fetchCatalogue());
} catch (error) {
  found("#code-message").textContent = "The shop could not be reached. Reload the page to try again.";
  throw error;
}

function open(catalogue: Catalogue): void {
  const known = new Set(catalogue.products.map(({ id }) => id));
  const saved = loadCart();
  const cart = { ...saved, quantities: new Map([...saved.quantities].filter(([id]) => known.has(id))) };
  let told: PublicCoupons | null = null;
  const ruleOf = (id: string) => told?.rules.find((rule) => rule.id === id);
  const salesOf = (code: string) =>
    (told?.coupons.find((coupon) => coupon.code === code)?.rules ?? []).flatMap((id) => ruleOf(id)?.name ?? []);

  const showLines = createLines(catalogue, (id, quantity) => session.setQuantity(id, quantity));
  const showChips = createChips(catalogue.currency, salesOf, (code) => session.removeCode(code));
  const showAutomatic = createAutomatic(catalogue, ruleOf);
  const session = new Session({
    cart,
    ask: fetchQuote,
    order: orderUnderWay,
    save: saveCart,
    show(visit) {
      showLines(visit);
      showChips(visit);
      showCombination(visit);
      showAutomatic(visit);
      showSummary(visit, catalogue);
      showCheckout(visit);
      if (visit.quote !== null) showWorkings(visit.quote, catalogue, ruleOf);
    },
  });

  const showCheckout = createCheckout(session, catalogue.currency);

  /** What the shop makes public: at the start, and again when staff have changed something. */
  async function prepare(): Promise<void> {
    told = await fetchPublicCoupons();
    showOffers(told.offers, (code) => session.addCode(code, "typed"));
    const { createPreviewer } = await import("./preview.js");
    session.setPreviewer(await createPreviewer(catalogue, told));
    session.redraw();
  }

  // One change of the shop after the other, in the order they were asked for.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work, work);
    return last;
  };
  const showStaff = createStaff((change) => inTurn(async () => {
    await setUp(change);
    session.startAfresh();
  }));
  async function setUp(change: SetupChange): Promise<void> {
    showStaff(await changeSetup(change));
    await prepare();
  }

  showCatalogue(catalogue, ({ id }) => session.setQuantity(id, session.quantityOf(id) + 1));
  showShowcases((showcase) => inTurn(async () => {
    await setUp(showcase.setup);
    show(showcase, session);
  }));
  listenToCodes(session);
  listenToEmail(session, cart.email);
  hideBarInCart();
  // A page that the browser has kept shows the cart as it was; the order may be paid by now.
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  found("#retry").addEventListener("click", () => session.refresh());
  session.refresh();
  prepareTheRest(session, prepare).catch((error: unknown) => console.warn("no preview", error));
  fetchSetup().then(showStaff, (error: unknown) => console.warn("no setup", error));
}

function show({ quantities, codes, email }: Showcase, session: Session): void {
  session.replace({
    quantities: new Map(Object.entries(quantities)), codes: codes.map((code) => ({ code, origin: "typed" })), email,
  });
  found<HTMLInputElement>("#email").value = email;
  found<HTMLDetailsElement>("#trace").open = true;
  // Where the cart is not beside the shelf, it is what was asked for.
  if (matchMedia("(max-width: 60rem)").matches) found("#cart").scrollIntoView();
}

function listenToCodes(session: Session): void {
  const input = found<HTMLInputElement>("#code");
  found("#code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = input.value.trim();
    input.value = "";
    input.focus();
    if (code !== "") session.addCode(code, "typed");
  });
}

function listenToEmail(session: Session, saved: string): void {
  const input = found<HTMLInputElement>("#email");
  input.value = saved;
  input.addEventListener("change", () => {
    const isAddress = input.checkValidity();
    input.setAttribute("aria-invalid", String(!isAddress));
    found("#email-message").textContent = isAddress ? "" : "This does not look like an e-mail address.";
    if (isAddress) session.setEmail(input.value.trim());
  });
}

/** The bar leads to the cart; at the cart it would only lie over the field with the focus. */
function hideBarInCart(): void {
  const observer = new IntersectionObserver(([entry]) => {
    found("#cart-bar").hidden = entry?.isIntersecting ?? false;
  });
  observer.observe(found("#cart"));
}

/** The page works without any of this: it is faster with it, and a link's code needs it. */
async function prepareTheRest(session: Session, prepare: () => Promise<void>): Promise<void> {
  await prepare();
  const { codesOfLink } = await import("./preview.js");
  const { codes, cleanUrl } = await codesOfLink(location.href);
  history.replaceState(null, "", cleanUrl);
  for (const code of codes) session.addCode(code, "url");
}
