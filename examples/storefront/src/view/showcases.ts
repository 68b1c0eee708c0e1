/**
 * The row of buttons that show what the shop can do, and the sentence that says what to look at.
 */
import { showcases } from "../showcases.js";
import type { Showcase } from "../showcases.js";
import { found, made, write } from "./dom.js";

export function showShowcases(onShow: (showcase: Showcase) => Promise<void>): void {
  const buttons = showcases.map((showcase) => {
    const button = made("button", { type: "button", class: "button", "data-showcase": showcase.id, "aria-pressed": "false" }, showcase.title);
    button.addEventListener("click", () => {
      onShow(showcase).then(
        () => say(showcase),
        () => write(found("#showcase-says"), "The shop could not be reached. Try again."),
      );
    });
    return button;
  });
  found("#showcases").replaceChildren(...buttons.map((button) => made("li", {}, button)));

  function say({ id, says }: Showcase): void {
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset["showcase"] === id));
    write(found("#showcase-says"), says);
  }
}
