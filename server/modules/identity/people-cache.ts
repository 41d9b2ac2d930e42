// From a verified session to the person it belongs to, looked up at most every few seconds.
import type { Clock } from "../../platform/clock.ts";
import type { VendorSession } from "../../vendors/identity/index.ts";
import type { UserRecord } from "../users/index.ts";

const freshMs = 15_000;
const maxEntries = 5_000;

/** What a session comes to: the person, and their role in the session's organisation. */
export interface Known {
  user: UserRecord;
  role: string;
}

/** `load` runs once for requests that come together; a failure is not remembered. */
export function createPeopleCache(options: {
  clock: Clock;
  load: (session: VendorSession) => Promise<Known>;
}): { of(session: VendorSession): Promise<Known>; clear(): void } {
  const { clock, load } = options;
  const entries = new Map<string, { known: Promise<Known>; untilMs: number }>();
  let generation = 0;

  // What was read before something changed is not what is so now: it is read again.
  async function loadSettled(session: VendorSession): Promise<Known> {
    for (;;) {
      const before = generation;
      const known = await load(session);
      if (before === generation) return known;
    }
  }

  return {
    of(session) {
      const { id, email, firstName, lastName } = session.person;
      // Of two proofs of one session the later one may say more, or less.
      const said = [id, email, firstName, lastName, session.orgId, session.role, session.issuedAt.getTime()];
      const key = JSON.stringify(said);
      const nowMs = clock.monotonicMs();
      const found = entries.get(key);
      if (found !== undefined && found.untilMs > nowMs) return found.known;
      // Insertion order is order of age here, as an entry is set anew whenever it is loaded.
      entries.delete(key);
      const oldest = entries.keys().next();
      if (entries.size >= maxEntries && oldest.done !== true) entries.delete(oldest.value);
      const entry = { known: loadSettled(session), untilMs: nowMs + freshMs };
      entries.set(key, entry);
      entry.known.catch(() => {
        if (entries.get(key) === entry) entries.delete(key);
      });
      return entry.known;
    },
    clear() {
      generation += 1;
      entries.clear();
    },
  };
}
