/**
 * Local date-times → instants, with the platform's zone rules (semantics §17).
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCouponEngine, instantOf, memoryStorage } from "./package.mjs";
import { errorOf, rejectionOf } from "./samples.mjs";

const EXAMPLES = [
  ["a date whose midnight does not exist starts after the gap", "2025-04-25", "Africa/Cairo", "start", "2025-04-24T22:00:00.000Z"],
  ["a day of 25 hours ends with its second last hour", "2025-10-30", "Africa/Cairo", "end", "2025-10-30T21:59:59.999Z"],
  ["a start in a gap moves forward by it", "2025-03-30T02:30", "Europe/Berlin", "start", "2025-03-30T01:30:00.000Z"],
  ["an end in a gap moves forward by it", "2025-03-30T02:30", "Europe/Berlin", "end", "2025-03-30T01:30:00.000Z"],
  ["a start that exists twice is the earlier", "2025-10-26T02:30", "Europe/Berlin", "start", "2025-10-26T00:30:00.000Z"],
  ["an end that exists twice is the later", "2025-10-26T02:30", "Europe/Berlin", "end", "2025-10-26T01:30:00.000Z"],
  ["an end date includes its day", "2025-06-30", "America/Los_Angeles", "end", "2025-07-01T06:59:59.999Z"],
  ["a start date begins at local midnight", "2025-06-30", "America/Los_Angeles", "start", "2025-06-30T07:00:00.000Z"],
  ["a time of day needs no seconds", "2025-06-30T12:00", "Asia/Kathmandu", "start", "2025-06-30T06:15:00.000Z"],
  ["a time of day may have milliseconds", "2025-06-30T12:00:30.25", "UTC", "end", "2025-06-30T12:00:30.250Z"],
  ["a gap that begins before midnight: the day starts after it", "1919-03-31", "America/Toronto", "start", "1919-03-31T04:30:00.000Z"],
  ["a gap that begins before midnight: the day before ends with it", "1919-03-30", "America/Toronto", "end", "1919-03-31T04:29:59.999Z"],
  ["a day that comes back for an hour ends after that", "2006-10-28", "America/St_Johns", "end", "2006-10-29T03:29:59.999Z"],
  ["the day after a skipped day starts with it", "2011-12-31", "Pacific/Apia", "start", "2011-12-30T10:00:00.000Z"],
  ["the day before a skipped day ends before it", "2011-12-29", "Pacific/Apia", "end", "2011-12-30T09:59:59.999Z"],
];

for (const [name, local, zone, edge, expected] of EXAMPLES) {
  test(`${name}: ${local} ${zone} ${edge}`, () => {
    assert.equal(new Date(instantOf(local, zone, edge)).toISOString(), expected);
  });
}

const ZONES = ["Africa/Cairo", "America/Havana", "America/Sao_Paulo", "Asia/Beirut", "Atlantic/Azores", "Australia/Lord_Howe"];

for (const zone of ZONES) {
  test(`every day of 2012 and 2025 is one range without holes in ${zone}`, () => {
    const dayOf = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    for (const year of [2012, 2025]) {
      for (let utc = Date.UTC(year, 0, 1); utc < Date.UTC(year + 1, 0, 1); utc += 86_400_000) {
        const day = new Date(utc).toISOString().slice(0, 10);
        const start = instantOf(day, zone, "start");
        const end = instantOf(day, zone, "end");
        assert.deepEqual([start, end].map((instant) => dayOf.format(instant)), [day, day]);
        assert.ok(dayOf.format(start - 1) < day && dayOf.format(end + 1) > day, day);
      }
    }
  });
}

const REFUSED = [
  ["30 February", "2025-02-30", "UTC", "start", "local"],
  ["hour 25", "2025-01-01T25:00", "UTC", "start", "local"],
  ["an instant with a zone of its own", "2025-01-01T00:00Z", "UTC", "start", "local"],
  ["a number", 20250101, "UTC", "start", "local"],
  ["a zone nobody knows", "2025-01-01", "Mars/Olympus", "start", "timeZone"],
  ["no zone", "2025-01-01", undefined, "start", "timeZone"],
  ["a third edge", "2025-01-01", "UTC", "middle", "edge"],
];

for (const [name, local, zone, edge, path] of REFUSED) {
  test(`${name} is refused`, () => {
    const error = errorOf(() => instantOf(local, zone, edge));
    assert.deepEqual([error.code, error.path], ["invalid_value", path]);
  });
}

test("a zone of the policy that this platform does not know is refused before anything is counted by it", async () => {
  const policy = { zone: "Mars/Olympus" };
  const created = await rejectionOf(createCouponEngine({ storage: memoryStorage(), policy }));
  assert.deepEqual([created.code, created.path], ["invalid_value", "policy.zone"]);
  const storage = memoryStorage();
  const engine = await createCouponEngine({ storage });
  const updated = await rejectionOf(engine.settings.update(policy));
  assert.deepEqual([updated.code, updated.path], ["invalid_value", "policy.zone"]);
  assert.equal(await storage.registry.getSettings(), null);
  assert.equal((await engine.settings.update({ zone: "Africa/Cairo" })).zone, "Africa/Cairo");
});
