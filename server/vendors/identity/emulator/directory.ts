// People, organisations, memberships, invitations and sessions of local mode: in memory, and in one file that every change reaches first.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "../../../platform/config.ts";
import { removeLeftovers, replaceDurably } from "../../../platform/durable-file.ts";
import { withFileLock } from "../../../platform/file-lock.ts";
import { mergeRows, type Rows } from "./directory-merge.ts";

const fileName = "directory.json";
/** Held by whoever writes; not the file itself, as each write puts another one in its place. */
const lockName = "directory.lock";

const timestamp = z.iso.datetime();
const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  createdAt: timestamp,
  updatedAt: timestamp,
  lastSignInAt: timestamp.nullable(),
});
// What has a default was not there in the first version of this file.
const organizationSchema = z
  .object({ id: z.string(), name: z.string(), createdAt: timestamp, updatedAt: timestamp.optional() })
  .transform((one) => ({ ...one, updatedAt: one.updatedAt ?? one.createdAt }));
const membershipSchema = z
  .object({
    id: z.string(),
    userId: z.string(),
    organizationId: z.string(),
    role: z.string(),
    status: z.enum(["active", "inactive", "pending"]).default("active"),
    createdAt: timestamp,
    updatedAt: timestamp.optional(),
  })
  .transform((one) => ({ ...one, updatedAt: one.updatedAt ?? one.createdAt }));
const invitationSchema = z.object({
  id: z.string(),
  email: z.string(),
  token: z.string(),
  organizationId: z.string(),
  role: z.string(),
  state: z.enum(["pending", "accepted", "revoked"]),
  inviterUserId: z.string().nullable(),
  acceptedUserId: z.string().nullable(),
  acceptedAt: timestamp.nullable(),
  revokedAt: timestamp.nullable(),
  expiresAt: timestamp,
  createdAt: timestamp,
  updatedAt: timestamp,
});
const impersonatorSchema = z.object({ email: z.string(), reason: z.string().nullable() });
const sessionSchema = z.object({
  id: z.string(),
  userId: z.string(),
  organizationId: z.string().nullable(),
  role: z.string().nullable(),
  ipAddress: z.string().nullable().default(null),
  userAgent: z.string().nullable().default(null),
  impersonator: impersonatorSchema.nullable().default(null),
  createdAt: timestamp,
  refreshedAt: timestamp,
  /** Hashes of the newest refresh tokens; one with `usedAt` is good for a short grace only. */
  refreshTokens: z.array(z.object({ hash: z.string(), usedAt: timestamp.nullable() })),
});
const contentSchema = z.object({
  users: z.array(userSchema),
  organizations: z.array(organizationSchema),
  memberships: z.array(membershipSchema),
  invitations: z.array(invitationSchema).default([]),
  sessions: z.array(sessionSchema),
});
type Content = z.infer<typeof contentSchema>;

export type LocalUser = z.infer<typeof userSchema>;
export type LocalOrganization = z.infer<typeof organizationSchema>;
export type LocalMembership = z.infer<typeof membershipSchema>;
export type LocalInvitation = z.infer<typeof invitationSchema>;
export type LocalImpersonator = z.infer<typeof impersonatorSchema>;
export type LocalSession = z.infer<typeof sessionSchema>;

export interface LocalDirectory {
  readonly users: Map<string, LocalUser>;
  readonly organizations: Map<string, LocalOrganization>;
  readonly memberships: Map<string, LocalMembership>;
  readonly invitations: Map<string, LocalInvitation>;
  readonly sessions: Map<string, LocalSession>;
  /**
   * Resolves after everything changed before the call is on disk, put together with what other processes on the same
   * files have written: nothing of theirs is lost, and it is here from then on.
   */
  save(): Promise<void>;
  /** Takes over what another process on the same files has written since; to be called before anything is decided. */
  refresh(): Promise<void>;
  /** Waits for a write that is under way. */
  close(): Promise<void>;
}

/** Reads the directory, empty where there is none yet. Throws StartError where the file cannot be used. */
export async function openLocalDirectory(directory: string): Promise<LocalDirectory> {
  const path = join(directory, fileName);
  const lock = join(directory, lockName);
  await withFileLock(lock, () => removeLeftovers(path));
  let version = await versionOf(path);
  const tables = tablesOf(await readContent(path));
  /** As this process last knew the file. */
  let base = rowsOf(tables);
  let newest: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;

  /** What was made of `known` elsewhere comes in; what was changed here since stays. */
  function adopt(known: AllRows, content: AllRows): void {
    if (known === content) return;
    const current = rowsOf(tables);
    for (const name of tableNames) {
      const table = tables[name] as Map<string, unknown>;
      const next = mergeRows(known[name], current[name], content[name]);
      for (const id of current[name].keys()) if (!next.has(id)) table.delete(id);
      for (const [id, row] of next) if (current[name].get(id) !== row) table.set(id, JSON.parse(row));
    }
  }

  async function writeNow(): Promise<void> {
    const found = await versionOf(path);
    const theirs = found === version ? base : rowsOf(tablesOf(await readContent(path)));
    // What is changed from here on is for the next write.
    waiting = null;
    const ours = rowsOf(tables);
    const merged = theirs === base ? ours : mergeAll(base, ours, theirs);
    const lists = tableNames.map((name) => `"${name}":[${[...merged[name].values()].join(",")}]`);
    await replaceDurably(path, `{${lists.join(",")}}`);
    adopt(ours, merged);
    base = merged;
    version = await versionOf(path);
  }

  return {
    ...tables,
    // Changes made while a write is under way wait for it and share the one after it.
    save() {
      if (waiting !== null) return waiting;
      const write: Promise<void> = newest
        .catch(() => undefined)
        .then(() => withFileLock(lock, writeNow))
        .finally(() => {
          if (waiting === write) waiting = null;
        });
      waiting = newest = write;
      return write;
    },
    async refresh() {
      for (;;) {
        const found = await versionOf(path);
        if (found === version) return;
        const known = base;
        const content = rowsOf(tablesOf(await readContent(path)));
        // Written here meanwhile: what was read is older than that.
        if (base !== known) continue;
        adopt(base, content);
        base = content;
        version = found;
        return;
      }
    },
    async close() {
      await newest;
    },
  };
}

const tableNames = ["users", "organizations", "memberships", "invitations", "sessions"] as const;
type AllRows = Readonly<Record<(typeof tableNames)[number], Rows>>;

const emptyContent = (): Content => ({
  users: [],
  organizations: [],
  memberships: [],
  invitations: [],
  sessions: [],
});

function tablesOf(content: Content) {
  const byId = <Item extends { id: string }>(items: Item[]) => new Map(items.map((item) => [item.id, item]));
  return {
    users: byId(content.users),
    organizations: byId(content.organizations),
    memberships: byId(content.memberships),
    invitations: byId(content.invitations),
    sessions: byId(content.sessions),
  };
}

function rowsOf(tables: ReturnType<typeof tablesOf>): AllRows {
  const rows = (table: ReadonlyMap<string, unknown>): Rows =>
    new Map([...table].map(([id, item]) => [id, JSON.stringify(item)]));
  return {
    users: rows(tables.users),
    organizations: rows(tables.organizations),
    memberships: rows(tables.memberships),
    invitations: rows(tables.invitations),
    sessions: rows(tables.sessions),
  };
}

function mergeAll(base: AllRows, ours: AllRows, theirs: AllRows): AllRows {
  const merged = (name: (typeof tableNames)[number]) => mergeRows(base[name], ours[name], theirs[name]);
  return {
    users: merged("users"),
    organizations: merged("organizations"),
    memberships: withoutSecondPlaces(merged("memberships"), theirs.memberships),
    invitations: merged("invitations"),
    sessions: merged("sessions"),
  };
}

/** A person is in an organisation once: where two processes have let them in at the same time, the first one's stays. */
function withoutSecondPlaces(merged: Rows, theirs: Rows): Rows {
  const placeOf = (row: string) => {
    const { userId, organizationId } = JSON.parse(row) as LocalMembership;
    return `${userId} ${organizationId}`;
  };
  const first = new Map([...theirs].filter(([id]) => merged.has(id)).map(([id, row]) => [placeOf(row), id]));
  return new Map([...merged].filter(([id, row]) => theirs.has(id) || !first.has(placeOf(row))));
}

// Every write makes a new file, so that its number tells them apart even within one tick of the clock.
async function versionOf(path: string): Promise<string> {
  try {
    const { ino, mtimeMs, size } = await stat(path);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return "none";
  }
}

async function readContent(path: string): Promise<Content> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return emptyContent();
  }
  try {
    return contentSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new StartError(
      `${path} is damaged: restore it from a backup, or delete it, and everybody signs in again.`,
      { cause: error },
    );
  }
}
