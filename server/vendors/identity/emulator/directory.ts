// People, organisations, memberships and sessions of local mode: in memory, and in one file that every change reaches first.
import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { StartError } from "../../../platform/config.ts";

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
const organizationSchema = z.object({ id: z.string(), name: z.string(), createdAt: timestamp });
const membershipSchema = z.object({
  id: z.string(),
  userId: z.string(),
  organizationId: z.string(),
  role: z.string(),
  createdAt: timestamp,
});
const sessionSchema = z.object({
  id: z.string(),
  userId: z.string(),
  organizationId: z.string().nullable(),
  role: z.string().nullable(),
  createdAt: timestamp,
  refreshedAt: timestamp,
  /** Hashes of the newest refresh tokens; one with `usedAt` is good for a short grace only. */
  refreshTokens: z.array(z.object({ hash: z.string(), usedAt: timestamp.nullable() })),
});
const contentSchema = z.object({
  users: z.array(userSchema),
  organizations: z.array(organizationSchema),
  memberships: z.array(membershipSchema),
  sessions: z.array(sessionSchema),
});

export type LocalUser = z.infer<typeof userSchema>;
export type LocalOrganization = z.infer<typeof organizationSchema>;
export type LocalMembership = z.infer<typeof membershipSchema>;
export type LocalSession = z.infer<typeof sessionSchema>;

export interface LocalDirectory {
  readonly users: Map<string, LocalUser>;
  readonly organizations: Map<string, LocalOrganization>;
  readonly memberships: Map<string, LocalMembership>;
  readonly sessions: Map<string, LocalSession>;
  /** Resolves after everything changed before the call is on disk. */
  save(): Promise<void>;
  /** Waits for a write that is under way. */
  close(): Promise<void>;
}

/** Reads the directory, empty where there is none yet. Throws StartError where the file cannot be used. */
export async function openLocalDirectory(directory: string): Promise<LocalDirectory> {
  const path = join(directory, fileName);
  const content = await readContent(path);
  const byId = <Item extends { id: string }>(items: Item[]) => new Map(items.map((item) => [item.id, item]));
  const tables = {
    users: byId(content.users),
    organizations: byId(content.organizations),
    memberships: byId(content.memberships),
    sessions: byId(content.sessions),
  };
  let newest: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;

  const writeNow = () =>
    writeDurably(
      path,
      JSON.stringify(
        Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, [...table.values()]])),
      ),
    );

  return {
    ...tables,
    // Changes made while a write is under way wait for it and share the one after it.
    save() {
      waiting ??= newest
        .catch(() => undefined)
        .then(() => {
          waiting = null;
          return writeNow();
        });
      newest = waiting;
      return newest;
    },
    async close() {
      await newest;
    },
  };
}

async function readContent(path: string): Promise<z.infer<typeof contentSchema>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return { users: [], organizations: [], memberships: [], sessions: [] };
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

// After a crash the file is either the old one or the new one, never half of one.
async function writeDurably(path: string, content: string): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory; its rename is durable by itself.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
