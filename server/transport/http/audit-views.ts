// Audit entries as administrators get them: with people's names, as JSON, CSV and lines of JSON.
import type { UserId } from "../../../shared/ids.ts";
import type { AuditEntryView } from "../../../shared/schemas/audit.ts";
import type { StoredAuditEntry } from "../../modules/audit/index.ts";
import type { UserRecord, UsersService } from "../../modules/users/index.ts";

const namesAtOnce = 200;

export async function auditViews(
  entries: readonly StoredAuditEntry[],
  users: Pick<UsersService, "byIds">,
): Promise<AuditEntryView[]> {
  const ids = [...new Set(entries.flatMap(({ actorUserId }) => actorUserId ?? []))];
  const people = new Map<UserId, UserRecord>();
  for (let first = 0; first < ids.length; first += namesAtOnce) {
    for (const person of await users.byIds(ids.slice(first, first + namesAtOnce)))
      people.set(person.id, person);
  }
  return entries.map((entry) => {
    const { timestamp, actorUserId, salt: _salt, personalHash: _personal, ...rest } = entry;
    const person = actorUserId === null ? undefined : people.get(actorUserId);
    return {
      ...rest,
      at: timestamp.toISOString(),
      person:
        actorUserId === null
          ? null
          : { id: actorUserId, displayName: person?.displayName ?? null, email: person?.email ?? null },
    };
  });
}

const columns: readonly [string, (entry: AuditEntryView) => string | number | null][] = [
  ["time", ({ at }) => at],
  ["action", ({ action }) => action],
  ["outcome", ({ outcome }) => outcome],
  ["person_id", ({ person }) => person?.id ?? null],
  ["person_name", ({ person }) => person?.displayName ?? null],
  ["person_email", ({ person }) => person?.email ?? null],
  ["impersonator", ({ impersonator }) => impersonator],
  ["api_key", ({ apiKeyId }) => apiKeyId],
  ["resource_type", ({ resourceType }) => resourceType],
  ["resource_id", ({ resourceId }) => resourceId],
  ["details", ({ metadata }) => (Object.keys(metadata).length === 0 ? null : JSON.stringify(metadata))],
  ["address", ({ ipAddress }) => ipAddress],
  ["user_agent", ({ userAgent }) => userAgent],
  ["request", ({ requestId }) => requestId],
  ["sequence", ({ sequence }) => sequence],
  ["hash", ({ hash }) => hash],
];

export async function* auditCsv(
  pages: AsyncIterable<StoredAuditEntry[]>,
  users: Pick<UsersService, "byIds">,
): AsyncIterable<string> {
  yield csvLine(columns.map(([name]) => name));
  for await (const page of pages) {
    const views = await auditViews(page, users);
    yield views.map((entry) => csvLine(columns.map(([, read]) => read(entry)))).join("");
  }
}

export async function* auditNdjson(
  pages: AsyncIterable<StoredAuditEntry[]>,
  users: Pick<UsersService, "byIds">,
): AsyncIterable<string> {
  for await (const page of pages) {
    const views = await auditViews(page, users);
    yield views.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  }
}

function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

/** RFC 4180; what a spreadsheet would take for a formula gets an apostrophe before it, which spreadsheets hide. */
export function csvCell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
