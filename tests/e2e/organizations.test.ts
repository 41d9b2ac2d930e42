// Organisations in real Chromium: choosing one, administration, keys, switching, and the end of sessions elsewhere.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { accountStrings } from "../../client/features/account/strings.ts";
import { adminStrings } from "../../client/features/admin/strings.ts";
import { shellStrings } from "../../client/app/shell-strings.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";

describe.skipIf(chromiumProgram === null)("organisations in a browser (needs Chromium)", () => {
  let server: TestServer;
  let ada: Profile;
  let page: Page;

  beforeAll(async () => {
    server = await startTestServer({ environment: { RATE_LIMITS: "off" } });
    // People and places exist from the first use of a token that says so.
    await exist("ada@example.org", "Ada Admin", "Acme", "admin");
    await exist("ada@example.org", "Ada Admin", "Brightside", "member");
    await exist("ben@example.org", "Ben Bell", "Acme", "member");
    ada = await openProfile();
    ({ page } = ada);
  });
  afterAll(async () => {
    await ada?.close();
    await server?.close();
  });

  async function exist(email: string, name: string, org: string, role: string): Promise<void> {
    const token = await server.token(email, name, { org, role });
    const me = await fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(me.status).toBe(200);
  }

  async function enter(on: Page, email: string): Promise<void> {
    await on.goto(`${server.url}/auth/sign-in?returnTo=/`);
    await on.getByLabel("Email address").fill(email);
    await on.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  async function openAccount(): Promise<void> {
    await page.getByRole("button", { name: shellStrings.account }).click();
  }

  test("[ORGPAGE-1] who belongs to several organisations chooses one, on a page without barriers", async () => {
    await enter(page, "ada@example.org");
    await page.getByRole("heading", { name: "Where do you want to go?" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await takeScreenshots(page, "organization-choice");
    await page.getByRole("button", { name: "Acme" }).click();
    await page.getByRole("link", { name: shellStrings.admin }).click();
    await page.getByText("Ben Bell").waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test("[ORGPAGE-2] an administrator invites, takes back, changes a role and removes", async () => {
    const { invitations, organization } = adminStrings;
    await page.getByLabel(invitations.email).fill("carla@example.org");
    await page.getByRole("button", { name: invitations.send, exact: true }).click();
    await page.getByRole("button", { name: invitations.revokeLabel("carla@example.org") }).waitFor();
    await takeScreenshots(page, "organization-admin");
    await page.getByRole("button", { name: invitations.revokeLabel("carla@example.org") }).click();
    await page.getByText(invitations.none).waitFor();
    await page.getByRole("button", { name: organization.change("Ben Bell") }).click();
    await page.getByRole("button", { name: organization.makeAdmin }).click();
    await page
      .getByRole("row", { name: /Ben Bell/ })
      .getByText("Administrator")
      .waitFor();
    await page.getByRole("button", { name: organization.change("Ben Bell") }).click();
    await page.getByRole("button", { name: organization.remove }).click();
    await page.getByRole("button", { name: organization.removeAction, exact: true }).click();
    await page.getByRole("row", { name: /Ben Bell/ }).waitFor({ state: "detached" });
  });

  test("[ORGPAGE-3] a key is made, shown once, works, and is revoked", async () => {
    const { apiKeys } = adminStrings;
    await page.getByRole("link", { name: apiKeys.title }).click();
    await page.getByRole("button", { name: apiKeys.create }).click();
    await page.getByLabel(apiKeys.name, { exact: true }).fill("Importer");
    await page.getByRole("checkbox", { name: apiKeys.scopeNames["meetings:read"] }).check();
    expect(await accessibilityProblems(page)).toEqual([]);
    await takeScreenshots(page, "api-key-new");
    await page.getByRole("button", { name: apiKeys.make }).click();
    const secret = (await page.locator("dialog code").textContent()) ?? "";
    const statusOf = async () =>
      (await fetch(`${server.url}/api/v1/meetings`, { headers: { authorization: `Bearer ${secret}` } }))
        .status;
    expect(await statusOf()).toBe(200);
    await page.getByRole("button", { name: apiKeys.done }).click();
    await page.getByRole("button", { name: apiKeys.revokeLabel("Importer") }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await takeScreenshots(page, "api-keys");
    await page.getByRole("button", { name: apiKeys.revokeLabel("Importer") }).click();
    await page.getByRole("button", { name: apiKeys.revoke, exact: true }).click();
    await page.getByText(apiKeys.revoked, { exact: true }).waitFor();
    expect(await statusOf()).toBe(401);
  });

  test("[ORGPAGE-4] a session that is ended elsewhere is over in its browser at once, without its doing", async () => {
    const other = await openProfile();
    try {
      await enter(other.page, "ada@example.org");
      await other.page.getByRole("button", { name: "Acme" }).click();
      await other.page.getByRole("navigation").first().waitFor();
      await page.goto(`${server.url}/account/sessions`);
      await page.getByText(accountStrings.here).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await takeScreenshots(page, "sessions");
      await page.getByRole("button", { name: accountStrings.endOthers }).click();
      await other.page.getByText(shellStrings.welcome.ended).waitFor();
    } finally {
      await other.close();
    }
  });

  test("[ORGPAGE-5] switching begins anew in the other organisation, where one is no administrator", async () => {
    await openAccount();
    await page.getByRole("button", { name: shellStrings.switchTo("Brightside") }).click();
    await page.waitForURL(`${server.url}/`);
    await page.getByRole("navigation").first().waitFor();
    expect(await page.getByRole("link", { name: shellStrings.admin }).count()).toBe(0);
    await openAccount();
    await page.getByRole("button", { name: shellStrings.switchTo("Acme") }).waitFor();
    await takeScreenshots(page, "organization-switch");
    expect(ada.problems).toEqual([]);
  });

  test("[ORGPAGE-5] what another tab of the browser shows begins anew with it", async () => {
    await page.getByRole("button", { name: shellStrings.switchTo("Acme") }).click();
    await page.getByRole("link", { name: shellStrings.admin }).waitFor();
    const tab = await ada.context.newPage();
    await tab.goto(`${server.url}/admin/organization`);
    await tab.getByText(/^Acme/).waitFor();
    await openAccount();
    await page.getByRole("button", { name: shellStrings.switchTo("Brightside") }).click();
    await tab.getByText(/^Acme/).waitFor({ state: "detached" });
    await tab.getByRole("link", { name: shellStrings.admin }).waitFor({ state: "detached" });
    await tab.close();
  });

  test("[ORGPAGE-6] while somebody else is signed in as a person, every page says so", async () => {
    const support = await openProfile();
    try {
      await support.page.goto(`${server.url}/auth/sign-in?returnTo=/`);
      await support.page.getByLabel("Email address").fill("ben@example.org");
      await support.page.getByText("Sign in as somebody else").click();
      await support.page.getByLabel("Who you really are").fill("support@example.org");
      await support.page.getByRole("button", { name: "Sign in", exact: true }).click();
      const banner = support.page.getByText(shellStrings.impersonation("support@example.org", "Ben Bell"));
      await banner.waitFor();
      await support.page.goto(`${server.url}/schedule`);
      await banner.waitFor();
      await support.page.getByRole("heading", { level: 1 }).waitFor();
      expect(await accessibilityProblems(support.page)).toEqual([]);
      await takeScreenshots(support.page, "impersonation");
    } finally {
      await support.close();
    }
  });
});
