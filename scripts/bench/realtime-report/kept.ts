// What was found of each property, kept beside the page: a run that is stopped loses nothing, and some can be run again.
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { EvidenceRow } from "./report.ts";

/** By their numbers; none where nothing was kept. */
export async function readKept(file: string): Promise<EvidenceRow[]> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "[]";
    throw error;
  });
  return JSON.parse(text) as EvidenceRow[];
}

/** Puts the row in the place of an older one of the same property. Answers all. */
export async function keep(file: string, row: EvidenceRow): Promise<EvidenceRow[]> {
  // Read again at each: another run may have added to it.
  const others = (await readKept(file)).filter(({ property }) => property !== row.property);
  const rows = [...others, row].sort((a, b) => a.property - b.property);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(rows, null, 2)}\n`);
  await rename(`${file}.new`, file);
  return rows;
}
