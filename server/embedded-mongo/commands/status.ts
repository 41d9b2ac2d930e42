// serverStatus: what the server knows of itself, and nothing it would have to invent.
import { hostname } from "node:os";
import { serverVersion } from "./handshake.ts";
import type { SessionCommand } from "./context.ts";

const bytesPerMegabyte = 1024 * 1024;

export const serverStatusCommand: SessionCommand = {
  fields: [],
  run({ engine }) {
    const uptimeMs = Math.floor(process.uptime() * 1000);
    return {
      host: hostname(),
      version: serverVersion,
      process: "embedded-mongo",
      pid: BigInt(process.pid),
      uptime: Math.floor(uptimeMs / 1000),
      uptimeMillis: BigInt(uptimeMs),
      localTime: new Date(engine.nowMs()),
      mem: {
        bits: 64,
        resident: Math.ceil(process.memoryUsage.rss() / bytesPerMegabyte),
        supported: true,
      },
      storageEngine: { name: "sqlite", persistent: true, readOnly: false },
    };
  },
};
