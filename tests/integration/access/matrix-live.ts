// Everybody at every socket event, live query and stream of notes: the answers of live-table.ts at a running server.
import type { Socket } from "socket.io-client";
import { describe, expect, test } from "vitest";
import WebSocket from "ws";
import * as Y from "yjs";
import type { ErrorCode } from "../../../shared/errors.ts";
import { clientEvents, type ClientEventName } from "../../../shared/protocol/socket-events.ts";
import { notesFragmentName, notesMessage, notesStreams } from "../../../shared/protocol/notes-sync.ts";
import { connectSocket, emit, errorCodeOf } from "../../factories/sockets.ts";
import { badProofNames, badProofs, isInTheMeeting, personNames, type Person } from "./actors.ts";
import {
  eventAnswer,
  liveQueryAnswer,
  liveQueryRows,
  noteStreamRows,
  socketEvents,
  streamAnswer,
  type EventRow,
  type LiveQueryRow,
  type StreamAnswer,
  type StreamRow,
} from "./live-table.ts";
import { canary } from "./table.ts";
import type { AccessWorld } from "./world.ts";

export function matrixOfStreams(
  world: () => AccessWorld,
  socketOf: (person: Person) => Promise<Socket>,
): void {
  describe("everybody at every socket event and live query", () => {
    test("[ACCESS-9] no socket opens with a bad proof, nor with a machine's key; each is told the same as by HTTP", async () => {
      const { server, badProofs: bad, keyWithout } = world();
      const told = await Promise.all(
        badProofNames.map(async (name) => [name, await codeOfRefusal(server.url, bad[name])]),
      );
      expect(told).toEqual(badProofNames.map((name) => [name, badProofs[name].code]));
      expect(await codeOfRefusal(server.url, keyWithout(undefined))).toBe("UNAUTHENTICATED");
    });

    test("[ACCESS-9] no event is answered on a connection whose proof was refused, or that showed none yet", async () => {
      const { server, badProofs: bad, sample } = world();
      const rows: Record<string, EventRow> = socketEvents;
      const events = Object.keys(clientEvents).map((name, id) => {
        const input = rows[name]?.input(sample) ?? {
          query: "meeting",
          args: { meetingId: sample.meetingId },
        };
        return `42${id}${JSON.stringify([name, input])}`;
      });
      for (const name of badProofNames) {
        const connect = `40${JSON.stringify({ token: bad[name] ?? "" })}`;
        for (const packets of [
          [connect, ...events],
          [...events, connect],
        ]) {
          const heard = await rawSocket(server.url, packets);
          expect([name, heard.filter((packet) => packet.startsWith("43"))]).toEqual([name, []]);
          expect(heard.join()).not.toContain(canary);
        }
      }
    });

    test.each(Object.entries<EventRow>(socketEvents))(
      "[ACCESS-10] [ACCESS-11] %s answers everybody as its row says",
      async (name, row) => {
        const answers = await Promise.all(
          personNames.map(async (person) => {
            const input = row.input(world().sample) as never;
            return await emit(await socketOf(person), name as ClientEventName, input);
          }),
        );
        expectCodes(answers, (person) => eventAnswer(name, row, person));
        expectHidden(answers);
      },
    );

    test.each(Object.entries<LiveQueryRow>(liveQueryRows))(
      "[ACCESS-12] live query %s answers everybody as its row says",
      async (query, row) => {
        const args = row.ofMeeting ? { meetingId: world().meetingId } : (row.args?.(world().sample) ?? {});
        const answers = await Promise.all(
          personNames.map(async (person) => emit(await socketOf(person), "live:subscribe", { query, args })),
        );
        expectCodes(answers, (person) => liveQueryAnswer(row, person));
        expectHidden(answers, row.told === true ? ["left"] : []);
      },
    );
  });

  describe("everybody at every stream of notes", () => {
    test.each(Object.entries<StreamRow>(noteStreamRows))(
      "[ACCESS-14] the stream %s lets everybody write, read or neither as its row says",
      async (layer, row) => {
        const { server, meetingId, tokens, badProofs: bad, keyWithout } = world();
        const path = `/notes/${meetingId}${notesStreams[layer as keyof typeof notesStreams]}`;
        const seen = await Promise.all(
          personNames.map(async (person) => [person, await probeStream(server.url, path, tokens[person])]),
        );
        expect(seen).toEqual(personNames.map((person) => [person, streamAnswer(row, person)]));
        const refused = [...badProofNames.map((name) => [name, bad[name]] as const)];
        for (const [name, token] of [...refused, ["a machine's key", keyWithout(undefined)] as const])
          expect([name, await probeStream(server.url, path, token)]).toEqual([name, 4401]);
      },
    );
  });
}

function expectCodes(answers: unknown[], expected: (person: Person) => ErrorCode | null): void {
  expect(personNames.map((person, index) => [person, errorCodeOf(answers[index])])).toEqual(
    personNames.map((person) => [person, expected(person)]),
  );
}

function expectHidden(answers: unknown[], told: readonly Person[] = []): void {
  personNames.forEach((person, index) => {
    if (!isInTheMeeting(person) && !told.includes(person))
      expect(JSON.stringify(answers[index])).not.toContain(canary);
  });
}

async function codeOfRefusal(url: string, token: string | null): Promise<unknown> {
  try {
    (await connectSocket(url, token ?? "")).disconnect();
    return "let in";
  } catch (error) {
    return (error as { data?: { code?: unknown } }).data?.code;
  }
}

/** Everything the server says to these packets of Socket.IO until it has closed, or answered a last ping. */
function rawSocket(url: string, packets: string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket`);
    const heard: string[] = [];
    socket.on("open", () => packets.forEach((packet) => socket.send(packet)));
    socket.on("message", (data: Buffer) => {
      const packet = data.toString();
      heard.push(packet);
      // The refusal: whatever would be answered has been, or the connection is about to be closed.
      if (packet.startsWith("44")) socket.close();
    });
    socket.on("close", () => resolve(heard));
    socket.on("error", reject);
  });
}

/** What becomes of somebody who asks for the notes and writes something into them. */
function probeStream(url: string, path: string, token: string | null): Promise<StreamAnswer | number> {
  const address = new URL(path, url.replace(/^http/, "ws"));
  if (token !== null) address.searchParams.set("token", token);
  const document = new Y.Doc();
  document.getXmlFragment(notesFragmentName).insert(0, [new Y.XmlElement("paragraph")]);
  const update = Y.encodeStateAsUpdate(document);
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address);
    const heard: Buffer[] = [];
    socket.on("open", () => {
      socket.send(Buffer.from([notesMessage.sync, 0, 1, 0]));
      socket.send(Buffer.from([notesMessage.sync, 2, update.byteLength, ...update]));
    });
    socket.on("message", (data: Buffer) => {
      heard.push(data);
      const known = data[0] === notesMessage.durable || data[0] === notesMessage.refused;
      if (!known) return;
      resolve(data[0] === notesMessage.durable ? "write" : "read");
      socket.close();
    });
    socket.on("close", (code) => {
      // Whoever is not let in is shown nothing at all.
      if (heard.length === 0) resolve(code);
      else reject(new Error(`the notes closed with ${code} after ${heard.length} messages`));
    });
    socket.on("error", reject);
  });
}
