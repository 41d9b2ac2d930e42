// Two nodes in real Chromium: a session that is renewed, ended and revoked in several tabs, features that change live, and the audit log.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { shellStrings } from "../../client/app/shell-strings.ts";
import { actionNames, auditStrings } from "../../client/features/admin/audit-strings.ts";
import { flagStrings } from "../../client/features/admin/flag-strings.ts";
import { callStrings } from "../../client/features/call/strings.ts";
import { transcriptStrings } from "../../client/transcript/strings.ts";
import { mintTokenFor } from "../../server/vendors/identity/emulator/access-token.ts";
import { flags } from "../../shared/flags.ts";
import type { Meeting } from "../../shared/schemas/meetings.ts";
import { redisProgram } from "../factories/redis.ts";
import { openRightsWorld, type RightsWorld } from "../factories/rights.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  desktop,
  openProfile,
  phone,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { enterCall, signIn } from "./steps.ts";

const sessionCookie = "connvo_session";

// Cookies do not tell ports of one host apart: tabs at either node belong to one session, as behind a balancer.
describe.skipIf(chromiumProgram === null || redisProgram === null)(
  "two nodes in a browser (needs Chromium and redis-server)",
  () => {
    let rights: RightsWorld;
    let here: string;
    let there: string;
    let ada: Profile;
    let ben: Profile;
    /** Of Ben's, at the other node. */
    let second: Page;

    beforeAll(async () => {
      rights = await openRightsWorld({ environment: { OPERATORS: "ada@example.org" } });
      [here, there] = [rights.here.url, rights.there.url];
      [ada, ben] = await Promise.all([openProfile(), openProfile()]);
      second = await ben.context.newPage();
    });
    afterAll(async () => {
      await ada?.close();
      await ben?.close();
      await rights?.close();
    });

    /** Statuses of so many requests at once. */
    const ask = (page: Page, count: number) =>
      page.evaluate(
        (requests) =>
          Promise.all(Array.from({ length: requests }, async () => (await fetch("/api/v1/me")).status)),
        count,
      );
    const cookieOf = async ({ context }: Profile) =>
      (await context.cookies()).find(({ name }) => name === sessionCookie)?.value;
    const staleIn = async ({ context }: Profile, email: string) => {
      const { sealed, sessionId } = await rights.staleSession(email);
      const value = encodeURIComponent(sealed);
      await context.addCookies([{ name: sessionCookie, value, url: here, httpOnly: true, sameSite: "Lax" }]);
      return { value, sessionId };
    };
    const hasNoOverflow = async (page: Page) =>
      (await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )) === 0;

    test("[SESSIONPAGE-1] twenty requests of a page whose proof has run out, and of two tabs at two nodes, make one refresh each time", async () => {
      await ben.page.goto(here);
      await second.goto(there);
      const alone = await staleIn(ben, "alone@example.org");
      expect(await rights.refreshesOf(alone.sessionId)).toBe(0);
      expect(new Set(await ask(ben.page, 20))).toEqual(new Set([200]));
      expect(await rights.refreshesOf(alone.sessionId)).toBe(1);
      expect(await cookieOf(ben)).not.toBe(alone.value);

      const tabs = await staleIn(ben, "tabs@example.org");
      const answers = await Promise.all([ask(ben.page, 10), ask(second, 10)]);
      expect(new Set(answers.flat())).toEqual(new Set([200]));
      expect(await rights.refreshesOf(tabs.sessionId)).toBe(1);
      await ben.context.clearCookies();
    });

    test("[SESSIONPAGE-2] signing out in one tab ends the call in another, at another node, and leaves nothing behind", async () => {
      const token = await rights.world.token("host");
      const { id } = await rights.world.api<Meeting>(here, token, "POST", "/api/v1/meetings", {
        title: "Signed out of",
        participants: [{ email: "ben@example.org", role: "participant" }],
      });
      await rights.world.api(here, token, "POST", `/api/v1/meetings/${id}/start`);
      await ben.page.goto(`${here}/auth/sign-in?returnTo=/schedule`);
      await signIn(ben.page, "ben@example.org", "Ben Bell");
      await enterCall(second, `${there}/meetings/${id}`);
      const me = await ben.page.evaluate(async () => (await fetch("/api/v1/me")).json() as Promise<unknown>);
      expect(me).toMatchObject({ email: "ben@example.org" });
      await ben.page.getByRole("button", { name: shellStrings.account }).click();
      await ben.page.getByRole("button", { name: shellStrings.signOut }).click();
      await ben.page.getByRole("heading", { name: shellStrings.welcome.title }).waitFor();
      await second.getByText(shellStrings.welcome.ended).waitFor();
      expect(await second.getByRole("toolbar", { name: callStrings.toolbar }).count()).toBe(0);
      expect(await cookieOf(ben)).toBeUndefined();
      const [user] = (await rights.sdk.userManagement.listUsers({ email: "ben@example.org" })).data;
      expect((await rights.sdk.userManagement.listSessions(user?.id ?? "")).data).toEqual([]);
      // The way back leads to the same door.
      await ben.page.goBack();
      await ben.page.getByRole("heading", { name: shellStrings.welcome.title }).waitFor();
      expect(await ben.page.getByRole("navigation").count()).toBe(0);
    });

    test("[SESSIONPAGE-3] a session that is revoked at the vendor is over on open pages of both nodes, which say so", async () => {
      await ben.page.goto(`${here}/auth/sign-in?returnTo=/schedule`);
      await signIn(ben.page, "ben@example.org", "Ben Bell");
      await second.goto(`${there}/account/sessions`);
      await second.getByRole("navigation").first().waitFor();
      const [user] = (await rights.sdk.userManagement.listUsers({ email: "ben@example.org" })).data;
      const [session] = (await rights.sdk.userManagement.listSessions(user?.id ?? "")).data;
      await rights.sdk.userManagement.revokeSession({ sessionId: session?.id ?? "" });
      for (const page of [ben.page, second]) await page.getByText(shellStrings.welcome.ended).waitFor();
      // A page that the browser had kept asks anew when it is shown again.
      await ben.page.goto(`${here}/auth/sign-in?returnTo=/schedule`);
      await signIn(ben.page, "ben@example.org", "Ben Bell");
      await ben.context.clearCookies();
      await ben.page.evaluate(() =>
        window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })),
      );
      await ben.page.getByRole("heading", { name: shellStrings.welcome.title }).waitFor();
    });

    test("[FLAGPAGE-1] an operator switches a feature by keyboard at one node, and an open page at the other follows at once", async () => {
      const token = await rights.world.token("host");
      const api = <Answer>(method: string, path: string, body?: unknown) =>
        rights.world.api<Answer>(here, token, method, path, body);
      const { id } = await api<Meeting>("POST", "/api/v1/meetings", {
        title: "Searched",
        participants: [{ email: "ben@example.org", role: "participant" }],
      });
      await api("POST", `/api/v1/meetings/${id}/start`);
      const chunk = { clientKey: "one", text: "Hello", confidence: 1, startMs: 0, endMs: 1 };
      await api("POST", `/api/v1/meetings/${id}/transcript`, { chunks: [chunk] });
      await api("POST", `/api/v1/meetings/${id}/end`);
      await second.goto(`${there}/auth/sign-in?returnTo=/meetings/${id}/recap`);
      await signIn(second, "ben@example.org", "Ben Bell");
      const search = second.getByRole("searchbox", { name: transcriptStrings.search });
      await search.waitFor();

      const { page } = ada;
      await page.goto(`${here}/auth/sign-in?returnTo=/admin/features`);
      await signIn(page, "ada@example.org", "Ada Admin");
      const { description } = flags["transcript.search"];
      const card = page.getByRole("region", { name: description });
      for (const on of [false, true]) {
        await card.getByRole("button", { name: flagStrings.edit }).focus();
        await page.keyboard.press("Enter");
        const box = card.getByRole("checkbox", { name: flagStrings.on });
        await page.keyboard.press("Tab");
        await page.keyboard.press("Tab");
        expect(await box.evaluate((element) => element === document.activeElement)).toBe(true);
        if (!on) {
          expect(await accessibilityProblems(page)).toEqual([]);
          await takeScreenshots(page, "features-form");
          await page.setViewportSize(phone);
          expect(await hasNoOverflow(page)).toBe(true);
          await page.setViewportSize(desktop);
        }
        await page.keyboard.press("Space");
        await page.keyboard.press("Enter");
        await page.getByText(flagStrings.saved).first().waitFor();
        await search.waitFor({ state: on ? "visible" : "detached" });
      }
      await card.getByRole("button", { name: flagStrings.history }).click();
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(ada.problems).toEqual([]);
    });

    test("[AUDITPAGE-1] an administrator searches the audit log by keyboard, without barriers, also on a phone", async () => {
      const administers = { email: "ada@example.org", name: "Ada Admin", org: "Acme", role: "admin" };
      const token = await mintTokenFor(rights.world.dataDir, administers, new Date());
      await rights.world.api(here, token, "GET", "/api/v1/admin/organization");
      const { page } = ada;
      await page.goto(`${here}/auth/sign-in?returnTo=/admin/audit`);
      await signIn(page, "ada@example.org", "Ada Admin");
      await page
        .getByRole("cell", { name: actionNames["session.start"] ?? "" })
        .first()
        .waitFor();
      await page.getByLabel(auditStrings.action, { exact: true }).focus();
      await page.keyboard.type(actionNames["organization.read"] ?? "");
      await page.keyboard.press("Tab");
      await page.getByRole("button", { name: auditStrings.search, exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/action=organization\.read/);
      const rows = page.getByRole("row");
      await page
        .getByRole("cell", { name: actionNames["organization.read"] ?? "" })
        .first()
        .waitFor();
      const others = rows.filter({ hasText: actionNames["session.start"] ?? "" });
      // The rows of before stand there until the answer has come.
      await others.first().waitFor({ state: "detached" });
      expect(await accessibilityProblems(page)).toEqual([]);
      await takeScreenshots(page, "audit");
      await page.setViewportSize(phone);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await hasNoOverflow(page)).toBe(true);
      expect(ada.problems).toEqual([]);
    });
  },
);
