/**
 * The few things the views share: finding and making elements, and lists that keep the element of an entry, so that
 * focus stays where it is when the figures around it change. All text goes in as text, never as markup.
 */
export function found<T extends Element = HTMLElement>(selector: string, within: ParentNode = document): T {
  const element = within.querySelector<T>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
}

type Attributes = Readonly<Record<string, string>>;

export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Attributes = {}, ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Only where it differs, so that assistive technology is not told of what did not change. */
export function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** One press at a time; what goes wrong is said. The button keeps the focus. */
export function busy(button: HTMLElement, work: () => Promise<void>, say: (text: string) => void): void {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  work()
    .catch((error: unknown) => say(error instanceof Error ? error.message : "Something went wrong. Try again."))
    .finally(() => button.setAttribute("aria-busy", "false"));
}

export interface KeyedList<T> {
  readonly list: Element;
  readonly keyOf: (entry: T) => string;
  readonly create: (entry: T) => HTMLElement;
  readonly update: (element: HTMLElement, entry: T) => void;
}

export function keyedList<T>({ list, keyOf, create, update }: KeyedList<T>): (entries: readonly T[]) => void {
  let elements = new Map<string, HTMLElement>();
  return (entries) => {
    const next = new Map<string, HTMLElement>();
    for (const [place, entry] of entries.entries()) {
      const key = keyOf(entry);
      const element = elements.get(key) ?? create(entry);
      update(element, entry);
      next.set(key, element);
      if (list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
    }
    for (const [key, element] of elements) if (!next.has(key)) element.remove();
    elements = next;
  };
}
