import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../../platform/clock.ts";
import { StartError } from "../../../platform/config.ts";
import { systemIds } from "../../../platform/ids.ts";
import { openLocalDirectory, type LocalDirectory, type LocalSession, type LocalUser } from "./directory.ts";
import { openEventLog } from "./events.ts";
import { createOrganizations } from "./organizations.ts";
import { createState } from "./state.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "connvo-directory-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const person = (name: string): LocalUser => ({
  id: `user_${name}`,
  email: `${name}@example.org`,
  name,
  createdAt: "2026-01-05T09:00:00.000Z",
  updatedAt: "2026-01-05T09:00:00.000Z",
  lastSignInAt: null,
});

test("[DIRECTORY-1] what was saved is there at the next opening, however many saves ran at once", async () => {
  const directory = await openLocalDirectory(folder);
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const user = person(`p${index}`);
      directory.users.set(user.id, user);
      return directory.save();
    }),
  );
  expect((await openLocalDirectory(folder)).users.size).toBe(50);
  expect(await readdir(folder)).toEqual(["directory.json", "directory.lock"]);
});

test("[DIRECTORY-2] a save resolves only after its own change is on disk", async () => {
  const directory = await openLocalDirectory(folder);
  directory.users.set("user_a", person("a"));
  const first = directory.save();
  directory.users.set("user_b", person("b"));
  const second = directory.save();
  await Promise.all([
    first,
    second.then(async () => {
      expect(await readFile(join(folder, "directory.json"), "utf8")).toContain("user_b");
    }),
  ]);
});

test("[DIRECTORY-3] a half-written file beside the good one, as a crash leaves it, changes nothing", async () => {
  const directory = await openLocalDirectory(folder);
  directory.users.set("user_a", person("a"));
  await directory.save();
  await writeFile(join(folder, "directory.json.new"), '{"users":[{"id":"us');
  expect([...(await openLocalDirectory(folder)).users.keys()]).toEqual(["user_a"]);
});

test("[DIRECTORY-4] a damaged file stops the start with a sentence, and is not overwritten", async () => {
  const path = join(folder, "directory.json");
  await writeFile(path, '{"users": "all"}');
  await expect(openLocalDirectory(folder)).rejects.toThrow(StartError);
  expect(await readFile(path, "utf8")).toBe('{"users": "all"}');
});

test("[DIRECTORY-5] a save that failed is told, and the next one tries again", async () => {
  const directory = await openLocalDirectory(folder);
  directory.users.set("user_a", person("a"));
  await rm(folder, { recursive: true });
  await expect(directory.save()).rejects.toThrow(/ENOENT/);
  await mkdir(folder);
  await directory.save();
  expect((await openLocalDirectory(folder)).users.size).toBe(1);
});

const session = (id: string, hashes: string[], more: Partial<LocalSession> = {}): LocalSession => ({
  id,
  userId: "user_a",
  organizationId: null,
  role: null,
  ipAddress: null,
  userAgent: null,
  impersonator: null,
  createdAt: "2026-01-05T09:00:00.000Z",
  refreshedAt: "2026-01-05T09:00:00.000Z",
  refreshTokens: hashes.map((hash) => ({ hash, usedAt: null })),
  ...more,
});
const hashesOf = (directory: LocalDirectory, id: string) =>
  directory.sessions.get(id)?.refreshTokens.map(({ hash }) => hash);

test("[DIRECTORY-7] what two processes change at the same time is all there, in the file and with both", async () => {
  const [one, other] = [await openLocalDirectory(folder), await openLocalDirectory(folder)];
  const saves: Promise<void>[] = [];
  for (let number = 0; number < 40; number += 1)
    for (const [index, directory] of [one, other].entries()) {
      const user = person(`p${number}-${index}`);
      directory.users.set(user.id, user);
      saves.push(directory.save());
      if (number % 7 === 0) await directory.refresh();
    }
  await Promise.all(saves);
  await Promise.all([one.refresh(), other.refresh()]);
  for (const directory of [one, other, await openLocalDirectory(folder)])
    expect(directory.users.size).toBe(80);
});

test("[DIRECTORY-7] of one session the changes of both count, and no refresh token is forgotten", async () => {
  const one = await openLocalDirectory(folder);
  one.sessions.set("session_a", session("session_a", ["t1"]));
  await one.save();
  const other = await openLocalDirectory(folder);
  const [here, there] = [one.sessions.get("session_a"), other.sessions.get("session_a")];
  if (here === undefined || there === undefined) throw new Error("the session is not there");
  Object.assign(here.refreshTokens[0] ?? {}, { usedAt: "2026-01-05T10:00:00.000Z" });
  here.refreshTokens.push({ hash: "t2", usedAt: null });
  there.refreshTokens.push({ hash: "t3", usedAt: null });
  there.organizationId = "org_x";
  await Promise.all([one.save(), other.save()]);
  await Promise.all([one.refresh(), other.refresh()]);
  for (const directory of [one, other]) {
    expect(hashesOf(directory, "session_a")?.toSorted()).toEqual(["t1", "t2", "t3"]);
    expect(directory.sessions.get("session_a")).toMatchObject({ organizationId: "org_x" });
    expect(directory.sessions.get("session_a")?.refreshTokens).toContainEqual({
      hash: "t1",
      usedAt: "2026-01-05T10:00:00.000Z",
    });
  }
});

test("[DIRECTORY-7] what one process has deleted no other brings back", async () => {
  const one = await openLocalDirectory(folder);
  for (const id of ["session_a", "session_b"]) one.sessions.set(id, session(id, ["t1"]));
  await one.save();
  const other = await openLocalDirectory(folder);
  one.sessions.delete("session_a");
  other.sessions.set("session_a", session("session_a", ["t1", "t2"]));
  one.sessions.set("session_b", session("session_b", ["t1", "t2"]));
  other.sessions.delete("session_b");
  await one.save();
  await other.save();
  await one.refresh();
  for (const directory of [one, other, await openLocalDirectory(folder)])
    expect([...directory.sessions.keys()]).toEqual([]);
});

test("[DIRECTORY-7] what is changed while another process's changes are read in stays", async () => {
  const [one, other] = [await openLocalDirectory(folder), await openLocalDirectory(folder)];
  other.users.set("user_b", person("b"));
  await other.save();
  one.users.set("user_a", person("a"));
  const refreshing = one.refresh();
  one.users.set("user_c", person("c"));
  await refreshing;
  expect([...one.users.keys()].sort()).toEqual(["user_a", "user_b", "user_c"]);
  await one.save();
  expect((await openLocalDirectory(folder)).users.size).toBe(3);
});

test("[DIRECTORY-7] whom two processes let into an organisation at the same time is in it once, and is told of once", async () => {
  const opened = await Promise.all(
    [1, 2].map(async () => {
      const directory = await openLocalDirectory(folder);
      const log = await openEventLog(folder);
      const parts = { directory, log, clock: systemClock, ids: systemIds, onEvent: () => undefined };
      return { log, directory, organizations: createOrganizations(createState(parts)) };
    }),
  );
  const places = await Promise.all(
    opened.map(({ organizations }) => organizations.ensureMembership("user_a", "org_x", "admin")),
  );
  expect(places[0]?.id).toBe(places[1]?.id);
  for (const { directory, organizations } of opened) {
    await directory.refresh();
    expect(organizations.activePlacesOf("user_a")).toHaveLength(1);
  }
  const query = { after: null, rangeStart: null, rangeEnd: null, organizationId: null, limit: 10 } as const;
  const names = ["organization_membership.created"];
  const told = await opened[0]?.log.list({ ...query, names, order: "asc" });
  expect(told?.events).toHaveLength(1);
  for (const { log } of opened) await log.close();
});
