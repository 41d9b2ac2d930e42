// Templates as use cases: choosing one, using one in empty notes, saving and deleting one's own.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { MeetingId, NotesTemplateId, OrgId, UserId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { builtInTemplateNames, builtInTemplates } from "../../../shared/notes-templates.ts";
import type { NotesTemplate } from "../../../shared/schemas/meetings.ts";
import type {
  AppliedTemplate,
  ApplyTemplate,
  NotesTemplates,
  OwnNotesTemplate,
  SaveTemplate,
} from "../../../shared/schemas/notes.ts";
import type { Clock } from "../../platform/clock.ts";
import type { IdSource } from "../../platform/ids.ts";
import type { AuditService } from "../audit/index.ts";
import type { BuiltDocuments } from "./notes.built.ts";
import { replaceContent } from "./notes.copy.ts";
import type { NotesLog } from "./notes.log.ts";
import type { NotesMeters } from "./notes.meters.ts";
import { builtIn, fragmentFrom, ownIdOf, templateKey, templateUpdate, updateFrom } from "./notes.template.ts";
import type { NotesWriting } from "./notes.writing.ts";

export interface OwnTemplate {
  id: NotesTemplateId;
  ownerId: UserId;
  /** Where the notes were that it was made of: there alone it is offered. */
  orgId: OrgId | null;
  title: string;
  preview: string;
  /** The content as a Yjs update. */
  update: Uint8Array;
  createdAt: Date;
}

export interface TemplatesRepository {
  /** Newest first. */
  ofPerson(ownerId: UserId, orgId: OrgId | null): Promise<OwnTemplate[]>;
  /** Of whatever organisation, newest first. */
  all(ownerId: UserId): Promise<OwnTemplate[]>;
  find(id: NotesTemplateId): Promise<OwnTemplate | null>;
  add(template: OwnTemplate): Promise<void>;
  /** False where this person has no such template. */
  remove(id: NotesTemplateId, ownerId: UserId): Promise<boolean>;
}

export interface TemplateUseCases {
  list(actor: Actor): Promise<NotesTemplates>;
  save(actor: Actor, meetingId: MeetingId, input: SaveTemplate): Promise<OwnNotesTemplate>;
  remove(actor: Actor, id: NotesTemplateId): Promise<void>;
  use(actor: Actor, meetingId: MeetingId, input: ApplyTemplate): Promise<AppliedTemplate>;
  /** Throws NOT_FOUND for a template that the actor cannot choose. */
  check(actor: Actor, template: NotesTemplate | undefined): Promise<void>;
}

const previewMaxChars = 300;

export function createTemplates(parts: {
  repository: TemplatesRepository;
  writing: NotesWriting;
  built: BuiltDocuments;
  log: NotesLog;
  audit: AuditService;
  clock: Clock;
  ids: IdSource;
  meters: NotesMeters;
}): TemplateUseCases {
  const { repository, writing, built, log, audit, clock, ids, meters } = parts;

  async function contentOf(actor: Actor, template: NotesTemplate): Promise<Uint8Array | null> {
    const name = builtIn(template);
    if (name !== null) return templateUpdate(name);
    const own = await repository.find(ownIdOf(template));
    if (own === null || own.ownerId !== actor.userId || own.orgId !== actor.orgId) {
      throw notFound("This template");
    }
    return own.update;
  }

  async function record(actor: Actor, id: NotesTemplateId, action: "save" | "delete"): Promise<void> {
    await audit.record({
      actorUserId: actor.userId,
      resourceType: "notesTemplate",
      resourceId: id,
      action: `notes-template.${action}`,
      outcome: "done",
    });
  }

  return {
    async list(actor) {
      const own = await repository.ofPerson(actor.userId, actor.orgId);
      return {
        builtIn: builtInTemplateNames.map((name) => ({ name, headings: [...builtInTemplates[name]] })),
        own: own.map(toView),
        ownMost: limits.notesTemplatesPerPerson,
      };
    },

    async save(actor, meetingId, { title, layer }) {
      const documentId = await writing.allowed(actor, meetingId, { layer, to: "read" });
      const { update, text } = await built.edit(documentId, async (now) => ({
        update: updateFrom(now.fragment),
        text: now.layout().text,
      }));
      if (text.trim() === "") {
        throw new AppError("VALIDATION_ERROR", "There is nothing in these notes yet to make a template of.");
      }
      if (update.byteLength > limits.notesTemplateMaxBytes) {
        throw new AppError("PAYLOAD_TOO_LARGE", "These notes are too large for a template.", {
          details: { maxBytes: limits.notesTemplateMaxBytes },
        });
      }
      const template: OwnTemplate = {
        id: ids.objectId() as NotesTemplateId,
        ownerId: actor.userId,
        orgId: actor.orgId,
        title,
        preview: previewOf(text),
        update,
        createdAt: clock.now(),
      };
      await repository.add(template);
      // Counted afterwards, so that two at once cannot both take the last place.
      const own = await repository.ofPerson(actor.userId, actor.orgId);
      if (own.length > limits.notesTemplatesPerPerson) {
        await repository.remove(template.id, actor.userId);
        throw new AppError("CONFLICT", "You have as many templates as you can have. Delete one first.", {
          details: { most: limits.notesTemplatesPerPerson },
        });
      }
      await record(actor, template.id, "save");
      meters.template("saved");
      return toView(template);
    },

    async remove(actor, id) {
      if (!(await repository.remove(id, actor.userId))) throw notFound("This template");
      await record(actor, id, "delete");
      meters.template("deleted");
    },

    async use(actor, meetingId, { clientKey, layer, template }) {
      const documentId = await writing.allowed(actor, meetingId, { layer, to: "write" });
      const content = await contentOf(actor, template);
      const key = `${templateKey(template)}/${actor.userId}/${clientKey}`;
      return built.edit(documentId, async (now) => {
        const known = await log.byKey(documentId, key);
        if (known !== null) return { version: known.sequence };
        if (now.layout().text.trim() !== "") {
          throw new AppError(
            "NOTES_NOT_EMPTY",
            "Somebody has begun to write: templates are for empty notes.",
            {
              details: { currentVersion: now.version },
            },
          );
        }
        if (content === null) return { version: now.version };
        const source = fragmentFrom(content);
        let version = now.version;
        await now.change(
          () => replaceContent(now.fragment, source),
          async (update) => {
            const appended = await writing.store({ documentId, authorId: actor.userId, key, update });
            version = appended?.entry.sequence ?? version;
            return appended !== null && !appended.repeated;
          },
        );
        meters.template("applied");
        return { version };
      });
    },

    async check(actor, template) {
      if (template !== undefined) await contentOf(actor, template);
    },
  };
}

function toView({ id, title, preview, createdAt }: OwnTemplate): OwnNotesTemplate {
  return { id, title, preview, createdAt: createdAt.toISOString() };
}

function previewOf(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.join("\n").slice(0, previewMaxChars).toWellFormed();
}
