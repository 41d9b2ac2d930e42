// The commands of the reader's thread. Whatever may open a cursor belongs here, as cursors live with the reader.
import { aggregateCommand, distinctCommand } from "./aggregate.ts";
import type { ReadCommand } from "./context.ts";
import { explainCommand } from "./explain.ts";
import { countCommand, findCommand, getMoreCommand, killCursorsCommand } from "./find.ts";
import { namespaceReadCommands } from "./namespaces.ts";
import type { ReadCommandName } from "./places.ts";

const commands: Record<ReadCommandName, ReadCommand> = {
  find: findCommand,
  getMore: getMoreCommand,
  killCursors: killCursorsCommand,
  count: countCommand,
  aggregate: aggregateCommand,
  distinct: distinctCommand,
  explain: explainCommand,
  ...namespaceReadCommands,
};

export const readCommands: ReadonlyMap<string, ReadCommand> = new Map(Object.entries(commands));
