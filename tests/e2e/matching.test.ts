// The live queue in three real browsers: asking, being proposed with reasons, two answers, and one lobby.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Locator, Page } from "playwright-core";
import { lobbyStrings } from "../../client/features/lobby/strings.ts";
import { matchingStrings } from "../../client/features/matching/strings.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { signIn } from "./steps.ts";

const people = [
  ["cleo@example.org", "Cleo Celan", { languages: ["de"], interests: ["Chess"] }],
  ["ada@example.org", "Ada Adams", { languages: ["en"], interests: ["Chess"], seeks: ["Leadership"] }],
  ["ben@example.org", "Ben Bell", { languages: ["en"], interests: ["Chess"], offers: ["Leadership"] }],
] as const;

describe.skipIf(chromiumProgram === null)("the matching queue in browsers (needs Chromium)", () => {
  let server: TestServer;
  const profiles: Profile[] = [];
  let cleo: Page, ada: Page, ben: Page;

  beforeAll(async () => {
    server = await startTestServer({ environment: { RATE_LIMITS: "off" } });
    for (const [email, name, profile] of people) {
      const token = await server.token(email, name);
      const saved = await fetch(`${server.url}/api/v1/me/profile`, {
        method: "PATCH",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(profile),
      });
      expect(saved.status).toBe(200);
      const opened = await openProfile();
      profiles.push(opened);
      await opened.page.goto(`${server.url}/auth/sign-in?returnTo=/match`);
      await signIn(opened.page, email, name);
    }
    [cleo, ada, ben] = profiles.map(({ page }) => page) as [Page, Page, Page];
  });
  afterAll(async () => {
    for (const profile of profiles) await profile.close();
    await server?.close();
  });

  /** From where one is, by the keyboard alone. */
  const press = async (page: Page, target: Locator) => {
    await target.waitFor();
    for (
      let steps = 0;
      !(await target.evaluate((element) => element === document.activeElement));
      steps += 1
    ) {
      expect(steps).toBeLessThan(60);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
  };
  const enter = async (page: Page) => {
    await page.getByRole("button", { name: matchingStrings.enter.submit }).click();
    await page.getByRole("heading", { name: matchingStrings.waiting.title }).waitFor();
  };

  test(
    "[E2E-60] [E2E-61] two are shown to each other with reasons, say yes, and stand in one lobby; a third is told what keeps them away",
    { timeout: 300_000 },
    async () => {
      const { enter: form, waiting, proposal, matched } = matchingStrings;
      await cleo.getByRole("button", { name: form.submit }).waitFor();
      expect(await accessibilityProblems(cleo)).toEqual([]);
      await takeScreenshots(cleo, "matching-enter");
      await enter(cleo);
      await cleo.getByText(waiting.nobody).waitFor();
      await press(ada, ada.getByRole("button", { name: form.submit }));
      await ada.getByRole("heading", { name: waiting.title }).waitFor();
      await enter(ben);
      await cleo.getByText("2 more people would fit but for the language", { exact: false }).waitFor();
      await takeScreenshots(cleo, "matching-nobody");

      await ada.getByText("They offer what you seek: Leadership.").waitFor();
      await ben.getByText("They seek what you offer: Leadership.").waitFor();
      await ben.getByText("You share an interest in Chess.").waitFor();
      expect(await accessibilityProblems(ada)).toEqual([]);
      await takeScreenshots(ada, "matching-proposal");
      await press(ada, ada.getByRole("button", { name: proposal.acceptLabel("Ben Bell") }));
      await ada.getByText(proposal.acceptedText("Ben Bell")).waitFor();
      await ben.getByText(proposal.theyAccepted("Ada Adams")).waitFor();
      await takeScreenshots(ben, "matching-asked");
      await ben.getByRole("button", { name: proposal.acceptLabel("Ada Adams") }).click();

      await ada.getByRole("heading", { name: matched.title("Ben Bell") }).waitFor();
      await ben.getByRole("heading", { name: matched.title("Ada Adams") }).waitFor();
      expect(await accessibilityProblems(ada)).toEqual([]);
      await takeScreenshots(ada, "matching-matched");
      await press(ada, ada.getByRole("link", { name: matched.lobby }));
      await ben.getByRole("link", { name: matched.lobby }).click();
      for (const page of [ada, ben]) await page.getByRole("button", { name: lobbyStrings.start }).waitFor();
      expect(new URL(ada.url()).pathname).toBe(new URL(ben.url()).pathname);
      await cleo.getByText(waiting.nobody).waitFor();
      expect(profiles.flatMap(({ problems }) => problems)).toEqual([]);
    },
  );
});
