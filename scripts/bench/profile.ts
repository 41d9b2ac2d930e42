// Where a server's main thread spends its time: a processor profile, added up by the parts of the house.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Microseconds of the machine's monotonic clock, which profiles count in, too. */
export interface Stretch {
  fromUs: number;
  toUs: number;
}

export interface AreaTime {
  area: string;
  microseconds: number;
}

interface Profile {
  startTime: number;
  nodes: { id: number; children?: number[]; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

/** What the files of this checkout begin with. */
const here = pathToFileURL(join(import.meta.dirname, "..", "..", "/")).href;
const garbage = "garbage collection";
const idle = "idle";
const runtime = "Node and V8";

/** By the innermost file of a stack that says where it belongs, from the checkout on; `$1` is the pattern's first group. */
const areas: readonly (readonly [RegExp, string])[] = [
  [/node_modules\/(?:socket\.io|engine\.io|ws)[^/]*\//, "sockets: Socket.IO, Engine.IO, ws"],
  [/node_modules\/(?:mongodb|mongoose|bson|mquery)\//, "store: driver and its encoding"],
  [/node_modules\/zod\//, "parsing: zod"],
  [/node_modules\/((?:@[^/]+\/)?[^/]+)\//, "$1"],
  [/^realtime\//, "realtime: gateway and fan-out"],
  [/^server\/platform\/(?:journal|cluster)\//, "journal"],
  [/^server\/modules\/([^/]+)\//, "module: $1"],
  [/^(?:server|shared)\//, "server: everything else"],
];

export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Of the one profile in the directory; the longest first, idle time left out. Throws where there is not exactly one. */
export async function readAreas(directory: string, stretch: Stretch): Promise<AreaTime[]> {
  const [file, ...more] = (await readdir(directory)).filter((name) => name.endsWith(".cpuprofile"));
  if (file === undefined || more.length > 0) throw new Error(`One profile was expected in ${directory}.`);
  return areasOf(JSON.parse(await readFile(join(directory, file), "utf8")) as Profile, stretch);
}

export function areasOf(
  { nodes, samples, timeDeltas, startTime }: Profile,
  stretch: Stretch,
  root = here,
): AreaTime[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const known = new Map<number, string>();
  const areaOf = (leaf: number): string => {
    const name = byId.get(leaf)?.callFrame.functionName;
    if (name === "(idle)") return idle;
    if (name === "(garbage collector)") return garbage;
    for (let id: number | undefined = leaf; id !== undefined; id = parents.get(id)) {
      const url = (byId.get(id)?.callFrame.url ?? "").replace(root, "");
      for (const [pattern, area] of areas) {
        const match = pattern.exec(url);
        if (match !== null) return area.replace("$1", match[1] ?? "");
      }
    }
    return runtime;
  };
  const sums = new Map<string, number>();
  let atUs = startTime;
  for (const [index, id] of samples.entries()) {
    const tookUs = timeDeltas[index] ?? 0;
    atUs += tookUs;
    if (atUs < stretch.fromUs || atUs > stretch.toUs) continue;
    const area = known.get(id) ?? areaOf(id);
    known.set(id, area);
    sums.set(area, (sums.get(area) ?? 0) + tookUs);
  }
  sums.delete(idle);
  return [...sums]
    .map(([area, microseconds]) => ({ area, microseconds }))
    .sort((one, other) => other.microseconds - one.microseconds);
}
