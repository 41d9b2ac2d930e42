// The idle people of the notes benchmark: they come, and type nothing, while what their rooms take is measured.
import { eachAtOnce, serveLoad, wait } from "../load-process.ts";
import { dialects, type ServerKind } from "./dialects.ts";
import type { PlannedRoom } from "./load-main.ts";
import { RawNotesClient } from "./raw-client.ts";

export interface IdlePlan {
  kind: ServerKind;
  url: string;
  rooms: PlannedRoom[];
  /** Opened and closed again before; servers may keep what they have opened. */
  visitedRoom: PlannedRoom;
}

const connectAtOnce = 16;
const idleMs = 2_000;
const settleMs = 5_000;
const visits = 2_000;

serveLoad<IdlePlan, null>(async ({ kind, url, rooms, visitedRoom }, reach) => {
  const open = (room: string, token: string) =>
    RawNotesClient.open({
      dialect: dialects[kind],
      url,
      room,
      token,
      onWord: () => undefined,
      onDurable: () => undefined,
    });
  // What a server needs once, such as its compiled code, is no room's.
  await eachAtOnce(visits, connectAtOnce, async (index) => {
    const { room, tokens } = visitedRoom;
    await (await open(room, tokens[index % tokens.length] ?? "")).close();
  });
  await wait(settleMs);
  await reach("connecting");
  const seats = rooms.flatMap(({ room, tokens }) => tokens.map((token) => ({ room, token })));
  const clients: RawNotesClient[] = [];
  await eachAtOnce(seats.length, connectAtOnce, async (index) => {
    const seat = seats[index];
    if (seat !== undefined) clients[index] = await open(seat.room, seat.token);
  });
  await wait(idleMs);
  await reach("idle");
  await Promise.all(clients.map((client) => client.close()));
  return null;
});
