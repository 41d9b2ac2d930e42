// The commands of the writer's thread.
import { compactCommand } from "./compact.ts";
import type { WriteCommand } from "./context.ts";
import { findAndModifyCommand } from "./find-and-modify.ts";
import { namespaceWriteCommands } from "./namespaces.ts";
import type { WriteCommandName } from "./places.ts";
import { deleteCommand, insertCommand, updateCommand } from "./write.ts";

const commands: Record<WriteCommandName, WriteCommand> = {
  insert: insertCommand,
  update: updateCommand,
  delete: deleteCommand,
  findAndModify: findAndModifyCommand,
  findandmodify: findAndModifyCommand,
  compact: compactCommand,
  ...namespaceWriteCommands,
};

export const writeCommands: ReadonlyMap<string, WriteCommand> = new Map(Object.entries(commands));
