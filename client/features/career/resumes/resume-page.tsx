// One résumé: what was understood, to be mended by hand, beside what its file says.
import { RotateCcw, Save } from "lucide-react";
import { useEffect, useState } from "react";
import { useParams } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { MasterResumeId } from "../../../../shared/ids.ts";
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import type { Resume } from "../../../../shared/schemas/career/resumes.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { TextInput } from "../../../ui/field.tsx";
import { LeaveGuard } from "../../../ui/leave-guard.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { TailorButton } from "../runs/tailor-button.tsx";
import { OriginalPanel } from "./original-panel.tsx";
import { ResumeFields } from "./resume-fields.tsx";
import { resumeStrings } from "./resume-strings.ts";
import { SharingCard } from "./sharing-card.tsx";
import { TemplateCard } from "./template-card.tsx";
import styles from "./resumes.module.css";

const words = resumeStrings.one;
/** So often it is asked again while lines are looked at. */
const askedAgainMs = 1_500;

export function ResumePage() {
  const { resumeId = "" } = useParams();
  const found = useRequest(endpoints.getResume, { params: { resumeId } });
  if (found.status === "loading") return <Waiting label={resumeStrings.loading} />;
  if (found.status === "error") return <Failure error={found.error} onRetry={found.retry} />;
  return <Editor key={found.data.id} opened={found.data} />;
}

function Editor({ opened }: { opened: Resume }) {
  const toast = useToast();
  const [resume, setResume] = useState(opened);
  const [name, setName] = useState(opened.name);
  const [content, setContent] = useState<ResumeContent>(opened.content);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const changed = name !== resume.name || JSON.stringify(content) !== JSON.stringify(resume.content);

  useFresh(resume, setResume);

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      const saved = await call(endpoints.updateResume, {
        params: { resumeId: resume.id },
        body: { revision: resume.revision, name, content: tidied(content) },
      });
      setResume(saved);
      // What was typed meanwhile stays.
      setName((now) => (now === name ? saved.name : now));
      setContent((now) => (now === content ? saved.content : now));
      toast({ text: words.saved });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  const { original, preparation } = resume;
  return (
    <>
      <PageHeader
        title={resume.name}
        under={
          <span role="status">
            {preparation.state === "ready"
              ? words.ready(preparation.bullets)
              : words.preparing(Math.min(preparation.scored, preparation.embedded), preparation.bullets)}
          </span>
        }
        actions={<TailorButton resumeId={resume.id} />}
      />
      <LeaveGuard unsaved={changed} />
      {problem !== null && <Failure message={problem} />}
      <form
        className={classNames(styles["sides"], original !== null && styles["beside"])}
        onSubmit={(event) => {
          event.preventDefault();
          if (changed && !busy) void save();
        }}
      >
        <div className={styles["fields"]}>
          <Card>
            <TextInput
              label={words.name}
              hint={words.nameHint}
              required
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Card>
          <ResumeFields content={content} evidence={resume.evidence} onChange={setContent} />
          <SharingCard resume={resume} onChange={setResume} />
          <TemplateCard resume={resume} onChange={setResume} />
          <div className={styles["bar"]}>
            <Button type="submit" look="primary" icon={Save} busy={busy} disabled={!changed}>
              {words.save}
            </Button>
            {changed && (
              <>
                <Button
                  icon={RotateCcw}
                  onClick={() => {
                    setName(resume.name);
                    setContent(resume.content);
                  }}
                >
                  {words.discard}
                </Button>
                <Badge tone="warm">{words.unsaved}</Badge>
              </>
            )}
          </div>
        </div>
        {original !== null && (
          <aside className={styles["original"]} aria-label={words.original}>
            <OriginalPanel resumeId={resume.id} original={original} />
          </aside>
        )}
      </form>
    </>
  );
}

/** Asks again until every line was looked at; what is being typed stays. */
function useFresh({ id, revision, preparation }: Resume, take: (resume: Resume) => void) {
  const waits = preparation.state === "preparing";
  const done = `${preparation.scored}/${preparation.embedded}`;
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (!waits) return;
    let over = false;
    const timer = setTimeout(() => {
      call(endpoints.getResume, { params: { resumeId: id as MasterResumeId } })
        .then((fresh) => {
          if (!over && fresh.revision === revision) take(fresh);
        })
        // The next time may go better.
        .catch(() => undefined)
        .finally(() => {
          if (!over) setAsked((count) => count + 1);
        });
    }, askedAgainMs);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [waits, done, asked, id, revision, take]);
}

/** Without lines that nothing was written in. */
function tidied(content: ResumeContent): ResumeContent {
  const filled = <Parent extends { bullets: { text: string }[] }>(parent: Parent) => ({
    ...parent,
    bullets: parent.bullets.filter(({ text }) => text.trim() !== ""),
  });
  return {
    ...content,
    workExperience: content.workExperience.map(filled),
    projects: content.projects.map(filled),
    mentorship: content.mentorship.filter((line) => line.trim() !== ""),
    links: content.links.filter((line) => line.trim() !== ""),
  };
}
