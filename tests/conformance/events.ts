// What a client of a test told of its commands and connections, and whether that is what the test expects.
import type mongoose from "mongoose";
import { TestFailure } from "./failures.ts";
import { FormatError, type ExpectedEvents, type ObservableEvent } from "./format.ts";
import { difference, isPlain, text, type MatchScope } from "./matching.ts";

interface SeenEvent {
  type: ObservableEvent;
  command?: unknown;
  reply?: unknown;
  commandName?: string;
  databaseName?: string;
}

/** The driver empties what it tells of these: a test does not count on them. */
const sensitive = new Set([
  "authenticate",
  "saslStart",
  "saslContinue",
  "getnonce",
  "createUser",
  "updateUser",
  "copydbgetnonce",
  "copydbsaslstart",
  "copydb",
]);
const greetings = new Set(["hello", "ismaster", "isMaster"]);

export class EventLog {
  readonly #observed: ReadonlySet<ObservableEvent>;
  readonly #ignored: ReadonlySet<string>;
  readonly #seen: SeenEvent[] = [];
  #recording = true;
  /** Connections that are checked out now. */
  checkedOut = 0;

  constructor(
    client: mongoose.mongo.MongoClient,
    options: {
      observeEvents: readonly ObservableEvent[] | undefined;
      ignoreCommandMonitoringEvents: readonly string[] | undefined;
    },
  ) {
    this.#observed = new Set(options.observeEvents ?? []);
    this.#ignored = new Set(["configureFailPoint", ...(options.ignoreCommandMonitoringEvents ?? [])]);
    client.on("commandStarted", ({ command, commandName, databaseName }) =>
      this.#command({ type: "commandStartedEvent", command, commandName, databaseName }, command),
    );
    client.on("commandSucceeded", ({ reply, commandName, databaseName }) =>
      this.#command({ type: "commandSucceededEvent", reply, commandName, databaseName }, reply),
    );
    client.on("commandFailed", ({ commandName, databaseName }) =>
      this.#command({ type: "commandFailedEvent", commandName, databaseName }, {}),
    );
    client.on("connectionReady", () => this.#add({ type: "connectionReadyEvent" }));
    client.on("connectionCheckedOut", () => {
      this.checkedOut += 1;
      this.#add({ type: "connectionCheckedOutEvent" });
    });
    client.on("connectionCheckedIn", () => {
      this.checkedOut -= 1;
      this.#add({ type: "connectionCheckedInEvent" });
    });
  }

  stop(): void {
    this.#recording = false;
  }

  /** Commands in the order they were sent. */
  commands(): unknown[] {
    return this.#seen.filter(({ type }) => type === "commandStartedEvent").map(({ command }) => command);
  }

  /** Throws TestFailure where other events were seen, or the same in another order. */
  check({ eventType = "command", ignoreExtraEvents = false, events }: ExpectedEvents, scope: MatchScope) {
    const seen = this.#seen.filter(({ type }) => type.startsWith("command") === (eventType === "command"));
    for (const [index, wanted] of events.entries()) {
      const [type, fields] = onlyEntry(wanted);
      const actual = seen[index];
      if (actual?.type !== type)
        throw new TestFailure(
          `event ${index} should be ${type} but is ${actual === undefined ? "missing" : describe(actual)}`,
        );
      checkFields(fields, actual, scope, `event ${index}`);
    }
    const extra = seen[events.length];
    if (extra !== undefined && !ignoreExtraEvents)
      throw new TestFailure(`one event more than expected: ${describe(extra)}`);
  }

  #command(event: SeenEvent, content: unknown): void {
    const name = event.commandName ?? "";
    const redacted = isPlain(content) && Object.keys(content).length === 0;
    if (this.#ignored.has(name) || sensitive.has(name) || (greetings.has(name) && redacted)) return;
    this.#add(event);
  }

  #add(event: SeenEvent): void {
    if (this.#recording && this.#observed.has(event.type)) this.#seen.push(event);
  }
}

function checkFields(
  expected: Record<string, unknown>,
  actual: SeenEvent,
  scope: MatchScope,
  place: string,
): void {
  for (const [name, value] of Object.entries(expected)) {
    if (name !== "command" && name !== "reply" && name !== "commandName" && name !== "databaseName")
      throw new FormatError(`the runner does not know ${name} of an event`);
    const problem = difference(value, actual[name], { scope, root: "document" }, `${place}: ${name}`);
    if (problem !== null) throw new TestFailure(problem);
  }
}

function onlyEntry(
  wanted: Partial<Record<ObservableEvent, Record<string, unknown>>>,
): [string, Record<string, unknown>] {
  const [entry, ...others] = Object.entries(wanted);
  if (entry === undefined || others.length > 0) throw new FormatError("an expected event names one type");
  return entry;
}

function describe({ type, commandName, command, reply }: SeenEvent): string {
  return `${type}${commandName === undefined ? "" : ` of ${commandName}`} ${text(command ?? reply ?? {}).slice(0, 300)}`;
}
