// What people type and where they are on a page, in real Chromium: kept while the page changes around it.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { shellStrings } from "../../client/app/shell-strings.ts";
import { callStrings } from "../../client/features/call/strings.ts";
import { applicationStrings, statusNames } from "../../client/features/career/applications/strings.ts";
import { resumeStrings } from "../../client/features/career/resumes/resume-strings.ts";
import { peopleStrings } from "../../client/features/people/strings.ts";
import { planStrings } from "../../client/features/plan/strings.ts";
import { scheduleStrings } from "../../client/features/schedule/strings.ts";
import { uiStrings } from "../../client/ui/strings.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import { chromiumProgram, openProfile, type Profile } from "./browser.ts";
import { enterCall, sharedNotes, signIn } from "./steps.ts";

interface Answer {
  id: string;
  posting: { id: string };
  application: { id: string };
  scheduledAt: string;
  description: string;
}

const longName = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaftschafers";

describe.skipIf(chromiumProgram === null)("forms and places (needs Chromium)", () => {
  let server: TestServer;
  let clara: Profile;
  let page: Page;

  beforeAll(async () => {
    server = await startTestServer();
    clara = await openProfile();
    ({ page } = clara);
    await page.goto(`${server.url}/auth/sign-in?returnTo=/`);
    await signIn(page, "clara@example.org", "Clara Coach");
  });
  afterAll(async () => {
    await clara?.close();
    await server?.close();
  });

  async function api(method: string, path: string, body: unknown = {}, email = "clara@example.org") {
    const name = email === "clara@example.org" ? "Clara Coach" : longName;
    const authorization = `Bearer ${await server.token(email, name)}`;
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    expect(answer.ok, `${method} ${path}: ${answer.status}`).toBe(true);
    return (await answer.json()) as Answer;
  }

  /** Until `release` is called no change of the page reaches the server. */
  async function holdChanges(pattern: string): Promise<() => Promise<void>> {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route(pattern, async (route) => {
      if (route.request().method() !== "GET") await released;
      await route.continue();
    });
    return async () => {
      release();
      await page.unrouteAll({ behavior: "wait" });
    };
  }

  test("[E2E-90] what is typed about an application stays while its status changes, a line is added, and it is saved", async () => {
    const words = applicationStrings.detail;
    const { posting } = await api("POST", "/career/postings", {
      text: "We need somebody with five years of experience. You must have led a team of designers.",
      title: "Lead",
    });
    const { application } = await api("POST", "/career/applications", { postingId: posting.id });
    await page.goto(`${server.url}/career/applications/${application.id}`);
    const notes = page.getByLabel(words.notes, { exact: true });
    await notes.fill("Spoke to Maria");
    await page.getByLabel(words.status).selectOption("interviewing");
    await page.getByText(applicationStrings.moved("Lead", statusNames.interviewing)).waitFor();
    expect(await notes.inputValue()).toBe("Spoke to Maria");
    await page.getByLabel(words.addNote).fill("They called");
    await page.getByRole("button", { name: words.add, exact: true }).click();
    await page.getByRole("listitem").filter({ hasText: "They called" }).waitFor();
    expect(await notes.inputValue()).toBe("Spoke to Maria");
    const release = await holdChanges("**/api/v1/career/applications/*");
    await page.getByRole("button", { name: words.save, exact: true }).click();
    await notes.fill("Spoke to Maria and to Jo");
    await release();
    await page.getByText(words.saved, { exact: true }).waitFor();
    expect(await notes.inputValue()).toBe("Spoke to Maria and to Jo");
  });

  test("[E2E-91] what is typed in a résumé while it is saved stays", async () => {
    await page.goto(`${server.url}/career/resumes`);
    await page.getByRole("button", { name: resumeStrings.list.blank }).click();
    const summary = page.locator("textarea").first();
    await summary.fill("Ten years.");
    const release = await holdChanges("**/api/v1/career/resumes/*");
    await page.getByRole("button", { name: resumeStrings.one.save, exact: true }).click();
    await summary.fill("Ten years, three of them leading.");
    await release();
    await page.getByText(resumeStrings.one.saved, { exact: true }).waitFor();
    expect(await summary.inputValue()).toBe("Ten years, three of them leading.");
    await page.getByText(resumeStrings.one.unsaved, { exact: true }).waitFor();
  });

  test("[E2E-96] nobody leaves a changed résumé unasked, by a link or the back button", async () => {
    const { leave, stay, title } = uiStrings.leaving;
    await page.goto(`${server.url}/career/resumes`);
    await page.getByRole("button", { name: resumeStrings.list.blank }).click();
    const summary = page.locator("textarea").first();
    await summary.fill("Not saved yet.");
    const address = page.url();
    await page.getByRole("link", { name: shellStrings.home }).first().click();
    await page.getByRole("dialog", { name: title }).waitFor();
    await page.keyboard.press("Escape");
    expect([page.url(), await summary.inputValue()]).toEqual([address, "Not saved yet."]);
    await page.goBack();
    await page.getByRole("button", { name: stay }).click();
    expect([page.url(), await summary.inputValue()]).toEqual([address, "Not saved yet."]);
    await page.goBack();
    await page.getByRole("button", { name: leave }).click();
    await page.waitForURL(`${server.url}/career/resumes`);
  });

  test("[E2E-92] what another host changes of a call meanwhile stays, and is shown in the form", async () => {
    const other = "otto@example.org";
    const { id } = await api("POST", "/meetings", {
      title: "Weekly",
      scheduledAt: "2027-03-01T09:00:00.000Z",
      durationMinutes: 60,
      timeZone: "UTC",
      participants: [{ email: other, role: "host" }],
    });
    const words = scheduleStrings.fields;
    await page.goto(`${server.url}/meetings/${id}/edit`);
    await page.getByLabel(words.description).fill("Bring the slides.");
    await api("PATCH", `/meetings/${id}`, { scheduledAt: "2027-03-03T13:00:00.000Z" }, other);
    await expect.poll(() => page.getByLabel(words.date).inputValue()).toBe("2027-03-03");
    await page.getByRole("button", { name: scheduleStrings.edit.save }).click();
    await page.getByText(scheduleStrings.edit.saved).waitFor();
    const { scheduledAt, description } = await api("GET", `/meetings/${id}`);
    expect({ scheduledAt, description }).toEqual({
      scheduledAt: "2027-03-03T13:00:00.000Z",
      description: "Bring the slides.",
    });
  });

  test("[E2E-93] the keyboard stays where it works while something is saved, and beside a row that is taken out", async () => {
    await api("POST", "/plans", {
      targetRole: "Head of design",
      targetCompany: null,
      targetTimeline: 12,
    });
    await page.goto(`${server.url}/plan`);
    const { milestones, skills } = planStrings;
    for (const title of ["One", "Two", "Three"]) {
      await page.getByLabel(milestones.title).fill(title);
      await page.keyboard.press("Enter");
      await page.getByRole("checkbox", { name: title }).waitFor();
    }
    await page.getByLabel(skills.name).fill("Delegation");
    await page.keyboard.press("Enter");
    const level = page.getByRole("slider", { name: skills.progress("Delegation") });
    for (const percent of ["10", "20", "30"]) {
      const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH");
      if (percent === "10") await level.focus();
      await page.keyboard.press("ArrowRight");
      await saved;
      await expect.poll(() => level.getAttribute("aria-disabled")).toBe(null);
      expect(await level.inputValue()).toBe(percent);
    }
    await page.getByRole("checkbox", { name: "One" }).focus();
    await page.keyboard.press("Space");
    await page.getByRole("checkbox", { name: "One", checked: true }).and(page.locator(":focus")).waitFor();
    await page.getByRole("button", { name: milestones.remove("Two") }).focus();
    await page.keyboard.press("Enter");
    await page
      .getByRole("button", { name: milestones.remove("Three") })
      .and(page.locator(":focus"))
      .waitFor();
  });

  test("[E2E-94] a topic that begins like an offered one is typed as one", async () => {
    const words = peopleStrings.profile;
    await page.goto(`${server.url}/account/profile`);
    await page.getByLabel(words.interests).first().click();
    await page.keyboard.type("Feedback culture");
    await page.keyboard.press("Enter");
    const chips = page.getByRole("list", { name: words.interests }).getByRole("listitem");
    expect(await chips.allInnerTexts()).toEqual(["Feedback culture"]);
  });

  test("[E2E-95] long names widen no page, notes can be written in a low window, and the first message is unread", async () => {
    const guest = "wolf@example.org";
    const { id } = await api("POST", "/meetings", {
      title: "Low",
      template: "blank",
      participants: [{ email: guest, role: "participant" }],
    });
    await api("GET", "/me", {}, guest);
    await api("POST", `/meetings/${id}/start`);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${server.url}/meetings/${id}`);
    await page.getByText(longName).first().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await page.setViewportSize({ width: 1000, height: 640 });
    await enterCall(page, `${server.url}/meetings/${id}`);
    await sharedNotes(page).waitFor();
    await api("POST", `/meetings/${id}/messages`, { clientKey: "first-of-all", content: "Hello" }, guest);
    await page.getByRole("tab", { name: callStrings.unread(1) }).waitFor();
    // 1280 by 720, enlarged to 200 %.
    await page.setViewportSize({ width: 640, height: 360 });
    await sharedNotes(page).click();
    await page.keyboard.type("Written all the same");
    await sharedNotes(page).getByText("Written all the same").click({ trial: true });
    expect(clara.problems).toEqual([]);
  });
});
