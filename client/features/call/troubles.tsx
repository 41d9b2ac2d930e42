// What keeps sound or picture from working, in words, each with what to do; a person may wave it away.
import { X } from "lucide-react";
import { useState } from "react";
import type { LocalMediaState } from "../../media/local-media.ts";
import { mediaStrings } from "../../media/strings.ts";
import { IconButton } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { uiStrings } from "../../ui/strings.ts";
import { callStrings } from "./strings.ts";
import type { AccessState } from "./use-call.ts";
import type { CallConnectionState } from "./video/call-connection.ts";

export interface TroublesProps {
  local: LocalMediaState;
  access: AccessState;
  status: CallConnectionState["status"];
  observing: boolean;
}

export function Troubles(props: TroublesProps) {
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  return troubles(props)
    .filter((words) => !dismissed.includes(words))
    .map((words) => (
      <Notice
        key={words}
        tone="warm"
        live
        actions={
          <IconButton
            icon={X}
            size="small"
            label={uiStrings.dismiss}
            onClick={() => setDismissed((now) => [...now, words])}
          />
        }
      >
        <p>{words}</p>
      </Notice>
    ));
}

function troubles({ local, access, status, observing }: TroublesProps): string[] {
  const words: string[] = [];
  for (const device of ["microphone", "camera", "screen"] as const) {
    const state = local[device];
    if (state.kind === "failed") words.push(mediaStrings.problems[device][state.problem]);
  }
  if (access.kind === "failed") words.push(`${callStrings.accessFailed} ${access.message}`);
  if (status.kind === "refused") words.push(`${callStrings.callFull} ${status.message}`);
  if (observing) words.push(callStrings.observing);
  return words;
}
