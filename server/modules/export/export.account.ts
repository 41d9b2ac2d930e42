// The part of an export that is about the person themselves: account, sign-ins, keys, consents, ratings, emails, deeds.
import type { Actor } from "../../../shared/actor.ts";
import type { Mail } from "../../../shared/schemas/mail.ts";
import type { StoredAuditEntry } from "../audit/index.ts";
import type { StagedPiece } from "./export.files.ts";
import type { ExportParts } from "./export.gather.ts";
import { datedName, safeName } from "./export.names.ts";
import { jsonFile, jsonList } from "./export.text.ts";

const pageSize = 100;

export async function* accountFiles(parts: ExportParts, actor: Actor): AsyncGenerator<StagedPiece> {
  const { sources, identity, notes } = parts;
  const { userId } = actor;
  const account = await sources.account(userId);
  const vendorsId = account?.["workosUserId"];
  const memberships = typeof vendorsId === "string" ? await sources.memberships(vendorsId) : [];
  const profile = await sources.profile(userId);
  yield jsonFile("account.json", { account, profile, organizations: memberships });
  yield jsonFile("sessions.json", (await identity.sessions(actor)).map(withoutCurrent));
  yield jsonFile("api-keys.json", await sources.apiKeys(userId));
  yield jsonFile("connections.json", await sources.connections(userId));
  yield jsonFile("matching.json", await sources.matching(userId));
  yield jsonFile("email-settings.json", await parts.mail.settings(actor));
  yield jsonFile("calendar.json", await sources.calendar(userId));
  yield jsonFile("ratings.json", await sources.ratings(userId));
  for (const [name, items] of Object.entries(await parts.career.exportOf(userId)))
    yield jsonFile(`career/${name}.json`, items);
  yield* jsonList("consents.json", consents(parts, actor));
  yield* jsonList("activity.json", deeds(parts, actor));
  for (const [index, { title, createdAt, content }] of (await notes.templatesOf(userId)).entries()) {
    const name = `${index + 1} ${safeName(title)}`;
    yield { path: `note-templates/${name}.md`, text: `${content}\n` };
    yield jsonFile(`note-templates/${name}.json`, { title, createdAt });
  }
  yield* emails(parts, actor);
}

/** Which of them asks is not known to a job. */
function withoutCurrent<Session extends { current: boolean }>({ current: _unknown, ...session }: Session) {
  return session;
}

async function* consents({ consent }: ExportParts, actor: Actor): AsyncGenerator<unknown> {
  let cursor: string | undefined;
  do {
    const page = await consent.ledger(actor, { limit: pageSize, cursor });
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

async function* deeds({ audit }: ExportParts, { userId }: Actor): AsyncGenerator<unknown> {
  for await (const entry of audit.ofPerson(userId)) yield deed(entry);
}

/** Without what makes the chain. */
function deed(entry: StoredAuditEntry): unknown {
  const { salt: _salt, personalHash: _personal, hash: _hash, sequence: _place, ...said } = entry;
  return said;
}

async function* emails({ mail }: ExportParts, actor: Actor): AsyncGenerator<StagedPiece> {
  let cursor: string | undefined;
  do {
    const page = await mail.list(actor, { limit: pageSize, cursor });
    for (const { id } of page.items) yield* email(await mail.get(actor, id), { mail }, actor);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** Held-back emails are shown as to their reader. */
async function* email(
  { html: _markup, ...found }: Mail,
  { mail }: Pick<ExportParts, "mail">,
  actor: Actor,
): AsyncGenerator<StagedPiece> {
  const folder = `emails/${datedName(new Date(found.createdAt), found.subject, found.id)}`;
  yield { path: `${folder}/email.txt`, text: `${found.subject}\n\n${found.text}\n` };
  yield jsonFile(`${folder}/email.json`, found);
  for (const [index, { filename }] of found.attachments.entries()) {
    const { content } = await mail.attachment(actor, found.id, index);
    yield { path: `${folder}/${index + 1} ${safeName(filename)}`, text: content };
  }
}
