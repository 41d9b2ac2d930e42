// How long an organisation's calls are kept, kind by kind: chosen, looked at in numbers, and confirmed.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { RetentionPolicy } from "../../../shared/schemas/retention.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Select } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { RetentionConfirm } from "./retention-confirm.tsx";
import { changesIn, choicesOf, decidedOf, type Draft, type KindPolicy } from "./retention-draft.ts";
import { retentionStrings as words } from "./retention-strings.ts";
import styles from "./retention.module.css";

export function RetentionPage() {
  const read = useRequest(endpoints.adminRetention, {});
  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <Terms read={read.data} onStale={read.retry} />}
    </>
  );
}

function Terms({ read, onStale }: { read: RetentionPolicy; onStale: () => void }) {
  const [policy, setPolicy] = useState(read);
  const [draft, setDraft] = useState<Draft>({});
  const [confirming, setConfirming] = useState(false);
  const toast = useToast();
  const changes = changesIn(draft, policy);
  const unchanged = Object.keys(changes).length === 0;

  function saved(next: RetentionPolicy) {
    setPolicy(next);
    setDraft({});
    setConfirming(false);
    toast({ text: words.saved });
  }

  return (
    <Card title={words.terms}>
      <p className={styles["quiet"]}>{words.grace(policy.graceHours)}</p>
      <ul className={styles["kinds"]}>
        {policy.kinds.map((kind) => (
          <Kind
            key={kind.kind}
            kind={kind}
            chosen={draft[kind.kind] ?? (draft[kind.kind] === null ? null : decidedOf(kind))}
            onChoose={(days) => setDraft((before) => ({ ...before, [kind.kind]: days }))}
          />
        ))}
      </ul>
      <p className={styles["quiet"]}>{words.stays}</p>
      <div className={styles["actions"]}>
        <Button look="primary" disabled={unchanged} onClick={() => setConfirming(true)}>
          {words.review}
        </Button>
        {!unchanged && <Button onClick={() => setDraft({})}>{words.reset}</Button>}
      </div>
      <p className={styles["quiet"]}>
        {policy.changedAt !== null && `${words.changed(formatShort(new Date(policy.changedAt)))} `}
        {policy.lastRunAt === null ? words.never : words.lastRun(formatShort(new Date(policy.lastRunAt)))}
      </p>
      <RetentionConfirm
        open={confirming}
        policy={policy}
        changes={changes}
        onClose={() => setConfirming(false)}
        onSaved={saved}
        onStale={onStale}
      />
    </Card>
  );
}

const forGood = "";

function Kind({
  kind,
  chosen,
  onChoose,
}: {
  kind: KindPolicy;
  chosen: number | null;
  onChoose: (days: number | null) => void;
}) {
  return (
    <li className={styles["kind"]}>
      <div className={styles["what"]}>
        <span className={styles["name"]}>{words.kinds[kind.kind]}</span>
        <span className={styles["quiet"]}>{words.holds[kind.kind]}</span>
        <span className={styles["quiet"]}>
          {words.now(kind.days)} {kind.most !== null && words.most(kind.most)}
        </span>
        {kind.next !== null && (
          <strong className={styles["next"]}>
            {words.next(kind.next.days, formatShort(new Date(kind.next.from)))}
          </strong>
        )}
      </div>
      <Select
        label={words.kinds[kind.kind]}
        labelHidden
        className={styles["choice"]}
        value={chosen ?? forGood}
        onChange={({ target }) => onChoose(target.value === forGood ? null : Number(target.value))}
      >
        <option value={forGood}>{words.asInstallation(kind.most)}</option>
        {choicesOf(kind).map((days) => (
          <option key={days} value={days}>
            {words.length(days)}
          </option>
        ))}
      </Select>
    </li>
  );
}
