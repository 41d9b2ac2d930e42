import { beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../../shared/actor.ts";
import type { OrgId, UserId } from "../../../shared/ids.ts";
import { withRequestContext } from "../../platform/request-context.ts";
import { nextBlock, placesIn, digestOf } from "./audit.chain.ts";
import type { AuditEntry, AuditService } from "./index.ts";
import { openLogWorld, type LogWorld } from "./testing-log.ts";

const ann = "a".repeat(24) as UserId;
const orgId = "org_1" as OrgId;
const entry = (resourceId: string): AuditEntry => ({
  actorUserId: ann,
  resourceType: "meeting",
  resourceId,
  action: "meeting.start",
  outcome: "done",
  orgId,
});

let world: LogWorld;
let audit: AuditService;
beforeEach(async () => {
  world = openLogWorld();
  audit = world.open();
  await audit.start();
});

/** Six entries in three blocks. */
async function written(): Promise<void> {
  for (let n = 1; n <= 6; n += 1) {
    await audit.record(entry(`m${n}`));
    world.clock.advance(100);
    if (n % 2 === 0) await sealed();
  }
  expect(world.blocks).toHaveLength(3);
  expect(world.verify(world.heads)).toMatchObject({ entries: 6, unsealed: 0, problem: null });
}

const sealed = async () => {
  const until = world.entries.length;
  world.clock.advance(2_000);
  await expect.poll(() => world.entries.filter(({ sequence }) => sequence !== null).length).toBe(until);
  await expect.poll(() => world.heads.at(-1)?.hash).toBe(world.blocks.at(-1)?.hash);
};

describe("what an entry says", () => {
  test("[AUDIT-1] what the request knows is written by itself, for its own person alone", async () => {
    const actor: Actor = {
      userId: ann,
      email: "ann@example.org",
      displayName: "Ann",
      orgId,
      orgRole: "member",
      sessionId: "s",
      expiresAt: new Date(),
    };
    const request = { requestId: "request-1", ipAddress: "203.0.113.7", userAgent: "Browser", actor };
    await withRequestContext(request, async () => {
      await audit.record({ ...entry("m1"), orgId: undefined });
      await audit.record({ ...entry("m2"), orgId: undefined, actorUserId: null });
    });
    expect(world.entries).toMatchObject([
      { requestId: "request-1", ipAddress: "203.0.113.7", userAgent: "Browser", orgId, actorUserId: ann },
      { requestId: "request-1", orgId: null, actorUserId: null },
    ]);
  });

  test("[AUDIT-2] texts are bounded, and what the store would change is changed before", async () => {
    await audit.record({
      ...entry("m1"),
      metadata: { role: "x".repeat(500), odd: "\ud800" },
      userAgent: "b".repeat(5_000),
    });
    const [stored] = world.entries;
    expect(stored?.metadata["role"]).toHaveLength(200);
    expect(stored?.metadata["odd"]).toBe("\ufffd");
    expect(stored?.userAgent).toHaveLength(300);
  });

  test("[AUDIT-3] the same refusal is written once a minute, with its code", async () => {
    const refusal = {
      actorUserId: ann,
      resourceType: "meeting",
      resourceId: "m1",
      action: "meeting.end",
      code: "FORBIDDEN",
    };
    for (let n = 0; n < 5; n += 1) await audit.recordRefusal(refusal);
    await audit.recordRefusal({ ...refusal, resourceId: "m2" });
    world.clock.advance(60_000);
    await audit.recordRefusal(refusal);
    expect(world.entries.map(({ resourceId, outcome, metadata }) => [resourceId, outcome, metadata])).toEqual(
      ["m1", "m2", "m1"].map((id) => [id, "refused", { code: "FORBIDDEN" }]),
    );
  });
});

describe("sealing", () => {
  test("[AUDIT-10] entries are sealed within two seconds into one chain, in the order of their ids", async () => {
    await written();
    expect(world.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("[AUDIT-11] several processes at once make one chain without gaps", async () => {
    const others = [world.open(), world.open(), world.open()];
    for (const other of others) await other.start();
    await Promise.all(
      [audit, ...others].flatMap((each, n) => [1, 2, 3].map((m) => each.record(entry(`${n}-${m}`)))),
    );
    await Promise.all([audit, ...others].map((each) => each.stop()));
    expect(world.verify(world.heads)).toMatchObject({ entries: 12, unsealed: 0, problem: null });
    expect(world.errors).toEqual([]);
  });

  test("[AUDIT-12] what a process left between a block and its entries is finished by the next one", async () => {
    await audit.record(entry("m1"));
    const [first] = world.entries;
    if (first === undefined) throw new Error("nothing was written");
    world.blocks.push(nextBlock(null, [{ id: first.id, digest: digestOf(first) }]));
    await audit.record(entry("m2"));
    const next = world.open();
    await next.start();
    expect(world.entries.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(world.verify(world.heads)).toMatchObject({ entries: 2, problem: null });
  });

  test("[AUDIT-13] what is changed or dropped before it is sealed is noticed by the process that wrote it", async () => {
    await audit.record(entry("m1"));
    await audit.record(entry("m2"));
    world.entries[0] = { ...(world.entries[0] as (typeof world.entries)[0]), outcome: "refused" };
    world.entries.splice(1, 1);
    world.clock.advance(1_000);
    await expect
      .poll(() => world.entries.map(({ action, metadata }) => [action, metadata["kind"]]))
      .toEqual([
        ["meeting.start", undefined],
        ["audit.tampering-found", "changed"],
        ["audit.tampering-found", "dropped"],
      ]);
    expect(world.errors).toHaveLength(2);
  });

  test("[AUDIT-14] a chain that has become shorter is noticed by a process that starts", async () => {
    await written();
    world.blocks.pop();
    world.entries.splice(4);
    await world.open().start();
    await expect.poll(() => world.errors).toHaveLength(1);
  });

  test("[AUDIT-14] and by one that runs, which keeps what was lost for later verifications", async () => {
    await written();
    world.blocks.pop();
    world.entries.splice(4);
    await audit.record(entry("m7"));
    world.clock.advance(1_000);
    await expect.poll(() => world.errors).toHaveLength(1);
    await expect.poll(() => world.lost).toHaveLength(1);
    await sealed();
    expect(world.verify(world.lost).problem).toMatchObject({ kind: "cut", sequence: 6 });
  });
});

describe("verifying", () => {
  const at = (sequence: number) => {
    const found = world.entries.find((each) => each.sequence === sequence);
    if (found === undefined) throw new Error("no such entry");
    return found;
  };
  beforeEach(written);

  test("[AUDIT-20] a changed entry is named, whichever of its fields was changed", () => {
    for (const change of [
      { outcome: "refused" as const },
      { actorUserId: "b".repeat(24) as UserId },
      { timestamp: new Date(0) },
      { metadata: { role: "host" } },
      { ipAddress: "198.51.100.1" },
      { orgId: null },
    ]) {
      const before = { ...at(4) };
      Object.assign(at(4), change);
      expect(world.verify().problem).toMatchObject({ kind: "changed", sequence: 4, entryId: before.id });
      Object.assign(at(4), before);
    }
    expect(world.verify().problem).toBeNull();
  });

  test("[AUDIT-21] a dropped entry is named, also the first and the last", () => {
    for (const sequence of [1, 3, 6]) {
      const index = world.entries.indexOf(at(sequence));
      const [dropped] = world.entries.splice(index, 1);
      expect(world.verify().problem).toMatchObject({ kind: "dropped", sequence });
      if (dropped !== undefined) world.entries.splice(index, 0, dropped);
    }
    world.blocks.splice(1, 1);
    expect(world.verify().problem).toMatchObject({ kind: "dropped", sequence: 3 });
  });

  test("[AUDIT-22] reordered entries are named", () => {
    const [third, fifth] = [at(3), at(5)];
    [third.sequence, fifth.sequence] = [5, 3];
    expect(world.verify().problem).toMatchObject({ kind: "reordered", sequence: 3 });
  });

  test("[AUDIT-22] so are entries whose places were exchanged in their block, too", () => {
    const [, second] = world.blocks;
    second?.entries.reverse();
    const [third, fourth] = [at(3), at(4)];
    [third.sequence, fourth.sequence] = [4, 3];
    [third.hash, fourth.hash] = [fourth.hash, third.hash];
    expect(world.verify().problem).toMatchObject({ kind: "changed", sequence: 3 });
  });

  test("[AUDIT-23] an inserted entry is named, with a place of its own, without one, and back-dated", () => {
    const forged = { ...at(3), id: "f".repeat(24) };
    world.entries.push(forged);
    expect(world.verify().problem).toMatchObject({ kind: "inserted", sequence: 3, entryId: forged.id });
    Object.assign(forged, { sequence: 7 });
    expect(world.verify().problem).toMatchObject({ kind: "inserted", sequence: 7 });
    Object.assign(forged, { sequence: null, hash: null, timestamp: new Date("2025-01-01") });
    expect(world.verify().problem).toMatchObject({ kind: "inserted", sequence: 7 });
  });

  test("[AUDIT-23] a back-dated entry that was sealed since is named, too", async () => {
    world.entries.push({
      ...at(3),
      id: "f".repeat(24),
      timestamp: new Date("2025-01-01"),
      sequence: null,
      hash: null,
    });
    world.clock.advance(20_000);
    await expect.poll(() => world.blocks.length).toBe(4);
    expect(world.verify().problem).toMatchObject({ kind: "inserted", sequence: 7 });
  });

  test("[AUDIT-24] a cut-off end is seen by a head that was kept outside", () => {
    const kept = world.heads.at(-1);
    world.blocks.pop();
    world.entries.splice(4);
    expect(world.verify().problem).toBeNull();
    expect(world.verify(kept === undefined ? [] : [kept]).problem).toMatchObject({
      kind: "cut",
      sequence: 5,
    });
  });

  test("[AUDIT-24] so is a chain that was written anew as a whole", () => {
    const kept = [...world.heads];
    Object.assign(at(2), { outcome: "refused" });
    const texts = world.blocks.map((block) => block.entries.map(({ id }) => id));
    world.blocks.splice(0);
    for (const ids of texts) {
      const members = ids.map((id) => {
        const found = world.entries.find((each) => each.id === id);
        return { id, digest: found === undefined ? "" : digestOf(found) };
      });
      const block = nextBlock(world.blocks.at(-1) ?? null, members);
      world.blocks.push(block);
      for (const { id, ...place } of placesIn(block)) {
        Object.assign(world.entries.find((each) => each.id === id) ?? {}, place);
      }
    }
    expect(world.verify().problem).toBeNull();
    expect(world.verify(kept).problem).toMatchObject({ kind: "cut", sequence: 2 });
  });

  test("[AUDIT-25] address and user agent can be erased without breaking the chain, and not be changed", () => {
    Object.assign(at(2), { ipAddress: null, userAgent: null, salt: null });
    expect(world.verify(world.heads)).toMatchObject({ erased: 1, problem: null });
    Object.assign(at(2), { ipAddress: "198.51.100.1" });
    expect(world.verify().problem).toMatchObject({ kind: "changed", sequence: 2 });
  });
});

describe("pruning", () => {
  const { signal } = new AbortController();
  /** Entries of the first two blocks are older than this. */
  const afterFour = () => {
    const fifth = world.entries.find(({ sequence }) => sequence === 5);
    if (fifth === undefined) throw new Error("no such entry");
    return fifth.timestamp;
  };
  const prunesIn = () => world.entries.filter(({ action }) => action === "audit.prune");
  beforeEach(written);

  test("[AUDIT-40] [AUDIT-41] whole old blocks go, the prune is an entry, and the rest is proved from its checkpoint", async () => {
    expect(await audit.prune(afterFour(), signal)).toBe(4);
    await sealed();
    expect(world.entries.map(({ sequence }) => sequence)).toEqual([5, 6, 7]);
    expect(prunesIn()).toMatchObject([{ outcome: "done", metadata: { sequence: 4, block: 2, entries: 4 } }]);
    expect(world.verify(world.heads)).toMatchObject({
      problem: null,
      entries: 7,
      pruned: 4,
      headsPruned: 1,
    });
    // Again, when there is nothing more: nothing is written.
    expect(await audit.prune(afterFour(), signal)).toBe(0);
    expect(prunesIn()).toHaveLength(1);
  });

  test("[AUDIT-40] a block of which one entry is not over stays, and so does the newest", async () => {
    const fourth = world.entries.find(({ sequence }) => sequence === 4);
    expect(await audit.prune(fourth?.timestamp ?? new Date(0), signal)).toBe(2);
    await sealed();
    world.clock.advance(100_000);
    // All but the block in which that prune stands.
    expect(await audit.prune(world.clock.now(), signal)).toBe(4);
    await sealed();
    expect(world.verify(world.heads)).toMatchObject({ problem: null, entries: 8, pruned: 6 });
  });

  test("[AUDIT-42] after a prune a changed, a dropped, a reordered and an inserted entry are found", async () => {
    await audit.prune(afterFour(), signal);
    await audit.record(entry("m8"));
    await sealed();
    const of = (sequence: number) => {
      const found = world.entries.find((each) => each.sequence === sequence);
      if (found === undefined) throw new Error("no such entry");
      return found;
    };
    const before = { ...of(5) };
    Object.assign(of(5), { outcome: "refused" });
    expect(world.verify().problem).toMatchObject({ kind: "changed", sequence: 5 });
    Object.assign(of(5), before);
    const [dropped] = world.entries.splice(world.entries.indexOf(of(5)), 1);
    expect(world.verify().problem).toMatchObject({ kind: "dropped", sequence: 5 });
    if (dropped !== undefined) world.entries.push(dropped);
    [of(5).sequence, of(6).sequence] = [6, 5];
    expect(world.verify().problem).toMatchObject({ kind: "reordered", sequence: 5 });
    Object.assign(world.entries.find(({ id }) => id === before.id) ?? {}, { sequence: 5 });
    Object.assign(world.entries.find(({ sequence, id }) => sequence === 5 && id !== before.id) ?? {}, {
      sequence: 6,
    });
    expect(world.verify(world.heads).problem).toBeNull();
    world.entries.push({ ...before, id: "f".repeat(24), sequence: 2 });
    expect(world.verify().problem).toMatchObject({ kind: "inserted", sequence: 2 });
  });

  test("[AUDIT-43] a beginning that no entry tells of, or another one than it tells of, is found", async () => {
    await audit.prune(afterFour(), signal);
    await sealed();
    const [checkpoint] = world.checkpoints;
    if (checkpoint === undefined) throw new Error("no checkpoint");
    // Block 3 goes, too, with a checkpoint that somebody has written for it.
    const third = world.blocks.shift();
    world.entries.splice(0, 2);
    world.checkpoints.push({ block: 3, sequence: 6, hash: third?.hash ?? "" });
    expect(world.verify().problem).toMatchObject({ kind: "dropped", sequence: 6 });
    world.checkpoints.pop();
    expect(world.verify().problem).toMatchObject({ kind: "dropped", sequence: 5 });
    world.checkpoints.splice(0);
    expect(world.verify().problem).toMatchObject({ kind: "dropped", sequence: 1 });
  });

  test("[AUDIT-44] killed at any point it is finished by the next, and verifies in between", async () => {
    for (const removals of [0, 1]) {
      world.dieAfterRemovals(removals);
      await expect(audit.prune(afterFour(), signal)).rejects.toThrow("killed");
      await sealed();
      expect(world.verify(world.heads)).toMatchObject({ problem: null, pruned: 4 });
    }
    world.dieAfterRemovals(Infinity);
    await audit.prune(afterFour(), signal);
    expect(world.blocks.map(({ number }) => number)[0]).toBe(3);
    expect(world.entries.every(({ sequence }) => sequence === null || sequence > 4)).toBe(true);
    expect(prunesIn()).toHaveLength(1);
  });

  test("[AUDIT-45] what is not as it was written is not pruned, and told", async () => {
    const second = world.entries.find(({ sequence }) => sequence === 2);
    Object.assign(second ?? {}, { outcome: "refused" });
    await expect(audit.prune(afterFour(), signal)).rejects.toMatchObject({ code: "CONFLICT" });
    expect(world.blocks).toHaveLength(3);
    await expect
      .poll(() => world.entries.filter(({ action }) => action === "audit.tampering-found"))
      .toMatchObject([{ resourceId: second?.id, metadata: { kind: "changed" } }]);
    expect(prunesIn()).toEqual([]);
  });

  test("[AUDIT-46] a process that comes back with a head of before the prune sees no cut", async () => {
    const [old] = world.heads;
    await audit.prune(afterFour(), signal);
    await audit.stop();
    world.heads.push(...(old === undefined ? [] : [old]));
    await world.open().start();
    expect(world.entries.filter(({ action }) => action === "audit.tampering-found")).toEqual([]);
  });
});

describe("reading", () => {
  test("[AUDIT-30] an organisation sees its own entries alone, newest first, in pages", async () => {
    for (let n = 1; n <= 5; n += 1) {
      await audit.record(entry(`m${n}`));
      await audit.record({ ...entry(`other${n}`), orgId: "org_2" as OrgId });
      await audit.record({ ...entry(`none${n}`), orgId: null });
    }
    const first = await audit.page(orgId, { limit: 3 });
    const second = await audit.page(orgId, { limit: 3, cursor: first.nextCursor ?? undefined });
    expect([...first.entries, ...second.entries].map(({ resourceId }) => resourceId)).toEqual([
      "m5",
      "m4",
      "m3",
      "m2",
      "m1",
    ]);
    expect(second.nextCursor).toBeNull();
    await expect(audit.page(orgId, { limit: 3, cursor: "no cursor" })).rejects.toMatchObject({
      code: "VALIDATION_ERROR",
    });
  });
});
