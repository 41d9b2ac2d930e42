// People, organisations, memberships, invitations and sessions of local mode: in memory, and in one file that every change reaches first.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { StartError } from "../../../platform/config.ts";
import { removeLeftovers, replaceDurably } from "../../../platform/durable-file.ts";

const fileName = "directory.json";

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
  /** Resolves after everything changed before the call is on disk. */
  save(): Promise<void>;
  /** Takes over what another process on the same files has written since; to be called before anything is decided. */
  refresh(): Promise<void>;
  /** Waits for a write that is under way. */
  close(): Promise<void>;
}

/** Reads the directory, empty where there is none yet. Throws StartError where the file cannot be used. */
export async function openLocalDirectory(directory: string): Promise<LocalDirectory> {
  const path = join(directory, fileName);
  await removeLeftovers(path);
  const tables = tablesOf(await readContent(path));
  let version = await versionOf(path);
  let newest: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  let unsaved = 0;

  async function writeNow(): Promise<void> {
    const before = unsaved;
    const rows = Object.entries(tables).map(([name, table]) => [name, [...table.values()]]);
    await replaceDurably(path, JSON.stringify(Object.fromEntries(rows)));
    version = await versionOf(path);
    unsaved -= before;
  }

  return {
    ...tables,
    // Changes made while a write is under way wait for it and share the one after it.
    save() {
      unsaved += 1;
      waiting ??= newest
        .catch(() => undefined)
        .then(() => {
          waiting = null;
          return writeNow();
        });
      newest = waiting;
      return newest;
    },
    async refresh() {
      if (unsaved > 0) return;
      const found = await versionOf(path);
      if (found === version) return;
      const content = tablesOf(await readContent(path));
      // Changed here meanwhile: what is written next is newer than what was read.
      if (unsaved > 0) return;
      version = found;
      for (const name of tableNames) replace(tables[name], content[name]);
    },
    async close() {
      await newest;
    },
  };
}

const tableNames = ["users", "organizations", "memberships", "invitations", "sessions"] as const;

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

function replace(table: Map<string, unknown>, by: Map<string, unknown>): void {
  table.clear();
  for (const [id, item] of by) table.set(id, item);
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
    return { users: [], organizations: [], memberships: [], invitations: [], sessions: [] };
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
