// aggregate and distinct.
import { StoreError } from "../errors.ts";
import type { Command } from "./context.ts";

export const aggregateCommand: Command = {
  fields: [
    "pipeline",
    "cursor",
    "allowDiskUse",
    "let",
    "hint",
    "collation",
    "explain",
    "bypassDocumentValidation",
  ],
  run() {
    throw new StoreError(59, "not yet");
  },
};

export const distinctCommand: Command = {
  fields: ["key", "query", "collation", "hint"],
  run() {
    throw new StoreError(59, "not yet");
  },
};
