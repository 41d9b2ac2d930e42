// A round: its picture, who meets whom and why, who meets nobody and why; to be published or left out while it is planned.
import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { PairingRound } from "../../../shared/schemas/matching-rounds.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { PairGraph } from "./pair-graph.tsx";
import { AloneTable, PairsTable } from "./round-tables.tsx";
import styles from "./rounds.module.css";
import { roundStates, roundsStrings } from "./strings.ts";

const words = roundsStrings.round;
/** While meetings are being made. */
const lookAgainMs = 1_500;

export function RoundPage() {
  const { roundId = "" } = useParams();
  const read = useRequest(endpoints.adminPairingRound, { params: { roundId } });
  // What was shown stays while it is read anew.
  const [shown, setShown] = useState<PairingRound | null>(null);
  if (read.data !== null && read.data !== shown) setShown(read.data);
  const { retry } = read;
  const publishing = shown?.state === "publishing";
  useEffect(() => {
    if (!publishing || read.status === "loading") return;
    const timer = setTimeout(retry, lookAgainMs);
    return () => clearTimeout(timer);
  }, [publishing, read.status, retry]);
  return (
    <>
      {shown === null && <PageHeader title={roundsStrings.title} />}
      {read.status === "loading" && shown === null && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={retry} />}
      {shown !== null && <Round round={shown} onChanged={retry} />}
    </>
  );
}

function Round({ round, onChanged }: { round: PairingRound; onChanged: () => void }) {
  const names = new Map<string, string>(round.people.map(({ userId, name }) => [userId, name]));
  const nameOf = (id: string) => names.get(id) ?? words.former;
  return (
    <>
      <PageHeader
        title={words.title(round.groupName, round.number)}
        under={formatShort(new Date(round.startsAt))}
        actions={
          <>
            <ButtonLink to={`/admin/matching/${round.groupId}`}>{words.back}</ButtonLink>
            {round.state === "planned" && <PlannedActions round={round} onChanged={onChanged} />}
          </>
        }
      />
      <div className={styles["page"]}>
        {round.state === "planned" ? (
          <Notice tone="accent">
            <p>{words.preview(formatShort(new Date(round.publishAt)))}</p>
          </Notice>
        ) : (
          <p>
            <Badge tone={round.state === "published" ? "success" : "accent"}>
              {roundStates[round.state]}
            </Badge>
          </p>
        )}
        {round.groups.length === 0 ? (
          <Notice tone="warm" title={words.nothing} />
        ) : (
          <>
            <Card title={words.picture}>
              <PairGraph round={round} nameOf={nameOf} />
            </Card>
            <Card title={words.pairs}>
              <PairsTable round={round} nameOf={nameOf} />
              <p className={styles["quiet"]}>{words.weights(round.weightsVersion)}</p>
            </Card>
          </>
        )}
        {round.alone.length > 0 && (
          <Card title={words.alone}>
            <AloneTable alone={round.alone} nameOf={nameOf} />
          </Card>
        )}
      </div>
    </>
  );
}

function PlannedActions({ round, onChanged }: { round: PairingRound; onChanged: () => void }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const navigate = useNavigate();
  const toast = useToast();
  const params = { roundId: round.id };

  async function publish() {
    setBusy(true);
    setProblem(null);
    try {
      const body = { fingerprint: round.fingerprint ?? "" };
      await call(endpoints.publishPairingRound, { params, body });
      toast({ text: words.published });
      setAsking(false);
      onChanged();
    } catch (error) {
      const { code, message } = toApiError(error);
      setProblem(message);
      if (code === "CONFLICT") onChanged();
    } finally {
      setBusy(false);
    }
  }

  async function skip() {
    try {
      const group = await call(endpoints.skipPairingRound, { params });
      toast({ text: words.skipped });
      void navigate(`/admin/matching/${group.id}`);
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    }
  }

  return (
    <>
      <Button onClick={() => void skip()}>{words.skip}</Button>
      {round.groups.length > 0 && (
        <Button look="primary" onClick={() => setAsking(true)}>
          {words.publish}
        </Button>
      )}
      <Dialog
        open={asking}
        title={words.confirmTitle}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onClick={() => setAsking(false)}>{words.cancel}</Button>
            <Button look="primary" busy={busy} onClick={() => void publish()}>
              {words.publish}
            </Button>
          </>
        }
      >
        {problem !== null && <Failure message={problem} />}
        <p>{words.confirm(round.groups.length)}</p>
      </Dialog>
    </>
  );
}
