// One who is proposed: who they are, why the two of them, and the two answers.
import { Check, Handshake, Heart } from "lucide-react";
import { useId, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MatchingProposal } from "../../../shared/schemas/matching.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { formatTime, formatTimeline } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { useNow } from "../../ui/use-now.ts";
import styles from "./matching.module.css";
import { matchingStrings } from "./strings.ts";

const words = matchingStrings.proposal;
const topicsShown = 6;

export function ProposalCard({ proposal }: { proposal: MatchingProposal }) {
  const toast = useToast();
  const titleId = useId();
  const [busy, setBusy] = useState<"accept" | "decline" | null>(null);
  const { with: person, reasons, accepted, acceptedByThem } = proposal;
  const name = person.displayName;
  // The server takes it away within seconds; until then nobody is to answer in vain.
  const isOver = Date.parse(proposal.expiresAt) <= useNow(1_000).getTime();
  const topics = [...new Set([...person.offers, ...person.seeks, ...person.interests])].slice(0, topicsShown);

  async function answer(kind: "accept" | "decline") {
    setBusy(kind);
    const endpoint = kind === "accept" ? endpoints.acceptMatch : endpoints.declineMatch;
    try {
      await call(endpoint, { params: { proposalId: proposal.id } });
      if (kind === "decline") toast({ text: words.declined(name) });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(null);
    }
  }

  return (
    <li className={styles["proposal"]} aria-labelledby={titleId}>
      <div className={styles["person"]}>
        <Avatar id={person.userId} name={name} photo={person.photo} size="large" />
        <div>
          <h3 id={titleId} className={styles["name"]}>
            {name}
          </h3>
          <StartsAt startsAt={proposal.startsAt} />
        </div>
      </div>
      {acceptedByThem && !accepted && (
        <Badge tone="accent" icon={Heart}>
          {words.theyAccepted(name)}
        </Badge>
      )}
      {person.bio !== null && person.bio !== "" && <p className={styles["bio"]}>{person.bio}</p>}
      {reasons.length > 0 && (
        <div>
          <h4 className={styles["why"]}>{words.why}</h4>
          <ul className={styles["reasons"]}>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </div>
      )}
      {topics.length > 0 && (
        <ul className={styles["topics"]} aria-label={words.topics}>
          {topics.map((topic) => (
            <li key={topic}>
              <Badge>{topic}</Badge>
            </li>
          ))}
        </ul>
      )}
      <div className={styles["answer"]}>
        {isOver ? (
          <p className={styles["said"]} role="status">
            {words.over}
          </p>
        ) : accepted ? (
          <p className={styles["said"]} role="status">
            <Badge tone="success" icon={Check}>
              {words.accepted}
            </Badge>{" "}
            {words.acceptedText(name)}
          </p>
        ) : (
          <Button
            look="primary"
            icon={Handshake}
            busy={busy === "accept"}
            aria-label={words.acceptLabel(name)}
            onClick={() => void answer("accept")}
          >
            {words.accept}
          </Button>
        )}
        {!isOver && (
          <>
            <Button
              look="quiet"
              busy={busy === "decline"}
              aria-label={words.declineLabel(name)}
              onClick={() => void answer("decline")}
            >
              {words.decline}
            </Button>
            <TimeLeft expiresAt={proposal.expiresAt} />
          </>
        )}
      </div>
    </li>
  );
}

function StartsAt({ startsAt }: { startsAt: string }) {
  const now = useNow(10_000);
  const start = new Date(startsAt);
  return <p className={styles["quiet"]}>{start > now ? words.starts(formatTime(start)) : words.startsNow}</p>;
}

// Seconds are for the eyes; what is read out changes by the minute.
function TimeLeft({ expiresAt }: { expiresAt: string }) {
  const leftMs = Math.max(0, Date.parse(expiresAt) - useNow(1_000).getTime());
  return (
    <p className={styles["left"]}>
      <span aria-hidden>{words.left(formatTimeline(leftMs))}</span>
      <span className="visually-hidden">{words.leftSaid(Math.ceil(leftMs / 60_000))}</span>
    </p>
  );
}
