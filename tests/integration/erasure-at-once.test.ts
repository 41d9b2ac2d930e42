// People who are deleted at the same time, and chat that is filed meanwhile: nothing that was read before an erasure brings words back.
import mongoose from "mongoose";
import * as Y from "yjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createMadeEraser } from "../../server/modules/deletion/erase-made.mongo.ts";
import { createTalkEraser } from "../../server/modules/deletion/erase-talk.mongo.ts";
import { createMongoMessagesRepository } from "../../server/modules/messaging/messaging.repository.mongo.ts";
import { createNotesErasure } from "../../server/modules/notes/notes.erasure.ts";
import { createNotesErasureRepository } from "../../server/modules/notes/notes.erasure.repository.mongo.ts";
import { createMongoNotesRepository } from "../../server/modules/notes/notes.repository.mongo.ts";
import { createMemoryBus } from "../../server/platform/event-bus.ts";
import type { Journal } from "../../server/platform/journal/index.ts";
import { silentLogger } from "../../server/platform/logger.ts";
import { neverChanged } from "../../shared/chat-changes.ts";
import { erasedText } from "../../shared/erased.ts";
import type { MeetingId, MessageId, UserId } from "../../shared/ids.ts";
import { notesFragmentName } from "../../shared/protocol/notes-sync.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

const { ObjectId } = mongoose.mongo;
type Id = mongoose.mongo.ObjectId;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const collection = (name: string) => store.connection.getClient().db(store.connection.name).collection(name);
const hex = <Name extends string>(id: Id) => id.toHexString() as Name;

async function left(name: string, meeting: Id): Promise<string> {
  return JSON.stringify(await collection(name).find({ meetingId: meeting }).toArray());
}

/** A meeting of both, and what each eraser's call on one of them is. */
function people() {
  const [meeting, anna, ben] = [new ObjectId(), new ObjectId(), new ObjectId()];
  const both = (erase: (meetingId: MeetingId, userId: UserId) => Promise<unknown>) =>
    Promise.all([anna, ben].map((one) => erase(hex(meeting), hex(one))));
  return { meeting, anna, ben, both };
}

test("[DELETION-4] of two people who are deleted at once no line is left, nor what one typed into the other's", async () => {
  const { meeting, anna, ben, both } = people();
  const line = (author: Id, sequence: number) => ({
    sequence,
    authorId: author,
    speakerId: author,
    text: `said ${sequence}`,
    clientKey: `key ${sequence}`,
  });
  for (const sequence of [1, 3, 5]) {
    const chunks = [line(anna, sequence), line(ben, sequence + 1)];
    await collection("transcripts").insertOne({
      meetingId: meeting,
      sequence,
      lastSequence: sequence + 1,
      chunks,
    });
  }
  await collection("transcriptCorrections").insertOne({
    ...{ meetingId: meeting, revision: 1, kind: "text", sequence: 2, text: "typed by anna" },
    ...{ speakerId: null, speakerLabel: null, fromSpeakerId: null, fromLabel: null, throughSequence: null },
    ...{ authorId: anna, clientKey: "correction", createdAt: new Date(0) },
  });
  const talk = createTalkEraser(store.connection);
  await both(talk.erase);
  expect(await left("transcripts", meeting)).not.toMatch(/said|key \d/);
  expect(await left("transcriptCorrections", meeting)).not.toMatch(/said|typed/);
});

test("[DELETION-8] of two people who are deleted at once nothing is left in what was made of the talk", async () => {
  const { meeting, anna, ben, both } = people();
  const cited = (speakerId: Id, text: string) => ({ text, citations: [{ speakerId }] });
  const parts = () => [cited(anna, "of one"), cited(ben, "of the other"), cited(new ObjectId(), "kept")];
  await collection("insights").insertOne({
    ...{ meetingId: meeting, userId: new ObjectId(), outcome: cited(anna, "of one"), summary: parts() },
    ...{ decisions: parts(), recommendations: parts(), links: [], actionItems: [], topics: ["of one"] },
  });
  const made = createMadeEraser(store.connection);
  await both(made.erase);
  const insights = await left("insights", meeting);
  expect(insights).not.toMatch(/of one|of the other/);
  expect(insights.match(/kept/g)).toHaveLength(3);
});

test("[DELETION-4] a reaction that is filed as its message is erased brings no word back, and stays", async () => {
  const { meeting, anna, ben } = people();
  const messages = await createMongoMessagesRepository(store.connection);
  const [id, at] = [hex<MessageId>(new ObjectId()), new Date(0)];
  await messages.insert([
    {
      ...{ id, meetingId: hex(meeting), userId: hex(anna), parentId: null, content: "sent", attachments: [] },
      ...{ sequence: 1, clientKey: "key", timestamp: at, ...neverChanged, original: null },
    },
  ]);
  const model = store.connection.model("Message").collection;
  const write = model.updateOne.bind(model);
  // Between the filing's look at the message and its write.
  model.updateOne = async (...args: Parameters<typeof write>) => {
    model.updateOne = write;
    await createTalkEraser(store.connection).erase(hex(meeting), hex(anna));
    return write(...args);
  };
  const made = { kind: "reaction", emoji: "👍", on: true, messageId: id, userId: hex<UserId>(ben) } as const;
  const change = { ...made, sequence: 2, at };
  await messages.change({ meetingId: hex(meeting), messageSequence: 1, clientKey: "change", change });
  const [message] = await messages.read(hex(meeting), 0, 1);
  expect(message).toMatchObject({ content: erasedText, revision: 2, reactions: [{ emoji: "👍" }] });
});

test("[DELETION-6] an erasure that had read a page before another one brings none of its words back", async () => {
  const { meeting, anna, ben } = people();
  const documentId = `notes/${hex(meeting)}/shared`;
  const notes = await createMongoNotesRepository(store.connection);
  const updates = [anna, ben].map((author, index) => {
    const doc = new Y.Doc();
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.insert(0, [new Y.XmlText(index === 0 ? "typed-by-anna" : "typed-by-ben")]);
    doc.getXmlFragment(notesFragmentName).insert(0, [paragraph]);
    const update = Y.encodeStateAsUpdate(doc);
    return {
      sequence: index + 1,
      authorId: hex<UserId>(author),
      key: `op/${index}`,
      at: new Date(0),
      update,
    };
  });
  await notes.insertPages([{ documentId, updates }]);
  const journal = {
    materialise: () => Promise.resolve(),
    append: () => Promise.resolve([]),
  } as unknown as Journal;
  const repository = createNotesErasureRepository(store.connection);
  const erasureOn = (on: typeof repository) =>
    createNotesErasure({
      ...{ journal, bus: createMemoryBus(silentLogger), forget: () => Promise.resolve() },
      repository: on,
    });
  let isFirst = true;
  const late: typeof repository = {
    ...repository,
    async rewritePage(page, ...edits) {
      if (isFirst) {
        isFirst = false;
        await erasureOn(repository).erase(hex(meeting), hex(ben));
      }
      await repository.rewritePage(page, ...edits);
    },
  };
  await erasureOn(late).erase(hex(meeting), hex(anna));
  const pages = await collection("noteOps").find({ documentId }).toArray();
  const bytes = pages.flatMap(({ operations }) =>
    (operations as { update: mongoose.mongo.Binary }[]).map(({ update }) => Buffer.from(update.buffer)),
  );
  expect(Buffer.concat(bytes).toString("latin1")).not.toContain("typed-by");
});
