// What of a brief's sources a model may be handed, line by line, and the way back from its lines to the sources. Pure.
import type { BriefIdea, BriefSource } from "../../../shared/schemas/briefs.ts";
import type { BriefLine, WrittenIdea } from "../../vendors/language/index.ts";
import type { MeetingRecord } from "../meetings/index.ts";
import { callSource, hundredths, isSame, type BriefSources } from "./compose-brief.ts";

export interface SourcedLine extends BriefLine {
  source: BriefSource;
}

const textCharsMost = 500;
const linesMost = 60;
const tags: Record<BriefLine["kind"], string> = {
  commitment: "commitment",
  outcome: "last-call",
  topic: "topic",
};

/**
 * Numbered from 1, most pressing first; each with everybody whose words it is made of. Of what was said in calls alone: that
 * is what people are asked about, and nobody was asked whether a machine may read their profile.
 */
export function linesOf(record: MeetingRecord, sources: BriefSources): SourcedLine[] {
  const lines: Omit<SourcedLine, "line">[] = [];
  const subjectOf = ({ id, orgId }: Pick<MeetingRecord, "id" | "orgId">) => ({ meetingId: id, orgId });
  for (const one of sources.commitments) {
    if (one.speakerIds.length === 0) continue;
    lines.push({
      kind: "commitment",
      text: one.dueText === null ? one.text : `${one.text} (${one.dueText})`,
      subject: subjectOf({ id: one.meetingId, orgId: record.orgId }),
      speakerIds: [...one.speakerIds, ...(one.ownerId === null ? [] : [one.ownerId])],
      whoId: one.ownerId,
      source: callSource(one.meetingId, one.meetingTitle, one.sequence),
    });
  }
  for (const { record: call, outcome, topics } of sources.lastCalls) {
    const subject = subjectOf(call);
    if (outcome !== null)
      lines.push({
        kind: "outcome",
        text: outcome.text,
        subject,
        speakerIds: outcome.citations.map(({ speakerId }) => speakerId),
        whoId: null,
        source: callSource(call.id, call.title, outcome.citations[0]?.sequence ?? null),
      });
    // A topic is made of everybody's words.
    const speakerIds = call.participants
      .filter(({ role }) => role !== "observer")
      .map(({ userId }) => userId);
    for (const { labels, firstSequence } of topics)
      for (const label of labels)
        lines.push({
          kind: "topic",
          text: label,
          subject,
          speakerIds,
          whoId: null,
          source: callSource(call.id, call.title, firstSequence),
        });
  }
  return lines.slice(0, linesMost).map((one, place) => ({
    ...one,
    text: one.text.replaceAll(/\s+/g, " ").trim().slice(0, textCharsMost),
    line: place + 1,
  }));
}

/** Those that say no more than a commitment does are left out: it leads already. */
export function ideasOfModel(
  written: readonly WrittenIdea[],
  { lines, told }: { lines: readonly SourcedLine[]; told: readonly string[] },
): BriefIdea[] {
  const byNumber = new Map(lines.map((one) => [one.line, one]));
  return written
    .filter(({ text }) => !told.some((other) => isSame(text, other)))
    .map(({ text, relevance, evidence }) => {
      const cited = [...new Set(evidence.map(({ sequence }) => sequence))].flatMap(
        (line) => byNumber.get(line) ?? [],
      );
      return {
        type: "precall",
        content: text,
        relevance: hundredths(relevance),
        tags: [...new Set(cited.map(({ kind }) => tags[kind]))],
        sources: cited
          .map(({ source }) => source)
          .filter(
            (source, place, all) =>
              all.findIndex((other) => JSON.stringify(other) === JSON.stringify(source)) === place,
          ),
      };
    });
}
