// Names of the templates that notes can begin with, as every screen says them.
import type { BuiltInTemplate } from "../../shared/notes-templates.ts";
import { builtInTemplates } from "../../shared/notes-templates.ts";
import type { NotesTemplate } from "../../shared/schemas/meetings.ts";

export const templateNames: Record<BuiltInTemplate, string> = {
  grow: "GROW session",
  "one-on-one": "One-on-one",
  retrospective: "Retrospective",
  "mock-interview": "Mock interview",
  blank: "Blank page",
};

/** What the notes begin with, in one sentence. */
export function templateSentence(template: NotesTemplate): string {
  if (isOwn(template)) return "Notes begin with a template of the host's own.";
  const headings: readonly string[] = builtInTemplates[template];
  if (headings.length === 0) return "Notes begin blank.";
  return `Notes begin with: ${headings.join(" · ")}.`;
}

/** "Agenda: GROW session — Goal, Reality, …" */
export function agendaOf(template: NotesTemplate): string {
  if (isOwn(template)) return "Agenda: the host's own template";
  const headings: readonly string[] = builtInTemplates[template];
  const name = `Agenda: ${templateNames[template]}`;
  return headings.length === 0 ? name : `${name} — ${headings.join(", ")}`;
}

function isOwn(template: NotesTemplate): template is `own:${string}` {
  return template.startsWith("own:");
}
