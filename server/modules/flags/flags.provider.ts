// Our flags behind OpenFeature's provider interface.
import {
  ErrorCode,
  OpenFeatureEventEmitter,
  ProviderEvents,
  type EvaluationContext,
  type Provider,
  type ResolutionDetails,
} from "@openfeature/server-sdk";
import { flags, type FlagDefinition } from "../../../shared/flags.ts";
import type { FlagSettings } from "../../../shared/schemas/flags.ts";
import { evaluate } from "./flags.evaluate.ts";

export interface FlagsProvider extends Provider {
  /** Tells OpenFeature's listeners. */
  changed(keys: string[]): void;
}

/** `settingsOf` answers from memory; null where nobody has decided, or nothing is known yet. */
export function createFlagsProvider(settingsOf: (key: string) => FlagSettings | null): FlagsProvider {
  const events = new OpenFeatureEventEmitter();
  const known: Partial<Record<string, FlagDefinition>> = flags;
  const refuse = <Value>(value: Value, errorCode: ErrorCode, errorMessage: string) =>
    Promise.resolve({ value, errorCode, errorMessage, reason: "ERROR" });
  const noBoolean = <Value>(key: string, value: Value): Promise<ResolutionDetails<Value>> =>
    refuse(value, ErrorCode.TYPE_MISMATCH, `The flag ${key} is on or off.`);
  return {
    metadata: { name: "connvo" },
    runsOn: "server",
    events,
    changed: (flagsChanged) => events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged }),
    resolveBooleanEvaluation(key, fallback, context) {
      const definition = known[key];
      if (definition === undefined) {
        return refuse(fallback, ErrorCode.FLAG_NOT_FOUND, `There is no flag ${key}: see shared/flags.ts.`);
      }
      const subject = {
        id: context.targetingKey ?? "",
        email: textOf(context, "email"),
        orgId: textOf(context, "orgId"),
      };
      return Promise.resolve(evaluate(key, definition, settingsOf(key), subject));
    },
    resolveStringEvaluation: noBoolean,
    resolveNumberEvaluation: noBoolean,
    resolveObjectEvaluation: noBoolean,
  };
}

function textOf(context: EvaluationContext, name: string): string | null {
  const value = context[name];
  return typeof value === "string" ? value : null;
}
