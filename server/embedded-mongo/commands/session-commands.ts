// The commands that the main thread answers itself.
import type { SessionCommand } from "./context.ts";
import { buildInfo, connectionStatus, hello, ping, saslContinue, saslStart, trivial } from "./handshake.ts";
import { serverStatusCommand } from "./status.ts";

export const sessionCommands: ReadonlyMap<string, SessionCommand> = new Map([
  ["hello", hello],
  ["ismaster", hello],
  ["isMaster", hello],
  ["saslStart", saslStart],
  ["saslContinue", saslContinue],
  ["ping", ping],
  ["buildInfo", buildInfo],
  ["buildinfo", buildInfo],
  ["connectionStatus", connectionStatus],
  ["endSessions", trivial("endSessions")],
  ["killSessions", trivial("killSessions")],
  ["refreshSessions", trivial("refreshSessions")],
  ["serverStatus", serverStatusCommand],
]);
