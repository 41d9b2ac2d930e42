// What people do in several end-to-end tests: sign in, enter a call, write in the notes.
import type { Locator, Page } from "playwright-core";
import { callStrings } from "../../client/features/call/strings.ts";
import { lobbyStrings } from "../../client/features/lobby/strings.ts";
import { notesStrings } from "../../client/features/notes/strings.ts";

export async function signIn(page: Page, email: string, name: string): Promise<void> {
  await page.getByLabel("Email address").fill(email);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("navigation").first().waitFor();
}

/** From the meeting's page into its running call. */
export async function enterCall(page: Page, meetingUrl: string): Promise<void> {
  await page.goto(meetingUrl);
  await page.getByRole("button", { name: lobbyStrings.join }).click();
  await page.getByRole("toolbar", { name: callStrings.toolbar }).waitFor();
}

export function sharedNotes(page: Page): Locator {
  return page.getByRole("textbox", { name: notesStrings.editorShared });
}

export async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole("tab", { name: new RegExp(`^${name}`) }).click();
}

/** The blocks of an editor as text, without the cursors of others, which are decoration. */
export function notesText(editor: Locator): Promise<string[]> {
  return editor.evaluate((element) => {
    const copy = element.cloneNode(true) as HTMLElement;
    for (const caret of copy.querySelectorAll("[class*='caret']")) caret.remove();
    return [...copy.children].map((block) => (block.textContent ?? "").replaceAll("\u2060", "").trim());
  });
}
