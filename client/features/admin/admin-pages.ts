// The administrators' pages in the order in which they are offered; each has its route in `client/app/pages.tsx`.
import { aiStrings } from "./ai-strings.ts";
import { auditStrings } from "./audit-strings.ts";
import { encryptionStrings } from "./encryption-strings.ts";
import { objectivesStrings } from "./objectives-strings.ts";
import { flagStrings } from "./flag-strings.ts";
import { overviewStrings } from "./overview-strings.ts";
import { retentionStrings } from "./retention-strings.ts";
import { adminStrings } from "./strings.ts";

export interface AdminPage {
  path: string;
  label: string;
  /** Whom it is for; operators decide for the whole installation, and may administer no organisation. */
  for: readonly ("org-admin" | "operator")[];
}

export const adminPages: readonly AdminPage[] = [
  { path: "organization", label: adminStrings.organization.title, for: ["org-admin"] },
  { path: "overview", label: overviewStrings.title, for: ["org-admin"] },
  { path: "matching", label: adminStrings.pairing, for: ["org-admin"] },
  { path: "api-keys", label: adminStrings.apiKeys.title, for: ["org-admin"] },
  { path: "service", label: objectivesStrings.title, for: ["org-admin"] },
  { path: "models", label: aiStrings.title, for: ["org-admin"] },
  { path: "retention", label: retentionStrings.title, for: ["org-admin"] },
  { path: "audit", label: auditStrings.title, for: ["org-admin"] },
  { path: "features", label: flagStrings.title, for: ["org-admin", "operator"] },
  { path: "encryption", label: encryptionStrings.title, for: ["operator"] },
];

/** What this person may open. */
export function adminPagesOf(me: { orgAdmin: boolean; operator: boolean }): readonly AdminPage[] {
  return adminPages.filter(
    (page) =>
      (me.orgAdmin && page.for.includes("org-admin")) || (me.operator && page.for.includes("operator")),
  );
}
