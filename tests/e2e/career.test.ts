// The career pages in a real browser: from a PDF résumé and a posting to a page that is checked, taken along, and followed up.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Locator, Page } from "playwright-core";
import { applicationStrings, statusNames } from "../../client/features/career/applications/strings.ts";
import { postingStrings } from "../../client/features/career/postings/strings.ts";
import { resumeStrings } from "../../client/features/career/resumes/resume-strings.ts";
import { runStrings as words } from "../../client/features/career/runs/strings.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { openTab, signIn } from "./steps.ts";

const posting = `Data Engineer

What you bring
- Apache Kafka and Flink in production
- Experience with Amazon Web Services
- Golang
- Fluent Danish

Nice to have
- You have led a team of engineers
- Apache Airflow
`;
const resumeFile = join(import.meta.dirname, "..", "resumes", "okafor-classic.pdf");

describe.skipIf(chromiumProgram === null)("a career in a browser (needs Chromium)", () => {
  let server: TestServer;
  let profile: Profile;
  let page: Page;

  beforeAll(async () => {
    server = await startTestServer({ environment: { RATE_LIMITS: "off" } });
    profile = await openProfile();
    page = profile.page;
    await page.goto(`${server.url}/auth/sign-in?returnTo=/career`);
    await signIn(page, "maria@example.org", "Maria Okafor");
  });
  afterAll(async () => {
    await profile?.close();
    await server?.close();
  });

  const area = (name: string) =>
    page.getByRole("navigation", { name: "Career pages" }).getByRole("link", { name }).click();
  const withoutBarriers = async (screen: string) => {
    expect(await accessibilityProblems(page)).toEqual([]);
    await takeScreenshots(page, screen);
  };
  const done = () => page.getByText(words.doneIn("").slice(0, 8)).waitFor({ timeout: 120_000 });
  const drawn = () => page.locator("figure[data-drawn='true']").first();
  const bytesOf = async (link: Locator) => {
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
  };

  test(
    "[E2E-70] a PDF résumé is imported and a posting pasted; a run of both is watched until its page is there",
    { timeout: 300_000 },
    async () => {
      await page.getByRole("heading", { name: resumeStrings.list.title }).waitFor();
      await area(words.title);
      await page.getByText(words.emptyTitle).waitFor();
      await withoutBarriers("career-runs-empty");
      await page.getByRole("button", { name: words.start }).click();
      await page.getByText(words.noResume).waitFor();
      await page.getByRole("link", { name: words.toResumes }).click();

      await page.getByLabel(resumeStrings.list.import, { exact: true }).last().setInputFiles(resumeFile);
      await page.getByRole("heading", { name: "okafor-classic" }).waitFor();
      await drawn().waitFor();
      await withoutBarriers("career-resume-review");
      await area(postingStrings.title);
      await page.getByRole("button", { name: postingStrings.add.open }).click();
      await openTab(page, postingStrings.add.text);
      await page.getByLabel(postingStrings.add.pasted).fill(posting);
      await page.getByLabel(postingStrings.add.jobTitle).fill("Data Engineer");
      await page.getByLabel(postingStrings.add.company).fill("Harbour Systems");
      await page.getByRole("button", { name: postingStrings.add.submit, exact: true }).click();
      await page.getByRole("heading", { name: "Data Engineer", exact: true }).waitFor();

      await page.getByRole("button", { name: words.ofPosting.start }).click();
      await page.getByRole("combobox", { name: words.resume, exact: true }).waitFor();
      await withoutBarriers("career-run-start");
      await page.getByLabel(words.template).selectOption("modern");
      await page.getByLabel(words.pageLimit).selectOption({ label: words.pageCount(2) });
      await page.getByRole("button", { name: words.submit, exact: true }).click();
      await page.getByRole("heading", { name: words.run("Data Engineer", "Harbour Systems") }).waitFor();
      await page.getByRole("list").filter({ hasText: words.stage.generating_pdf }).waitFor();
      await done();
      await withoutBarriers("career-run-chosen");
    },
  );

  test(
    "[E2E-71] it says what it chose and why; a banned bullet goes, and what it changed is said",
    { timeout: 300_000 },
    async () => {
      await page.getByText("Fluent Danish").waitFor();
      await page.getByText("Its evidence is strong.").first().waitFor();
      const ban = page.getByRole("button", { name: words.banLabel("Led a team of five engineers.") });
      await ban.click();
      await page.getByText(words.changed(0, 1)).waitFor();
      await page.getByRole("button", { name: words.apply }).click();
      await page.getByText(words.since).waitFor({ timeout: 120_000 });
      await done();
      await page.getByText(words.sinceDropped(1)).waitFor();
      await page.getByRole("button", { name: words.unbanLabel("Led a team of five engineers.") }).waitFor();
      expect(await page.getByText(words.changed(0, 1)).count()).toBe(0);
      expect(await accessibilityProblems(page)).toEqual([]);
    },
  );

  test(
    "[E2E-72] words are shown beside the original, and the page as it is printed; its files hold what they say",
    { timeout: 300_000 },
    async () => {
      await openTab(page, words.tabPage);
      await page.getByText(words.compliant).waitFor();
      // Rules change no more than a tool's name, to the posting's own.
      await page.locator("ins", { hasText: "Apache" }).first().waitFor();
      await withoutBarriers("career-run-rewritten");
      await openTab(page, words.tabAsked);
      expect(await accessibilityProblems(page)).toEqual([]);
      await openTab(page, words.tabAbout);
      await page.getByText(words.templates.modern).waitFor();
      await page.getByText(words.pageCount(2)).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);

      await openTab(page, words.tabFiles);
      await drawn().waitFor();
      expect(await drawn().textContent()).toContain("Rebuilt the nightly batch pipeline");
      expect(await drawn().textContent()).not.toContain("Led a team of five engineers");
      // Ink is on the paper: not every dot is white.
      const ink = await drawn()
        .locator("canvas")
        .evaluate((element) => {
          const canvas = element as HTMLCanvasElement;
          const dots = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          let dark = 0;
          for (let at = 0; at < dots.length; at += 4) if ((dots[at] ?? 255) < 100) dark += 1;
          return dark;
        });
      expect(ink).toBeGreaterThan(1_000);
      await withoutBarriers("career-run-page");

      const link = (type: string) =>
        page.getByRole("link", { name: words.downloadLabel(type, words.rulesName), exact: true });
      const pdf = await bytesOf(link("PDF"));
      expect(pdf.name).toMatch(/\.pdf$/);
      expect(pdf.bytes.subarray(0, 5).toString()).toBe("%PDF-");
      expect(pdf.bytes.subarray(-8).toString()).toContain("%%EOF");
      const latex = await bytesOf(link("LaTeX"));
      expect(latex.bytes.toString()).toMatch(
        /\\documentclass[\s\S]*Northwind Retail Ltd[\s\S]*\\end\{document\}/,
      );
      const json = JSON.parse((await bytesOf(link("JSON"))).bytes.toString()) as unknown;
      expect(JSON.stringify(json)).toContain("Rebuilt the nightly batch pipeline");
      const word = await bytesOf(link("Word"));
      expect(word.bytes.subarray(0, 4).toString("latin1")).toBe("PK\u0003\u0004");
      const jsonResume = JSON.parse((await bytesOf(link("JSON Resume"))).bytes.toString()) as object;
      expect(jsonResume).toMatchObject({ basics: { name: "Maria Okafor" } });
    },
  );

  test(
    "[E2E-73] the page goes to an application, which moves along the board by an arrow key",
    { timeout: 300_000 },
    async () => {
      await page.getByRole("button", { name: words.next.use }).click();
      await page.getByRole("heading", { name: words.ofApplication.title }).waitFor();
      await page.getByRole("link", { name: words.downloadLabel("PDF", words.rulesName) }).waitFor();
      await withoutBarriers("career-application");
      await area(applicationStrings.title);
      const column = (status: keyof typeof statusNames, count: number) =>
        page.getByRole("region", {
          name: applicationStrings.column(statusNames[status], count),
          exact: true,
        });
      await column("not_applied", 1).getByRole("link", { name: "Data Engineer" }).focus();
      await page.keyboard.press("ArrowRight");
      await column("applied", 1).getByRole("link", { name: "Data Engineer" }).waitFor();
      await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Data Engineer");
      await page.getByText(applicationStrings.moved("Data Engineer", statusNames.applied)).waitFor();
      await withoutBarriers("career-board");
      await page.reload();
      await column("applied", 1).waitFor();
    },
  );

  test(
    "[E2E-74] a second run is started by keyboard, in mock mode, and the two stand beside each other",
    { timeout: 300_000 },
    async () => {
      await area(words.title);
      await page.getByRole("button", { name: words.start }).focus();
      await page.keyboard.press("Enter");
      await page.getByLabel(words.mock).focus();
      await page.keyboard.press("Space");
      await page.getByRole("button", { name: words.submit, exact: true }).focus();
      await page.keyboard.press("Enter");
      await page.getByText(words.mockBadge, { exact: true }).waitFor();
      await done();
      await area(words.title);
      for (const place of [0, 1]) await page.getByRole("checkbox").nth(place).check();
      await withoutBarriers("career-runs");
      await page.getByRole("button", { name: words.compare, exact: true }).click();
      await page.getByRole("heading", { name: words.comparison }).waitFor();
      await page
        .getByRole("region", { name: words.onlyFirst })
        .or(page.getByRole("region", { name: words.onlySecond }))
        .filter({ hasText: "Led a team of five engineers." })
        .waitFor();
      // The first one has a look of its own, and nothing else is told apart.
      const told = page.getByRole("table", { name: words.configuration }).getByRole("row");
      for (const setting of ["page.template", "page.pageLimit"])
        await told.filter({ hasText: words.settings[setting] ?? "" }).waitFor();
      expect(await told.count()).toBe(3);
      await withoutBarriers("career-runs-compared");
      expect(profile.problems).toEqual([]);
    },
  );
});
