// One's calendar in a real browser: a week with a change of clocks, calls that overlap, one that is cancelled; by keyboard and by touch.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calendarStrings as words } from "../../client/features/calendar/strings.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { signIn } from "./steps.ts";

const email = "wilhelmina@example.org";
const name = "Wilhelmina Constantinopoulou-Featherstonehaugh";
const timeZone = "Europe/Zurich";
const longTitle =
  "Quarterly reflection on responsibilities, Donaudampfschifffahrtsgesellschaftskapitänsmütze and next steps";

describe.skipIf(chromiumProgram === null)("one's calendar in a browser (needs Chromium)", () => {
  let server: TestServer;
  let profile: Profile;
  let page: Page;
  let sunday: string;
  let seriesCallId: string;

  async function send<Answer>(method: string, path: string, body: unknown = {}): Promise<Answer> {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await server.token(email, name)}`,
        "content-type": "application/json",
      },
      ...(method === "GET" ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect(answer.ok, text).toBe(true);
    return JSON.parse(text) as Answer;
  }
  /** On the day on which clocks go forward, at two o'clock; before it clocks are an hour later than UTC, then two. */
  const plan = (title: string, time: string, durationMinutes: number) =>
    send<{ id: string }>("POST", "/meetings", {
      title,
      scheduledAt: `${sunday}T${time}:00Z`,
      durationMinutes,
      timeZone,
      participants: [{ email: "ben@example.org", role: "participant" }],
    });

  beforeAll(async () => {
    server = await startTestServer({ environment: { RATE_LIMITS: "off" } });
    const year = new Date().getUTCFullYear() + 1;
    const last = new Date(Date.UTC(year, 2, 31));
    sunday = new Date(last.getTime() - last.getUTCDay() * 24 * 60 * 60_000).toISOString().slice(0, 10);
    const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, fromMinute: 9 * 60, toMinute: 17 * 60 }));
    await send("PATCH", "/me/profile", { workingHours: weekdays, timeZone });
    await plan(longTitle, "07:00", 90);
    await plan("Coaching with Ben", "07:30", 60);
    await plan("Sprint retrospective", "07:45", 30);
    const { id } = await plan("Called off", "12:00", 60);
    await send("POST", `/meetings/${id}/cancel`);
    await plan("Early birds", "00:30", 60);
    const series = await send<{ calls: { meetingId: string }[] }>("POST", "/series", {
      title: "Weekly coaching",
      scheduledAt: `${sunday}T16:00:00Z`,
      durationMinutes: 45,
      timeZone,
      participants: [{ email: "ben@example.org", role: "participant" }],
      every: "weekly",
      count: 6,
    });
    seriesCallId = series.calls[0]?.meetingId ?? "";
    profile = await openProfile();
    ({ page } = profile);
    await page.goto(`${server.url}/auth/sign-in?returnTo=/calendar`);
    await signIn(page, email, name);
    await page.getByRole("heading", { name: words.title, exact: true }).waitFor();
    // What another calendar says cannot come from an address of this machine: it is added to the answer.
    await page.route("**/api/v1/me/calendar?*", async (route) => {
      const answer = await route.fetch();
      const view = (await answer.json()) as { busy: { startsAt: string; endsAt: string }[] };
      const day = Date.parse(`${sunday}T23:00:00Z`) - 3 * 24 * 60 * 60_000;
      const at = (ms: number) => new Date(ms).toISOString();
      view.busy.push({ startsAt: at(day), endsAt: at(day + 24 * 60 * 60_000) });
      await route.fulfill({ response: answer, json: view });
    });
  });
  afterAll(async () => {
    await profile?.close();
    await server?.close();
  });

  async function openWeek(): Promise<void> {
    await page.goto(`${server.url}/calendar`);
    const weeks = Math.floor((Date.parse(`${sunday}T12:00:00Z`) - mondayMs()) / (7 * 24 * 60 * 60_000));
    const after = page.getByRole("button", { name: words.after });
    for (let week = 0; week < weeks; week += 1) await after.click();
    await page
      .getByRole("button", { name: /Coaching with Ben/ })
      .first()
      .waitFor();
  }

  test(
    "[E2E-80] a week with a change of clocks is read and chosen from by keyboard alone",
    { timeout: 300_000 },
    async () => {
      await openWeek();
      expect(await accessibilityProblems(page)).toEqual([]);
      await takeScreenshots(page, "calendar-week");
      const grid = page.getByRole("grid");
      const focused = () =>
        page.evaluate(
          () =>
            document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "",
        );
      for (let steps = 0; !(await focused()).startsWith("Mon"); steps += 1) {
        expect(steps).toBeLessThan(60);
        await page.keyboard.press("Tab");
      }
      for (let day = 0; day < 6; day += 1) await page.keyboard.press("ArrowRight");
      // Three lie in this hour: they are said, and Enter goes among them.
      expect(await focused()).toMatch(/^Sun.* 9:00 AM, .*Coaching with Ben/);
      await page.keyboard.press("Enter");
      expect(await focused()).toContain("Quarterly reflection");
      await page.keyboard.press("ArrowRight");
      expect(await focused()).toContain("Coaching with Ben");
      await page.keyboard.press("ArrowDown");
      expect(await focused()).toContain("Sprint retrospective");
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Sprint retrospective" });
      await dialog.waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await takeScreenshots(page, "calendar-call");
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      expect(await focused()).toContain("Sprint retrospective");
      await page.keyboard.press("Escape");
      expect(await focused()).toMatch(/^Sun.* 9:00 AM, /);
      for (let hour = 9; hour < 14; hour += 1) await page.keyboard.press("ArrowDown");
      expect(await focused()).toMatch(new RegExp(`2:00 PM Called off \\(${words.cancelled}\\)`));
      await page.keyboard.press("Home");
      expect(await focused()).toMatch(/^Sun.* 12:00 AM/);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/schedule\?at=/);
      expect(new URL(page.url()).searchParams.get("at")).toBe(
        new Date(Date.parse(`${sunday}T00:00:00Z`) - 60 * 60_000).toISOString(),
      );
      await expect.poll(() => grid.count()).toBe(0);
      expect(profile.problems).toEqual([]);
    },
  );

  test(
    "[E2E-81] by touch an hour is tapped twice to plan a call in it, once to look",
    { timeout: 300_000 },
    async () => {
      await openWeek();
      const cell = page.getByRole("gridcell", { name: /^Sat.* 10:00 AM/ });
      await cell.click();
      expect(new URL(page.url()).pathname).toBe("/calendar");
      await cell.click();
      await page.waitForURL(/\/schedule\?at=/);
    },
  );

  test(
    "[E2E-82] settings, the page of a series, people and profiles can be shown, also while they wait or fail",
    { timeout: 400_000 },
    async () => {
      await send("PATCH", "/me/calendar/settings", {
        exceptions: [
          { date: sunday, ranges: [] },
          { date: `${sunday.slice(0, 4)}-04-30`, ranges: [{ fromMinute: 600, toMinute: 720 }] },
        ],
      });
      const { participants } = await send<{ participants: { userId: string; role: string }[] }>(
        "GET",
        `/meetings/${seriesCallId}`,
      );
      const ben = participants.find(({ role }) => role === "participant")?.userId ?? "";
      /** Where a page asks over HTTP for what it shows, with that request. */
      const looked: [string, string, string | null][] = [
        ["calendar-settings", "/calendar/settings", "**/api/v1/me/calendar/settings"],
        ["series-edit", `/meetings/${seriesCallId}/edit`, null],
        ["series-next", `/meetings/${seriesCallId}/next`, `**/api/v1/meetings/${seriesCallId}/series`],
        ["people", "/people", null],
        ["person", `/people/${ben}`, null],
        ["person-hidden", `/people/${"0".repeat(24)}`, null],
        ["profile", "/account/profile", "**/api/v1/me/profile"],
      ];
      const problems: string[] = [];
      for (const [screen, path, request] of looked) {
        const look = async (state: string) => {
          problems.push(...(await accessibilityProblems(page)).map((one) => `${screen} ${state}: ${one}`));
          await takeScreenshots(page, `${screen}-${state}`);
        };
        if (request !== null) {
          let go = () => {};
          const gate = new Promise<void>((resolve) => (go = resolve));
          await page.route(request, async (route) => {
            await gate;
            await route.continue();
          });
          await page.goto(`${server.url}${path}`);
          await page.getByRole("heading", { level: 1 }).waitFor();
          await page.getByText("…").first().waitFor();
          await look("loading");
          go();
          await page.waitForLoadState("networkidle");
          await page.unroute(request);
          const error = { code: "FORBIDDEN", message: "This cannot be read now.", requestId: "1" };
          await page.route(request, (route) => route.fulfill({ status: 403, json: { error } }));
          await page.goto(`${server.url}${path}`);
          await page.getByText(error.message).waitFor();
          await look("failed");
          await page.unroute(request);
        }
        await page.goto(`${server.url}${path}`);
        await page.waitForLoadState("networkidle");
        await page.getByRole("heading").first().waitFor();
        await look("shown");
      }
      expect(problems).toEqual([]);
    },
  );
});

function mondayMs(): number {
  const now = new Date();
  const day = now.getUTCDay() || 7;
  return Date.parse(now.toISOString().slice(0, 10)) - (day - 1) * 24 * 60 * 60_000;
}
