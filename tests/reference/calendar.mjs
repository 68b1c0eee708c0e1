/**
 * Owns the name of the day, the week and the month that an instant lies in.
 * Must not know any time zone: the offset at the instant is given.
 */

const A_MINUTE = 60_000;
const A_DAY = 86_400_000;

/** `2026-11-20`, `2026-W47` or `2026-11`, on the calendar of a zone so many minutes ahead of UTC. */
export function periodName(per, now, offset) {
  // A date of UTC that reads as the local one does.
  const local = new Date(Math.floor(now / A_MINUTE + offset) * A_MINUTE);
  const date = local.toISOString();
  if (per === "day") return date.slice(0, 10);
  return per === "month" ? date.slice(0, 7) : weekName(local);
}

/** ISO 8601: weeks begin on Monday, and the first of a year is the one with its first Thursday. */
function weekName(local) {
  const daysFromThursday = 4 - (local.getUTCDay() || 7);
  const thursday = new Date(local.getTime() + daysFromThursday * A_DAY);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * A_DAY)) + 1;
  return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
}
