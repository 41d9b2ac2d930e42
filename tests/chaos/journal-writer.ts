// A process that writes transcript, chat and notes as fast as it may, and prints what it was told is durable.
import mongoose from "mongoose";
import * as Y from "yjs";
import { AppError } from "../../shared/errors.ts";
import type { MeetingId } from "../../shared/ids.ts";
import { actor, house, meeting } from "../factories/live-modules.ts";

/** One line of its output. */
export interface Acknowledged {
  stream: "transcript" | "chat" | "notes";
  sequence: number;
  text: string;
  writer: string;
}

const writers = 12;
const [uri = "", dbName = "", meetingId = "", round = ""] = process.argv.slice(2);

// Pipes are written synchronously: what was printed before a SIGKILL arrives.
function tell(line: Acknowledged): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const connection = await mongoose.createConnection(uri, { dbName }).asPromise();
const { transcripts, messaging, notes } = await house({ connection });
const people = Array.from({ length: writers }, actor);
const id = meeting(
  people.map((person) => [person, "host"]),
  { id: meetingId as MeetingId },
);

/** A busy machine may keep the store from answering in time: then the same is asked for again, as clients do. */
async function untilTaken<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError && error.code === "UNAVAILABLE")) throw error;
    }
  }
}

async function write(index: number): Promise<never> {
  const person = people[index] ?? actor();
  const writer = `${round}-${index}`;
  const { documentId } = await untilTaken(() => notes.open(person, id, "shared"));
  const doc = new Y.Doc();
  for (let count = 0; ; count += 1) {
    const text = `${writer}-${count}`;
    const batch = ["a", "b", "c"].map((part) => ({
      clientKey: `${text}${part}`,
      text: `${text}${part}`,
      confidence: 1,
      startMs: count,
      endMs: count,
    }));
    const before = Y.encodeStateVector(doc);
    const paragraph = new Y.XmlElement("paragraph");
    paragraph.insert(0, [new Y.XmlText(text)]);
    doc.getXmlFragment("notes").push([paragraph]);
    const update = Y.encodeStateAsUpdate(doc, before);
    await Promise.all([
      untilTaken(() => transcripts.append(person, id, batch)).then(({ firstSequence }) => {
        for (const [offset, chunk] of batch.entries())
          tell({ stream: "transcript", sequence: firstSequence + offset, text: chunk.text, writer });
      }),
      untilTaken(() => messaging.send(person, id, { clientKey: text, content: text })).then(
        ({ sequence }) => {
          tell({ stream: "chat", sequence, text, writer });
        },
      ),
      untilTaken(() => notes.append(documentId, person.userId, update)).then(({ sequence }) => {
        tell({ stream: "notes", sequence, text, writer });
      }),
    ]);
  }
}

await Promise.all(people.map((_, index) => write(index)));
