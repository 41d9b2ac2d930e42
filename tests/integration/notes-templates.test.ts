// Templates of notes on a real document store: those of the product, and people's own.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { limits } from "../../shared/limits.ts";
import { builtInTemplateNames, builtInTemplates } from "../../shared/notes-templates.ts";
import { documentOf } from "../../server/modules/notes/testing-documents.ts";
import { actor, codeOf, house, meeting, numbers } from "../factories/live-modules.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(async () => {
  await store.close();
});

describe("templates of notes", () => {
  test.each(builtInTemplateNames)(
    "[NOTES-TEMPLATE-1] %s: a meeting planned with it begins with its headings",
    async (template) => {
      const world = await house(store);
      const host = actor();
      const id = meeting([[host, "host"]], { template });
      await world.notes.open(host, id, "shared");
      const headings = builtInTemplates[template].map((text) => `## ${text}`);
      expect(await world.notes.read(host, id, "shared")).toMatchObject({ content: headings.join("\n\n") });
      await world.journal.stop();
    },
  );

  test("[NOTES-TEMPLATE-2] empty notes can begin with a template, once, under the name of who chose it", async () => {
    const world = await house(store);
    const [host, guest] = [actor(), actor()];
    const id = meeting(
      [
        [host, "host"],
        [guest, "participant"],
      ],
      { template: "blank" },
    );
    const use = (by: typeof host, clientKey: string) =>
      world.notes.useTemplate(by, id, { clientKey, layer: "shared", template: "retrospective" });
    const codes = await Promise.all([codeOf(use(host, "a")), codeOf(use(guest, "b"))]);
    expect(codes.filter((code) => code === "NOTES_NOT_EMPTY")).toHaveLength(1);
    const winner = codes[0] === "NOTES_NOT_EMPTY" ? guest : host;
    expect((await world.notes.read(host, id, "shared")).text).toContain("What went well");
    // The same request again is answered as it was.
    expect(await use(winner, winner === host ? "a" : "b")).toEqual({ version: 1 });
    expect((await world.notes.history(host, id, { layer: "shared", limit: 5 })).items).toMatchObject([
      { kind: "template", authors: [{ userId: winner.userId }] },
    ]);
    await world.journal.stop();
  });

  test("[NOTES-TEMPLATE-3] one's own is kept with its form, chosen for a meeting, and stays one's own", async () => {
    const world = await house(store);
    const [host, other] = [actor(), actor()];
    const id = meeting(
      [
        [host, "host"],
        [other, "host"],
      ],
      { template: "blank" },
    );
    const { documentId } = await world.notes.open(host, id, "shared");
    expect(await codeOf(world.notes.saveTemplate(host, id, { title: "Empty", layer: "shared" }))).toBe(
      "VALIDATION_ERROR",
    );
    const rich = documentOf([
      { kind: "h", text: "My way" },
      { kind: "tasks", items: [[{ kind: "p", text: "ask 😀", bold: true }]] },
    ]);
    await world.notes.append(documentId, host.userId, Y.encodeStateAsUpdate(rich));
    const saved = await world.notes.saveTemplate(host, id, { title: "My way", layer: "shared" });
    expect(saved).toMatchObject({ title: "My way", preview: "My way\nask 😀" });
    const { content } = await world.notes.read(host, id, "shared");
    expect((await world.notes.templates(other)).own).toEqual([]);
    expect((await world.notes.templates(host)).own).toEqual([saved]);
    await world.notes.checkTemplate(host, `own:${saved.id}`);
    expect(await codeOf(world.notes.checkTemplate(other, `own:${saved.id}`))).toBe("NOT_FOUND");

    const planned = meeting([[host, "host"]], { template: `own:${saved.id}` });
    await Promise.all(numbers(1, 5).map(() => world.notes.open(host, planned, "shared")));
    expect(await world.notes.read(host, planned, "shared")).toMatchObject({ content, version: 1 });
    // Of somebody who hosts nothing here it says nothing.
    const foreign = meeting([[other, "host"]], { template: `own:${saved.id}` });
    await world.notes.open(other, foreign, "shared");
    expect(await world.notes.read(other, foreign, "shared")).toMatchObject({ content: "", version: 0 });

    expect(await codeOf(world.notes.deleteTemplate(other, saved.id))).toBe("NOT_FOUND");
    await world.notes.deleteTemplate(host, saved.id);
    const late = meeting([[host, "host"]], { template: `own:${saved.id}` });
    await world.notes.open(host, late, "shared");
    expect(await world.notes.read(host, late, "shared")).toMatchObject({ content: "", version: 0 });
    expect(await world.notes.read(host, planned, "shared")).toMatchObject({ content });
    const entries = await store.connection.collection("auditLogs").find({ resourceId: saved.id }).toArray();
    expect(entries.map(({ action }) => String(action))).toEqual([
      "notes-template.save",
      "notes-template.delete",
    ]);
    await world.journal.stop();
  });

  test("[NOTES-TEMPLATE-4] their number and size are bounded, also for many at once", async () => {
    const world = await house(store);
    const host = actor();
    const id = meeting([[host, "host"]]);
    await world.notes.open(host, id, "shared");
    const save = () =>
      codeOf(
        world.notes
          .saveTemplate(host, id, { title: "Again", layer: "shared" })
          .then(() => Promise.reject(new Error("saved"))),
      );
    const codes = await Promise.all(numbers(1, limits.notesTemplatesPerPerson + 3).map(save));
    expect(codes).toContain("CONFLICT");
    expect((await world.notes.templates(host)).own.length).toBeLessThanOrEqual(
      limits.notesTemplatesPerPerson,
    );
    const large = meeting([[host, "host"]], { template: "blank" });
    const { documentId } = await world.notes.open(host, large, "shared");
    const doc = documentOf([{ kind: "p", text: "x".repeat(limits.notesTemplateMaxBytes) }]);
    await world.notes.append(documentId, host.userId, Y.encodeStateAsUpdate(doc));
    expect(await codeOf(world.notes.saveTemplate(host, large, { title: "Large", layer: "shared" }))).toBe(
      "PAYLOAD_TOO_LARGE",
    );
    await world.journal.stop();
  });
});
