// A long transcript in real Chromium: followed, searched, corrected by keyboard and heard of by others, in call and recap.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Locator, Page } from "playwright-core";
import { callStrings } from "../../client/features/call/strings.ts";
import { recapStrings } from "../../client/features/recap/strings.ts";
import { transcriptStrings } from "../../client/transcript/strings.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import type { TranscriptPage } from "../../shared/schemas/transcripts.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { enterCall, openTab, signIn } from "./steps.ts";

const lines = 10_000;
const perBatch = 500;

describe.skipIf(chromiumProgram === null)("a long transcript (needs Chromium)", () => {
  let server: TestServer;
  let coach: Profile;
  let page: Page;
  let meeting: Meeting;
  let token: string;

  beforeAll(async () => {
    server = await startTestServer({ environment: { RATE_LIMITS: "off" } });
    token = await server.token("clara@example.org", "Clara Coach");
    meeting = await api<Meeting>("POST", "/api/v1/meetings", {
      title: "A long call",
      participants: [{ email: "ben@example.org", role: "participant" }],
    });
    await api("POST", `/api/v1/meetings/${meeting.id}/start`);
    for (let first = 1; first <= lines; first += perBatch) {
      await api("POST", `/api/v1/meetings/${meeting.id}/transcript`, {
        chunks: Array.from({ length: perBatch }, (_, offset) => chunk(first + offset)),
      });
    }
    coach = await openProfile();
    ({ page } = coach);
    await page.goto(server.url);
    await page.getByRole("link", { name: "Sign in" }).click();
    await signIn(page, "clara@example.org", "Clara Coach");
    await enterCall(page, `${server.url}/meetings/${meeting.id}`);
    await openTab(page, callStrings.tabTranscript);
  });
  afterAll(async () => {
    await coach?.close();
    await server?.close();
  });

  test("[E2E-30] ten thousand lines: the page is at the end, follows it, and holds only what is near", async () => {
    await expectInView(lines);
    await api("POST", `/api/v1/meetings/${meeting.id}/transcript`, { chunks: [chunk(lines + 1)] });
    await expectInView(lines + 1);
    expect(await page.locator("[id^='t-']").count()).toBeLessThan(500);
    await region().evaluate((element) => element.scrollTo(0, 0));
    await expectInView(1);
    await api("POST", `/api/v1/meetings/${meeting.id}/transcript`, { chunks: [chunk(lines + 2)] });
    await page.getByRole("button", { name: callStrings.latest }).waitFor();
    expect(await inView(line(1))).toBe(true);
  });

  test("[E2E-31] [TRANSCRIPT-35] a search leads from place to place by keyboard and says how many there are", async () => {
    const field = page.getByLabel(transcriptStrings.search);
    await field.fill('"number 50"');
    await page.getByText(transcriptStrings.matches(1, 1)).waitFor();
    await expectInView(50);
    await field.fill("thousand");
    await page.getByText(transcriptStrings.matches(1, 10)).waitFor();
    await field.press("Enter");
    await field.press("Enter");
    await expectInView(3_000);
    await field.press("Shift+Enter");
    await expectInView(2_000);
    await expectAccessible("a search in the transcript");
    await takeScreenshots(page, "transcript-search");
    await field.fill("nowhere");
    await page.getByText(transcriptStrings.noMatch).waitFor();
    await field.press("Escape");
    expect(await field.inputValue()).toBe("");
  });

  test("[E2E-32] words are corrected in place by keyboard, marked, and their history is there", async () => {
    await page.getByLabel(transcriptStrings.search).fill('"number 7"');
    const seventh = line(7);
    await expectInView(7);
    await seventh.locator("[data-tools]").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    const field = page.getByLabel(transcriptStrings.words);
    await expectAccessible("a line being corrected");
    await takeScreenshots(page, "transcript-edit");
    await field.press("Control+a");
    await page.keyboard.type("The seventh line, corrected");
    await page.keyboard.press("Enter");
    await field.waitFor({ state: "detached" });
    await page.getByLabel(transcriptStrings.search).fill("");
    await seventh.getByText("The seventh line, corrected").waitFor();
    await seventh.getByRole("button", { name: /^edited/ }).click();
    await seventh.getByText(transcriptStrings.original).waitFor();
    await seventh.getByText("This is number 7 of many").waitFor();
    await takeScreenshots(page, "transcript-history");
    await page.keyboard.press("Escape");
    expect((await lineBy(7)).text).toBe("The seventh line, corrected");
  });

  test("[E2E-33] a label is given to a person everywhere, and what others correct arrives by itself", async () => {
    await line(3).locator("[data-tools]").click();
    await line(3).getByRole("button", { name: transcriptStrings.speaker }).click();
    await line(3).getByLabel(transcriptStrings.who).selectOption({ label: "Ben" });
    await expectAccessible("a speaker being changed");
    await takeScreenshots(page, "transcript-speaker");
    await line(3).getByRole("button", { name: transcriptStrings.save, exact: true }).click();
    await line(3).locator("p").filter({ hasText: /Ben$/ }).waitFor();
    expect((await lineBy(9_999)).speakerLabel).toBeUndefined();
    await correctElsewhere();
    await line(2).getByText("Corrected elsewhere").waitFor();
    expect(coach.problems).toEqual([]);
  });

  test("[E2E-34] the recap shows the corrected lines, and follows further corrections", async () => {
    await correctElsewhere();
    await api("POST", `/api/v1/meetings/${meeting.id}/end`);
    await page.waitForURL("**/recap");
    await page.getByText("Corrected elsewhere").waitFor();
    await page.getByLabel(recapStrings.transcript.region).scrollIntoViewIfNeeded();
    await api("PATCH", `/api/v1/meetings/${meeting.id}/transcript/1`, {
      clientKey: "after",
      text: "After it",
    });
    await line(1).getByText("After it").waitFor();
    await expectAccessible("recap with corrected lines");
    await takeScreenshots(page, "transcript-recap");
    expect(coach.problems).toEqual([]);
  });

  function chunk(number: number) {
    const round = number % 1_000 === 0 ? `, thousand ${number / 1_000}` : "";
    return {
      clientKey: `line-${number}`,
      speakerLabel: `Speaker ${(Math.floor(number / 3) % 2) + 1}`,
      text: `This is number ${number} of many${round}. ${"And it goes on for a while. ".repeat(number % 4)}`,
      confidence: 0.9,
      startMs: number * 300,
      endMs: number * 300 + 250,
      source: "vendor",
    };
  }

  /** By another device of the coach; again under the same key, which changes nothing. */
  function correctElsewhere(): Promise<unknown> {
    return api("PATCH", `/api/v1/meetings/${meeting.id}/transcript/2`, {
      clientKey: "elsewhere",
      text: "Corrected elsewhere",
    });
  }
  function region(): Locator {
    return page.getByRole("region", { name: callStrings.transcript });
  }
  function line(sequence: number): Locator {
    return page.locator(`#t-${sequence}`);
  }
  async function inView(shown: Locator): Promise<boolean> {
    if ((await shown.count()) === 0) return false;
    return await shown.evaluate((element) => {
      const box = element.getBoundingClientRect();
      const scrolled = element.closest("[role='region']")?.getBoundingClientRect();
      return scrolled !== undefined && box.bottom > scrolled.top && box.top < scrolled.bottom;
    });
  }
  async function expectInView(sequence: number): Promise<void> {
    await expect.poll(() => inView(line(sequence)), { timeout: 60_000 }).toBe(true);
  }
  async function lineBy(sequence: number) {
    const path = `/api/v1/meetings/${meeting.id}/transcript?fromSequence=${sequence}&limit=1`;
    const [found] = (await api<TranscriptPage>("GET", path)).chunks;
    if (found === undefined) throw new Error("no such line");
    return found;
  }
  async function expectAccessible(screen: string): Promise<void> {
    expect(await accessibilityProblems(page), screen).toEqual([]);
  }
  async function api<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
    return (await response.json()) as Answer;
  }
});
