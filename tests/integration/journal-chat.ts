// What becomes of chat messages, on a real document store; run among the journal's tests, which share it.
import { expect, test } from "vitest";
import type { Actor } from "../../shared/actor.ts";
import type { MeetingRole } from "../../shared/schemas/meetings.ts";
import type { Message, ReactionEmoji } from "../../shared/schemas/messages.ts";
import { actor, codeOf, house, meeting } from "../factories/live-modules.ts";
import type { TestStore } from "../factories/store.ts";

export function chatChanges(store: () => TestStore): void {
  test("[CHAT-1] [CHAT-2] changes are numbered with the messages, happen once, and are read from any number on", async () => {
    const { journal, messaging } = await house(store());
    const [host, guest, observer] = [actor(), actor(), actor()];
    const id = meeting([
      [host, "host"],
      [guest, "participant"],
      [observer, "observer"],
    ]);
    const heard: string[] = [];
    messaging.follow(id, {
      afterSequence: 0,
      deliver: (messages) => messages.forEach(({ sequence }) => heard.push(`message ${sequence}`)),
      changed: ({ sequence, kind }) => heard.push(`${kind} ${sequence}`),
    });
    const first = await messaging.send(host, id, { clientKey: "1", content: "hello" });
    const edit = (content: string, clientKey: string, who = host) =>
      messaging.change(who, id, first.id, { clientKey, change: { kind: "edit", content } });
    const react = (who: Actor, emoji: ReactionEmoji, on = true) =>
      messaging.change(who, id, first.id, {
        clientKey: `${emoji} ${on}`,
        change: { kind: "reaction", emoji, on },
      });
    const edited = await edit("hello there", "e1");
    expect(await edit("hello there", "e1")).toEqual(edited);
    await react(guest, "👍");
    const second = await messaging.send(guest, id, { clientKey: "1", content: "hi" });
    await react(host, "🎉");
    const shown = { content: "hello there", editedAt: edited.at, revision: 5 };
    const whole = async () => {
      const { messages, changes, lastSequence } = await messaging.list(observer, id, {
        fromSequence: 0,
        limit: 10,
      });
      expect([messages, changes, lastSequence]).toEqual([
        [expect.objectContaining({ ...first, ...shown, reactions: expect.anything() }), second],
        [],
        5,
      ]);
      expect(messages[0]?.reactions).toEqual([
        { emoji: "👍", userIds: [guest.userId] },
        { emoji: "🎉", userIds: [host.userId] },
      ]);
      // Who knows the first message reads what became of it, and what came after it.
      const missed = await messaging.list(observer, id, { fromSequence: 3, limit: 1 });
      expect(missed).toMatchObject({ messages: [], changes: [{ sequence: 3 }], nextFromSequence: 4 });
      const rest = await messaging.list(observer, id, { fromSequence: 4, limit: 10 });
      expect(rest).toMatchObject({ messages: [second], changes: [{ sequence: 5 }], nextFromSequence: null });
    };
    await whole();
    await journal.materialise();
    await whole();
    expect(await edit("hello there", "e1")).toEqual(edited);
    // The message sent again is the first one, as it is now; under a change's key it is refused.
    const again = await messaging.send(host, id, { clientKey: "1", content: "hello" });
    expect(again).toMatchObject({ id: first.id, ...shown });
    expect(await codeOf(edit("something else", "e1"))).toBe("IDEMPOTENCY_MISMATCH");
    expect(await codeOf(messaging.send(host, id, { clientKey: "e1", content: "x" }))).toBe(
      "IDEMPOTENCY_MISMATCH",
    );
    expect(await codeOf(edit("not theirs", "e2", guest))).toBe("FORBIDDEN");
    expect(await codeOf(edit("", "e3"))).toBe("VALIDATION_ERROR");
    expect(await codeOf(react(observer, "👍"))).toBe("FORBIDDEN");
    expect(heard).toEqual(["message 1", "edit 2", "reaction 3", "message 4", "reaction 5"]);
    const versions = async (who: Actor) => {
      const said: string[][] = [];
      for await (const { versions } of messaging.editedBy(who.userId, id))
        said.push(versions.map(({ content }) => content));
      return said;
    };
    expect([await versions(host), await versions(guest)]).toEqual([[["hello", "hello there"]], []]);
    await journal.stop();
  });

  test("[EXPORT-3] what a person wrote and corrected is given out before the journal has filed it", async () => {
    const { journal, messaging, transcripts } = await house(store());
    const [host, guest] = [actor(), actor()];
    const id = meeting([
      [host, "host"],
      [guest, "participant"],
    ]);
    const sent = await messaging.send(guest, id, { clientKey: "1", content: "mine" });
    await messaging.send(host, id, { clientKey: "1", content: "theirs" });
    const written = async () => {
      const all: unknown[] = [];
      for await (const message of messaging.writtenBy(guest.userId, id)) all.push(message);
      return all;
    };
    const own = [{ sequence: sent.sequence, content: "mine", at: expect.any(Date) }];
    expect(await written()).toEqual(own);
    const gone = await messaging.send(guest, id, { clientKey: "2", content: "gone" });
    await messaging.change(guest, id, gone.id, { clientKey: "3", change: { kind: "delete" } });
    expect(await written()).toEqual(own);

    const line = { confidence: 1, startMs: 0, endMs: 1_000, clientKey: "line", text: "sad" };
    await transcripts.append(guest, id, [line]);
    await transcripts.edit(guest, id, 1, { clientKey: "edit", text: "said" });
    const database = store().connection.getClient().db(store().connection.name);
    const filed = () => database.collection("transcriptCorrections").countDocuments({ text: "said" });
    expect(await filed()).toBe(0);
    await transcripts.fileCorrections(id);
    expect(await filed()).toBe(1);
    await journal.stop();
  });

  test("[CHAT-3] [CHAT-5] of a deleted message nothing is left in the store, whatever was filed before it", async () => {
    const { journal, messaging, bus } = await house(store());
    const [host, guest, other] = [actor(), actor(), actor()];
    const places: [Actor, MeetingRole][] = [
      [host, "host"],
      [guest, "participant"],
      [other, "participant"],
    ];
    const id = meeting(places);
    const rolled: Promise<void>[] = [];
    bus.subscribe("message.deleted", () => void rolled.push(journal.rollOver()));
    const remove = (who: Actor, message: Message, clientKey = "gone") =>
      messaging.change(who, id, message.id, { clientKey, change: { kind: "delete" } });
    const words = ["planted-first", "planted-second"];
    for (const filed of [true, false]) {
      const message = await messaging.send(guest, id, {
        clientKey: `m ${filed}`,
        content: words[0] as string,
      });
      await messaging.change(guest, id, message.id, {
        clientKey: `e ${filed}`,
        change: { kind: "edit", content: words[1] as string },
      });
      if (filed) await journal.materialise();
      expect(await codeOf(remove(other, message))).toBe("FORBIDDEN");
      const done = await remove(filed ? host : guest, message, `gone ${filed}`);
      expect(await remove(guest, message, `again ${filed}`)).toEqual(done);
      const late = messaging.change(guest, id, message.id, {
        clientKey: `l ${filed}`,
        change: { kind: "edit", content: words[1] as string },
      });
      expect(await codeOf(late)).toBe("CONFLICT");
    }
    await Promise.all(rolled);
    const { messages } = await messaging.list(other, id, { fromSequence: 0, limit: 10 });
    expect(messages.map(({ content, deleted, reactions }) => [content, deleted?.by, reactions])).toEqual([
      ["", host.userId, []],
      ["", guest.userId, []],
    ]);
    const database = store().connection.getClient().db(store().connection.name);
    for (const name of ["messages", "messageChanges", "journal", "auditLogs"]) {
      const kept = JSON.stringify(await database.collection(name).find().toArray());
      expect([name, words.filter((word) => kept.includes(word))]).toEqual([name, []]);
    }
    // A host's deletion of another's message is told to nobody but the log, and without its words.
    const deeds = await database.collection("auditLogs").find({ action: "chat.delete-others" }).toArray();
    expect(deeds.filter(({ resourceId }) => String(resourceId) === id)).toHaveLength(1);

    const last = await messaging.send(guest, id, { clientKey: "last", content: "bye" });
    meeting(places, { id, state: "concluded" });
    const afterwards = [
      messaging.send(guest, id, { clientKey: "late", content: "late" }),
      messaging.change(guest, id, last.id, { clientKey: "a", change: { kind: "edit", content: "x" } }),
      messaging.change(guest, id, last.id, {
        clientKey: "b",
        change: { kind: "reaction", emoji: "👍", on: true },
      }),
      remove(host, last, "c"),
    ];
    for (const refused of afterwards) expect(await codeOf(refused)).toBe("MEETING_NOT_ACTIVE");
    expect(await remove(guest, last, "d")).toMatchObject({ kind: "delete", messageId: last.id });
    await journal.stop();
  });
}
