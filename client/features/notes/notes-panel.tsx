// Notes beside a call: what everybody writes together, and what one writes for oneself.
import { Lock } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { MeetingId, UserId } from "../../../shared/ids.ts";
import type { MeetingRole } from "../../../shared/schemas/meetings.ts";
import { Badge } from "../../ui/badge.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import styles from "./notes.module.css";
import { notesStrings } from "./strings.ts";

const NotesLayer = lazy(async () => ({ default: (await import("./notes-layer.tsx")).NotesLayer }));

export interface NotesPanelProps {
  meetingId: MeetingId;
  me: { id: UserId; displayName: string };
  role: MeetingRole;
}

export function NotesPanel({ meetingId, me, role }: NotesPanelProps) {
  const [selected, setSelected] = useState<"shared" | "mine">("shared");
  // One's own layer connects when it is first wanted, and stays then: a draft must not be torn down.
  const [mineOpened, setMineOpened] = useState(false);
  const mayWrite = role !== "observer";
  const shared = (
    <Suspense fallback={<Waiting label={notesStrings.loading} />}>
      <NotesLayer meetingId={meetingId} me={me} layer="shared" mayWrite={mayWrite} />
    </Suspense>
  );
  // Who only observes has no layer to write in.
  if (!mayWrite) return <div className={styles["panel"]}>{shared}</div>;
  return (
    <Tabs
      label={notesStrings.layers}
      className={styles["panel"] ?? ""}
      panelClassName={styles["layerPanel"]}
      keepMounted
      selected={selected}
      onSelect={(layer) => {
        setSelected(layer);
        if (layer === "mine") setMineOpened(true);
      }}
      tabs={[
        { key: "shared", label: notesStrings.shared, content: shared },
        {
          key: "mine",
          label: notesStrings.mine,
          mark: <Lock size={14} aria-hidden />,
          content: mineOpened && (
            <>
              <p className={styles["private"]}>
                <Badge tone="warm" icon={Lock}>
                  {notesStrings.minePrivate}
                </Badge>
              </p>
              <Suspense fallback={<Waiting label={notesStrings.loading} />}>
                <NotesLayer meetingId={meetingId} me={me} layer="mine" mayWrite />
              </Suspense>
            </>
          ),
        },
      ]}
    />
  );
}
