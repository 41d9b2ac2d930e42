// The audit log: a search, what it finds, and the same as a file.
import { Download, ScrollText, Search } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useSearchParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { AuditFilter } from "../../../shared/schemas/audit.ts";
import { toApiError } from "../../api/errors.ts";
import { fetchFile } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Select, TextInput } from "../../ui/field.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { useToast } from "../../ui/toast.tsx";
import { AuditEntries } from "./audit-entries.tsx";
import { type AuditSearch, everything, filterOf, isNarrowed, paramsOf, searchFrom } from "./audit-search.ts";
import { actionNames, auditStrings as words } from "./audit-strings.ts";
import styles from "./audit.module.css";
import { useAuditLog } from "./use-audit-log.ts";

export function AuditPage() {
  const [params, setParams] = useSearchParams();
  const search = searchFrom(params);
  const { filter } = filterOf(search);
  return (
    <>
      <PageHeader title={words.title} under={words.under} actions={<Exports filter={filter ?? {}} />} />
      <SearchForm
        key={params.toString()}
        applied={search}
        onSearch={(next) => setParams(paramsOf(next), { preventScrollReset: true })}
      />
      <Found filter={filter ?? {}} narrowed={isNarrowed(search)} />
    </>
  );
}

function SearchForm({
  applied,
  onSearch,
}: {
  applied: AuditSearch;
  onSearch: (search: AuditSearch) => void;
}) {
  const [search, setSearch] = useState(applied);
  const [problems, setProblems] = useState<Partial<AuditSearch>>({});
  const field = (name: keyof AuditSearch) => ({
    value: search[name],
    error: problems[name],
    onChange: (event: { target: { value: string } }) => setSearch({ ...search, [name]: event.target.value }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = filterOf(search);
    setProblems(found.problems ?? {});
    if (found.problems === null) onSearch(search);
  }

  return (
    <Card title={words.filters}>
      <form className={styles["form"]} onSubmit={submit} noValidate>
        <TextInput
          label={words.person}
          hint={words.personHint}
          type="email"
          maxLength={254}
          {...field("person")}
        />
        <Select label={words.action} {...field("action")}>
          <option value="">{words.anyAction}</option>
          {Object.entries(actionNames).map(([action, name]) => (
            <option key={action} value={action}>
              {name}
            </option>
          ))}
        </Select>
        <Select label={words.outcome} {...field("outcome")}>
          <option value="">{words.outcomes.any}</option>
          <option value="done">{words.outcomes.done}</option>
          <option value="refused">{words.outcomes.refused}</option>
        </Select>
        <TextInput
          label={words.resource}
          hint={words.resourceHint}
          maxLength={200}
          {...field("resourceId")}
        />
        <TextInput label={words.from} type="date" {...field("fromDay")} />
        <TextInput label={words.until} type="date" {...field("untilDay")} />
        <div className={styles["buttons"]}>
          <Button look="primary" type="submit" icon={Search}>
            {words.search}
          </Button>
          {isNarrowed(applied) && <Button onClick={() => onSearch(everything)}>{words.clear}</Button>}
        </div>
      </form>
    </Card>
  );
}

function Found({ filter, narrowed }: { filter: AuditFilter; narrowed: boolean }) {
  const log = useAuditLog(filter);
  return (
    <Card title={words.entries}>
      {log.status === "loading" && <Waiting label={words.loading} />}
      {log.error !== null && <Failure error={log.error} onRetry={log.retry} />}
      {log.status === "ready" && log.entries.length === 0 && (
        <EmptyState icon={ScrollText} title={words.emptyTitle}>
          {narrowed ? words.empty : words.emptyAll}
        </EmptyState>
      )}
      {log.entries.length > 0 && <AuditEntries entries={log.entries} />}
      {log.olderError !== null && <Failure error={log.olderError} onRetry={log.older} />}
      {log.hasOlder && log.olderError === null && (
        <Button busy={log.loadingOlder} onClick={log.older} className={styles["older"]}>
          {words.older}
        </Button>
      )}
    </Card>
  );
}

const formats = { csv: endpoints.adminAuditCsv, ndjson: endpoints.adminAuditNdjson } as const;

function Exports({ filter }: { filter: AuditFilter }) {
  const toast = useToast();
  const [busy, setBusy] = useState<keyof typeof formats | null>(null);

  async function save(format: keyof typeof formats) {
    setBusy(format);
    try {
      saveAs(await fetchFile(formats[format], { query: filter }), `audit.${format}`);
      toast({ text: words.exported });
    } catch (error) {
      toast({ text: words.exportFailed(toApiError(error).message), tone: "problem" });
    } finally {
      setBusy(null);
    }
  }

  return (
    <div className={styles["exports"]} role="group" aria-label={words.export}>
      {(Object.keys(formats) as (keyof typeof formats)[]).map((format) => (
        <Button
          key={format}
          icon={Download}
          busy={busy === format}
          aria-label={`${words.export} ${words.exports[format]}`}
          onClick={() => void save(format)}
        >
          {words.exports[format]}
        </Button>
      ))}
    </div>
  );
}

function saveAs(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
