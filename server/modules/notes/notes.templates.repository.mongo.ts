// People's own templates in MongoDB.
import mongoose, { Schema, type Connection } from "mongoose";
import type { NotesTemplateId, OrgId, UserId } from "../../../shared/ids.ts";
import { createIndexes } from "../../platform/create-indexes.ts";
import type { OwnTemplate, TemplatesRepository } from "./notes.templates.ts";

type ObjectId = mongoose.mongo.ObjectId;
type Binary = mongoose.mongo.Binary;
const { Binary, ObjectId } = mongoose.mongo;

interface TemplateDocument {
  _id: ObjectId;
  ownerId: ObjectId;
  /** Absent in documents from before organisations were kept. */
  orgId?: string | null;
  title: string;
  /** The first lines, for choosing. */
  preview: string;
  update: Binary;
  createdAt: Date;
}

const templateSchema = new Schema<TemplateDocument>(
  {
    ownerId: { type: Schema.Types.ObjectId, required: true },
    orgId: { type: String, default: null },
    title: { type: String, required: true },
    preview: { type: String, required: true },
    update: { type: Schema.Types.Buffer, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: "noteTemplates", strict: "throw", versionKey: false, autoIndex: false, autoCreate: false },
);
templateSchema.index({ ownerId: 1, createdAt: -1 });

export async function createMongoTemplatesRepository(connection: Connection): Promise<TemplatesRepository> {
  const Templates = connection.model<TemplateDocument>("NoteTemplate", templateSchema);
  await createIndexes(Templates);
  const stored = connection.getClient().db(connection.name).collection<TemplateDocument>("noteTemplates");
  return {
    async ofPerson(ownerId, orgId) {
      const found = await stored
        // Null matches an absent one too.
        .find({ ownerId: new ObjectId(ownerId), orgId })
        .sort({ createdAt: -1 })
        .toArray();
      return found.map(fromDocument);
    },

    async all(ownerId) {
      const found = await stored
        .find({ ownerId: new ObjectId(ownerId) })
        .sort({ createdAt: -1 })
        .toArray();
      return found.map(fromDocument);
    },

    async find(id) {
      const found = await stored.findOne({ _id: new ObjectId(id) });
      return found === null ? null : fromDocument(found);
    },

    async add({ id, ownerId, update, ...rest }) {
      await stored.insertOne({
        _id: new ObjectId(id),
        ownerId: new ObjectId(ownerId),
        update: new Binary(update),
        ...rest,
      });
    },

    async remove(id, ownerId) {
      const { deletedCount } = await stored.deleteOne({
        _id: new ObjectId(id),
        ownerId: new ObjectId(ownerId),
      });
      return deletedCount > 0;
    },
  };
}

function fromDocument({
  _id,
  ownerId,
  orgId,
  title,
  preview,
  update,
  createdAt,
}: TemplateDocument): OwnTemplate {
  return {
    id: _id.toHexString() as NotesTemplateId,
    ownerId: ownerId.toHexString() as UserId,
    orgId: (orgId ?? null) as OrgId | null,
    title,
    preview,
    update: new Uint8Array(update.value()),
    createdAt,
  };
}
