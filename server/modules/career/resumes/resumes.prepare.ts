// What is computed once of each bullet: its evidence by the rules of today, its embedding under the configuration of today.
import type { EvidenceScores, ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Logger } from "../../../platform/logger.ts";
import type { Metrics } from "../../../platform/metrics.ts";
import type { EmbeddingsProvider } from "../../../vendors/embeddings/index.ts";
import type { CareerOwner } from "../career.policy.ts";
import { evidenceOf, evidenceRulesHash, evidenceRulesVersion } from "../evidence/score.ts";
import { bulletsOf } from "../resume/bullets.ts";
import { contentHash } from "../resume/hash.ts";
import type { StoredResume } from "./index.ts";
import type { BulletEmbedding, ResumesRepository } from "./resumes.repository.ts";

/** Texts that a model is asked about at once. */
const embeddedAtOnce = 64;
/** Raised with every change of what a bullet is made into before it is embedded. */
const preprocessVersion = 1;

export interface PrepareParts {
  repository: ResumesRepository;
  /** Null where machines are switched off for the owner. */
  embeddingsFor(owner: CareerOwner): Promise<EmbeddingsProvider | null>;
  hashOfText(text: string): string;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export interface Prepared {
  bullets: ResumeBullet[];
  evidence: EvidenceScores;
  embeddings: Map<string, Float32Array>;
  embeddingModel: string;
  cacheHits: { evidenceScores: boolean; embeddings: boolean };
}

export type Preparer = ReturnType<typeof createPreparer>;

export function createPreparer(parts: PrepareParts) {
  const { repository, embeddingsFor, hashOfText, clock, metrics } = parts;
  const computed = metrics.counter(
    "resume_bullets_computed_total",
    "Bullets of résumés that were scored and embedded, by whether it was done before",
    ["what", "source"],
  );

  /** Scores of bullets that have not changed are those of before. */
  async function score(resume: StoredResume, bullets: readonly ResumeBullet[]) {
    const hashes = { masterResumeHash: resume.contentHash, rulesHash: evidenceRulesHash };
    const known = await repository.evidence(resume.id, hashes);
    if (known !== null) {
      computed.inc({ what: "evidence", source: "kept" }, bullets.length);
      return { evidence: known, hit: true };
    }
    const evidence: EvidenceScores = {
      ...hashes,
      rulesVersion: evidenceRulesVersion,
      scores: bullets.map(({ bulletId, text }) => ({ bulletId, ...evidenceOf(text) })),
    };
    computed.inc({ what: "evidence", source: "made" }, bullets.length);
    await repository.putBullets(resume.id, bullets, clock.now());
    await repository.putEvidence(resume.id, evidence, clock.now());
    return { evidence, hit: false };
  }

  async function embed(resume: StoredResume, bullets: readonly ResumeBullet[], signal?: AbortSignal) {
    const provider = await embeddingsFor(resume);
    if (provider === null) return { embeddings: new Map<string, Float32Array>(), model: "none", hit: true };
    const configuration = configurationOf(provider);
    const known = new Map(
      (await repository.embeddings(resume.id, configuration.embedKeyHash)).map((each) => [
        each.bulletId,
        each,
      ]),
    );
    const missing = bullets.filter(
      ({ bulletId, text }) => known.get(bulletId)?.textHash !== hashOfText(text),
    );
    computed.inc({ what: "embedding", source: "kept" }, bullets.length - missing.length);
    for (let start = 0; start < missing.length; start += embeddedAtOnce) {
      signal?.throwIfAborted();
      const some = missing.slice(start, start + embeddedAtOnce);
      const vectors = await provider.embed(
        some.map(({ text }) => text),
        { subject: { meetingId: null, orgId: resume.orgId }, ...(signal === undefined ? {} : { signal }) },
      );
      const made: BulletEmbedding[] = some.map(({ bulletId, text }, index) => ({
        bulletId,
        textHash: hashOfText(text),
        embedding: [...(vectors[index] ?? [])],
      }));
      // As they come: whoever waits sees how far it is, and a crash loses little.
      await repository.putEmbeddings(resume, configuration, made, clock.now());
      computed.inc({ what: "embedding", source: "made" }, made.length);
      for (const each of made) known.set(each.bulletId, each);
    }
    const ids = bullets.map(({ bulletId }) => bulletId);
    const present = new Set(ids);
    if ([...known.keys()].some((id) => !present.has(id)))
      await repository.keepEmbeddings(resume, configuration.embedKeyHash, ids);
    const embeddings = new Map(
      ids.flatMap((id) => {
        const found = known.get(id);
        return found === undefined ? [] : [[id, Float32Array.from(found.embedding)] as const];
      }),
    );
    return { embeddings, model: configuration.embeddingModel, hit: missing.length === 0 };
  }

  return {
    /** May be repeated: only what is missing is computed. Throws what the embeddings' provider throws. */
    async prepare(resume: StoredResume, signal?: AbortSignal): Promise<Prepared> {
      const bullets = bulletsOf(resume.content);
      const scored = await score(resume, bullets);
      const embedded = await embed(resume, bullets, signal);
      return {
        bullets,
        evidence: scored.evidence,
        embeddings: embedded.embeddings,
        embeddingModel: embedded.model,
        cacheHits: { evidenceScores: scored.hit, embeddings: embedded.hit },
      };
    },

    /** Evidence alone, which no model is asked for. */
    async scored(resume: StoredResume): Promise<{ evidence: EvidenceScores; hit: boolean }> {
      return await score(resume, bulletsOf(resume.content));
    },

    /** How far it is. */
    async progress(resume: StoredResume) {
      const bullets = bulletsOf(resume.content);
      const provider = await embeddingsFor(resume);
      const [evidence, embeddings] = await Promise.all([
        repository.evidence(resume.id, {
          masterResumeHash: resume.contentHash,
          rulesHash: evidenceRulesHash,
        }),
        provider === null ? [] : repository.embeddings(resume.id, configurationOf(provider).embedKeyHash),
      ]);
      const hashes = new Map(embeddings.map(({ bulletId, textHash }) => [bulletId, textHash]));
      const embedded = bullets.filter(
        ({ bulletId, text }) => hashes.get(bulletId) === hashOfText(text),
      ).length;
      const scored = evidence === null ? 0 : bullets.length;
      const done = scored === bullets.length && (provider === null || embedded === bullets.length);
      return {
        evidence,
        preparation: {
          state: done ? ("ready" as const) : ("preparing" as const),
          bullets: bullets.length,
          scored,
          embedded,
        },
      };
    },
  };
}

function configurationOf({ name, version }: EmbeddingsProvider) {
  return { embedKeyHash: contentHash({ name, version, preprocessVersion }), embeddingModel: name };
}
