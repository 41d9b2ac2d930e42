// `npm run policies`: writes docs/policies.md, who may do what, and docs/access-matrix.md, who is answered what, from their tables, and docs/graphql.graphql, what can be asked for.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accessMatrixPage } from "./access-matrix.ts";
import { storedDataPage } from "./stored-data-page.ts";
import { markdownTable as table } from "./markdown-table.ts";
import { endpoints } from "../shared/contract/endpoints.ts";
import type { EndpointSpec } from "../shared/contract/endpoint.ts";
import { meetingLifecycleSchema, meetingRoleSchema } from "../shared/schemas/meetings.ts";
import { schemaText } from "../server/transport/graphql/schema.ts";
import { meetingActions, meetingPolicy } from "../server/modules/meetings/meetings.policy.ts";

const docs = join(import.meta.dirname, "..", "docs");

/** Each with the file it belongs in. */
export const writtenPages: [file: string, page: () => string][] = [
  [join(docs, "policies.md"), policiesPage],
  [join(docs, "access-matrix.md"), accessMatrixPage],
  [join(docs, "privacy-of-stored-data.md"), storedDataPage],
  [
    join(docs, "graphql.graphql"),
    () =>
      `# Written by \`npm run policies\`; do not edit. How it is asked for: docs/graphql.md.\n\n${schemaText()}`,
  ],
];

const callers: Record<EndpointSpec["access"], string> = {
  public: "anybody",
  "signed-in": "anybody who is signed in",
  meeting: "people with a place in the meeting, as the first table says",
  "org-admin": "administrators of the organisation that the session is in",
  operator: "operators of the installation (`OPERATORS`)",
  webhook: "a vendor, by its signature",
};

function policiesPage(): string {
  return [
    "# Who may do what",
    "Written by `npm run policies` from the tables that decide it (`server/modules/meetings/meetings.policy.ts`, `shared/contract/`); do not edit.",
    "## In a meeting",
    "By role and by state of the meeting. _by consent_: observers may only while every host and participant has agreed to be observed. To everybody else a meeting is as if it did not exist.",
    table(["action", ...meetingRoleSchema.options, "while the meeting is"], meetingRows()),
    "## By HTTP",
    "Keys for machines open what names a scope, and nothing else.",
    ...Object.entries(callers).flatMap(([access, words]) => [
      `### For ${words}`,
      table(["request", "does", "scope of keys"], endpointRows(access as EndpointSpec["access"])),
    ]),
  ]
    .join("\n\n")
    .concat("\n");
}

function meetingRows(): string[][] {
  const everyState = meetingLifecycleSchema.options.length;
  return meetingActions.map((action) => {
    const { roles, states, observedByConsent } = meetingPolicy[action];
    const allowed = meetingRoleSchema.options.map((role) => {
      if (!roles.includes(role)) return "";
      return role === "observer" && observedByConsent === true ? "by consent" : "yes";
    });
    return [`\`${action}\``, ...allowed, states.length === everyState ? "in any state" : states.join(", ")];
  });
}

function endpointRows(access: EndpointSpec["access"]): string[][] {
  const rows: EndpointSpec[] = Object.values(endpoints).filter((row) => row.access === access);
  return rows.map(({ method, path, summary, scope }) => [
    `\`${method} ${path}\``,
    summary,
    scope === undefined ? "" : `\`${scope}\``,
  ]);
}

if (import.meta.main) {
  for (const [file, page] of writtenPages) {
    await writeFile(file, page());
    console.log(`Written to ${file}`);
  }
}
