// Real Chromium for end-to-end tests: separate profiles, fake devices, axe on every screen, screenshots.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { chromium, type BrowserContext, type Page } from "playwright-core";

/** Path of Chromium, or null where the machine has none (scripts/test.mjs looks for it). */
export const chromiumProgram = process.env["CONNVO_CHROMIUM"] ?? null;

export const screenshotDir = join(import.meta.dirname, "output");

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

export interface Profile {
  context: BrowserContext;
  page: Page;
  /** Errors that the page's scripts threw or logged. */
  problems: string[];
  close(): Promise<void>;
}

/**
 * A browser of its own with an empty profile: nothing is shared with another person's. Its microphone plays the WAV file
 * `sound` over and over, or beeps.
 */
export async function openProfile({ sound }: { sound?: string } = {}): Promise<Profile> {
  if (chromiumProgram === null) throw new Error("Chromium is not installed");
  const directory = await mkdtemp(join(tmpdir(), "connvo-profile-"));
  const context = await chromium.launchPersistentContext(directory, {
    executablePath: chromiumProgram,
    headless: true,
    viewport: desktop,
    reducedMotion: "reduce",
    permissions: ["camera", "microphone"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--use-fake-ui-for-media-stream",
      // Pictures are encoded and decoded in software, by each browser: five a second are enough to see that they move.
      "--use-fake-device-for-media-stream=fps=5",
      ...(sound === undefined ? [] : [`--use-file-for-fake-audio-capture=${sound}`]),
      "--auto-select-desktop-capture-source=Entire screen",
      "--auto-accept-this-tab-capture",
      // Peers of one machine find each other by plain addresses: there is no mDNS responder in a container.
      "--disable-features=WebRtcHideLocalIpsWithMdns",
    ],
  });
  context.setDefaultTimeout(45_000);
  const page = context.pages()[0] ?? (await context.newPage());
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  return {
    context,
    page,
    problems,
    async close() {
      await context.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

const accessibilityRules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Violations of WCAG 2.2 A and AA (and axe's best practices) on the page as it stands, in words. Frames are left out:
 * the one frame of the product shows an email and runs no scripts, which axe would wait for without end.
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (rules) => {
    const run = (window as unknown as { axe: typeof axe }).axe.run;
    return (await run(document, { iframes: false, runOnly: { type: "tag", values: rules } })).violations;
  }, accessibilityRules);
  return violations.map((violation) => {
    const places = violation.nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary ?? ""})`);
    return `${violation.id}: ${violation.help}\n  ${places.join("\n  ")}`;
  });
}

/** The page at desktop and phone width, light and dark: four pictures named after the screen. */
export async function takeScreenshots(page: Page, screen: string): Promise<void> {
  await mkdir(screenshotDir, { recursive: true });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const viewport of [desktop, phone]) {
      await page.setViewportSize(viewport);
      await page.screenshot({ path: join(screenshotDir, `${screen}-${viewport.width}-${colorScheme}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await page.setViewportSize(desktop);
}
