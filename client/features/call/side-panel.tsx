// The one panel beside the call: notes, transcript, prompts for hosts, and chat.
import { type ReactNode, useState } from "react";
import { Tabs, type Tab } from "../../ui/tabs.tsx";
import panel from "./panel/panel.module.css";
import { callStrings } from "./strings.ts";

export type PanelTab = "notes" | "transcript" | "prompts" | "chat";

export interface SidePanelProps {
  open: boolean;
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  notes: ReactNode;
  transcript: ReactNode;
  /** Null for everybody but hosts: the tab does not exist then. */
  prompts: ReactNode | null;
  promptWaiting: boolean;
  chat: ReactNode;
  /** What is newer than the last look is unread. */
  messages: readonly { sequence: number }[];
  /** The last one that was there on arrival; null while that is not known. */
  arrivedAt: number | null;
}

export function SidePanel(props: SidePanelProps) {
  const { open, tab, onTab, messages, arrivedAt } = props;
  const unread = useUnread(messages, arrivedAt, open && tab === "chat");
  const tabs: Tab<PanelTab>[] = [
    { key: "notes", label: callStrings.tabNotes, content: props.notes },
    { key: "transcript", label: callStrings.tabTranscript, content: props.transcript },
    ...(props.prompts === null
      ? []
      : [
          {
            key: "prompts" as const,
            label: callStrings.tabPrompts,
            content: props.prompts,
            ...(props.promptWaiting && tab !== "prompts" ? { mark: <Dot /> } : {}),
          },
        ]),
    {
      key: "chat",
      label: callStrings.tabChat,
      content: props.chat,
      ...(unread > 0 ? { mark: <Count unread={unread} /> } : {}),
    },
  ];
  return (
    <aside className={panel["panel"]} aria-label={callStrings.panel} hidden={!open}>
      <Tabs
        label={callStrings.panel}
        tabs={tabs}
        selected={tab}
        onSelect={onTab}
        keepMounted
        className={panel["tabs"] ?? ""}
        panelClassName={panel["tab"]}
      />
    </aside>
  );
}

function Dot() {
  return (
    <>
      <span className={panel["dot"]} />
      <span className="visually-hidden"> {callStrings.newPrompt}</span>
    </>
  );
}

function Count({ unread }: { unread: number }) {
  return (
    <span className={panel["count"]}>
      {unread}
      <span className="visually-hidden"> {callStrings.unread(unread)}</span>
    </span>
  );
}

/** What was there on arrival counts as read. */
function useUnread(
  messages: readonly { sequence: number }[],
  arrivedAt: number | null,
  looking: boolean,
): number {
  const last = messages.at(-1)?.sequence ?? 0;
  const [looked, setLooked] = useState(0);
  if (looking && looked < last) setLooked(last);
  const seen = Math.max(looked, arrivedAt ?? 0);
  // Counted from the end: changes of messages have numbers, too, and are nothing to read.
  return arrivedAt === null
    ? 0
    : messages.length - 1 - messages.findLastIndex(({ sequence }) => sequence <= seen);
}
