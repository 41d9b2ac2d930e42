// explain: which plan a command would use.
import { StoreError } from "../errors.ts";
import type { Command } from "./context.ts";

export const explainCommand: Command = {
  fields: ["verbosity"],
  run() {
    throw new StoreError(59, "not yet");
  },
};
