// The shared notes as they stand now, to read.
import { PenLine } from "lucide-react";
import type { ReactNode } from "react";
import type { NotesView } from "../../../shared/schemas/notes.ts";
import type { UseLive } from "../../api/live.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Markdown } from "../../ui/markdown/markdown.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";

const words = recapStrings.notes;

export function NotesCard({ notes, history }: { notes: UseLive<NotesView>; history: ReactNode }) {
  return (
    <Card
      title={words.heading}
      aside={
        <div className={styles["aside"]}>
          <Badge tone="accent" icon={PenLine}>
            {recapStrings.machine.people}
          </Badge>
          {history}
        </div>
      }
    >
      {notes.status === "loading" && <Waiting label={words.loading} />}
      {notes.status === "error" && <Failure error={notes.error} onRetry={notes.retry} />}
      {notes.data !== null &&
        (notes.data.content.trim() === "" ? (
          <p className={styles["muted"]}>{words.empty}</p>
        ) : (
          <Markdown text={notes.data.content} taskWords={{ done: words.done, open: words.open }} />
        ))}
    </Card>
  );
}
