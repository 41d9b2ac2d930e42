// Which machine reads for the organisation: the switch, how each service stands, and what was used today.
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { aiUseSchema, type AiOverview, type AiUse, type VendorStatus } from "../../../shared/schemas/ai.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Select } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useToast } from "../../ui/toast.tsx";
import { aiStrings as words } from "./ai-strings.ts";
import styles from "./encryption.module.css";

const tones = { closed: "success", "half-open": "warm", open: "danger" } as const;

export function AiPage() {
  const read = useRequest(endpoints.adminAi, {});
  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.error !== null && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <Overview read={read.data} />}
    </>
  );
}

function Overview({ read }: { read: AiOverview }) {
  const [overview, setOverview] = useState(read);
  return (
    <>
      <Use overview={overview} onChange={setOverview} />
      <Card title={words.services}>
        <ul className={styles["list"]}>
          {overview.vendors.map((vendor) => (
            <Vendor key={vendor.kind} vendor={vendor} />
          ))}
        </ul>
      </Card>
      <Today today={overview.today} />
    </>
  );
}

function Use({ overview, onChange }: { overview: AiOverview; onChange: (overview: AiOverview) => void }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const toast = useToast();

  async function change(use: AiUse) {
    setBusy(true);
    setProblem(null);
    try {
      onChange(await call(endpoints.switchOrganizationAi, { body: { use } }));
      toast({ text: words.use.saved });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={words.use.title}>
      <Select
        label={words.use.label}
        hint={words.use.hints[overview.use]}
        error={problem}
        value={overview.use}
        busy={busy}
        onChange={(event) => void change(aiUseSchema.parse(event.target.value))}
      >
        {aiUseSchema.options.map((use) => (
          <option key={use} value={use}>
            {words.use.options[use]}
          </option>
        ))}
      </Select>
      {overview.changedAt !== null && (
        <p className={styles["facts"]}>{words.use.changed(formatShort(new Date(overview.changedAt)))}</p>
      )}
    </Card>
  );
}

function Vendor({ vendor: { kind, provider, mode, health } }: { vendor: VendorStatus }) {
  return (
    <li>
      <span>
        {words.kinds[kind]}
        <span className={styles["facts"]}> · {words.providers[provider] ?? provider}</span>
      </span>
      {health === null ? (
        <Badge>{words.modes[mode]}</Badge>
      ) : (
        <Badge tone={tones[health.circuit]}>{words.circuits[health.circuit]}</Badge>
      )}
      {health !== null && (
        <span className={styles["facts"]}>
          {health.succeeded + health.failed === 0
            ? words.never
            : words.counts(health.succeeded, health.failed)}{" "}
          {health.lastFailure !== null &&
            words.lastFailure(health.lastFailure.code, formatShort(new Date(health.lastFailure.at)))}
        </span>
      )}
    </li>
  );
}

function Today({ today }: { today: AiOverview["today"] }) {
  const { calls, tokens, cost, tokensMost, costMost } = today;
  return (
    <Card title={words.today}>
      <p>{words.calls(calls)}</p>
      <div>
        <p className={styles["facts"]}>{words.tokens(tokens, tokensMost)}</p>
        {tokensMost > 0 && (
          <progress
            className={styles["progress"]}
            value={Math.min(tokens, tokensMost)}
            max={tokensMost}
            aria-label={words.tokensLabel}
          />
        )}
        <p className={styles["facts"]}>{words.cost(cost, costMost)}</p>
        {costMost > 0 && (
          <progress
            className={styles["progress"]}
            value={Math.min(cost, costMost)}
            max={costMost}
            aria-label={words.costLabel}
          />
        )}
      </div>
      <p className={styles["facts"]}>{words.day}</p>
    </Card>
  );
}
