// Master résumés: whose they are, which one is active, what a change costs, and what becomes of deleted ones.
import { beforeEach, expect, test } from "vitest";
import type { Actor } from "../../../../shared/actor.ts";
import type { FileId, MasterResumeId, OrgId, UserId } from "../../../../shared/ids.ts";
import type { JobDefinition } from "../../../jobs/index.ts";
import { FakeClock } from "../../../platform/clock.ts";
import { countingIds } from "../../../platform/ids.ts";
import { createMetrics } from "../../../platform/metrics.ts";
import { testCipher } from "../../../../tests/factories/cipher.ts";
import { silentLogger } from "../../../platform/logger.ts";
import type { EmbeddingsProvider } from "../../../vendors/embeddings/index.ts";
import { resumeContentSchema } from "../../../../shared/schemas/career/resume.ts";
import type { CareerArea } from "../index.ts";
import type { ResumesService } from "./index.ts";
import { createResumesService } from "./resumes.service.ts";
import { memoryResumes } from "./testing-resumes.ts";

const dayMs = 24 * 60 * 60_000;
const signal = new AbortController().signal;

function person(letter: string, more: Partial<Actor> = {}): Actor {
  return {
    userId: letter.repeat(24) as UserId,
    email: `${letter}@example.org`,
    displayName: letter,
    orgId: null,
    orgRole: "member",
    sessionId: "s",
    expiresAt: new Date(8.64e15),
    ...more,
  };
}
const anna = person("a");
const content = {
  name: "Ann Bell",

  experience: [
    {
      company: "Acme",
      title: "Engineer",
      dates: "2020",
      bullets: ["Built it in Go.", "Sold it to 40 shops."],
    },
  ],
};

let clock: FakeClock;
let resumes: ResumesService;
let area: CareerArea;
let together: (string | number)[][];
let embedded: string[];
let removedFiles: string[];
let machines: "on" | "off";
let left: Set<UserId>;
let jobs: unknown[];
let prepare: JobDefinition;

beforeEach(() => {
  together = [];
  clock = new FakeClock();
  embedded = [];
  removedFiles = [];
  machines = "on";
  jobs = [];
  const embeddings: EmbeddingsProvider = {
    mode: "lexical",
    name: "noting",
    version: "1",
    dimensions: 1,
    embed(texts) {
      embedded.push(...texts);
      return Promise.resolve(texts.map(() => new Float32Array([1])));
    },
  };
  let files = 0;
  let secrets = 0;
  left = new Set();
  ({ resumes, area } = createResumesService({
    repository: memoryResumes(),
    cipher: testCipher,
    dependents: [
      {
        deletedWith: (_owner, id, at) => Promise.resolve(void together.push(["deleted", id, at.getTime()])),
        restoredWith: (_owner, id, at) => Promise.resolve(void together.push(["restored", id, at.getTime()])),
        removedWith: (id) => Promise.resolve(void together.push(["removed", id])),
      },
    ],
    secret: () => `secret-${++secrets}`,
    belongs: ({ userId }) => Promise.resolve(!left.has(userId)),
    files: {
      keep: (file) =>
        Promise.resolve({
          ...file,
          id: String((files += 1)).padStart(24, "0") as FileId,
          bytes: file.content.byteLength,
          sha256: "",
          state: "unused",
          usedBy: null,
          usedAt: null,
          createdAt: clock.now(),
        }),
      use: () => Promise.resolve(true),
      find: () => Promise.resolve(null),
      read: () => {
        throw new Error("not read here");
      },
      remove: (id) => Promise.resolve(void removedFiles.push(id)),
      reconsider: () => Promise.resolve(),
    },
    jobs: {
      register: (definition: JobDefinition) => void (prepare = definition),
      enqueue: (_job: unknown, payload: unknown) => Promise.resolve(void jobs.push(payload)),
    } as never,
    reader: {
      read: () => Promise.resolve({ content: resumeContentSchema.parse(content), lines: [], leftOut: [] }),
    },
    embeddingsFor: () => Promise.resolve(machines === "on" ? embeddings : null),
    audit: { record: () => Promise.resolve() },
    clock,
    ids: countingIds(),
    logger: silentLogger,
    metrics: createMetrics({ processMetrics: false }),
  }));
});

async function runJobs(): Promise<void> {
  for (const payload of jobs.splice(0))
    await prepare.run(payload as never, { jobId: "j", attempt: 1, fence: 1, signal });
}

const file = {
  bytes: Buffer.from("x"),
  type: "application/pdf" as const,
  name: "ann_bell.pdf",
  picture: null,
};

test("[CAREER-90] the first is active, another one takes its place, and a deleted one is none", async () => {
  const first = await resumes.create(anna, { content });
  const second = await resumes.create(anna, { name: "Other", content: { ...content, name: "A. Bell" } });
  expect([first.isActive, second.isActive]).toEqual([true, false]);
  const { items } = await resumes.activate(anna, second.id);
  expect(items.filter(({ isActive }) => isActive).map(({ id }) => id)).toEqual([second.id]);
  const left = await resumes.delete(anna, second.id);
  expect(left.items.some(({ isActive }) => isActive)).toBe(false);
  expect(await resumes.prepared(anna, null)).toBeNull();
});

test("[CAREER-91] the same content is one résumé, and of a file that brings it again nothing stays", async () => {
  const first = await resumes.import(anna, file);
  const again = await resumes.import(anna, file);
  expect(again.id).toBe(first.id);
  expect(removedFiles).toHaveLength(1);
  expect(first).toMatchObject({ name: "ann bell", source: "pdf", original: { name: "ann_bell.pdf" } });
});

test("[CAREER-91] sent several times at once it is one résumé, which all get, and one job", async () => {
  const made = await Promise.all(Array.from({ length: 4 }, () => resumes.create(anna, { content })));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  expect(jobs).toHaveLength(1);
  const imported = await Promise.all(
    Array.from({ length: 3 }, () => resumes.import(person("b"), { ...file, name: "b.pdf" })),
  );
  expect(new Set(imported.map(({ id }) => id)).size).toBe(1);
  expect(removedFiles).toHaveLength(2);
  expect((await resumes.list(anna)).items).toHaveLength(1);
  // Of others, and in another organisation, the same content is a résumé of its own.
  const elsewhere = await resumes.create({ ...anna, orgId: "o" as OrgId }, { content });
  expect(elsewhere.id).not.toBe(made[0]?.id);
});

test("[CAREER-91] what was edited or deleted since is no longer the same, and edits and restores may meet another one", async () => {
  const first = await resumes.create(anna, { content });
  const other = { ...content, name: "A. Bell" };
  await resumes.update(anna, first.id, { revision: 1, content: resumeContentSchema.parse(other) });
  const second = await resumes.create(anna, { content });
  expect(second.id).not.toBe(first.id);
  await resumes.delete(anna, second.id);
  const third = await resumes.create(anna, { content });
  expect(third.id).not.toBe(second.id);
  const { items } = await resumes.restore(anna, second.id);
  expect(items).toHaveLength(3);
  const edited = await resumes.update(anna, first.id, {
    revision: 2,
    content: resumeContentSchema.parse(content),
  });
  expect(edited.contentHash).toBe(third.contentHash);
  expect([first.id, second.id, third.id]).toContain((await resumes.create(anna, { content })).id);
});

test("[CAREER-92] what was changed elsewhere is not written over", async () => {
  const made = await resumes.create(anna, { content });
  await resumes.update(anna, made.id, { revision: 1, name: "One" });
  await expect(resumes.update(anna, made.id, { revision: 1, name: "Two" })).rejects.toMatchObject({
    code: "CONFLICT",
  });
  expect((await resumes.get(anna, made.id)).name).toBe("One");
});

test("[CAREER-93] each bullet is embedded once, and one that changed alone again", async () => {
  const made = await resumes.create(anna, { content });
  expect(made.preparation).toEqual({ state: "preparing", bullets: 2, scored: 0, embedded: 0 });
  await runJobs();
  expect(embedded).toEqual(["Built it in Go.", "Sold it to 40 shops."]);
  const ready = await resumes.get(anna, made.id);
  expect(ready.preparation.state).toBe("ready");
  expect(ready.evidence).toHaveLength(2);

  const changed = structuredClone(ready.content);
  const bullet = changed.workExperience[0]?.bullets[1];
  if (bullet === undefined) throw new Error("the bullet is gone");
  bullet.text = "Sold it to 45 shops.";
  embedded = [];
  const after = await resumes.update(anna, made.id, { revision: ready.revision, content: changed });
  await runJobs();
  expect(embedded).toEqual(["Sold it to 45 shops."]);
  expect(after.content.workExperience[0]?.bullets[1]?.bulletId).toBe(bullet.bulletId);
  const prepared = await resumes.prepared(anna, null);
  expect(prepared?.cacheHits).toEqual({ evidenceScores: true, embeddings: true });
  expect(prepared?.embeddings.size).toBe(2);
});

test("[CAREER-94] a deleted one can be had back, and after its time is gone with its file", async () => {
  const { id } = await resumes.import(anna, file);
  const { deleted } = await resumes.delete(anna, id);
  expect(deleted.map((each) => each.id)).toEqual([id]);
  await expect(resumes.get(anna, id)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await resumes.restore(anna, id)).items).toHaveLength(1);
  await resumes.delete(anna, id);
  expect(await area.removeDeleted(clock.now())).toBe(0);
  expect(await area.removeDeleted(new Date(clock.now().getTime() + dayMs))).toBe(1);
  expect(removedFiles).toHaveLength(1);
  expect(await resumes.list(anna)).toEqual({ items: [], deleted: [] });
});

test("[CAREER-97] what hangs on it goes, comes back and is removed with it, at the same moment however often", async () => {
  const { id } = await resumes.create(anna, { content });
  const at = clock.now().getTime();
  await resumes.delete(anna, id);
  clock.advance(1_000);
  // Repeated, as after a crash: the moment stays.
  await resumes.delete(anna, id);
  await resumes.restore(anna, id);
  expect(together).toEqual([
    ["deleted", id, at],
    ["deleted", id, at],
    ["restored", id, at],
  ]);
  await resumes.delete(anna, id);
  await area.removeDeleted(new Date(clock.now().getTime() + dayMs));
  expect(together.at(-1)).toEqual(["removed", id]);
});

test("[CAREER-99] for what needs no numbers a model is not asked", async () => {
  const { id } = await resumes.create(anna, { content });
  const scored = await resumes.scored(anna, id);
  expect(scored?.evidence.length).toBeGreaterThan(0);
  expect(embedded).toEqual([]);
  expect((await resumes.scored(anna, id))?.evidenceCached).toBe(true);
  await resumes.delete(anna, id);
  expect(await resumes.scored(anna, id)).toBeNull();
});

test("[CAREER-95] where machines are switched off nothing is embedded", async () => {
  machines = "off";
  const { id } = await resumes.create(anna, { content });
  await runJobs();
  expect(embedded).toEqual([]);
  expect((await resumes.get(anna, id)).preparation.state).toBe("ready");
});

test.each([
  ["somebody else", person("b")],
  ["an administrator", person("b", { orgRole: "admin" })],
  ["the same person in another organisation", person("a", { orgId: "org_2" as OrgId })],
])("[CAREER-96] to %s there is no such résumé", async (_who, other) => {
  const { id, revision } = await resumes.create(anna, { content });
  const refused = { code: "NOT_FOUND" };
  await expect(resumes.get(other, id)).rejects.toMatchObject(refused);
  await expect(resumes.original(other, id)).rejects.toMatchObject(refused);
  await expect(resumes.update(other, id, { revision, name: "Theirs" })).rejects.toMatchObject(refused);
  await expect(resumes.activate(other, id)).rejects.toMatchObject(refused);
  await expect(resumes.delete(other, id)).rejects.toMatchObject(refused);
  await expect(resumes.restore(other, id)).rejects.toMatchObject(refused);
  expect(await resumes.list(other)).toEqual({ items: [], deleted: [] });
  expect(await resumes.prepared(other, id)).toBeNull();
});

test("[CAREER-96] whoever acts as the person is refused", async () => {
  const support = person("a", { impersonator: "support@example.com" });
  await expect(resumes.list(support)).rejects.toMatchObject({ code: "FORBIDDEN" });
  expect(() => resumes.mayImport(support)).toThrow(/person alone/);
});

test("[CAREER-90] of a person who goes everything goes, with the files", async () => {
  await resumes.import(anna, file);
  const exported = await area.exportOf(anna.userId);
  expect(exported["resumes"]).toMatchObject([
    { name: "ann bell", content: { basics: { name: "Ann Bell" } } },
  ]);
  await area.removeOfPerson(anna.userId);
  expect(removedFiles).toHaveLength(1);
  expect(await resumes.list(anna)).toEqual({ items: [], deleted: [] });
});

test("[CAREER-90] a person gets all that they have written of a résumé, and how it is shown without its secret", async () => {
  const { id } = await resumes.create(anna, { content });
  const template = "\\documentclass{article}\\begin{document}{{name}}{{sections}}\\end{document}";
  await resumes.update(anna, id, { revision: 1, customLatexTemplate: template });
  await resumes.publish(anna, id, { parts: ["summary"] });
  const exported = await area.exportOf(anna.userId);
  expect(exported["resumes"]).toMatchObject([
    { customLatexTemplate: template, shown: { parts: ["summary"] } },
  ]);
  expect(JSON.stringify(exported)).not.toContain("secret-");
});

test("[CAREER-1] roles of ours that stand under an older name, which JSON Resume has as well, keep their lines", async () => {
  const work = [{ company: "Acme", title: "Welder", dates: "2019", bullets: ["Welded."] }];
  const made = await resumes.create(anna, { content: { name: "Li Wei", work, skills: { tools: ["MIG"] } } });
  expect(made).toMatchObject({ source: "json", bullets: 1 });
  expect(made.content.workExperience[0]).toMatchObject({ title: "Welder", dateRange: "2019" });
  const standard = [{ company: "Acme", position: "Welder", startDate: "2019", highlights: ["Welded."] }];
  const other = await resumes.create(anna, { content: { basics: { name: "Li Wei" }, work: standard } });
  expect(other).toMatchObject({ source: "json-resume", bullets: 1 });
});

test("[CAREER-85] what is no résumé is refused with what is wrong", async () => {
  await expect(resumes.create(anna, { content: { workExperience: "many" } })).rejects.toMatchObject({
    code: "VALIDATION_ERROR",
  });
  await expect(
    resumes.create(anna, { content: { $schema: "jsonresume", basics: { name: "Ann" } } }),
  ).rejects.toMatchObject({ code: "RESUME_UNREADABLE" });
  await expect(resumes.get(anna, "f".repeat(24) as MasterResumeId)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("[CAREER-110] whoever has the address sees the parts that were chosen, without contact unless that was, too", async () => {
  const { id } = await resumes.create(anna, {
    content: { ...content, email: "ann@example.org", summary: "I <b>build</b> things." },
  });
  const { publicPage } = await resumes.publish(anna, id, { parts: ["summary"] });
  expect(publicPage).toMatchObject({ path: "/r/secret-1", parts: ["summary"] });
  const page = await resumes.publicPage("secret-1");
  expect(page).toContain("Ann Bell");
  expect(page).toContain("I &#60;b&#62;build&#60;/b&#62; things.");
  expect(page).toContain('<meta name="robots" content="noindex, nofollow">');
  for (const hidden of ["ann@example.org", "Acme", "Built it in Go"]) expect(page).not.toContain(hidden);
  await resumes.publish(anna, id, { parts: ["experience", "contact"] });
  const more = await resumes.publicPage("secret-1");
  expect(more).toContain("ann@example.org");
  expect(more).toContain("Built it in Go.");
  expect(more).not.toContain("things.");
});

test("[CAREER-111] taken back, deleted or gone with its person, nobody finds it; a new address is another one", async () => {
  const { id } = await resumes.create(anna, { content });
  const missing = { code: "NOT_FOUND" };
  await expect(resumes.publicPage("secret-1")).rejects.toMatchObject(missing);
  await resumes.publish(anna, id, { parts: ["experience"] });
  expect((await resumes.unpublish(anna, id)).publicPage).toBeNull();
  await expect(resumes.publicPage("secret-1")).rejects.toMatchObject(missing);
  expect((await resumes.publish(anna, id, { parts: ["experience"] })).publicPage?.path).toBe("/r/secret-2");
  await resumes.delete(anna, id);
  await expect(resumes.publicPage("secret-2")).rejects.toMatchObject(missing);
  await resumes.restore(anna, id);
  await expect(resumes.publicPage("secret-2")).rejects.toMatchObject(missing);
  await expect(resumes.publish(person("b"), id, { parts: ["summary"] })).rejects.toMatchObject(missing);
});

test("[CAREER-111] whose owner has left is shown to nobody, until they are back", async () => {
  const { id } = await resumes.create(anna, { content });
  await resumes.publish(anna, id, { parts: ["experience"] });
  left.add(anna.userId);
  await expect(resumes.publicPage("secret-1")).rejects.toMatchObject({ code: "NOT_FOUND" });
  left.clear();
  expect(await resumes.publicPage("secret-1")).toContain("Acme");
});
