// The administrators' pages in the order in which they are offered; each has its route in `client/app/pages.tsx`.
import { adminStrings } from "./strings.ts";

export const adminPages: readonly { path: string; label: string }[] = [
  { path: "organization", label: adminStrings.organization.title },
];
