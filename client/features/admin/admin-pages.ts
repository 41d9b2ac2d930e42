// The administrators' pages in the order in which they are offered; each has its route in `client/app/pages.tsx`.
import { auditStrings } from "./audit-strings.ts";
import { adminStrings } from "./strings.ts";

export const adminPages: readonly { path: string; label: string }[] = [
  { path: "organization", label: adminStrings.organization.title },
  { path: "audit", label: auditStrings.title },
];
