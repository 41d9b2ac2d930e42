// The recap as a Markdown file, in the same order as the page.
import type { CitedText, Citation, Insight, SharedLink } from "../../../shared/schemas/insights.ts";
import { formatTimeline } from "../../ui/times.ts";
import { recapStrings } from "./strings.ts";

export interface RecapFile {
  title: string;
  /** When it was and who took part, in words. */
  under: string[];
  insight: Insight | null;
  notes: string;
  nameOf: (userId: string) => string;
  /** Address of the recap page, which the citations lead to. */
  address: string;
}

export function recapMarkdown({ title, under, insight, notes, nameOf, address }: RecapFile): string {
  const cite = (citations: readonly Citation[]) =>
    citations
      .map(
        (citation) =>
          `  > “${oneLine(citation.quote)}” — ${oneLine(nameOf(citation.speakerId))}, [${formatTimeline(citation.startMs)}](<${address}#t-${citation.sequence}>)`,
      )
      .join("\n");
  const cited = (item: CitedText) => `- ${oneLine(item.text)}\n${cite(item.citations)}`;
  const parts = [`# ${oneLine(title)}`, under.map(oneLine).join("  \n"), `<${address}>`];

  if (insight !== null) {
    const { machine, outcome, actions, decisions, summary, recommendations, links, missing } = recapStrings;
    const by = insight.generatedBy === "rules" ? machine.rules : machine.model(insight.generatedBy);
    const section = (heading: string, body: string) => parts.push(`## ${heading}`, body);
    parts.push(`_${by}_`);
    section(outcome.heading, insight.outcome === null ? outcome.empty : cited(insight.outcome));
    section(
      actions.heading,
      insight.actionItems.length === 0
        ? actions.empty
        : insight.actionItems
            .map((item) => {
              const owner = item.ownerId === null ? actions.noOwner : oneLine(nameOf(item.ownerId));
              const said = item.dueText === null ? "" : `, ${actions.due(oneLine(item.dueText))}`;
              const due = item.movedTo === null ? said : `, ${actions.movedTo(item.movedTo)}`;
              return `- [${item.done ? "x" : " "}] ${oneLine(item.text)} (${owner}${due})\n${cite(item.citations)}`;
            })
            .join("\n"),
    );
    const list = (items: CitedText[], empty: string) =>
      items.length === 0 ? empty : items.map(cited).join("\n");
    section(decisions.heading, list(insight.decisions, decisions.empty));
    section(summary.heading, list(insight.summary, summary.empty));
    // What comes from somebody's own review is not for whoever gets the file.
    const suggested = insight.recommendations.filter(({ type }) => type !== "coaching");
    if (suggested.length > 0)
      section(
        recommendations.heading,
        suggested.map(({ content, citations }) => cited({ text: content, citations })).join("\n"),
      );
    if (insight.links.length > 0)
      section(
        links.heading,
        insight.links.map((link) => `- <${link.url}> (${oneLine(fromOf(link, nameOf))})`).join("\n"),
      );
    if (insight.missing.length > 0) {
      section(missing.heading, insight.missing.map((sentence) => `- ${oneLine(sentence)}`).join("\n"));
    }
  }
  parts.push(
    `## ${recapStrings.notes.heading}`,
    notes.trim() === "" ? recapStrings.notes.empty : notes.trim(),
  );
  return parts.join("\n\n") + "\n";
}

function fromOf({ type, userId, startMs }: SharedLink, nameOf: RecapFile["nameOf"]): string {
  const { links } = recapStrings;
  if (type === "notes") return links.notes;
  const name = nameOf(userId ?? "");
  return type === "chat" ? links.chat(name) : links.said(name, formatTimeline(startMs ?? 0));
}

/** A name that every file system takes: "2026-03-12 Session with Mara". */
export function fileName(title: string, day: string, extension: string): string {
  const safe = title
    .normalize("NFC")
    .replace(/[^\p{L}\p{N} ._-]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 80);
  return `${[day, safe].filter((part) => part !== "").join(" ")}.${extension}`;
}

// What was said is text, not structure: line ends would start new blocks, signs would become formatting.
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_[\]<>#|]/g, "\\$&");
}
