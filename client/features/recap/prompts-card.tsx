// The prompts that hosts were given during the call; drawn for hosts alone.
import { EyeOff } from "lucide-react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { formatTimeline } from "../../ui/times.ts";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";

const words = recapStrings.prompts;

export function PromptsCard({ meetingId }: { meetingId: MeetingId }) {
  const prompts = useRequest(endpoints.listPrompts, { params: { id: meetingId } });
  if (prompts.data === null || prompts.data.items.length === 0) return null;
  const { items } = prompts.data;
  return (
    <Card
      title={words.heading}
      className={styles["notPrinted"]}
      aside={
        <Badge tone="warm" icon={EyeOff}>
          {words.hostsOnly}
        </Badge>
      }
    >
      <details>
        <summary className={styles["summary"]}>{words.count(items.length)}</summary>
        <ul className={styles["items"]}>
          {items.map((prompt) => (
            <li key={prompt.id}>
              <p>{prompt.content}</p>
              <p className={styles["muted"]}>
                {formatTimeline(prompt.atMs)} · {prompt.reason} ·{" "}
                {prompt.feedback === null ? words.none : words.feedback[prompt.feedback]}
              </p>
            </li>
          ))}
        </ul>
      </details>
    </Card>
  );
}
