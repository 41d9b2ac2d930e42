// The whole coaching call in real Chromium: two people with a browser of their own, from sign-in to the recap email.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { chatStrings } from "../../client/chat/strings.ts";
import { callStrings } from "../../client/features/call/strings.ts";
import { consentStrings } from "../../client/consent/strings.ts";
import { lobbyStrings } from "../../client/features/lobby/strings.ts";
import { notesStrings } from "../../client/features/notes/strings.ts";
import { recapStrings } from "../../client/features/recap/strings.ts";
import { scheduleStrings } from "../../client/features/schedule/strings.ts";
import { consentWordings, presentWording } from "../../shared/consent-wording.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { notesText, openTab, sharedNotes, signIn } from "./steps.ts";

const coachName = "Clara Coach";
const coacheeName = "Ben Client";
const coacheeEmail = "ben@example.org";
const said = "I'll write down the migration story by Friday.";
const chatWords = "Here is the guide I mentioned";

describe.skipIf(chromiumProgram === null)("a coaching call (needs Chromium)", () => {
  let server: TestServer;
  let coach: Profile;
  let coachee: Profile;
  let meetingUrl: string;

  beforeAll(async () => {
    server = await startTestServer();
    [coach, coachee] = await Promise.all([openProfile(), openProfile()]);
  });
  afterAll(async () => {
    await Promise.all([coach, coachee].map((profile) => profile?.close()));
    await server?.close();
  });

  test("[E2E-1] both sign in on a page that says local mode", async () => {
    await coach.page.goto(server.url);
    await expectAccessible(coach.page, "welcome");
    await coach.page.getByRole("link", { name: "Sign in" }).click();
    await coach.page.getByText("Local mode.").waitFor();
    await expectAccessible(coach.page, "sign-in");
    await signIn(coach.page, "clara@example.org", coachName);
    await expectAccessible(coach.page, "home");
    await coachee.page.goto(`${server.url}/auth/sign-in?returnTo=/outbox`);
    await signIn(coachee.page, coacheeEmail, coacheeName);
    await expectAccessible(coachee.page, "outbox, empty");
  });

  test("[E2E-2] the coach schedules a follow-up and a call for now, and the coachee is invited with a calendar file", async () => {
    await schedule(coach.page, "Follow-up", "later");
    await schedule(coach.page, "Coaching session", "later");
    meetingUrl = coach.page.url();
    const { page } = coachee;
    await page.getByText("Coaching session").first().waitFor();
    await page
      .getByRole("link", { name: /Coaching session/ })
      .first()
      .click();
    await page
      .getByRole("link", { name: /\.ics/ })
      .or(page.getByRole("button", { name: /\.ics/ }))
      .first()
      .waitFor();
    await expectAccessible(page, "mail");
  });

  test("[E2E-3] the coachee waits in the lobby until the coach starts, then both join", async () => {
    await coachee.page.goto(meetingUrl);
    await coachee.page.getByText(lobbyStrings.waitingForHost).waitFor();
    await expectAccessible(coachee.page, "lobby of the coachee");
    await coach.page.getByRole("button", { name: lobbyStrings.start }).waitFor();
    await expectAccessible(coach.page, "lobby of the coach");
    await coach.page.getByRole("button", { name: lobbyStrings.start }).click();
    // Who starts is in; who waited is let in by a button.
    await coach.page.waitForURL("**/call");
    await coachee.page.getByRole("button", { name: lobbyStrings.join }).click();
    await coachee.page.waitForURL("**/call");
    for (const { page } of [coach, coachee]) {
      await page.getByRole("toolbar", { name: callStrings.toolbar }).waitFor();
    }
  });

  test("[E2E-4] each sees and hears the other: both remote pictures play and their sound tracks are live", async () => {
    await expectRemoteMedia(coach.page, coacheeName);
    await expectRemoteMedia(coachee.page, coachName);
  });

  test("[E2E-5] notes of both converge, each sees the other's cursor, and the page says when they are saved", async () => {
    const [left, right] = [sharedNotes(coach.page), sharedNotes(coachee.page)];
    await left.getByText("Goal").waitFor();
    await left.click();
    await coach.page.keyboard.press("Control+End");
    await coach.page.keyboard.type("Coach: a clear goal. ");
    await right.getByText("Coach: a clear goal.").waitFor();
    await right.click();
    await coachee.page.keyboard.press("Control+Home");
    await coachee.page.keyboard.press("End");
    await coachee.page.keyboard.type(" Coachee: team lead by summer");
    await left.getByText("Coachee: team lead by summer").waitFor();
    await left.getByText(coacheeName).waitFor();
    await right.getByText(coachName).waitFor();
    for (const { page } of [coach, coachee]) {
      await page.getByText(notesStrings.save.saved, { exact: true }).first().waitFor();
    }
    expect(await notesText(left)).toEqual(await notesText(right));
    await expectAccessible(coach.page, "call with notes");
  });

  test("[E2E-6] a transcript line and a chat message arrive at the other person", async () => {
    await openTab(coach.page, callStrings.tabTranscript);
    await openTab(coachee.page, callStrings.tabTranscript);
    await coachee.page.getByLabel(callStrings.typeLine).fill(said);
    await coachee.page.getByRole("button", { name: callStrings.addLine, exact: true }).click();
    await coach.page.getByText(said).waitFor();
    await expectAccessible(coach.page, "call with transcript");
    await openTab(coach.page, callStrings.tabChat);
    await coach.page.getByLabel(callStrings.chatLabel, { exact: true }).fill(chatWords);
    await coach.page.getByRole("button", { name: callStrings.send, exact: true }).click();
    await openTab(coachee.page, callStrings.tabChat);
    await coachee.page.getByText(chatWords).waitFor();
    await expectAccessible(coachee.page, "call with chat");
  });

  test("[E2E-6] [CHAT-2] [CHAT-4] [CHAT-6] by the keyboard a message is edited and deleted, and the other reacts to it", async () => {
    const message = coach.page.getByRole("listitem").filter({ hasText: chatWords });
    // From the field up to the newest message, and on into what can be done with it.
    await message.focus();
    await message.getByRole("button", { name: chatStrings.edit, exact: true }).focus();
    await coach.page.keyboard.press("Enter");
    const field = coach.page.getByLabel(chatStrings.words);
    await field.fill("Thrown away");
    await coach.page.keyboard.press("Escape");
    await message.getByRole("button", { name: chatStrings.edit, exact: true }).focus();
    await coach.page.keyboard.press("Enter");
    await field.fill(`${chatWords} yesterday`);
    await coach.page.keyboard.press("Enter");
    const seen = coachee.page.getByRole("listitem").filter({ hasText: `${chatWords} yesterday` });
    await seen.getByText(chatStrings.edited, { exact: true }).waitFor();
    await seen.hover();
    expect(await seen.getByRole("button", { name: chatStrings.edit, exact: true }).count()).toBe(0);
    await seen.getByRole("button", { name: chatStrings.react, exact: true }).click();
    await expectAccessible(coachee.page, "call with a choice of reactions");
    await takeScreenshots(coachee.page, "call-chat");
    await seen.getByRole("button", { name: chatStrings.emoji["🎉"], exact: true }).click();
    await message.getByRole("button", { name: chatStrings.reaction("🎉", [coacheeName]) }).waitFor();
    await coach.page.getByLabel(callStrings.chatLabel, { exact: true }).fill("Not meant");
    await coach.page.getByRole("button", { name: callStrings.send, exact: true }).click();
    await coachee.page.getByText("Not meant").waitFor();
    // Not the one on its way, which may stand there still and gives its place to it.
    const second = coach.page.locator("[data-message]").filter({ hasText: "Not meant" });
    await second.focus();
    await second.getByRole("button", { name: chatStrings.delete, exact: true }).focus();
    await coach.page.keyboard.press("Enter");
    await coach.page.keyboard.press("Enter");
    await coachee.page.getByText(chatStrings.deleted, { exact: true }).waitFor();
    expect(await coachee.page.getByText("Not meant").count()).toBe(0);
    await expectAccessible(coach.page, "call with a deleted message");
  });

  test("[E2E-7] when the talk stalls the coach alone gets a prompt with its reason", async () => {
    await coach.page.getByRole("tab", { name: new RegExp(callStrings.tabPrompts) }).click();
    await coach.page.getByRole("button", { name: callStrings.feedback.used, exact: true }).waitFor();
    await coach.page.getByText(callStrings.promptWhy).first().waitFor();
    await expectAccessible(coach.page, "call with a prompt");
    expect(await coachee.page.getByRole("tab", { name: new RegExp(callStrings.tabPrompts) }).count()).toBe(0);
    const token = await server.token(coacheeEmail);
    const refused = await fetch(`${server.url}/api/v1/meetings/${meetingIdOf(meetingUrl)}/prompts`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(refused.status).toBe(403);
    await coach.page.getByRole("button", { name: callStrings.feedback.used, exact: true }).click();
  });

  test("[E2E-14] the coachee takes consent back in the call, and gives it again, by keyboard", async () => {
    const { page } = coachee;
    await openTab(page, callStrings.tabTranscript);
    const answer = async (radio: 0 | 1) => {
      await page.getByRole("button", { name: callStrings.consent, exact: true }).press("Enter");
      const captions = page.getByRole("group", { name: consentWordings.captions[0].title });
      await captions.getByRole("radio").nth(radio).focus();
      await page.keyboard.press("Space");
      await captions.getByText(consentStrings.saved).waitFor();
      await expectAccessible(page, "consent in the call");
      await page.keyboard.press("Escape");
    };
    await answer(1);
    await page.getByText(callStrings.ownRefused).waitFor();
    expect(await page.getByLabel(callStrings.typeLine).count()).toBe(0);
    await answer(0);
    await page.getByLabel(callStrings.typeLine).waitFor();
    await openTab(page, callStrings.tabNotes);
  });

  test("[E2E-8] a shared screen reaches the other person and does not cover the notes", async () => {
    await openTab(coachee.page, callStrings.tabNotes);
    await coach.page.getByRole("button", { name: callStrings.share }).click();
    await coachee.page.getByText(callStrings.screenOf(coachName)).first().waitFor();
    await sharedNotes(coachee.page).click();
    await coach.page.getByRole("button", { name: callStrings.shareStop }).first().click();
    await coachee.page.getByText(callStrings.screenOf(coachName)).first().waitFor({ state: "detached" });
  });

  test("[E2E-9] the call works by keyboard alone: controls, help, panel", async () => {
    const { page } = coachee;
    await page.getByRole("tab", { name: callStrings.tabNotes, exact: true }).focus();
    await page.keyboard.press("Control+d");
    await page.getByRole("button", { name: callStrings.muteOff }).waitFor();
    await page.keyboard.press("Control+d");
    await page.getByRole("button", { name: callStrings.muteOn, exact: true }).waitFor();
    await page.keyboard.press("F2");
    expect(await page.evaluate(() => document.activeElement?.closest('[role="toolbar"]') !== null)).toBe(
      true,
    );
    await page.keyboard.press("Control+/");
    await page.getByRole("dialog", { name: callStrings.helpTitle }).waitFor();
    await expectAccessible(page, "help");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog", { name: callStrings.helpTitle }).waitFor({ state: "hidden" });
  });

  test("[E2E-10] the call looks right on desktop and phone, light and dark", async () => {
    await openTab(coach.page, callStrings.tabNotes);
    await takeScreenshots(coach.page, "call");
    for (const colorScheme of ["light", "dark"] as const) {
      await coach.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expectAccessible(coach.page, `call, ${colorScheme}`);
    }
    await coach.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  });

  test("[E2E-11] ending takes both to a recap whose action leads to the words it comes from", async () => {
    await coach.page.getByRole("button", { name: callStrings.leave, exact: true }).click();
    await coach.page.getByRole("button", { name: callStrings.endForAll }).click();
    for (const { page } of [coach, coachee]) {
      await page.waitForURL("**/recap**");
      await page.getByText("Write down the migration story by Friday").first().waitFor();
    }
    await expectAccessible(coach.page, "recap");
    await takeScreenshots(coach.page, "recap");
    await coach.page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await expectAccessible(coach.page, "recap, dark");
    await coach.page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await coach.page.getByText(said).first().waitFor();
  });

  test("[E2E-12] the recap email is in the coachee's outbox with the next call's calendar file", async () => {
    const { page } = coachee;
    await page.goto(`${server.url}/outbox`);
    await page
      .getByRole("link", { name: /Your 1 action/ })
      .first()
      .click();
    await page
      .getByText(/next-call\.ics/)
      .first()
      .waitFor();
    await expectAccessible(page, "recap email");
  });

  test("[E2E-15] AI taken back on the recap: what rested on those words goes from both pages, by keyboard", async () => {
    const { page } = coachee;
    await page.goto(`${meetingUrl}/recap`);
    const action = "Write down the migration story by Friday";
    await page.getByText(action, { exact: true }).first().waitFor();
    await page.getByRole("button", { name: recapStrings.consent.button, exact: true }).press("Enter");
    const ai = page.getByRole("group", { name: consentWordings.ai[presentWording("ai") - 1]?.title ?? "" });
    await ai.getByRole("radio").nth(1).focus();
    await page.keyboard.press("Space");
    await ai.getByText(consentStrings.saved).waitFor();
    await expectAccessible(page, "consent on the recap");
    await takeScreenshots(page, "recap-consent");
    await page.keyboard.press("Escape");
    for (const one of [coach, coachee]) {
      await one.page.getByRole("heading", { name: recapStrings.missing.heading }).waitFor();
      expect(await one.page.getByText(action, { exact: true }).count()).toBe(0);
    }
  });

  test("[E2E-13] no page threw an error along the way", () => {
    expect([...coach.problems, ...coachee.problems]).toEqual([]);
  });
});

async function schedule(page: Page, title: string, timing: "later" | "now"): Promise<void> {
  await page.getByRole("link", { name: "Schedule", exact: true }).first().click();
  await page.getByLabel(scheduleStrings.fields.title, { exact: true }).fill(title);
  await page.getByLabel(scheduleStrings.fields.email(1)).fill(coacheeEmail);
  await page.getByLabel(scheduleStrings.timing[timing], { exact: true }).check();
  await page
    .getByLabel(scheduleStrings.fields.date)
    .fill(title === "Follow-up" ? "2030-03-12" : "2030-03-05");
  await expectAccessible(page, "schedule");
  await page.getByRole("button", { name: scheduleStrings.create }).click();
  await page.waitForURL(/\/meetings\/[0-9a-f]{24}$/);
}

async function expectAccessible(page: Page, screen: string): Promise<void> {
  // The page itself, not the moment in which it loads.
  await page.locator("h1").first().waitFor({ state: "attached" });
  expect({ screen, problems: await accessibilityProblems(page) }).toEqual({ screen, problems: [] });
}

// A picture that plays has a size and moves on in time; sound is a live, unmuted track of the same person.
async function expectRemoteMedia(page: Page, name: string): Promise<void> {
  await page.getByText(name).first().waitFor();
  await page.waitForFunction(() => {
    const remote = [...document.querySelectorAll("video")].filter((video) => {
      const stream = video.srcObject as MediaStream | null;
      return (
        stream !== null &&
        stream.getTracks().length > 0 &&
        !stream.getVideoTracks().some((track) => track.label.includes("fake"))
      );
    });
    return remote.some((video) => video.videoWidth > 0 && !video.paused && video.currentTime > 1);
  });
  await page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLMediaElement>("audio, video")].some((element) => {
      const stream = element.srcObject as MediaStream | null;
      return (
        !element.muted &&
        !element.paused &&
        (stream?.getAudioTracks() ?? []).some((track) => track.readyState === "live" && !track.muted)
      );
    }),
  );
}

function meetingIdOf(url: string): string {
  return /meetings\/([0-9a-f]{24})/.exec(url)?.[1] ?? "";
}
