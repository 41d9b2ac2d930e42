// Starting a run: which résumé, which posting, who rewrites, and how much may go on the page.
import { useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { PostingSummary } from "../../../../shared/schemas/career/postings.ts";
import type { ResumeSummary } from "../../../../shared/schemas/career/resumes.ts";
import type { RunTemplate } from "../../../../shared/schemas/career/enums.ts";
import {
  defaultRunPage,
  modelVariantsMost,
  type RunOptions,
} from "../../../../shared/schemas/career/runs.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Checkbox, Select } from "../../../ui/field.tsx";
import { Failure, Notice } from "../../../ui/notice.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { uiStrings } from "../../../ui/strings.ts";
import { useToast } from "../../../ui/toast.tsx";
import { BudgetsForm } from "./budgets-form.tsx";
import { configOf, fieldsOf } from "./run-budgets.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

type NamedPosting = Pick<PostingSummary, "id" | "title" | "company">;

export interface StartRunDialogProps {
  onClose: () => void;
  /** The one from whose page it is started. */
  posting?: NamedPosting;
  resumeId?: string;
}

const postingsAtOnce = "100";

export function StartRunDialog({ onClose, posting, resumeId }: StartRunDialogProps) {
  const resumes = useRequest(endpoints.listResumes, {});
  const postings = useRequest(endpoints.listPostings, { query: { limit: postingsAtOnce } });
  const options = useRequest(endpoints.careerRunOptions, {});
  const failed = [resumes, postings, options].find(({ status }) => status === "error");
  if (resumes.data === null || postings.data === null || options.data === null)
    return (
      <Dialog open title={words.startTitle} onClose={onClose}>
        {failed?.error === undefined || failed.error === null ? (
          <Waiting label={words.loading} />
        ) : (
          <Failure error={failed.error} onRetry={failed.retry} />
        )}
      </Dialog>
    );
  const listed: readonly NamedPosting[] = postings.data.items;
  const offered =
    posting === undefined || listed.some(({ id }) => id === posting.id) ? listed : [posting, ...listed];
  if (resumes.data.items.length === 0)
    return <Missing onClose={onClose} text={words.noResume} link="/career/resumes" label={words.toResumes} />;
  if (offered.length === 0)
    return (
      <Missing onClose={onClose} text={words.noPosting} link="/career/postings" label={words.toPostings} />
    );
  return (
    <StartForm
      resumes={resumes.data.items}
      postings={offered}
      options={options.data}
      first={{
        resumeId: resumeId ?? resumes.data.items.find(({ isActive }) => isActive)?.id,
        postingId: posting?.id,
      }}
      onClose={onClose}
    />
  );
}

function Missing({
  text,
  link,
  label,
  onClose,
}: {
  text: string;
  link: string;
  label: string;
  onClose: () => void;
}) {
  return (
    <Dialog open title={words.startTitle} onClose={onClose}>
      <p>{text}</p>
      <p>
        <Link to={link}>{label}</Link>
      </p>
    </Dialog>
  );
}

function StartForm({
  resumes,
  postings,
  options,
  first,
  onClose,
}: {
  resumes: readonly ResumeSummary[];
  postings: readonly NamedPosting[];
  options: RunOptions;
  first: { resumeId: string | undefined; postingId: string | undefined };
  onClose: () => void;
}) {
  const toast = useToast();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const { variants, config, note, templates, pagesMost } = options;
  const [resumeId, setResumeId] = useState<string>(first.resumeId ?? resumes[0]?.id ?? "");
  const [postingId, setPostingId] = useState<string>(first.postingId ?? postings[0]?.id ?? "");
  const [writers, setWriters] = useState<readonly string[]>(
    variants.slice(0, 1).map(({ modelKey }) => modelKey),
  );
  const [mock, setMock] = useState(false);
  const [budgets, setBudgets] = useState(fieldsOf(config));
  const [chosenTemplate, setTemplate] = useState<RunTemplate>(defaultRunPage.template);
  const [pageLimit, setPageLimit] = useState(defaultRunPage.pageLimit);
  const hasOwn = resumes.find(({ id }) => id === resumeId)?.hasOwnTemplate === true;
  const offered = templates.filter((name) => name !== "custom" || hasOwn);
  const template = offered.includes(chosenTemplate) ? chosenTemplate : defaultRunPage.template;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function start() {
    if (busy || form.current?.reportValidity() !== true) return;
    const own = configOf(config, budgets);
    if (own === null) return setProblem(words.budgetProblem);
    if (!mock && writers.length === 0) return setProblem(words.noWriter);
    setBusy(true);
    setProblem(null);
    try {
      const { runId } = await call(endpoints.startCareerRun, {
        body: {
          masterResumeId: resumeId,
          jobId: postingId,
          mockMode: mock,
          config: own,
          template,
          pageLimit,
          ...(mock ? {} : { modelVariants: [...writers] }),
        },
      });
      onClose();
      toast({ text: words.started });
      void navigate(`/career/runs/${runId}`);
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      title={words.startTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{uiStrings.cancel}</Button>
          <Button look="primary" busy={busy} onClick={() => void start()}>
            {words.submit}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <Select label={words.resume} value={resumeId} onChange={(event) => setResumeId(event.target.value)}>
          {resumes.map(({ id, name, isActive }) => (
            <option key={id} value={id}>
              {isActive ? words.activeResume(name) : name}
            </option>
          ))}
        </Select>
        <Select
          label={words.posting}
          value={postingId}
          onChange={(event) => setPostingId(event.target.value)}
        >
          {postings.map(({ id, title, company }) => (
            <option key={id} value={id}>
              {words.run(title, company)}
            </option>
          ))}
        </Select>
        <div className={styles["pair"]}>
          <Select
            label={words.template}
            hint={templates.includes("custom") && !hasOwn ? words.ownTemplateHint : undefined}
            value={template}
            onChange={(event) => setTemplate(event.target.value as RunTemplate)}
          >
            {offered.map((name) => (
              <option key={name} value={name}>
                {words.templates[name]}
              </option>
            ))}
          </Select>
          <Select
            label={words.pageLimit}
            hint={words.pageLimitHint}
            value={pageLimit}
            onChange={(event) => setPageLimit(Number(event.target.value))}
          >
            {Array.from({ length: pagesMost }, (_, place) => (
              <option key={place} value={place + 1}>
                {words.pageCount(place + 1)}
              </option>
            ))}
          </Select>
        </div>
        {note !== null && (
          <Notice>
            <p>{note}</p>
          </Notice>
        )}
        {variants.length > 1 && (
          <fieldset className={styles["fieldset"]} disabled={mock}>
            <legend>{words.writers}</legend>
            <p className={styles["muted"]}>{words.writersHint}</p>
            {variants.map(({ modelKey, modelName }) => (
              <Checkbox
                key={modelKey}
                label={modelName}
                checked={writers.includes(modelKey)}
                disabled={!writers.includes(modelKey) && writers.length >= modelVariantsMost}
                onChange={(event) =>
                  setWriters((chosen) =>
                    event.target.checked ? [...chosen, modelKey] : chosen.filter((key) => key !== modelKey),
                  )
                }
              />
            ))}
          </fieldset>
        )}
        <Checkbox
          label={words.mock}
          hint={words.mockHint}
          checked={mock}
          onChange={(event) => setMock(event.target.checked)}
        />
        <details>
          <summary>{words.options}</summary>
          <BudgetsForm fields={budgets} onChange={setBudgets} />
        </details>
        {problem !== null && <Failure message={problem} />}
      </form>
    </Dialog>
  );
}
