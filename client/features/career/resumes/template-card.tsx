// A résumé's own LaTeX template: given as a file, taken along again, and taken away; runs can set their pages by it.
import { Download, FileUp, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { Resume } from "../../../../shared/schemas/career/resumes.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { Button, ButtonAnchor } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { resumeStrings } from "./resume-strings.ts";
import styles from "./resumes.module.css";

const words = resumeStrings.template;

export function TemplateCard({ resume, onChange }: { resume: Resume; onChange: (resume: Resume) => void }) {
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const { id: resumeId, revision, customLatexTemplate } = resume;

  async function keep(read: () => Promise<string>, done: string) {
    setBusy(true);
    setProblem(null);
    try {
      const body = { revision, customLatexTemplate: await read() };
      onChange(await call(endpoints.updateResume, { params: { resumeId }, body }));
      toast({ text: done });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card title={words.title}>
      <p className={styles["quiet"]}>{words.text}</p>
      <p className={styles["quiet"]}>{customLatexTemplate === null ? words.none : words.there}</p>
      {problem !== null && <Failure message={problem} />}
      <div className={styles["actions"]}>
        <Button icon={FileUp} busy={busy} onClick={() => input.current?.click()}>
          {customLatexTemplate === null ? words.add : words.replace}
        </Button>
        {customLatexTemplate !== null && (
          <>
            <ButtonAnchor
              icon={Download}
              download="template.tex"
              href={`data:application/x-tex;charset=utf-8,${encodeURIComponent(customLatexTemplate)}`}
            >
              {words.download}
            </ButtonAnchor>
            <Button
              icon={Trash2}
              busy={busy}
              onClick={() => void keep(() => Promise.resolve(""), words.removed)}
            >
              {words.remove}
            </Button>
          </>
        )}
      </div>
      <input
        ref={input}
        type="file"
        accept=".tex,text/x-tex,application/x-tex"
        hidden
        aria-label={words.file}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file !== undefined) void keep(() => file.text(), words.kept);
        }}
      />
    </Card>
  );
}
