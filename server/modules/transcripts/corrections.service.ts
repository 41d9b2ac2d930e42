// Corrections of a transcript: who may make them, in which order they count, and lines as they are with them.
import type { Actor } from "../../../shared/actor.ts";
import { AppError, notFound } from "../../../shared/errors.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import type {
  Correction,
  EditLine,
  LineHistory,
  RenameSpeaker,
} from "../../../shared/schemas/transcript-corrections.ts";
import type { TranscriptChunk } from "../../../shared/schemas/transcripts.ts";
import { applyCorrection, applyCorrections } from "../../../shared/transcript/corrections.ts";
import type { EventBus } from "../../platform/event-bus.ts";
import type { Journal } from "../../platform/journal/index.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { AuditService } from "../audit/index.ts";
import type { MeetingsService } from "../meetings/index.ts";
import {
  concerns,
  correctionOfEntry,
  correctionStream,
  correctionView,
  speakerOf,
  toCorrectionInput,
  type CorrectionContent,
} from "./corrections.entries.ts";
import { createCorrectionMaterialiser } from "./corrections.materialiser.ts";
import type { CorrectionsRepository } from "./corrections.repository.ts";
import type { SpeakerCheck } from "./speaker-check.ts";

export interface CorrectionsParts {
  journal: Journal;
  meetings: Pick<MeetingsService, "authorize">;
  speakers: SpeakerCheck;
  bus: EventBus;
  audit: AuditService;
  metrics: Metrics;
  repository: CorrectionsRepository;
  /** A line as it came, or null where there is none. */
  original(meetingId: MeetingId, sequence: number): Promise<TranscriptChunk | null>;
  lastSequence(meetingId: MeetingId): Promise<number>;
}

export interface Corrections {
  edit(actor: Actor, meetingId: MeetingId, sequence: number, input: EditLine): Promise<Correction>;
  rename(actor: Actor, meetingId: MeetingId, input: RenameSpeaker): Promise<Correction>;
  history(actor: Actor, meetingId: MeetingId, sequence: number): Promise<LineHistory>;
  /** Into the collection with all that are durable. */
  file(meetingId: MeetingId): Promise<void>;
  /** Highest durable revision, 0 for none. */
  lastRevision(meetingId: MeetingId): Promise<number>;
  /** Whether the latest correction was made later than `at`. */
  correctedAfter(meetingId: MeetingId, at: Date): Promise<boolean>;
  /** Lines in order of sequence, with every correction that was durable at the call. */
  applied(meetingId: MeetingId, lines: readonly TranscriptChunk[]): Promise<readonly TranscriptChunk[]>;
  /** In order of revision, those that may touch lines from `first` to `last`. */
  concerning(meetingId: MeetingId, first: number, last: number): Promise<Correction[]>;
}

/** Registers its materialiser with the journal, so it is made before the journal starts. */
export function createCorrections(parts: CorrectionsParts): Corrections {
  const { journal, meetings, speakers, bus, audit, repository } = parts;
  journal.register(createCorrectionMaterialiser(repository));
  const made = parts.metrics.counter("transcript_corrections_total", "Corrections of transcripts by kind", [
    "kind",
  ]);
  const lastRevision = (meetingId: MeetingId) => journal.lastSequence(correctionStream(meetingId));

  async function concerning(meetingId: MeetingId, first: number, last: number): Promise<Correction[]> {
    if ((await lastRevision(meetingId)) === 0) return [];
    // The tail before the collection: what moves in between is then seen twice, not never.
    const tail = await journal.tail(correctionStream(meetingId), 1);
    const stored = await repository.concerning(meetingId, first, last);
    const byRevision = new Map(
      [...tail.map(correctionOfEntry), ...stored]
        .filter(({ content }) => concerns(content, first, last))
        .map((correction) => [correction.revision, correctionView(correction)]),
    );
    return [...byRevision.values()].sort((one, other) => one.revision - other.revision);
  }

  async function correctedAfter(meetingId: MeetingId, at: Date): Promise<boolean> {
    const revision = await lastRevision(meetingId);
    if (revision === 0) return false;
    // The tail before the collection, as above.
    const tail = await journal.tail(correctionStream(meetingId), revision);
    const stored = tail.length > 0 ? [] : await repository.read(meetingId, revision, 1);
    return [...tail.map(correctionOfEntry), ...stored].some(({ createdAt }) => createdAt > at);
  }

  async function applied(meetingId: MeetingId, lines: readonly TranscriptChunk[]) {
    const first = lines[0]?.sequence;
    const last = lines.at(-1)?.sequence;
    if (first === undefined || last === undefined) return lines;
    return applyCorrections(lines, await concerning(meetingId, first, last));
  }

  async function lineOf(meetingId: MeetingId, sequence: number): Promise<TranscriptChunk> {
    const line = await parts.original(meetingId, sequence);
    if (line === null) throw notFound("This line");
    return line;
  }

  async function record(
    actor: Actor,
    meetingId: MeetingId,
    clientKey: string,
    content: CorrectionContent,
  ): Promise<Correction> {
    // Counted beforehand: a few that come at the same time may lie above it, which harms nobody.
    if ((await lastRevision(meetingId)) >= limits.transcriptCorrectionsMaxItems) {
      throw new AppError(
        "CONFLICT",
        `This transcript has been corrected ${limits.transcriptCorrectionsMaxItems} times, which is the most it can hold.`,
      );
    }
    const [appended] = await journal.append(correctionStream(meetingId), [
      toCorrectionInput(actor.userId, clientKey, content),
    ]);
    if (appended === undefined) throw new Error("the journal answered without an entry");
    const correction = correctionView(correctionOfEntry(appended.entry));
    if (appended.repeated) return correction;
    // The journal's promises resolve in order of revision, and nothing is awaited in between: so does publication.
    bus.publish("transcript.edited", { meetingId, correction });
    made.inc({ kind: correction.kind });
    await audit.record({
      actorUserId: actor.userId,
      resourceType: "meeting",
      resourceId: meetingId,
      action: content.kind === "text" ? "transcript.edit" : "transcript.rename-speaker",
      outcome: "done",
      metadata: {
        revision: correction.revision,
        sequence: content.kind === "speaker" ? null : content.sequence,
      },
    });
    return correction;
  }

  return {
    file: (meetingId) => journal.materialise(correctionStream(meetingId)),
    lastRevision,
    correctedAfter,
    applied,
    concerning,

    async edit(actor, meetingId, sequence, { clientKey, text }) {
      const { role } = await meetings.authorize(actor, meetingId, "transcript.edit");
      const [line] = await applied(meetingId, [await lineOf(meetingId, sequence)]);
      if (role !== "host" && line?.speakerId !== actor.userId) {
        throw new AppError("FORBIDDEN", "You can correct your own lines; ask a host to correct this one.");
      }
      return await record(actor, meetingId, clientKey, { kind: "text", sequence, text });
    },

    async rename(actor, meetingId, input) {
      await meetings.authorize(actor, meetingId, "transcript.rename-speakers");
      if ("speakerId" in input.to) await speakers.assertInMeeting(meetingId, [input.to.speakerId]);
      const to = speakerOf(meetingId, input.to);
      if (input.scope === "line") {
        const { sequence } = await lineOf(meetingId, input.sequence);
        return await record(actor, meetingId, input.clientKey, { kind: "line-speaker", sequence, ...to });
      }
      const byLabel = "label" in input.from;
      return await record(actor, meetingId, input.clientKey, {
        kind: "speaker",
        fromLabel: "label" in input.from ? input.from.label : null,
        fromSpeakerId: "speakerId" in input.from ? input.from.speakerId : null,
        // A recogniser will go on with its label; a person's own later words stay theirs.
        throughSequence: byLabel ? null : await parts.lastSequence(meetingId),
        ...to,
      });
    },

    async history(actor, meetingId, sequence) {
      await meetings.authorize(actor, meetingId, "transcript.history");
      let line = await lineOf(meetingId, sequence);
      const original = { ...wordingOf(line), at: line.createdAt };
      const changes: LineHistory["changes"] = [];
      for (const correction of await concerning(meetingId, sequence, sequence)) {
        const after = applyCorrection(line, correction);
        if (after === line) continue;
        line = after;
        const { revision, at, authorId } = correction;
        changes.push({ ...wordingOf(line), revision, at, authorId });
      }
      return { sequence, original, changes };
    },
  };
}

function wordingOf({ text, speakerId, speakerLabel }: TranscriptChunk) {
  return { text, speakerId, speakerLabel: speakerLabel ?? null };
}
