// The store's commands as spans of what asked for them: their names, collections and durations.
import type mongoose from "mongoose";
import { TransientMap } from "../../shared/transient-map.ts";
import type { OpenSpan, Tracing } from "./tracing.ts";

/** The connection must have been opened with `monitorCommands`. */
export function traceStore(connection: mongoose.Connection, tracing: Tracing): void {
  const open = new TransientMap<string, OpenSpan>();
  const client = connection.getClient();
  const idOf = (event: { requestId: number; connectionId?: string | number | bigint }) =>
    `${event.connectionId ?? ""}/${event.requestId}`;
  client.on("commandStarted", (event) => {
    // What nobody's trace asked for (polls, timers) is not worth a trace of its own.
    if (tracing.parent() === null) return;
    const collection: unknown = event.command[event.commandName];
    const span = tracing.open(`store ${event.commandName}`, {
      kind: "client",
      attributes: {
        "db.system.name": "mongodb",
        "db.operation.name": event.commandName,
        ...(typeof collection === "string" ? { "db.collection.name": collection } : {}),
      },
    });
    open.set(idOf(event), span);
  });
  const ended = (event: { requestId: number; connectionId?: string | number | bigint; failure?: Error }) => {
    open.get(idOf(event))?.end({}, event.failure);
    open.delete(idOf(event));
  };
  client.on("commandSucceeded", ended);
  client.on("commandFailed", ended);
}
