// Two real servers on one store and one Redis: people on different nodes are in one meeting.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Socket } from "socket.io-client";
import type { TranscriptChunk } from "../../shared/schemas/transcripts.ts";
import type { Meeting, Participant } from "../../shared/schemas/meetings.ts";
import { startNodes, until, type NodesWorld } from "../factories/nodes.ts";
import { redisProgram } from "../factories/redis.ts";
import type { TestServer } from "../factories/server.ts";
import { emit, emitOk, errorCodeOf } from "../factories/sockets.ts";

const media = { microphone: true, camera: true, screen: false, hand: false, transcribing: false };

describe.skipIf(redisProgram === null)("a meeting on two nodes (needs redis-server)", () => {
  let world: NodesWorld;
  let here: TestServer;
  let there: TestServer;
  let ann: string;
  let ben: string;

  beforeAll(async () => {
    world = await startNodes(2);
    [here, there] = world.nodes as [TestServer, TestServer];
    [ann, ben] = [await world.token("ann"), await world.token("ben")];
  });
  afterAll(() => world.close());

  /** Ann here and Ben there, both in one meeting. */
  async function together(): Promise<{ meeting: Meeting; first: Socket; second: Socket }> {
    const meeting = await world.meeting(["ann", "ben"]);
    const [first, second] = [await world.connect(here.url, ann), await world.connect(there.url, ben)];
    for (const socket of [first, second]) await emitOk(socket, "meeting:join", { meetingId: meeting.id });
    return { meeting, first, second };
  }

  const presenceOf = (participants: Participant[], name: string) =>
    participants.find(({ displayName }) => displayName === name)?.presence;

  test("[NODE-1] edits and cursors of each reach the other, also edits by HTTP", async () => {
    const { id } = await world.meeting(["ann", "ben"]);
    const [one, two] = [world.openNotes(here.url, ann, id), world.openNotes(there.url, ben, id)];
    await until(() => one.provider.synced && two.provider.synced, "both to be synced");
    for (let count = 0; count < 20; count += 1) {
      one.push(`one ${count}`);
      two.push(`two ${count}`);
    }
    await until(() => one.edits().length === 40 && two.edits().length === 40, "all edits");
    expect(one.edits()).toEqual(two.edits());
    one.provider.awareness.setLocalStateField("cursor", { at: 7 });
    const seen = () => two.provider.awareness.getStates().get(one.doc.clientID);
    await until(() => seen()?.["cursor"] !== undefined, "the cursor");
    expect(seen()).toMatchObject({ cursor: { at: 7 }, user: { name: "ann" } });
    const version = (
      await world.api<{ version: number }>(there.url, ben, "GET", `/api/v1/meetings/${id}/notes`)
    ).version;
    await world.api(there.url, ben, "POST", `/api/v1/meetings/${id}/notes/operations`, {
      clientKey: "http",
      baseVersion: version,
      operations: [{ type: "insert", position: 0, content: "by HTTP" }],
    });
    const text = (client: typeof one) => client.doc.getXmlFragment("notes").toJSON();
    await until(() => text(one).includes("by HTTP") && text(two).includes("by HTTP"), "the operation");
    one.provider.disconnect();
    await until(() => seen() === undefined, "the cursor to go");
  });

  test("[NODE-1] lines and messages of each reach the other once, in order", async () => {
    const { meeting, first, second } = await together();
    const sequences = [first, second].map((socket) => {
      const heard: number[] = [];
      socket.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) =>
        heard.push(...chunks.map(({ sequence }) => sequence)),
      );
      return heard;
    });
    const messages = [first, second].map((socket) => {
      const heard: number[] = [];
      socket.on("chat:message", ({ message }: { message: { sequence: number } }) =>
        heard.push(message.sequence),
      );
      return heard;
    });
    const meetingId = meeting.id;
    const sends: Promise<unknown>[] = [];
    for (let count = 0; count < 30; count += 1) {
      for (const [index, socket] of [first, second].entries()) {
        const clientKey = `${index}-${count}`;
        const chunk = { clientKey, text: clientKey, confidence: 1, startMs: 0, endMs: 1 };
        sends.push(emitOk(socket, "transcript:append", { meetingId, chunks: [chunk] }));
        sends.push(emitOk(socket, "chat:send", { meetingId, clientKey, content: clientKey }));
      }
    }
    await Promise.all(sends);
    await until(() => [...sequences, ...messages].every(({ length }) => length >= 60), "all of it");
    const expected = Array.from({ length: 60 }, (_, index) => index + 1);
    expect([...sequences, ...messages]).toEqual([expected, expected, expected, expected]);
  });

  test("[NODE-1] [TRANSCRIPT-20] a speaker renamed on one node is heard of on the other, and later lines carry the name there", async () => {
    const { meeting, first, second } = await together();
    const meetingId = meeting.id;
    const heard: string[] = [];
    second.on("transcript:chunks", ({ chunks }: { chunks: TranscriptChunk[] }) =>
      heard.push(...chunks.map(({ sequence, speakerLabel }) => `${sequence} ${speakerLabel}`)),
    );
    second.on("transcript:corrected", ({ correction }: { correction: { revision: number } }) =>
      heard.push(`revision ${correction.revision}`),
    );
    const say = (clientKey: string) =>
      emitOk(first, "transcript:append", {
        meetingId,
        chunks: [{ clientKey, speakerLabel: "S1", text: "Hm", confidence: 1, startMs: 0, endMs: 1 }],
      });
    await say("one");
    await until(() => heard.length === 1, "the first line");
    await world.api(here.url, ann, "POST", `/api/v1/meetings/${meetingId}/transcript/speakers`, {
      clientKey: "rename",
      scope: "everywhere",
      from: { label: "S1" },
      to: { label: "Carla" },
    });
    await until(() => heard.length === 2, "the new name");
    await say("two");
    await until(() => heard.length === 3, "the second line");
    expect(heard).toEqual(["1 S1", "revision 1", "2 Carla"]);
  });

  test("[NODE-2] somebody is present while any node sees them, and each sees the other come and go", async () => {
    const { meeting, first, second } = await together();
    const shown: Participant[][] = [];
    first.on("participant:changed", ({ participants }: { participants: Participant[] }) =>
      shown.push(participants),
    );
    const again = await world.connect(here.url, ben);
    await emitOk(again, "meeting:join", { meetingId: meeting.id });
    await emitOk(second, "meeting:leave", { meetingId: meeting.id });
    const read = () => world.api<Meeting>(there.url, ben, "GET", `/api/v1/meetings/${meeting.id}`);
    expect(presenceOf((await read()).participants, "ben")).toBe("joined");
    await emitOk(again, "meeting:leave", { meetingId: meeting.id });
    await until(() => presenceOf(shown.at(-1) ?? [], "ben") === "left", "Ben to be seen leaving");
    await emitOk(second, "meeting:join", { meetingId: meeting.id });
    await until(() => presenceOf(shown.at(-1) ?? [], "ben") === "joined", "Ben to be seen coming");
  });

  test("[NODE-3] a call over two nodes: one list of peers, one bound, signals both ways", async () => {
    const { meeting, first, second } = await together();
    const meetingId = meeting.id;
    const lists = [first, second].map((socket) => {
      const heard: { peerId: string }[][] = [];
      socket.on("call:peers", ({ peers }: { peers: { peerId: string }[] }) => heard.push(peers));
      return heard;
    });
    const mine = await emitOk(first, "call:enter", { meetingId, media });
    const theirs = await emitOk(second, "call:enter", { meetingId, media });
    expect(theirs.peers.map(({ peerId }) => peerId)).toEqual([mine.peerId, theirs.peerId]);
    await until(() => lists.every((heard) => heard.at(-1)?.length === 2), "both lists");
    const signals = [first, second].map((socket) => {
      const heard: { fromPeerId: string; signal: { payload: string } }[] = [];
      socket.on("call:signal", (signal: (typeof heard)[number]) => heard.push(signal));
      return heard;
    });
    const payloads = Array.from({ length: 20 }, (_, index) => `${index}`);
    await Promise.all(
      payloads.flatMap((payload) => [
        emitOk(first, "call:signal", {
          meetingId,
          toPeerId: theirs.peerId,
          signal: { kind: "candidate", payload },
        }),
        emitOk(second, "call:signal", {
          meetingId,
          toPeerId: mine.peerId,
          signal: { kind: "candidate", payload },
        }),
      ]),
    );
    await until(() => signals.every((heard) => heard.length === 20), "all signals");
    for (const heard of signals) expect(heard.map(({ signal }) => signal.payload)).toEqual(payloads);
    expect(signals[1]?.[0]?.fromPeerId).toBe(mine.peerId);
    const more: Socket[] = [];
    for (const [url, token] of [
      [here.url, ann],
      [there.url, ben],
      [here.url, ben],
    ] as const) {
      more.push(await world.connect(url, token));
    }
    const answers = await Promise.all(more.map((socket) => emit(socket, "call:enter", { meetingId, media })));
    expect(answers.map(errorCodeOf).filter((code) => code === "MEETING_FULL")).toHaveLength(1);
    first.disconnect();
    await until(() => lists[1]?.at(-1)?.every(({ peerId }) => peerId !== mine.peerId) === true, "the leave");
  });

  test("[NODE-4] access that is removed on one node ends everything on the other, and a role is lowered there", async () => {
    const { meeting, second } = await together();
    const meetingId = meeting.id;
    const notes = world.openNotes(there.url, ben, meetingId);
    await until(() => notes.provider.synced, "the notes");
    const userId = meeting.participants.find(({ displayName }) => displayName === "ben")?.userId;
    const path = `/api/v1/meetings/${meetingId}/participants/${userId}`;
    // Observers see the meeting by the consent of all others.
    const consent = { purpose: "sharing", answer: "given", wording: 1 };
    await world.api(here.url, ann, "POST", "/api/v1/me/consents", consent);
    await world.api(here.url, ann, "PATCH", path, { role: "observer" });
    const refusedOnce = async () =>
      errorCodeOf(await emit(second, "chat:send", { meetingId, clientKey: "x", content: "x" })) ===
      "FORBIDDEN";
    await until(refusedOnce, "the lower role");
    const revoked = new Promise((resolve) => second.once("access:revoked", resolve));
    await world.api(here.url, ann, "DELETE", path);
    expect(await revoked).toMatchObject({ meetingId });
    await until(() => notes.closes.includes(4403), "the notes to close");
    expect(errorCodeOf(await emit(second, "meeting:join", { meetingId }))).toBe("NOT_FOUND");
  });
});

describe.skipIf(redisProgram === null)("a node that Redis does not reach (needs redis-server)", () => {
  test("[NODE-4] access that is removed meanwhile ends there all the same", async () => {
    const world = await startNodes(2, { proxied: true });
    try {
      const [near, far] = world.nodes as [TestServer, TestServer];
      const [ann, ben] = [await world.token("ann"), await world.token("ben")];
      const { id: meetingId, participants } = await world.meeting(["ann", "ben"]);
      const socket = await world.connect(far.url, ben);
      await emitOk(socket, "meeting:join", { meetingId });
      const notes = world.openNotes(far.url, ben, meetingId);
      await until(() => notes.provider.synced, "the notes");
      const revoked = new Promise((resolve) => socket.once("access:revoked", resolve));
      world.networks[1]?.cut();
      const userId = participants.find(({ displayName }) => displayName === "ben")?.userId;
      await world.api(near.url, ann, "DELETE", `/api/v1/meetings/${meetingId}/participants/${userId}`);
      expect(await revoked).toMatchObject({ meetingId });
      await until(() => notes.closes.includes(4403), "the notes to close");
    } finally {
      await world.close();
    }
  });
});
