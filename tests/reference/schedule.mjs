/**
 * Owns the local time of an instant and whether a weekly schedule is open at it.
 * Must not know any time zone: the offset at the instant is given.
 */

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_OF_A_DAY = 1440;

/** `{day, minute}` on the clock of a zone so many minutes ahead of UTC. */
export function localTime(now, offset) {
  const minutes = Math.floor(now / 60_000) + offset;
  const daysSinceEpoch = Math.floor(minutes / MINUTES_OF_A_DAY);
  // The first day of the epoch was a Thursday.
  return { day: modulo(daysSinceEpoch + 3, 7), minute: modulo(minutes, MINUTES_OF_A_DAY) };
}

export function written({ day, minute }) {
  const two = (number) => String(number).padStart(2, "0");
  return `${DAYS[day]} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** Half-open windows. One that ends before it begins runs into the next day; its days say where it begins. */
export function isOpen(windows, { day, minute }) {
  return windows.some(({ days, from, to }) => {
    const [opens, closes] = [minuteOf(from), minuteOf(to)];
    const beginsOn = (weekday) => days.includes(DAYS[weekday]);
    if (opens < closes) return beginsOn(day) && minute >= opens && minute < closes;
    return (beginsOn(day) && minute >= opens) || (beginsOn(modulo(day - 1, 7)) && minute < closes);
  });
}

function minuteOf(clock) {
  const [hours, minutes] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}

function modulo(value, divisor) {
  return ((value % divisor) + divisor) % divisor;
}
