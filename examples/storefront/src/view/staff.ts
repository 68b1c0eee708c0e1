/**
 * What staff set, on the shopper's page: which sale a code opens, and how codes go together.
 */
import type { Setup, SetupChange } from "../api.js";
import { found, made, write } from "./dom.js";

const MODES = [
  { id: "sequential", name: "One after the other, each of what is left" },
  { id: "best_combination", name: "The best combination" },
] as const;

export function createStaff(onChange: (change: SetupChange) => Promise<void>): (setup: Setup) => void {
  const box = found("#staff");
  let current: Setup | null = null;
  const change = (wanted: SetupChange): void => {
    box.setAttribute("aria-busy", "true");
    write(found("#staff-message"), "");
    onChange(wanted)
      .catch((error: unknown) => {
        write(found("#staff-message"), error instanceof Error ? error.message : "Something went wrong.");
        if (current !== null) show(current);
      })
      .finally(() => box.setAttribute("aria-busy", "false"));
  };
  const show = (setup: Setup): void => {
    const { mode, link } = setup;
    current = setup;
    choices(found("#staff-modes"), "mode", MODES, mode, (id) => change({ mode: id }));
    choices(found("#staff-sales"), "opens", link.sales, link.opens, (id) => change({ opens: id }));
    write(found("#staff-link"), `${link.code} opens`);
    write(found("#staff-version"), `Version ${link.version} of the coupon. Each new link is a new version; the code stays.`);
  };
  return show;
}

/** Made once, so that the focus stays on the choice. */
function choices<Id extends string>(
  place: HTMLElement, name: string, options: readonly { readonly id: Id; readonly name: string }[], chosen: string, choose: (id: Id) => void,
): void {
  if (place.childElementCount === 0) {
    place.append(...options.map((option) => {
      const input = made("input", { type: "radio", name, value: option.id });
      input.addEventListener("change", () => choose(option.id));
      return made("label", { class: "choice" }, input, made("span", {}, option.name));
    }));
  }
  for (const input of place.querySelectorAll("input")) input.checked = input.value === chosen;
}
