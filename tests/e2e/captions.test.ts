// Captions by the server's speech service in real Chromium: a microphone that plays a file, and lines on both pages.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captionsStrings } from "../../client/captions/strings.ts";
import { callStrings } from "../../client/features/call/strings.ts";
import { lobbyStrings } from "../../client/features/lobby/strings.ts";
import { presentWording } from "../../shared/consent-wording.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import { startOpenAiEmulator, type OpenAiEmulator } from "../factories/openai-emulator.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { voiceAsWav } from "../factories/voices.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { openTab, signIn } from "./steps.ts";

const coachName = "Clara Coach";

describe.skipIf(chromiumProgram === null)("captions by a speech service (needs Chromium)", () => {
  let directory: string;
  let emulator: OpenAiEmulator;
  let server: TestServer;
  let coach: Profile;
  let coachee: Profile;
  let meetingId: string;
  let hearings = 0;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "connvo-voice-"));
    const sound = join(directory, "voice.wav");
    await writeFile(sound, voiceAsWav({ voiceMs: 2_500, pauseMs: 2_000 }));
    emulator = await startOpenAiEmulator();
    emulator.answerSpeech(() => `Heard from the microphone ${(hearings += 1)}.`);
    server = await startTestServer({
      environment: { SPEECH_MODEL: "whisper-test", SPEECH_BASE_URL: emulator.url },
    });
    [coach, coachee] = await Promise.all([openProfile({ sound }), openProfile()]);
  });
  afterAll(async () => {
    await Promise.all([coach, coachee].map((profile) => profile?.close()));
    await server?.close();
    await emulator?.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function api<Result>(email: string, method: string, path: string, body?: unknown): Promise<Result> {
    const response = await fetch(server.url + path, {
      method,
      headers: { authorization: `Bearer ${await server.token(email)}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`);
    return (await response.json()) as Result;
  }

  test("[CAPTIONS-22] the service is named and chosen in the lobby; without a choice nothing goes there", async () => {
    await coach.page.goto(`${server.url}/auth/sign-in?returnTo=/outbox`);
    await signIn(coach.page, "clara@example.org", coachName);
    await coachee.page.goto(`${server.url}/auth/sign-in?returnTo=/outbox`);
    await signIn(coachee.page, "ben@example.org", "Ben Client");
    const participants = [{ email: "ben@example.org", role: "participant" }];
    const meeting = { title: "Spoken call", participants };
    ({ id: meetingId } = await api<Meeting>("clara@example.org", "POST", "/api/v1/meetings", meeting));
    for (const purpose of ["captions", "ai"] as const) {
      const decision = { purpose, answer: "given", wording: presentWording(purpose) };
      await api("clara@example.org", "POST", `/api/v1/meetings/${meetingId}/consents`, decision);
    }
    const { page } = coach;
    await page.goto(`${server.url}/meetings/${meetingId}`);
    const choice = page.getByLabel(captionsStrings.label);
    await choice.waitFor();
    expect(await choice.inputValue()).not.toBe("server");
    await choice.selectOption("server");
    await page.getByText(`${captionsStrings.goesTo("whisper-test")} ${captionsStrings.needs}`).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await takeScreenshots(page, "captions-lobby");
  });

  test("[CAPTIONS-20] [CAPTIONS-22] what the microphone hears becomes lines on both pages, each once", async () => {
    await coach.page.getByRole("button", { name: lobbyStrings.start }).click();
    await coach.page.waitForURL("**/call");
    await coachee.page.goto(`${server.url}/meetings/${meetingId}`);
    await coachee.page.getByRole("button", { name: lobbyStrings.join }).click();
    await coachee.page.waitForURL("**/call");
    for (const { page } of [coach, coachee]) {
      await openTab(page, callStrings.tabTranscript);
      await page.getByText("Heard from the microphone 1.").waitFor();
      await page.getByText("Heard from the microphone 2.").waitFor();
      expect(await page.getByText("Heard from the microphone 1.").count()).toBe(1);
    }
    expect(emulator.received[0]?.text).toContain('filename="recording.webm"');
    expect(await accessibilityProblems(coach.page)).toEqual([]);
    await takeScreenshots(coach.page, "captions-call");
  });

  test("[CAPTIONS-21] a service that refuses for good is said in words, and typed lines go on", async () => {
    emulator.answerSpeech(() => ({ kind: "status", status: 500 }));
    const { page } = coach;
    await page.getByText(callStrings.pieces.held).waitFor();
    await page.getByLabel(callStrings.typeLine).fill("Typed meanwhile");
    await page.getByRole("button", { name: callStrings.addLine, exact: true }).click();
    await coachee.page.getByText("Typed meanwhile").waitFor();
    await api("clara@example.org", "PATCH", `/api/v1/meetings/${meetingId}/ai`, { use: "rules" });
    await page.getByText(callStrings.pieces.problem["switched-off"]).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await takeScreenshots(page, "captions-stopped");
    expect([...coach.problems, ...coachee.problems]).toEqual([]);
  });
});
