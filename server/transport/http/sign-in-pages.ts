// The two pages of our own on the way through sign-in: which organisation, and why it did not work. No script, dark and light, any width.
import { escapeHtml } from "./escape-html.ts";
import { plainPage } from "./plain-page.ts";

/** `/auth/organization`, for people who belong to several. */
export function choicePage(organizations: { id: string; name: string }[]): string {
  const buttons = organizations
    .map(
      ({ id, name }) =>
        `<li><button type="submit" name="organizationId" value="${escapeHtml(id)}">${escapeHtml(name)}</button></li>`,
    )
    .join("");
  return plainPage(
    "Choose an organisation",
    `<h1>Where do you want to go?</h1><p>You belong to several organisations. You can switch later, in the menu of your account.</p><form method="post"><ul>${buttons}</ul></form><p><a href="/auth/sign-in">Sign in as somebody else</a></p>`,
  );
}

export function problemPage(message: string): string {
  return plainPage(
    "Sign-in did not work",
    `<h1>Sign-in did not work</h1><p>${escapeHtml(message)}</p><p><a href="/auth/sign-in">Sign in again</a></p>`,
  );
}
