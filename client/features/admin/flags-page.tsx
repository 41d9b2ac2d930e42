// Feature flags: operators decide here, administrators see how they stand for their organisation.
import { ToggleRight } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Flag } from "../../../shared/schemas/flags.ts";
import { useMe } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { FlagForm } from "./flag-form.tsx";
import { FlagHistoryList } from "./flag-history.tsx";
import { flagStrings as words } from "./flag-strings.ts";
import styles from "./flags.module.css";

export function FlagsPage() {
  return useMe().operator ? <OperatorFlags /> : <OrganizationFlags />;
}

function OperatorFlags() {
  const list = useRequest(endpoints.operatorFlags, {});
  return (
    <>
      <PageHeader
        title={words.title}
        {...(list.data === null ? {} : { under: words.underOperator(list.data.environment) })}
      />
      {list.status === "loading" && <Waiting label={words.loading} />}
      {list.error !== null && <Failure error={list.error} onRetry={list.retry} />}
      {list.data?.flags.map((flag) => (
        <FlagCard key={flag.key} read={flag} />
      ))}
    </>
  );
}

function FlagCard({ read }: { read: Flag }) {
  const [flag, setFlag] = useState(read);
  const [open, setOpen] = useState<"form" | "history" | null>(null);
  const toggle = (part: "form" | "history") => setOpen((now) => (now === part ? null : part));
  return (
    <Card title={flag.description} aside={<State flag={flag} />}>
      <p className={styles["key"]}>{flag.key}</p>
      <p className={styles["facts"]}>{words.facts(flag.owner, flag.expiresOn)}</p>
      {flag.expired && <Badge tone="danger">{words.expired}</Badge>}
      <div className={styles["buttons"]}>
        <Button size="small" aria-expanded={open === "form"} onClick={() => toggle("form")}>
          {words.edit}
        </Button>
        <Button
          size="small"
          look="quiet"
          aria-expanded={open === "history"}
          onClick={() => toggle("history")}
        >
          {words.history}
        </Button>
      </div>
      {open === "form" && (
        <FlagForm
          key={flag.version}
          flag={flag}
          onSaved={(changed) => {
            setFlag(changed);
            setOpen(null);
          }}
        />
      )}
      {open === "history" && <FlagHistoryList key={flag.version} flagKey={flag.key} />}
    </Card>
  );
}

function State({ flag: { settings, default: otherwise } }: { flag: Flag }) {
  if (settings === null) {
    return (
      <Badge tone={otherwise ? "success" : "neutral"}>
        {`${otherwise ? words.states.on : words.states.off} ${words.byDefault}`}
      </Badge>
    );
  }
  if (!settings.on) return <Badge tone="neutral">{words.states.off}</Badge>;
  return settings.percentage === 100 ? (
    <Badge tone="success">{words.states.on}</Badge>
  ) : (
    <Badge tone="accent">{words.states.some(settings.percentage)}</Badge>
  );
}

function OrganizationFlags() {
  const list = useRequest(endpoints.adminFlags, {});
  return (
    <>
      <PageHeader title={words.title} under={words.underAdmin} />
      {list.status === "loading" && <Waiting label={words.loading} />}
      {list.error !== null && <Failure error={list.error} onRetry={list.retry} />}
      {list.data?.flags.length === 0 && (
        <EmptyState icon={ToggleRight} title={words.none}>
          {words.noneText}
        </EmptyState>
      )}
      {list.data !== null && list.data.flags.length > 0 && (
        <Card>
          <ul className={styles["list"]}>
            {list.data.flags.map(({ key, description, state, percentage }) => (
              <li key={key}>
                <span>{description}</span>
                <Badge tone={state === "off" ? "neutral" : state === "on" ? "success" : "accent"}>
                  {state === "for-some" ? words.states.some(percentage) : words.states[state]}
                </Badge>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}
