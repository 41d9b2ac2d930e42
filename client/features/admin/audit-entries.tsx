// Entries of the audit log as a table; on narrow screens each is a block of its own.
import type { ReactNode } from "react";
import type { AuditEntryView } from "../../../shared/schemas/audit.ts";
import { Badge } from "../../ui/badge.tsx";
import { formatShort } from "../../ui/times.ts";
import { actionNames, auditStrings as words } from "./audit-strings.ts";
import styles from "./audit.module.css";

export function AuditEntries({ entries }: { entries: readonly AuditEntryView[] }) {
  return (
    <table className={styles["table"]}>
      <thead>
        <tr>
          <th scope="col">{words.time}</th>
          <th scope="col">{words.who}</th>
          <th scope="col">{words.what}</th>
          <th scope="col">{words.where}</th>
          <th scope="col">{words.outcome}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </tbody>
    </table>
  );
}

function Entry({ entry }: { entry: AuditEntryView }) {
  const { at, action, outcome, ipAddress } = entry;
  return (
    <tr>
      <td className={styles["time"]}>
        <time dateTime={at} title={at}>
          {formatShort(new Date(at))}
        </time>
      </td>
      <td className={styles["who"]}>
        <Person entry={entry} />
      </td>
      <td className={styles["what"]}>
        <span className={styles["action"]}>{actionNames[action] ?? action}</span>
        <Details entry={entry} />
      </td>
      <td className={styles["where"]}>{ipAddress ?? words.unknownAddress}</td>
      <td className={styles["outcome"]}>
        <Badge tone={outcome === "done" ? "success" : "danger"}>{words[outcome]}</Badge>
      </td>
    </tr>
  );
}

function Person({ entry: { person, impersonator, apiKeyId, ipAddress } }: { entry: AuditEntryView }) {
  if (person === null) return ipAddress === null ? words.system : words.nobody;
  return (
    <>
      <span className={styles["name"]}>{person.displayName ?? person.id}</span>
      {person.email !== null && <span className={styles["small"]}>{person.email}</span>}
      {impersonator !== null && <Badge tone="warm">{words.throughImpersonator(impersonator)}</Badge>}
      {apiKeyId !== null && <span className={styles["small"]}>{words.throughKey(apiKeyId)}</span>}
    </>
  );
}

function Details({ entry }: { entry: AuditEntryView }) {
  const { resourceType, resourceId, metadata, userAgent, requestId, sequence, hash, person } = entry;
  const names = words.detail;
  const more = Object.entries(metadata).map(([name, value]) => `${name}: ${String(value)}`);
  return (
    <details className={styles["details"]}>
      <summary>{words.details}</summary>
      <dl>
        <Fact name={names.resource}>{`${resourceType} ${resourceId}`}</Fact>
        {more.length > 0 && <Fact name={names.metadata}>{more.join(", ")}</Fact>}
        {person !== null && <Fact name={names.person}>{person.id}</Fact>}
        {userAgent !== null && <Fact name={names.browser}>{userAgent}</Fact>}
        {requestId !== null && <Fact name={names.request}>{requestId}</Fact>}
        <Fact name={names.sequence}>{sequence ?? names.unsealed}</Fact>
        {hash !== null && <Fact name={names.hash}>{hash}</Fact>}
      </dl>
    </details>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
