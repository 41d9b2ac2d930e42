import { defineConfig } from "vitest/config";

// Three projects: units beside their source, tests that start real servers, and real browsers (one at a time).
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{server,realtime,shared,client,scripts}/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "client/dist/**"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["tests/{contract,integration,chaos,fuzz}/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          testTimeout: 150_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
