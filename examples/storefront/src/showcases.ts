/**
 * Eight things the shop can show, each a cart, codes and a setting of the shop. Plain data, for whoever would rather click
 * than type.
 */
import type { SetupChange } from "./api.js";

export interface Showcase {
  readonly id: string;
  readonly title: string;
  readonly quantities: Readonly<Record<string, number>>;
  readonly codes: readonly string[];
  readonly email: string;
  readonly setup: SetupChange;
  /** What to look at, and what to do next. */
  readonly says: string;
}

const ONE_AFTER_THE_OTHER: SetupChange = { mode: "sequential" };

export const showcases: readonly Showcase[] = [
  {
    id: "automatic",
    title: "Automatic discount",
    quantities: { notebook: 1, pencils: 1 },
    codes: [],
    email: "",
    setup: ONE_AFTER_THE_OTHER,
    says: "Two things of paper are in the cart. Add one more: 10 % come off without a code.",
  },
  {
    id: "link",
    title: "A code that opens a sale",
    quantities: { "linen-shirt": 1, "wool-cap": 1 },
    codes: ["SPRING"],
    email: "",
    setup: { ...ONE_AFTER_THE_OTHER, opens: "sale-shirts" },
    says: "SPRING has no discount of its own, it opens a sale. Under “Staff” link it to another: the code stays the same.",
  },
  {
    id: "credit",
    title: "Store credit",
    quantities: { "linen-shirt": 1 },
    codes: ["SUMMER20", "MONA-500"],
    email: "mona@example.com",
    setup: ONE_AFTER_THE_OTHER,
    says: "Mona's credit of 500.00 EGP pays last, shipping too. Take her e-mail away, and the code waits.",
  },
  {
    id: "steps",
    title: "Spend more, save more",
    quantities: { "mint-tea": 3 },
    codes: [],
    email: "",
    setup: ONE_AFTER_THE_OTHER,
    says: "Three boxes of tea are 75.00 EGP: 5 % off. One more box reaches 100.00 EGP and 10 %.",
  },
  {
    id: "best",
    title: "Best combination",
    quantities: { "linen-shirt": 2 },
    codes: ["SUMMER20", "CREDIT100", "ONLY30"],
    email: "",
    setup: { mode: "best_combination" },
    says: "Three codes that do not all go together: the cheapest way is used. Add one more shirt, and it is another.",
  },
  {
    id: "few",
    title: "Three uses in all",
    quantities: { "linen-shirt": 1 },
    codes: ["FIRST3"],
    email: "",
    setup: ONE_AFTER_THE_OTHER,
    says: "FIRST3 works three times in all. Go to payment, and one use is held for you: open a second window, and race for the last.",
  },
  {
    id: "once",
    title: "Once per customer",
    quantities: { "cotton-tee": 2 },
    codes: ["WELCOME15"],
    email: "ann@example.com",
    setup: ONE_AFTER_THE_OTHER,
    says: "Each customer has WELCOME15 once. Pay, and try it again; cancel the order as staff, and it is ann's again.",
  },
  {
    id: "daily",
    title: "Five a day, while it lasts",
    quantities: { "kasra-display": 1, "canvas-tote": 1 },
    codes: ["TODAY12"],
    email: "",
    setup: ONE_AFTER_THE_OTHER,
    says: "TODAY12 has five uses a day and a budget of 600.00 EGP. Under “Staff” the meters of both fill as you pay.",
  },
];
