// While one waits: how long it may take, who is proposed, or why nobody is and what would bring somebody.
import { Hourglass, UserRoundSearch } from "lucide-react";
import type { OwnMatching } from "../../../shared/schemas/matching.ts";
import { Card } from "../../ui/card.tsx";
import { EmptyState } from "../../ui/notice.tsx";
import { formatTime } from "../../ui/times.ts";
import { LeaveButton } from "./leave-button.tsx";
import styles from "./matching.module.css";
import { ProposalCard } from "./proposal-card.tsx";
import { matchingStrings } from "./strings.ts";

const words = matchingStrings.waiting;

export function InTheQueue({ own }: { own: OwnMatching }) {
  const { proposals, fitting, widen, estimateSeconds, availableTo } = own;
  return (
    <>
      <Card title={words.title} aside={<LeaveButton />}>
        <div className={styles["state"]} role="status">
          <Hourglass size={20} aria-hidden className={styles["sand"]} />
          <div>
            {fitting > 0 && <p>{words.fitting(fitting)}</p>}
            <p>{estimateSeconds === null ? words.noEstimate : words.estimate(estimateSeconds)}</p>
            <p className={styles["quiet"]}>
              {availableTo !== null && words.until(formatTime(new Date(availableTo)))} {words.stays}
            </p>
          </div>
        </div>
      </Card>
      {proposals.length > 0 && (
        <section aria-labelledby="proposed">
          <h2 id="proposed" className={styles["heading"]}>
            {words.proposals}
          </h2>
          <ul className={styles["proposals"]}>
            {proposals.map((proposal) => (
              <ProposalCard key={proposal.id} proposal={proposal} />
            ))}
          </ul>
        </section>
      )}
      {proposals.length === 0 && (
        <Card>
          <EmptyState icon={UserRoundSearch} title={fitting === 0 ? words.nobody : words.soon}>
            {fitting === 0 ? words.nobodyText : words.soonText}
          </EmptyState>
        </Card>
      )}
      {widen.length > 0 && (
        <Card title={words.widen}>
          <ul className={styles["reasons"]}>
            {widen.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <LeaveButton label={words.again} />
        </Card>
      )}
    </>
  );
}
