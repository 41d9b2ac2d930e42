// The live queue: asking for somebody, seeing who is proposed and why, and the way to the call; it updates by itself.
import { CalendarHeart } from "lucide-react";
import { useState } from "react";
import type { OwnMatching } from "../../../shared/schemas/matching.ts";
import { useLive } from "../../api/live.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { EnterForm } from "./enter-form.tsx";
import { LeaveButton } from "./leave-button.tsx";
import { Matched } from "./matched.tsx";
import styles from "./matching.module.css";
import { matchingStrings } from "./strings.ts";
import { InTheQueue } from "./waiting.tsx";

export function MatchingPage() {
  const own = useLive("matching", {});
  return (
    <>
      <PageHeader
        title={matchingStrings.title}
        under={matchingStrings.under}
        actions={
          <ButtonLink to="/match/rounds" look="quiet" icon={CalendarHeart}>
            {matchingStrings.rounds}
          </ButtonLink>
        }
      />
      <div className={styles["page"]}>
        {own.status === "loading" && <Waiting label={matchingStrings.loading} />}
        {own.status === "error" && <Failure error={own.error} onRetry={own.retry} />}
        {own.data !== null && <State own={own.data} />}
      </div>
    </>
  );
}

function State({ own }: { own: OwnMatching }) {
  /** The match that was put aside to look for somebody else. */
  const [aside, setAside] = useState<string | null>(null);
  const { elsewhere, enter } = matchingStrings;
  if (own.status === "waiting") return <InTheQueue own={own} />;
  if (own.status === "elsewhere") {
    return (
      <Notice tone="warm" title={elsewhere.title} actions={<LeaveButton />}>
        <p>{elsewhere.text}</p>
      </Notice>
    );
  }
  if (own.match !== null && own.match.startsAt !== aside) {
    const { match } = own;
    return <Matched match={match} onAnother={() => setAside(match.startsAt)} />;
  }
  return (
    <>
      {own.status === "expired" && (
        <Notice title={enter.expired} live>
          <p>{enter.expiredText}</p>
        </Notice>
      )}
      <EnterForm last={own} />
    </>
  );
}
