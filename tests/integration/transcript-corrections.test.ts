// Corrections of a transcript through the journal on a real document store.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MeetingId } from "../../shared/ids.ts";
import type { Correction } from "../../shared/schemas/transcript-corrections.ts";
import { actor, chunks, codeOf, house, meeting, numbers, type House } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import { correctionStream, toCorrectionInput } from "../../server/modules/transcripts/corrections.entries.ts";
import { limits } from "../../shared/limits.ts";

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const [host, guest, observer, stranger] = [actor(), actor(), actor(), actor()];
const places = () =>
  meeting([
    [host, "host"],
    [guest, "participant"],
    [observer, "observer"],
  ]);

async function linesOf({ transcripts }: House, id: MeetingId) {
  return (await transcripts.read(observer, id, { fromSequence: 0, limit: 1_000 })).chunks;
}

describe("words", () => {
  test("[TRANSCRIPT-18] the last correction that a transcript can hold is taken, and the next one refused", async () => {
    const { transcripts, journal } = await house(store);
    const id = places();
    await transcripts.append(host, id, chunks(1));
    const before = Array.from({ length: limits.transcriptCorrectionsMaxItems - 1 }, (_none, n) =>
      toCorrectionInput(host.userId, `before-${n}`, { kind: "text", sequence: 1, text: "Again" }),
    );
    await journal.append(correctionStream(id), before);
    const edit = (clientKey: string) => transcripts.edit(host, id, 1, { clientKey, text: clientKey });
    expect(await edit("last")).toMatchObject({ revision: limits.transcriptCorrectionsMaxItems });
    expect(await codeOf(edit("one more"))).toBe("CONFLICT");
    const to = { label: "Anna" };
    const rename = transcripts.renameSpeaker(host, id, { clientKey: "r", scope: "line", sequence: 1, to });
    expect(await codeOf(rename)).toBe("CONFLICT");
    await journal.stop();
  });

  test("[TRANSCRIPT-10] a host corrects any line, a participant their own, an observer none", async () => {
    const own = await house(store);
    const { transcripts, journal } = own;
    const id = places();
    await transcripts.append(host, id, chunks(1, "h"));
    await transcripts.append(guest, id, chunks(1, "g"));
    const edit = (who: typeof host, sequence: number, key: string) =>
      transcripts.edit(who, id, sequence, { clientKey: key, text: `by ${key}` });
    await edit(guest, 2, "guest");
    await edit(host, 2, "host");
    expect(await codeOf(edit(guest, 1, "other"))).toBe("FORBIDDEN");
    expect(await codeOf(edit(observer, 1, "observer"))).toBe("FORBIDDEN");
    expect(await codeOf(edit(stranger, 1, "stranger"))).toBe("NOT_FOUND");
    expect(await codeOf(edit(host, 3, "missing"))).toBe("NOT_FOUND");
    expect((await linesOf(own, id)).map(({ text }) => text)).toEqual(["utterance h 0", "by host"]);
    // Whose line it is now counts, not whose it was.
    const to = { speakerId: guest.userId };
    await transcripts.renameSpeaker(host, id, { clientKey: "r", scope: "line", sequence: 1, to });
    await edit(guest, 1, "mine now");
    await journal.stop();
  });

  test("[TRANSCRIPT-11] [TRANSCRIPT-12] a repeated correction happens once, before and after moves and a restart", async () => {
    const first = await house(store);
    const id = places();
    const heard: Correction[] = [];
    first.bus.subscribe("transcript.edited", ({ correction }) => heard.push(correction));
    await first.transcripts.append(host, id, chunks(3));
    const input = { clientKey: "once", text: "Corrected" };
    const [one, two] = await Promise.all([
      first.transcripts.edit(host, id, 2, input),
      first.transcripts.edit(host, id, 2, input),
    ]);
    expect(two).toEqual(one);
    await first.transcripts.edit(host, id, 2, { clientKey: "later", text: "Corrected again" });
    await first.journal.materialise();
    expect(await first.transcripts.edit(host, id, 2, input)).toEqual(one);
    expect(heard.map(({ revision }) => revision)).toEqual([1, 2]);
    await first.journal.stop();

    const second = await house(store);
    expect(await second.transcripts.edit(host, id, 2, input)).toEqual(one);
    const page = await second.transcripts.read(host, id, { fromSequence: 0, limit: 10 });
    expect(page.revision).toBe(2);
    expect(page.chunks.map(({ text, edited }) => [text, edited?.revision])).toEqual([
      ["utterance k 0", undefined],
      ["Corrected again", 2],
      ["utterance k 2", undefined],
    ]);
    await second.journal.stop();
  });

  test("[TRANSCRIPT-12] jobs read corrected lines, wherever lines and corrections are stored", async () => {
    const { transcripts, journal } = await house(store);
    const id = places();
    await transcripts.append(host, id, chunks(5));
    await transcripts.edit(host, id, 1, { clientKey: "a", text: "first" });
    await journal.materialise(`transcript/${id}`);
    await transcripts.edit(host, id, 5, { clientKey: "b", text: "fifth" });
    await journal.materialise();
    await transcripts.edit(host, id, 5, { clientKey: "c", text: "last" });
    const texts: string[] = [];
    for await (const page of transcripts.readAll(id)) texts.push(...page.map(({ text }) => text));
    expect(texts).toEqual(["first", "utterance k 1", "utterance k 2", "utterance k 3", "last"]);
    await journal.stop();
  });

  test("[TRANSCRIPT-13] a line's history begins with what came, and observers do not see it", async () => {
    const { transcripts, journal } = await house(store);
    const id = places();
    await transcripts.append(guest, id, chunks(2));
    await transcripts.edit(guest, id, 1, { clientKey: "a", text: "one" });
    await transcripts.edit(host, id, 2, { clientKey: "b", text: "elsewhere" });
    await journal.materialise();
    const to = { label: "Interpreter" };
    await transcripts.renameSpeaker(host, id, { clientKey: "c", scope: "line", sequence: 1, to });
    const history = await transcripts.history(guest, id, 1);
    expect(history.original).toMatchObject({ text: "utterance k 0", speakerId: guest.userId });
    expect(
      history.changes.map(({ revision, authorId, text, speakerLabel }) => [
        revision,
        authorId,
        text,
        speakerLabel,
      ]),
    ).toEqual([
      [1, guest.userId, "one", null],
      [3, host.userId, "one", "Interpreter"],
    ]);
    expect(await codeOf(transcripts.history(observer, id, 1))).toBe("FORBIDDEN");
    await journal.stop();
  });

  test("[TRANSCRIPT-10] [TRANSCRIPT-19] lines are corrected after the call, and the log names it without words", async () => {
    const { transcripts, journal } = await house(store);
    const id = places();
    await transcripts.append(host, id, chunks(1));
    meeting(
      [
        [host, "host"],
        [guest, "participant"],
      ],
      { id, state: "concluded" },
    );
    await transcripts.edit(host, id, 1, { clientKey: "after", text: "a secret word" });
    const entries = await store.connection.collection("auditLogs").find({ resourceId: id }).toArray();
    expect(entries.map(({ action }) => action as string)).toEqual(["transcript.edit"]);
    expect(JSON.stringify(entries)).not.toContain("secret");
    await journal.stop();
  });
});

describe("speakers", () => {
  test("[TRANSCRIPT-1] [TRANSCRIPT-15] a label is given to a person: what came, what comes, and again", async () => {
    const own = await house(store);
    const { transcripts, journal, bus } = own;
    const id = places();
    const labelled = (prefix: string, speakerLabel: string) =>
      transcripts.append(host, id, chunks(1, prefix, { speakerLabel }));
    await labelled("a", "Speaker 1");
    await labelled("b", "Speaker 2");
    const before = await linesOf(own, id);
    expect(before.map(({ speakerLabel }) => speakerLabel)).toEqual(["Speaker 1", "Speaker 2"]);
    expect(new Set(before.map(({ speakerId }) => speakerId)).size).toBe(2);
    const give = (clientKey: string, speakerId: typeof host.userId) =>
      transcripts.renameSpeaker(host, id, {
        clientKey,
        scope: "everywhere",
        from: { label: "Speaker 1" },
        to: { speakerId },
      });
    await give("wrong", host.userId);
    const heard: (string | undefined)[] = [];
    bus.subscribe("transcript.appended", ({ chunks: fresh }) =>
      heard.push(...fresh.map((chunk) => chunk.speakerId)),
    );
    await labelled("c", "Speaker 1");
    expect(heard).toEqual([host.userId]);
    await journal.materialise();
    await give("right", guest.userId);
    await labelled("d", "Speaker 1");
    const after = await linesOf(own, id);
    expect(after.map(({ speakerId, speakerLabel }) => speakerLabel ?? speakerId)).toEqual([
      guest.userId,
      "Speaker 2",
      guest.userId,
      guest.userId,
    ]);
    expect(after.map(({ edited }) => edited?.text)).toEqual([false, undefined, false, false]);
    expect(await codeOf(transcripts.append(guest, id, chunks(1, "e", { speakerLabel: "X" })))).toBe(
      "FORBIDDEN",
    );
    await journal.stop();
  });

  test("[TRANSCRIPT-14] [TRANSCRIPT-16] one line moves alone; a person's lines so far move, later ones stay", async () => {
    const own = await house(store);
    const { transcripts, journal } = own;
    const id = places();
    await transcripts.append(host, id, chunks(3, "a"));
    const to = { speakerId: guest.userId };
    await transcripts.renameSpeaker(host, id, { clientKey: "one", scope: "line", sequence: 2, to });
    const speakers = async () => (await linesOf(own, id)).map(({ speakerId }) => speakerId);
    expect(await speakers()).toEqual([host.userId, guest.userId, host.userId]);
    const from = { speakerId: host.userId };
    await transcripts.renameSpeaker(host, id, { clientKey: "all", scope: "everywhere", from, to });
    await transcripts.append(host, id, chunks(1, "b"));
    expect(await speakers()).toEqual([guest.userId, guest.userId, guest.userId, host.userId]);
    const outsider = { speakerId: stranger.userId };
    const rename = (who: typeof host, clientKey: string, target: { speakerId: typeof host.userId }) =>
      transcripts.renameSpeaker(who, id, { clientKey, scope: "line", sequence: 1, to: target });
    expect(await codeOf(rename(host, "x", outsider))).toBe("VALIDATION_ERROR");
    expect(await codeOf(rename(guest, "y", to))).toBe("FORBIDDEN");
    await journal.stop();
  });
});

test("[TRANSCRIPT-17] corrections of many at once are heard in order of revision, each once", async () => {
  const { transcripts, journal, bus } = await house(store);
  const id = places();
  await transcripts.append(host, id, chunks(20));
  const heard: number[] = [];
  bus.subscribe("transcript.edited", ({ correction }) => heard.push(correction.revision));
  await Promise.all(
    numbers(1, 20).map((n) =>
      transcripts.edit(host, id, n, { clientKey: `edit-${n}`, text: `corrected ${n}` }),
    ),
  );
  expect(heard).toEqual(numbers(1, 20));
  await journal.stop();
});

describe("lines as they arrive", () => {
  const labelled = (from: number, to: number) =>
    numbers(from, to).flatMap((n) => chunks(1, `said-${n}`, { speakerLabel: "Speaker 1" }));

  /** Follows from now on, as a socket that joins does; what was heard, in order. */
  async function follow({ transcripts }: House, id: MeetingId) {
    const heard: string[] = [];
    const { close } = await transcripts.follow(id, {
      afterSequence: await transcripts.lastSequence(id),
      deliver: (some) =>
        heard.push(...some.map((line) => `${line.sequence} ${line.speakerLabel} ${line.text}`)),
      corrected: ({ revision }) => heard.push(`revision ${revision}`),
    });
    return { heard, close };
  }

  const rename = (to: string, clientKey: string) => ({
    clientKey,
    scope: "everywhere" as const,
    from: { label: "Speaker 1" },
    to: { label: to },
  });

  test("[TRANSCRIPT-20] who comes after a label was renamed hears later lines under the new name", async () => {
    const own = await house(store);
    const { transcripts, journal } = own;
    const id = places();
    const early = await follow(own, id);
    await transcripts.append(host, id, labelled(1, 1));
    await transcripts.renameSpeaker(host, id, rename("Anna", "r1"));
    // One in its collection, one in the journal.
    await journal.materialise();
    await transcripts.renameSpeaker(host, id, rename("Berta", "r2"));
    const late = await follow(own, id);
    await transcripts.append(host, id, labelled(2, 3));
    await transcripts.renameSpeaker(host, id, rename("Clara", "r3"));
    await transcripts.append(host, id, labelled(4, 4));
    expect(late.heard).toEqual([
      "2 Berta utterance said-2 0",
      "3 Berta utterance said-3 0",
      "revision 3",
      "4 Clara utterance said-4 0",
    ]);
    expect(early.heard).toEqual([
      "1 Speaker 1 utterance said-1 0",
      "revision 1",
      "revision 2",
      ...late.heard,
    ]);
    const read = (await linesOf(own, id)).map(({ speakerLabel }) => speakerLabel);
    expect(read).toEqual(["Clara", "Clara", "Clara", "Clara"]);
    late.close();
    await transcripts.append(host, id, labelled(5, 5));
    await transcripts.renameSpeaker(host, id, rename("Dora", "r4"));
    expect(late.heard.length).toBe(4);
    await journal.stop();
  });

  test("[TRANSCRIPT-20] a line that is read again from an earlier place carries its own corrections too", async () => {
    const own = await house(store);
    const { transcripts, journal } = own;
    const id = places();
    await transcripts.append(host, id, labelled(1, 2));
    await transcripts.edit(host, id, 2, { clientKey: "words", text: "mended" });
    await transcripts.renameSpeaker(host, id, rename("Anna", "r1"));
    const seen: string[] = [];
    const both = Promise.withResolvers<void>();
    await transcripts.follow(id, {
      afterSequence: 0,
      deliver(some) {
        seen.push(...some.map((line) => `${line.speakerLabel} ${line.text} ${line.edited?.revision}`));
        if (seen.length === 2) both.resolve();
      },
    });
    await both.promise;
    expect(seen).toEqual(["Anna utterance said-1 0 2", "Anna mended 2"]);
    await journal.stop();
  });
});
