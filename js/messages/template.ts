/**
 * The grammar of the texts: fills in figures, leaves parts out, chooses word forms. Knows no reason and no language.
 *
 * - `{name}` is a figure.
 * - `[a|b|c]` is the first part whose figures are all known, or nothing.
 * - `{name, one: item, other: # items}` chooses by a number's plural form (`#` is the number), a list's by its length, a
 *   word by itself; `none` where the figure is kept back, `other` in every other case.
 */

/** A figure ready to show. One that is counted has a number as well. */
export type Figure = string | { readonly text: string; readonly count: number };
export type FigureOf = (name: string) => Figure | undefined;
export type PluralOf = (count: number) => string;

export function filled(template: string, figure: FigureOf, plural: PluralOf): string {
  const chosen = template.replace(ALTERNATIVES, (_part, parts: string) => parts.split("|").find((part) => isKnown(part, figure)) ?? "");
  return chosen.replace(PARAMETER, (_parameter, name: string, forms: string | undefined) => {
    const value = figure(name);
    const shown = value === undefined ? "" : typeof value === "string" ? value : value.text;
    if (forms === undefined) return shown;
    const form = value === undefined ? "none" : typeof value === "string" ? value : plural(value.count);
    const words = formsOf(forms);
    return (words.get(form) ?? words.get("other") ?? "").replaceAll("#", () => shown);
  });
}

/** What is wrong with a text, in words; `null` if nothing is. */
export function templateFault(template: string, isFigure: (name: string) => boolean): string | null {
  for (const [, name = "", forms] of template.matchAll(PARAMETER)) {
    if (!isFigure(name)) return `names {${name}}, which is no figure of it`;
    if (forms !== undefined && !formsOf(forms).has("other")) return `has no form "other" for {${name}}`;
  }
  return null;
}

const PARAMETER = /\{(\w+)(?:,([^{}]*))?\}/g;
const ALTERNATIVES = /\[([^[\]]*)\]/g;
const NEXT_FORM = /,\s*(?=\w+:)/;

function isKnown(part: string, figure: FigureOf): boolean {
  return [...part.matchAll(PARAMETER)].every(([, name = ""]) => figure(name) !== undefined);
}

function formsOf(forms: string): ReadonlyMap<string, string> {
  return new Map(forms.split(NEXT_FORM).map((form) => {
    const colon = form.indexOf(":");
    return [form.slice(0, colon).trim(), form.slice(colon + 1).replace(/^ /, "")] as const;
  }));
}
