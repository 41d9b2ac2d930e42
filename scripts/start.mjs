// `npm start`: checks the runtime, builds the pages where they are missing or stale, then runs the server in this process.
// package.json lets its heap grow to 256 MB (--initial-old-space-size) before all of it is searched for garbage: Node
// would begin at about 70, the size of the program itself, and whoever edits meanwhile waits for it.
import module from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));

if (Number(process.versions.node.split(".")[0]) < 24) {
  console.error(
    `Connvo runs on Node 24, which \`npm install\` fetches as the package "node", but this is ${process.version}: ` +
      "run `npm install --ignore-scripts=false` and then `npm start` again.",
  );
  process.exit(1);
}

// The second start need not compile again what has not changed; where it cannot be kept, nothing is lost.
module.enableCompileCache(join("node_modules", ".cache", "compiled"));

// What it does not know it must not pass over: who asks for a port in a way that is not heard would look for it in vain.
const { readArguments } = await import("./arguments.ts");
try {
  readArguments(
    "Usage: npm start\n  Settings are read from the environment, like PORT and DATA_DIR; .env.example explains each.",
    { options: {} },
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

await import("./build.mjs");
await import("../server/main.ts");
