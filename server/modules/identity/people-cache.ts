// From a verified session to the person it belongs to, looked up at most every few seconds.
import type { Clock } from "../../platform/clock.ts";
import type { VendorSession } from "../../vendors/identity/index.ts";
import type { UserRecord } from "../users/index.ts";

const freshMs = 15_000;
const maxEntries = 5_000;

/** `load` runs once for requests that come together; a failure is not remembered. */
export function createPeopleCache(options: {
  clock: Clock;
  load: (session: VendorSession) => Promise<UserRecord>;
}): { of(session: VendorSession): Promise<UserRecord>; clear(): void } {
  const { clock, load } = options;
  const entries = new Map<string, { user: Promise<UserRecord>; untilMs: number }>();
  return {
    of(session) {
      const { id, email, firstName, lastName } = session.person;
      const key = JSON.stringify([id, email, firstName, lastName, session.orgId, session.role]);
      const nowMs = clock.monotonicMs();
      const known = entries.get(key);
      if (known !== undefined && known.untilMs > nowMs) return known.user;
      // Insertion order is order of age here, as an entry is set anew whenever it is loaded.
      entries.delete(key);
      const oldest = entries.keys().next();
      if (entries.size >= maxEntries && oldest.done !== true) entries.delete(oldest.value);
      const entry = { user: load(session), untilMs: nowMs + freshMs };
      entries.set(key, entry);
      entry.user.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      return entry.user;
    },
    clear: () => entries.clear(),
  };
}
