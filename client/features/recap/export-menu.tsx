// Takes the recap elsewhere: a Markdown file, paper or PDF, a calendar.
import { CalendarDays, Download, FileText, Printer } from "lucide-react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Insight } from "../../../shared/schemas/insights.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { addressOf } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { Menu } from "../../ui/menu.tsx";
import { fileName, recapMarkdown } from "./recap-markdown.ts";
import { recapStrings } from "./strings.ts";

const words = recapStrings.exports;

export interface ExportMenuProps {
  meeting: Meeting;
  insight: Insight | null;
  notes: string;
  under: string[];
  nameOf: (userId: string) => string;
}

export function ExportMenu({ meeting, insight, notes, under, nameOf }: ExportMenuProps) {
  function saveMarkdown() {
    const address = `${window.location.origin}/meetings/${meeting.id}/recap`;
    const text = recapMarkdown({ title: meeting.title, under, insight, notes, nameOf, address });
    const day = (meeting.startedAt ?? meeting.createdAt).slice(0, 10);
    saveFile(fileName(meeting.title, day, "md"), text, "text/markdown;charset=utf-8");
  }
  return (
    <Menu
      trigger={(ties) => (
        <Button icon={Download} {...ties}>
          {words.button}
        </Button>
      )}
      items={[
        { label: words.markdown, icon: FileText, onSelect: saveMarkdown },
        { label: words.print, icon: Printer, onSelect: () => window.print() },
        {
          label: words.calendar,
          icon: CalendarDays,
          href: addressOf(endpoints.meetingInvitation, { params: { id: meeting.id } }),
          download: "",
        },
      ]}
    />
  );
}

function saveFile(name: string, content: string, type: string): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the content by the next turn of its loop.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
