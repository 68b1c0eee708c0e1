/**
 * Puts the page together: the shop's answers, the visit, the views, and what the shopper does.
 */
import { fetchCatalogue, fetchPublicCoupons, fetchQuote } from "./api.js";
import { loadCart, saveCart } from "./saved-cart.js";
import { Session } from "./session.js";
import { showCatalogue } from "./view/catalogue.js";
import { createChips } from "./view/codes.js";
import { found } from "./view/dom.js";
import { createLines } from "./view/lines.js";
import { showOffers } from "./view/offers.js";
import { showSummary } from "./view/summary.js";
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
  const showLines = createLines(catalogue, (id, quantity) => session.setQuantity(id, quantity));
  const showChips = createChips(catalogue.currency, (code) => session.removeCode(code));
  const session = new Session({
    cart,
    ask: fetchQuote,
    save: saveCart,
    show(visit) {
      showLines(visit);
      showChips(visit);
      showSummary(visit, catalogue);
    },
  });

  showCatalogue(catalogue, ({ id }) => session.setQuantity(id, session.quantityOf(id) + 1));
  listenToCodes(session);
  listenToEmail(session, cart.email);
  hideBarInCart();
  found("#retry").addEventListener("click", () => session.refresh());
  session.refresh();
  prepareTheRest(session, catalogue).catch((error: unknown) => console.warn("no preview", error));
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
async function prepareTheRest(session: Session, catalogue: Catalogue): Promise<void> {
  const publicCoupons = await fetchPublicCoupons();
  showOffers(publicCoupons.offers, (code) => session.addCode(code, "typed"));
  const { codesOfLink, createPreviewer } = await import("./preview.js");
  session.setPreviewer(await createPreviewer(catalogue, publicCoupons));
  const { codes, cleanUrl } = await codesOfLink(location.href);
  history.replaceState(null, "", cleanUrl);
  for (const code of codes) session.addCode(code, "url");
}
