// Every email as a mail program shows it, in real Chromium: wide and narrow, light and dark, with the longest that people write.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ActionItemId, SegmentId, UserId } from "../../shared/ids.ts";
import { emailLanguageSchema, type EmailLanguage } from "../../shared/schemas/languages.ts";
import { recapEmail } from "../../server/modules/insights/recap-email.ts";
import { unsubscribePage } from "../../server/modules/mail/mail.unsubscribe-page.ts";
import { meetingEmail } from "../../server/modules/meetings/meetings.emails.ts";
import { invitationEmail } from "../../server/modules/organizations/invitation-email.ts";
import { chromiumProgram, openProfile, screenshotDir, type Profile } from "./browser.ts";

const [coach, coachee] = ["a".repeat(24) as UserId, "b".repeat(24) as UserId];
const link = "https://connvo.example.org/meetings/dddddddddddddddddddddddd/recap";
const unsubscribe = `https://connvo.example.org/unsubscribe/${coachee}.recap.${"x".repeat(43)}`;

function recapIn(language: EmailLanguage, { text, title }: { text: string; title: string }): string {
  const cited = (speakerId: UserId, quote: string) => ({
    text: quote,
    citations: [{ segmentId: "c".repeat(24) as SegmentId, sequence: 1, startMs: 0, speakerId, quote }],
  });
  const action = (ownerId: UserId, quote: string, dueText: string | null) => ({
    ...cited(ownerId, quote),
    id: "f".repeat(24) as ActionItemId,
    ownerId,
    dueText,
  });
  return recapEmail({
    reader: coachee,
    language,
    meetingTitle: title,
    startedAt: new Date("2026-03-12T10:00:00Z"),
    timeZone: "Europe/Zurich",
    outcome: cited(coachee, "I know now what I want to try first."),
    actions: [
      action(coachee, text, "by Friday"),
      action(coachee, "Walk to work on Mondays", null),
      action(coach, "Send the training plan", "tomorrow"),
    ],
    names: new Map([
      [coach, "Ann Bell"],
      [coachee, "Ben Okafor"],
    ]),
    link,
    unsubscribe,
    next: { title, scheduledAt: new Date("2026-03-19T10:00:00Z") },
    generatedBy: "rules",
    writtenByModel: false,
  }).html;
}

function invitation(title: string): string {
  return meetingEmail({
    kind: "invitation",
    language: "en",
    title,
    description: "What we want to reach\nand how",
    scheduledAt: new Date("2026-03-12T10:00:00Z"),
    durationMinutes: 45,
    timeZone: "Europe/Zurich",
    organizerName: "Ann Bell",
    role: "participant",
    link,
    hasCalendarFile: true,
  }).html;
}

const usual = { text: "Call the clinic about the knee", title: "Back to sport" };
const endless = { text: `https://example.org/${"long".repeat(30)}`, title: "word".repeat(30) };
const emails: Record<string, string> = {
  ...Object.fromEntries(
    emailLanguageSchema.options.map((language) => [`recap-${language}`, recapIn(language, usual)]),
  ),
  "recap-endless": recapIn("en", endless),
  invitation: invitation("Back to sport"),
  "invitation-endless": invitation(endless.title),
  organization: invitationEmail({ language: "en", organization: "Acme", inviter: "Ann Bell", link }).html,
  unsubscribe: unsubscribePage("ask", { language: "en", path: "/unsubscribe/x" }),
};

/** What a reader meets: text that is too faint, and what is wider than its place. Run inside the page. */
function facts(): { faint: string[]; tooWide: string[]; texts: number; width: number } {
  const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r = 0, g = 0, b = 0]: number[]) =>
    [r, g, b]
      .map((value) => value / 255)
      .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
      .reduce((sum, value, index) => sum + value * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
  const backgroundOf = (element: Element | null): number[] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || (color[3] ?? 0) === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint: string[] = [];
  const tooWide: string[] = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const text = node.textContent?.trim() ?? "";
    const element = node.parentElement;
    if (text === "" || element === null) continue;
    texts += 1;
    const [light = 0, dark = 0] = [
      luminance(channels(getComputedStyle(element).color)),
      luminance(backgroundOf(element)),
    ].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)}: ${text.slice(0, 40)}`);
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.right > window.innerWidth || box.left < 0) tooWide.push(text.slice(0, 40));
  }
  return { faint, tooWide, texts, width: document.documentElement.scrollWidth };
}

describe.skipIf(chromiumProgram === null)("emails (needs Chromium)", () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await openProfile();
  });
  afterAll(() => profile.close());

  describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
    test.each([600, 320])("[MAIL-58] legible at %i px, and nothing overflows", async (width) => {
      const { page } = profile;
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const [name, html] of Object.entries(emails)) {
        await page.setContent(html);
        const found = await page.evaluate(facts);
        expect([name, found.faint, found.tooWide]).toEqual([name, [], []]);
        expect([name, found.width]).toEqual([name, width]);
        expect(found.texts).toBeGreaterThan(2);
        // Dark where the reader's program is dark: the page is not left light.
        const page_ = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        expect([name, page_]).toEqual([
          name,
          colorScheme === "dark" ? "rgb(20, 22, 28)" : "rgb(243, 244, 248)",
        ]);
        await page.screenshot({
          path: join(screenshotDir, `email-${name}-${width}-${colorScheme}.png`),
          fullPage: true,
        });
      }
    });
  });
});
