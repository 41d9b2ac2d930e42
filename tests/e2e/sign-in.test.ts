// The local sign-in page in real Chromium: by keyboard alone, for screen readers, dark and light, on a phone.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHttpWorld, type HttpWorld } from "../factories/http-app.ts";
import { openTestStore, type TestStore } from "../factories/store.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  desktop,
  openProfile,
  phone,
  takeScreenshots,
  type Profile,
} from "./browser.ts";

describe.skipIf(chromiumProgram === null)("local sign-in in a browser", () => {
  let store: TestStore;
  let world: HttpWorld;
  let profile: Profile;
  let clientDir: string;

  beforeAll(async () => {
    clientDir = await mkdtemp(join(tmpdir(), "connvo-pages-"));
    await writeFile(join(clientDir, "index.html"), "<!doctype html><title>Landed</title><h1>Landed</h1>");
    store = await openTestStore();
    world = await openHttpWorld(store, { clientDir });
    profile = await openProfile();
  });
  afterAll(async () => {
    await profile?.close();
    await world?.close();
    await store?.close();
    await rm(clientDir, { recursive: true, force: true });
  });

  test("[LOCALPAGE-1] a person signs in by keyboard alone and lands where they wanted to go", async () => {
    const { page } = profile;
    await page.goto(`${world.url}/auth/sign-in?returnTo=/outbox`);
    await page.getByText("Local mode.").waitFor();
    await page.keyboard.type("anna@example.org");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Anna Bell");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Landed" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/outbox");
    const me = await page.evaluate(async () => (await fetch("/api/v1/me")).json() as Promise<unknown>);
    expect(me).toMatchObject({ email: "anna@example.org", displayName: "Anna Bell" });
  });

  test("[LOCALPAGE-2] a browser that knows its way by another name of this machine can sign in too", async () => {
    const { page } = profile;
    await page.goto(`${world.url.replace("127.0.0.1", "localhost")}/auth/sign-in`);
    await page.getByRole("button", { name: /Anna Bell/ }).click();
    await page.getByRole("heading", { name: "Landed" }).waitFor();
    expect(new URL(page.url()).hostname).toBe("localhost");
  });

  test("[LOCALPAGE-3] a mistake is said beside its field, and the page has no barrier in either theme or on a phone", async () => {
    const { page, problems } = profile;
    await page.goto(`${world.url}/auth/sign-in`);
    await page.getByLabel("Email address").fill("not an address");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    const described = await page.getByLabel("Email address").getAttribute("aria-describedby");
    expect(await page.locator(`#${described}`).textContent()).toContain("name@example.org");
    for (const colorScheme of ["light", "dark"] as const) {
      for (const viewport of [desktop, phone]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(viewport);
        expect(await accessibilityProblems(page)).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow).toBe(0);
      }
    }
    await takeScreenshots(page, "local-sign-in");
    // The refused form is the only thing the console may mention.
    expect(problems.filter((problem) => !problem.includes("422"))).toEqual([]);
  });

  test("[LOCALPAGE-4] a sign-in that cannot succeed ends on a page that leads back, without barriers", async () => {
    const { page } = profile;
    await page.goto(`${world.url}/auth/callback?error=access_denied`);
    await page.getByRole("heading", { name: "Sign-in did not work" }).waitFor();
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("link", { name: "Sign in again" }).click();
    await page.getByText("Local mode.").waitFor();
  });
});
