// How one stands to somebody, and what one may do about it.
import { Check, UserPlus } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { UserId } from "../../../shared/ids.ts";
import type { ConnectionAction, ConnectionState } from "../../../shared/schemas/people.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import styles from "./people.module.css";
import { peopleStrings } from "./strings.ts";

const words = peopleStrings.connect;

interface Whom {
  userId: UserId;
  displayName: string;
}

/** Open pages hear of the change by their live queries. */
export function useConnectionChange({ userId, displayName }: Whom) {
  const toast = useToast();
  const [busy, setBusy] = useState<ConnectionAction | null>(null);
  async function change(action: ConnectionAction) {
    setBusy(action);
    try {
      await call(endpoints.changeConnection, { params: { userId }, body: { action } });
      toast({ text: words.done[action](displayName) });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(null);
    }
  }
  return { busy, change };
}

export function ConnectButton({ person }: { person: Whom & { connection: ConnectionState } }) {
  const { busy, change } = useConnectionChange(person);
  const name = person.displayName;
  const action = (
    kind: ConnectionAction,
    text: string,
    label: string,
    look: "primary" | "secondary" | "quiet",
  ) => (
    <Button
      size="small"
      look={look}
      busy={busy === kind}
      aria-label={label}
      onClick={() => void change(kind)}
    >
      {text}
    </Button>
  );
  switch (person.connection) {
    case "self":
      return <Badge>{words.self}</Badge>;
    case "connected":
      return (
        <Badge tone="success" icon={Check}>
          {words.connected}
        </Badge>
      );
    case "none":
      return (
        <Button
          size="small"
          icon={UserPlus}
          busy={busy === "request"}
          aria-label={words.requestLabel(name)}
          onClick={() => void change("request")}
        >
          {words.request}
        </Button>
      );
    case "outgoing":
      return (
        <span className={styles["buttons"]}>
          <Badge>{words.outgoing}</Badge>
          {action("withdraw", words.withdraw, words.withdrawLabel(name), "quiet")}
        </span>
      );
    case "incoming":
      return (
        <span className={styles["buttons"]}>
          {action("accept", words.accept, words.acceptLabel(name), "primary")}
          {action("decline", words.decline, words.declineLabel(name), "secondary")}
        </span>
      );
  }
}
