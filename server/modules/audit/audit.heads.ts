// Heads of the chain in files of DATA_DIR: whoever rewrites the whole chain in the store would have to rewrite them too.
import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ChainHead, HeadKeeper } from "./index.ts";

/** One line an hour in which something was sealed, and the newest head by itself. */
export const headFiles = { history: "audit-heads.ndjson", newest: "audit-head.json" } as const;
const keptEveryMs = 60 * 60_000;

const headSchema = z.object({
  sequence: z.number().int().min(1),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  at: z.string(),
});

export function createHeadFiles(dataDir: string): HeadKeeper {
  const newestPath = join(dataDir, headFiles.newest);
  let keptMs = -Infinity;
  const append = (line: string) => appendFile(join(dataDir, headFiles.history), line, { mode: 0o600 });
  return {
    newest: () => readNewest(dataDir),
    async keep({ sequence, hash }, at) {
      const line = `${JSON.stringify({ sequence, hash, at: at.toISOString() })}\n`;
      const temporary = `${newestPath}.${process.pid}.tmp`;
      await writeFile(temporary, line, { mode: 0o600 });
      await rename(temporary, newestPath);
      if (at.getTime() - keptMs < keptEveryMs) return;
      await append(line);
      keptMs = at.getTime();
    },
    keepLost: ({ sequence, hash }, at) =>
      append(`${JSON.stringify({ sequence, hash, at: at.toISOString() })}\n`),
  };
}

async function readNewest(dataDir: string): Promise<ChainHead | null> {
  const [head] = parseLines(await textOf(join(dataDir, headFiles.newest)));
  return head ?? null;
}

/** All heads that are kept in the directory, for a verification. Lines that are none are left out. */
export async function readHeads(dataDir: string): Promise<ChainHead[]> {
  const texts = await Promise.all(Object.values(headFiles).map((name) => textOf(join(dataDir, name))));
  return texts.flatMap(parseLines);
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

// A line may have been cut off by a crash.
function parseLines(text: string): ChainHead[] {
  return text.split("\n").flatMap((line) => {
    try {
      const { sequence, hash } = headSchema.parse(JSON.parse(line));
      return [{ sequence, hash }];
    } catch {
      return [];
    }
  });
}
