// The embedded store's commands about itself, its databases, collections and indexes, through the real driver.
import { expect, test } from "vitest";
import { useEmbeddedMongo } from "../factories/embedded-mongo.ts";

const fixture = useEmbeddedMongo();

test("[STORE-100] serverStatus says what the server knows of itself", async () => {
  const status = await fixture.db.admin().serverStatus();
  expect(status).toMatchObject({
    version: "7.0.0",
    pid: fixture.store.pid,
    storageEngine: { name: "sqlite" },
  });
  expect(status["uptimeMillis"]).toBeGreaterThan(0);
  expect(status).not.toHaveProperty("repl");
});
