// Which calls of the driver in `*.mongo.ts` files were really made, by the block coverage of the engine itself.
import { Session } from "node:inspector/promises";
import type { Debugger } from "node:inspector";

const querying =
  /\.(find|findOne|findById|findOneAndUpdate|findOneAndDelete|exists|countDocuments|distinct|aggregate|updateOne|updateMany|replaceOne|deleteOne|deleteMany|bulkWrite)\(/g;

export interface QuerySites {
  /** Files with calls, and those calls that were never reached, as they read. */
  stop(): Promise<{ files: string[]; unreached: string[] }>;
}

/** To be called before the files are imported: what runs before is not seen. */
export async function watchQuerySites(): Promise<QuerySites> {
  const session = new Session();
  session.connect();
  const scripts = new Map<string, string>();
  session.on("Debugger.scriptParsed", ({ params }: { params: Debugger.ScriptParsedEventDataType }) => {
    if (/\/server\/.*\.mongo\.ts/.test(params.url)) scripts.set(params.scriptId, params.url);
  });
  await session.post("Debugger.enable");
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  return {
    async stop() {
      const { result } = await session.post("Profiler.takePreciseCoverage");
      const files: string[] = [];
      const unreached: string[] = [];
      for (const { scriptId, functions } of result) {
        const url = scripts.get(scriptId);
        if (url === undefined) continue;
        const file = url.slice(url.lastIndexOf("/") + 1).replace(/\?.*/, "");
        const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId });
        const ranges = functions.flatMap((each) => each.ranges);
        for (const site of scriptSource.matchAll(querying)) {
          files.push(file);
          const innermost = ranges
            .filter(({ startOffset, endOffset }) => startOffset <= site.index && site.index < endOffset)
            .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset))[0];
          if ((innermost?.count ?? 0) === 0)
            unreached.push(
              `${file}: ${scriptSource.slice(site.index - 20, site.index + 60).replace(/\s+/g, " ")}`,
            );
        }
      }
      await session.post("Profiler.stopPreciseCoverage");
      session.disconnect();
      return { files: [...new Set(files)].sort(), unreached };
    },
  };
}
