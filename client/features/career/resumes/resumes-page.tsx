// One's résumés: import, start empty, choose the active one, delete and have back.
import { FilePlus, FileUp, RotateCcw, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { Resume, ResumeList, ResumeSummary } from "../../../../shared/schemas/career/resumes.ts";
import { uploadRules } from "../../../../shared/uploads.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useMe } from "../../../api/session.tsx";
import { upload } from "../../../api/upload.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { EmptyState, Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Spinner, Waiting } from "../../../ui/spinner.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { resumeStrings } from "./resume-strings.ts";
import styles from "./resumes.module.css";

const words = resumeStrings.list;
const accept = [...uploadRules.resume.types, ".pdf", ".docx", ".json", "application/json"].join(",");

export function ResumesPage() {
  const me = useMe();
  const navigate = useNavigate();
  const toast = useToast();
  const found = useRequest(endpoints.listResumes, {});
  const [changed, setChanged] = useState<ResumeList | null>(null);
  const [reading, setReading] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const list = changed ?? found.data;

  async function make(name: string, run: () => Promise<Resume>) {
    setProblem(null);
    setReading(name);
    try {
      const { id } = await run();
      void navigate(`/career/resumes/${id}`);
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setReading(null);
    }
  }

  const take = (file: File | undefined) => {
    if (file === undefined || reading !== null) return;
    void make(file.name, async () => {
      if (!/\.json$/i.test(file.name) && file.type !== "application/json")
        return await upload(endpoints.importResume, file, { request: { query: { name: file.name } } });
      const content = parsed(await file.text());
      return await call(endpoints.createResume, {
        body: { name: file.name.replace(/\.json$/i, ""), content },
      });
    });
  };

  async function change(run: () => Promise<ResumeList>, text: string, undo?: () => void) {
    setProblem(null);
    try {
      setChanged(await run());
      toast({ text, ...(undo === undefined ? {} : { action: { label: words.undo, run: undo } }) });
    } catch (error) {
      setProblem(toApiError(error).message);
    }
  }

  const restore = ({ id: resumeId, name }: ResumeSummary) =>
    void change(() => call(endpoints.restoreResume, { params: { resumeId } }), words.restored(name));

  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <>
            <Button
              icon={FilePlus}
              disabled={reading !== null}
              onClick={() =>
                void make(words.newName, () =>
                  call(endpoints.createResume, {
                    body: { name: words.newName, content: { name: me.displayName, email: me.email } },
                  }),
                )
              }
            >
              {words.blank}
            </Button>
            <Button
              look="primary"
              icon={FileUp}
              disabled={reading !== null}
              onClick={() => input.current?.click()}
            >
              {words.import}
            </Button>
          </>
        }
      />
      {problem !== null && <Failure message={problem} />}
      <div
        className={classNames(styles["drop"], over && styles["over"])}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        <span role="status" className={styles["reading"]}>
          {reading === null ? (
            words.drop
          ) : (
            <>
              <Spinner size={16} /> {words.reading(reading)}
            </>
          )}
        </span>
        <input
          ref={input}
          type="file"
          accept={accept}
          hidden
          aria-label={words.import}
          onChange={(event) => {
            take(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      {list === null && found.status === "loading" && <Waiting label={resumeStrings.loading} />}
      {list === null && found.status === "error" && <Failure error={found.error} onRetry={found.retry} />}
      {list !== null && list.items.length === 0 && (
        <EmptyState title={words.emptyTitle}>{words.emptyText}</EmptyState>
      )}
      {list !== null && list.items.length > 0 && (
        <Card>
          <ul className={styles["list"]}>
            {list.items.map((resume) => (
              <li key={resume.id} className={styles["row"]}>
                <div className={styles["what"]}>
                  <Link to={`/career/resumes/${resume.id}`} className={styles["name"]}>
                    {resume.name}
                  </Link>
                  <span className={styles["quiet"]}>
                    {words.bullets(resume.bullets)} · {words.changed(dayOf(resume.updatedAt))}
                  </span>
                </div>
                {resume.isActive ? (
                  <Badge tone="success">{words.active}</Badge>
                ) : (
                  <Button
                    size="small"
                    onClick={() =>
                      void change(
                        () => call(endpoints.activateResume, { params: { resumeId: resume.id } }),
                        words.activated(resume.name),
                      )
                    }
                  >
                    {words.makeActive}
                  </Button>
                )}
                <Button
                  size="small"
                  look="quiet"
                  icon={Trash2}
                  aria-label={words.deleteNamed(resume.name)}
                  onClick={() =>
                    void change(
                      () => call(endpoints.deleteResume, { params: { resumeId: resume.id } }),
                      words.deleted(resume.name),
                      () => restore(resume),
                    )
                  }
                >
                  {words.delete}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {list !== null && list.deleted.length > 0 && (
        <Card title={words.deletedTitle}>
          <p className={styles["quiet"]}>{words.deletedText}</p>
          <ul className={styles["list"]}>
            {list.deleted.map((resume) => (
              <li key={resume.id} className={styles["row"]}>
                <span className={styles["what"]}>{resume.name}</span>
                <Button size="small" icon={RotateCcw} onClick={() => restore(resume)}>
                  {words.restore}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function parsed(text: string): Record<string, unknown> {
  const content: unknown = (() => {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new Error(words.notJson, { cause: error });
    }
  })();
  if (typeof content !== "object" || content === null || Array.isArray(content))
    throw new Error(words.notJson);
  return content as Record<string, unknown>;
}

function dayOf(iso: string): string {
  return new Date(iso).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}
