// What composing gives, and what it needs.
import type { RequestListener } from "node:http";
import type { Realtime } from "../../realtime/index.ts";
import type { Config } from "../platform/config.ts";
import type { Logger } from "../platform/logger.ts";

export interface App {
  handler: RequestListener;
  /** Null where this process does not serve people. */
  realtime: Realtime | null;
  /** Resolves with a sentence if the running server must not go on: its store died, or another server took over. */
  failed: Promise<string>;
  /** Stops taking work, finishes what runs within `graceMs`, closes everything. */
  stop(graceMs: number): Promise<void>;
}

export interface ComposeOptions {
  config: Config;
  logger: Logger;
  publicUrl: string;
  /** Where this process is reached on this machine. */
  localUrl: string;
}
