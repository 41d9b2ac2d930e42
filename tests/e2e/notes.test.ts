// Notes in real Chromium: templates, what comes by HTTP, history and a version brought back.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { lobbyStrings } from "../../client/features/lobby/strings.ts";
import { notesStrings } from "../../client/features/notes/strings.ts";
import { scheduleStrings } from "../../client/features/schedule/strings.ts";
import { templateNames } from "../../client/ui/notes-templates.ts";
import { startTestServer, type TestServer } from "../factories/server.ts";
import {
  accessibilityProblems,
  chromiumProgram,
  openProfile,
  takeScreenshots,
  type Profile,
} from "./browser.ts";
import { enterCall, notesText, sharedNotes, signIn } from "./steps.ts";

const { history, templates } = notesStrings;

describe.skipIf(chromiumProgram === null)("notes (needs Chromium)", () => {
  let server: TestServer;
  let coach: Profile;
  let page: Page;
  let meetingId: string;

  beforeAll(async () => {
    server = await startTestServer();
    coach = await openProfile();
    ({ page } = coach);
  });
  afterAll(async () => {
    await coach?.close();
    await server?.close();
  });

  test("[E2E-40] empty notes offer templates; what is written over HTTP appears at once", async () => {
    await page.goto(`${server.url}/auth/sign-in?returnTo=/schedule`);
    await signIn(page, "clara@example.org", "Clara Coach");
    await page.getByLabel(scheduleStrings.fields.title).fill("Notes with a history");
    await page.getByLabel(scheduleStrings.fields.template).selectOption("blank");
    await expectAccessible("schedule with templates");
    await page.getByRole("radio", { name: scheduleStrings.timing.now }).check();
    await page.getByRole("button", { name: scheduleStrings.createNow }).click();
    await page.waitForURL(/\/meetings\/[0-9a-f]{24}/);
    meetingId = /meetings\/([0-9a-f]{24})/.exec(page.url())?.[1] ?? "";
    if (!page.url().endsWith("/call")) {
      await page.getByRole("button", { name: lobbyStrings.join }).click();
      await page.waitForURL("**/call");
    }
    await page.getByRole("group", { name: templates.begin }).waitFor();
    await expectAccessible("empty notes");
    await takeScreenshots(page, "notes-empty");
    await page.getByRole("button", { name: templateNames.retrospective }).click();
    await sharedNotes(page).getByText("What went well").waitFor();
    expect(await page.getByRole("group", { name: templates.begin }).count()).toBe(0);

    const notes = `${server.url}/api/v1/meetings/${meetingId}/notes`;
    const token = await server.token("clara@example.org", "Clara Coach");
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const { text, version } = (await (await fetch(notes, { headers })).json()) as {
      text: string;
      version: number;
    };
    const at = text.indexOf("went well") + "went well".length;
    const operations = [{ type: "insert", position: at, content: "\nThe demo worked 🎉" }];
    const body = JSON.stringify({ clientKey: "one", baseVersion: version, operations });
    expect((await fetch(`${notes}/operations`, { method: "POST", headers, body })).status).toBe(200);
    await sharedNotes(page).getByText("The demo worked 🎉").waitFor();
  });

  test("[E2E-41] a history shows who changed what, and brings an earlier version back, by keyboard alone", async () => {
    const editor = sharedNotes(page);
    await editor.getByText("The demo worked").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("All gone");
    await page.getByText(notesStrings.save.saved, { exact: true }).first().waitFor();
    await page.getByRole("button", { name: history.open }).first().press("Enter");
    const list = page.getByRole("list", { name: history.list });
    await list.getByRole("button").nth(1).waitFor();
    await page.getByRole("region", { name: history.region }).waitFor();
    await expectAccessible("history");
    await takeScreenshots(page, "notes-history");
    // The newest revision holds the operation and the typing; the one before is the template.
    await list.getByRole("button").nth(1).press("Enter");
    const compare = page.getByRole("radio", { name: history.what.now });
    await compare.press("Space");
    await page.locator("ins", { hasText: "All gone" }).waitFor();
    expect(await page.locator("del", { hasText: "What went well" }).count()).toBeGreaterThan(0);
    await takeScreenshots(page, "notes-history-compare");
    await page.getByRole("button", { name: history.restore }).press("Enter");
    await page.getByText(history.confirm).waitFor();
    await expectAccessible("history, asking");
    await takeScreenshots(page, "notes-history-confirm");
    await page.getByRole("button", { name: history.confirmed }).press("Enter");
    await list.getByText(history.restored, { exact: false }).waitFor();
    await page.keyboard.press("Escape");
    await editor.getByText("What we change").waitFor();
    expect((await notesText(editor)).filter((line) => line !== "")).toEqual([
      "What went well",
      "What did not",
      "What we learned",
      "What we change",
    ]);
  });

  test("[E2E-42] notes are kept as a template of one's own, chosen for the next call, and deleted", async () => {
    await page.getByRole("button", { name: templates.open }).first().click();
    await page.getByRole("button", { name: templates.save }).click();
    await page.getByText(templates.nameMissing).waitFor();
    await page.getByLabel(templates.name).fill("My review");
    await page.getByRole("button", { name: templates.save }).click();
    await page.getByRole("button", { name: templates.remove("My review") }).waitFor();
    await expectAccessible("templates");
    await takeScreenshots(page, "notes-templates");
    await page.keyboard.press("Escape");
    const other = await coach.context.newPage();
    await other.goto(`${server.url}/schedule`);
    await other.getByLabel(scheduleStrings.fields.template).selectOption({ label: "My review" });
    await other.close();
    await page.getByRole("button", { name: templates.open }).first().click();
    await page.getByRole("button", { name: templates.remove("My review") }).click();
    await page.getByRole("button", { name: templates.removeNow, exact: true }).click();
    await page.getByText(templates.none).waitFor();
    await page.keyboard.press("Escape");
  });

  test("[E2E-43] the recap leads to the history of its notes", async () => {
    const token = await server.token("clara@example.org", "Clara Coach");
    const end = `${server.url}/api/v1/meetings/${meetingId}/end`;
    expect((await fetch(end, { method: "POST", headers: { authorization: `Bearer ${token}` } })).status).toBe(
      200,
    );
    await page.goto(`${server.url}/meetings/${meetingId}/recap`);
    await page.getByRole("button", { name: history.open }).click();
    await page.getByRole("region", { name: history.region }).waitFor();
    await expectAccessible("recap with history");
    await takeScreenshots(page, "recap-history");
    expect(coach.problems).toEqual([]);
  });

  test("[E2E-44] what was written offline comes to the notes, too, when the call has ended meanwhile", async () => {
    const token = await server.token("clara@example.org", "Clara Coach");
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const post = async (path: string, body: unknown = {}) =>
      (await (
        await fetch(`${server.url}/api/v1/meetings${path}`, {
          method: "POST",
          headers,
          body: JSON.stringify(body),
        })
      ).json()) as { id: string };
    const { id } = await post("", { title: "Ended without the writer", template: "blank" });
    await post(`/${id}/start`);
    const writer = await coach.context.newPage();
    await enterCall(writer, `${server.url}/meetings/${id}`);
    await sharedNotes(writer).click();
    await writer.keyboard.type("Before. ");
    await writer.locator("[data-save='saved']").waitFor();
    await server.kill();
    await writer.locator("[data-save='offline']").waitFor();
    await writer.keyboard.type("Written offline.");
    await writer.locator("[data-save='offline-unsaved']").waitFor();
    // The browser writes in order: behind this everything is on the device.
    await writer.evaluate(async (meeting) => {
      const kept = (await indexedDB.databases()).find(({ name }) => name?.includes(meeting));
      await new Promise<void>((resolve) => {
        const open = indexedDB.open(kept?.name ?? "");
        open.onsuccess = () => {
          open.result.transaction("updates", "readwrite").oncomplete = () => resolve();
        };
      });
    }, id);
    await writer.close();
    await server.restart();
    await post(`/${id}/end`);
    const later = await coach.context.newPage();
    await later.goto(`${server.url}/meetings/${id}/recap`);
    await later.getByText("Before. Written offline.").waitFor();
    await later.close();
  });

  async function expectAccessible(screen: string): Promise<void> {
    expect(await accessibilityProblems(page), screen).toEqual([]);
  }
});
