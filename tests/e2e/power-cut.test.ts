// A power cut in the middle of a call: what showed "Saved" or was acknowledged is there, and the browsers carry on.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { callStrings } from "../../client/features/call/strings.ts";
import { notesStrings } from "../../client/features/notes/strings.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { NotesView } from "../../shared/schemas/notes.ts";
import type { TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { chromiumProgram, openProfile, type Profile } from "./browser.ts";
import { enterCall, openTab, sharedNotes, signIn } from "./steps.ts";

const wordsBeforeCut = 12;
const wordsDuringCut = 5;
const wordsAfterCut = 5;

describe.skipIf(chromiumProgram === null)("kill -9 during a call (needs Chromium)", () => {
  let server: TestServer;
  let profiles: Profile[] = [];
  let meeting: Meeting;
  let hostToken: string;

  beforeAll(async () => {
    server = await startTestServer();
    hostToken = await server.token("clara@example.org", "Clara Coach");
    meeting = await api<Meeting>("POST", "/api/v1/meetings", {
      title: "Power cut",
      template: "blank",
      participants: [{ email: "ben@example.org", role: "participant" }],
    });
    await api("POST", `/api/v1/meetings/${meeting.id}/start`);
    profiles = await Promise.all([openProfile(), openProfile()]);
    for (const [index, { page }] of profiles.entries()) {
      await page.goto(`${server.url}/auth/sign-in`);
      await signIn(
        page,
        index === 0 ? "clara@example.org" : "ben@example.org",
        index === 0 ? "Clara Coach" : "Ben Client",
      );
      await enterCall(page, `${server.url}/meetings/${meeting.id}`);
    }
  });
  afterAll(async () => {
    await Promise.all(profiles.map((profile) => profile.close()));
    await server?.close();
  });

  test("[E2E-50] nothing that showed Saved or was acknowledged is missing, edits made meanwhile arrive, nobody reloads", async () => {
    const pages = profiles.map((profile) => profile.page);
    for (const page of pages) {
      await openTab(page, callStrings.tabTranscript);
      await page.getByLabel(callStrings.typeLine).fill(`A line of ${pages.indexOf(page)}`);
      await page.getByRole("button", { name: callStrings.addLine, exact: true }).click();
      await openTab(page, callStrings.tabNotes);
      await sharedNotes(page).click();
    }
    await waitForLines(2);

    // Both write at once; what the page calls saved is noted down as it says so.
    const saved = new Set<string>();
    await Promise.all(pages.map((page, who) => write(page, who, "before", wordsBeforeCut, saved)));
    expect(saved.size).toBeGreaterThan(0);
    const cut = server.kill();
    await Promise.all(pages.map((page, who) => write(page, who, "during", wordsDuringCut, null)));
    await cut;
    await pages[0]?.getByText(notesStrings.save["offline-unsaved"], { exact: true }).first().waitFor();
    await server.restart();

    const durable = await api<NotesView>("GET", `/api/v1/meetings/${meeting.id}/notes`);
    expect([...saved].filter((word) => !durable.content.includes(word))).toEqual([]);
    expect((await transcript()).chunks.map((chunk) => chunk.text).sort()).toEqual([
      "A line of 0",
      "A line of 1",
    ]);

    // By themselves: no reload, no click.
    for (const page of pages)
      await page.getByText(notesStrings.save.saved, { exact: true }).first().waitFor();
    await Promise.all(pages.map((page, who) => write(page, who, "after", wordsAfterCut, saved)));
    const all = [0, 1].flatMap((who) => [
      ...words(who, "before", wordsBeforeCut),
      ...words(who, "during", wordsDuringCut),
      ...words(who, "after", wordsAfterCut),
    ]);
    for (const page of pages) {
      await page.waitForFunction(
        ([selector, wanted]) =>
          wanted.every((word) => (document.querySelector(selector)?.textContent ?? "").includes(word)),
        ["[contenteditable='true']", all] as const,
      );
      await page.getByText(notesStrings.save.saved, { exact: true }).first().waitFor();
    }
    const { content } = await api<NotesView>("GET", `/api/v1/meetings/${meeting.id}/notes`);
    expect(all.filter((word) => !content.includes(word))).toEqual([]);
    expect(all.filter((word) => content.split(word).length > 2)).toEqual([]);
  });

  test("[E2E-51] sound, picture and transcript work on after the power cut", async () => {
    const [coach, coachee] = profiles.map((profile) => profile.page);
    if (coach === undefined || coachee === undefined) throw new Error("two people are needed");
    await openTab(coachee, callStrings.tabTranscript);
    await coachee.getByLabel(callStrings.typeLine).fill("We are back");
    await coachee.getByRole("button", { name: callStrings.addLine, exact: true }).click();
    await openTab(coach, callStrings.tabTranscript);
    await coach.getByText("We are back").waitFor();
    for (const page of [coach, coachee]) {
      await page.waitForFunction(() => {
        const videos = [...document.querySelectorAll("video")];
        return videos.length >= 2 && videos.every((video) => video.videoWidth > 0 && !video.paused);
      });
    }
    expect(profiles.flatMap((profile) => profile.problems)).toEqual([]);
  });

  function words(who: number, when: string, count: number): string[] {
    return Array.from({ length: count }, (_none, index) => `${when}-${who}-${index}.`);
  }

  async function write(
    page: Page,
    who: number,
    when: string,
    count: number,
    saved: Set<string> | null,
  ): Promise<void> {
    const typed: string[] = [];
    for (const word of words(who, when, count)) {
      await page.keyboard.type(`${word} `, { delay: 5 });
      typed.push(word);
      const indicator = page.getByText(notesStrings.save.saved, { exact: true }).first();
      if (saved !== null && (await indicator.isVisible())) for (const done of typed) saved.add(done);
    }
  }

  async function waitForLines(count: number): Promise<void> {
    await expect.poll(async () => (await transcript()).lastSequence, { timeout: 30_000 }).toBe(count);
  }

  function transcript(): Promise<TranscriptPage> {
    return api<TranscriptPage>("GET", `/api/v1/meetings/${meeting.id}/transcript`);
  }

  async function api<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(server.url + path, {
      method,
      headers: {
        authorization: `Bearer ${hostToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
    return (await response.json()) as Answer;
  }
});
