import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

/**
 * Of units and of tests that start servers, which share the machine: some of the latter wait for long, and units, of which
 * vitest would run one at a time on two cores, use that time.
 */
const filesAtOnce = Math.min(8, Math.max(3, availableParallelism() - 1));

/**
 * Vite takes the build of `graphql` for development, graphql-yoga is loaded by Node and brings the other: two copies, which
 * refuse each other's schemas. Everybody has the one that runs in production.
 */
const resolve = {
  alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve("graphql")) }],
};

// Three projects: units beside their source, tests that start real servers, and after those real browsers.
export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        test: {
          name: "unit",
          // Files follow each other in one process, which saves loading the same modules some 180 times. A test that sets
          // what modules read as they load loads them anew and puts it back.
          isolate: false,
          unstubGlobals: true,
          include: ["{server,realtime,shared,client,scripts}/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "client/dist/**"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: filesAtOnce,
        },
      },
      {
        resolve,
        test: {
          name: "integration",
          include: ["tests/{contract,integration,chaos,fuzz}/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: filesAtOnce,
        },
      },
      {
        resolve,
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 150_000,
          hookTimeout: 180_000,
          // Two and more browsers each: pages wait for each other most of the time, and two files fill two cores.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
