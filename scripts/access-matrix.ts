// docs/access-matrix.md: every door with the answer to everybody, from the tables that the access tests ask by.
import { badProofs, people, personNames } from "../tests/integration/access/actors.ts";
import { endpointDoors, otherDoors } from "../tests/integration/access/doors.ts";
import {
  eventAnswer,
  eventsWithoutMeeting,
  liveQueryAnswer,
  liveQueryRows,
  noteStreamRows,
  socketEvents,
  streamAnswer,
  type EventRow,
  type LiveQueryRow,
  type StreamRow,
} from "../tests/integration/access/live-table.ts";
import { graphqlAnswer, graphqlRows, scopeOf } from "../tests/integration/access/graphql-table.ts";
import { notesStreams } from "../shared/protocol/notes-sync.ts";
import { markdownTable } from "./markdown-table.ts";

export function accessMatrixPage(): string {
  return [
    "# Who is answered what",
    "Written by `npm run policies` from the tables that the access tests ask a running product by (`tests/integration/access/`, rules in its `SPEC.md`); do not edit. What may be done is in [policies](policies.md).",
    "## Everybody",
    markdownTable(
      ["column", "who"],
      Object.entries(people).map(([name, words]) => [name, words]),
    ),
    "A proof of identity can be bad in these ways. Each is refused with its code at every endpoint that asks for one (401) and at the handshake of sockets; streams of notes close with 4401.",
    markdownTable(
      ["proof", "code"],
      Object.values(badProofs).map(({ words, code }) => [words, `\`${code}\``]),
    ),
    "Machines' keys open the endpoints that name a scope, as far as the administrator who made them may go: without the scope the answer is 403. They open no socket and no stream.",
    "## Endpoints",
    "In a running meeting, with everybody's consent to observers; what else the state of a meeting changes is a conflict (409).",
    markdownTable(
      ["request", "bad proof", ...personNames, "scope of keys"],
      endpointDoors.map((door) => [
        `\`${door.method} ${door.route}\``,
        String(door.withoutProof),
        ...personNames.map((person) => String(door.answerTo(person))),
        door.scope === undefined ? "" : `\`${door.scope}\``,
      ]),
    ),
    "### Beside the table of endpoints",
    "The same to everybody. In `<>`: whatever is below that path and has no row of its own; built pages and files are public.",
    markdownTable(
      ["request", "answer", "signed in"],
      otherDoors.map(({ method, route, answer, signedIn }) => [
        `\`${method} ${route}\``,
        String(answer),
        signedIn === undefined ? "" : String(signedIn),
      ]),
    ),
    "A process without the `api` role answers `/healthz`, `/readyz` and `/metrics` alone. `/metrics` answers direct requests of its own machine.",
    "## Fields of GraphQL",
    "Each is a row of the table of endpoints, and answers as it does. _null_ beside an error with the code; a bad proof is refused before anything is read (401). Every other field is seen by whoever is let in to what holds it.",
    markdownTable(
      ["field", ...personNames, "scope of keys"],
      Object.entries(graphqlRows).map(([name, row]) => [
        `\`${name}\``,
        ...personNames.map((person) => graphqlAnswer(row, person) ?? "yes"),
        scopeOf(name) === undefined ? "" : `\`${scopeOf(name)}\``,
      ]),
    ),
    "## Socket events",
    `Events belong to a socket that its handshake let in. ${eventsWithoutMeeting.map((name) => `\`${name}\``).join(" and ")} are open to all of them: the live query decides.`,
    markdownTable(
      ["event", ...personNames],
      Object.entries<EventRow>(socketEvents).map(([name, row]) => [
        `\`${name}\``,
        ...personNames.map((person) => eventAnswer(name, row, person) ?? "yes"),
      ]),
    ),
    "## Live queries",
    markdownTable(
      ["query", ...personNames],
      Object.entries<LiveQueryRow>(liveQueryRows).map(([name, row]) => [
        `\`${name}\``,
        ...personNames.map((person) => liveQueryAnswer(row, person) ?? "yes"),
      ]),
    ),
    "## Streams of notes",
    markdownTable(
      ["stream", ...personNames],
      Object.entries<StreamRow>(noteStreamRows).map(([layer, row]) => [
        `\`/notes/:id${notesStreams[layer as keyof typeof notesStreams]}\``,
        ...personNames.map((person) => String(streamAnswer(row, person))),
      ]),
    ),
  ]
    .join("\n\n")
    .concat("\n");
}
