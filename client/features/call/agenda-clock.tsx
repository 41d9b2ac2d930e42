// How much of the agreed time is left.
import { Clock } from "lucide-react";
import { Badge } from "../../ui/badge.tsx";
import { formatTimeline } from "../../ui/times.ts";
import { agendaTime } from "./server-time.ts";
import { callStrings } from "./strings.ts";

const tones = { calm: "neutral", soon: "warm", over: "danger" } as const;

export interface AgendaClockProps {
  meeting: { startedAt: string | null; durationMinutes: number | null };
  nowMs: number;
}

export function AgendaClock({ meeting, nowMs }: AgendaClockProps) {
  const { elapsedMs, leftMs, tone } = agendaTime(meeting, nowMs);
  const words =
    leftMs === null
      ? callStrings.elapsed(formatTimeline(elapsedMs))
      : leftMs < 0
        ? callStrings.over(formatTimeline(-leftMs))
        : callStrings.left(formatTimeline(leftMs));
  return (
    <Badge tone={tones[tone]} icon={Clock} title={callStrings.agendaTitle}>
      <span role="timer" style={{ fontVariantNumeric: "tabular-nums" }}>
        {words}
      </span>
    </Badge>
  );
}
