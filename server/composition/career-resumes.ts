// Master résumés put together: who may compute numbers of their lines, and which files they name.
import { randomBytes } from "node:crypto";
import type mongoose from "mongoose";
import type { AiService } from "../modules/ai/index.ts";
import type { CareerOwner } from "../modules/career/index.ts";
import { createResumesModule, type ResumesOptions } from "../modules/career/resumes/index.ts";
import type { FileRecord } from "../modules/files/index.ts";
import type { OrganizationsService } from "../modules/organizations/index.ts";
import type { UsersService } from "../modules/users/index.ts";
import type { EmbeddingsProvider } from "../vendors/embeddings/index.ts";
import { createLexicalEmbeddings } from "../vendors/embeddings/lexical.ts";

export type CareerResumesParts = Omit<ResumesOptions, "embeddingsFor" | "secret" | "belongs"> & {
  connection: mongoose.Connection;
  ai: Pick<AiService, "useOf">;
  embeddings: EmbeddingsProvider;
  users: Pick<UsersService, "byIds">;
  organizations: Pick<OrganizationsService, "membersAmong">;
  /** Told what names files of the pipeline, once it can tell. */
  careerFiles: { resolve(names: { resume(file: FileRecord): Promise<boolean> }): void };
};

export async function createCareerResumes(parts: CareerResumesParts) {
  const { ai, embeddings, users, organizations } = parts;
  const lexical = createLexicalEmbeddings();

  async function embeddingsFor({ orgId }: CareerOwner): Promise<EmbeddingsProvider | null> {
    const use = orgId === null ? "model" : await ai.useOf(orgId);
    if (use === "off") return null;
    // Where models may read nothing, words are counted here.
    return use === "model" ? embeddings : lexical;
  }

  async function belongs({ userId, orgId }: CareerOwner): Promise<boolean> {
    const [person] = await users.byIds([userId]);
    if (person === undefined || person.deletedAt !== null || person.erasedAt !== null) return false;
    return orgId === null || (await organizations.membersAmong(orgId, [userId])).has(userId);
  }

  const made = await createResumesModule({
    ...parts,
    embeddingsFor,
    belongs,
    secret: () => randomBytes(32).toString("base64url"),
  });
  parts.careerFiles.resolve({ resume: (file) => made.resumes.names(file) });
  return made;
}
