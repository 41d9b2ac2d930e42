// The way into the call, or why there is none right now.
import { FileText, Play, Video } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Failure } from "../../ui/notice.tsx";
import styles from "./lobby.module.css";
import { lobbyStrings } from "./strings.ts";

/** `observersWaitFor`: how many have not agreed to observers; null while that is not known. */
export function Entry({ meeting, observersWaitFor }: { meeting: Meeting; observersWaitFor: number | null }) {
  const shut = meeting.myRole === "observer" && observersWaitFor !== 0;
  return (
    <Card className={styles["entry"]} title={lobbyStrings.entry}>
      {/* Its words change when the host starts or ends: announced to who waits. */}
      <div className={styles["entryText"]} role="status">
        <Words meeting={meeting} />
        {shut && observersWaitFor !== null && meeting.state !== "cancelled" && (
          <p>{lobbyStrings.observeWaiting(observersWaitFor)}</p>
        )}
      </div>
      {!shut && <Way meeting={meeting} />}
    </Card>
  );
}

function Words({ meeting }: { meeting: Meeting }) {
  const { heading } = lobbyStrings;
  switch (meeting.state) {
    case "active": {
      const here = meeting.participants.filter((person) => person.presence === "joined").length;
      return (
        <>
          <p className={styles["lead"]}>{heading.ready}</p>
          <p>{here === 0 ? lobbyStrings.readyEmpty : lobbyStrings.readyHere(here)}</p>
          {meeting.myRole === "observer" && <p>{lobbyStrings.observe}</p>}
        </>
      );
    }
    case "scheduled":
      return meeting.myRole === "host" ? (
        <>
          <p className={styles["lead"]}>{heading.start}</p>
          <p>{lobbyStrings.startWhy}</p>
        </>
      ) : (
        <>
          <p className={styles["lead"]}>{lobbyStrings.waitingForHost}</p>
          <p>{lobbyStrings.waitingWhy}</p>
        </>
      );
    case "concluded":
      return (
        <>
          <p className={styles["lead"]}>{heading.concluded}</p>
          <p>{lobbyStrings.concludedWhy}</p>
        </>
      );
    case "cancelled":
      return (
        <>
          <p className={styles["lead"]}>{heading.cancelled}</p>
          <p>{lobbyStrings.cancelledWhy}</p>
        </>
      );
  }
}

function Way({ meeting }: { meeting: Meeting }) {
  const navigate = useNavigate();
  if (meeting.state === "active") {
    return (
      <Button
        look="primary"
        size="large"
        icon={Video}
        onClick={() => void navigate(`/meetings/${meeting.id}/call`)}
      >
        {lobbyStrings.join}
      </Button>
    );
  }
  if (meeting.state === "scheduled" && meeting.myRole === "host") return <Start meeting={meeting} />;
  if (meeting.state === "concluded") {
    return (
      <ButtonLink to={`/meetings/${meeting.id}/recap`} look="primary" icon={FileText}>
        {lobbyStrings.recap}
      </ButtonLink>
    );
  }
  return null;
}

function Start({ meeting }: { meeting: Meeting }) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const start = () => {
    setBusy(true);
    setProblem(null);
    call(endpoints.startMeeting, { params: { id: meeting.id } })
      .then(() => navigate(`/meetings/${meeting.id}/call`))
      .catch((thrown: unknown) => setProblem(toApiError(thrown).message))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Button look="primary" size="large" icon={Play} busy={busy} onClick={start}>
        {lobbyStrings.start}
      </Button>
      {problem !== null && <Failure message={`${lobbyStrings.startFailed} ${problem}`} />}
    </>
  );
}
