// The file that a résumé was read from, beside what was understood: drawn as it is printed, or as the text that was read.
import { ExternalLink } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import type { MasterResumeId } from "../../../../shared/ids.ts";
import type { Resume } from "../../../../shared/schemas/career/resumes.ts";
import { fetchFile } from "../../../api/http.ts";
import { Button, ButtonAnchor } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { PdfPages } from "../runs/pdf-pages.tsx";
import { resumeStrings } from "./resume-strings.ts";
import styles from "./resumes.module.css";

const words = resumeStrings.one;

export function OriginalPanel(props: {
  resumeId: MasterResumeId;
  original: NonNullable<Resume["original"]>;
}) {
  const { resumeId, original } = props;
  const canBeDrawn = original.type === "application/pdf";
  const [drawn, setDrawn] = useState(canBeDrawn);
  return (
    <Card
      title={words.original}
      aside={
        <ButtonAnchor size="small" icon={ExternalLink} href={`/api/v1/career/resumes/${resumeId}/original`}>
          {words.openOriginal}
        </ButtonAnchor>
      }
    >
      <p className={styles["quiet"]}>{words.originalUnder(original.name)}</p>
      {original.leftOut.length > 0 && (
        <p className={styles["quiet"]}>{words.leftOut(original.leftOut.join(", "))}</p>
      )}
      {canBeDrawn && (
        <div className={styles["actions"]} role="group" aria-label={words.shownAs}>
          <Button size="small" aria-pressed={drawn} onClick={() => setDrawn(true)}>
            {words.asPages}
          </Button>
          <Button size="small" aria-pressed={!drawn} onClick={() => setDrawn(false)}>
            {words.asText}
          </Button>
        </div>
      )}
      {drawn ? (
        <PdfPages
          of={resumeId}
          load={() => fetchFile(endpoints.resumeOriginal, { params: { resumeId } })}
          label={words.original}
        />
      ) : (
        pagesOf(original.lines).map(({ page, text }) => (
          <section key={page} aria-label={words.page(page)}>
            <p className={styles["quiet"]}>{words.page(page)}</p>
            <p className={styles["paper"]}>{text}</p>
          </section>
        ))
      )}
    </Card>
  );
}

function pagesOf(lines: readonly { page: number; text: string }[]): { page: number; text: string }[] {
  const pages = new Map<number, string[]>();
  for (const { page, text } of lines) pages.set(page, [...(pages.get(page) ?? []), text]);
  return [...pages].map(([page, texts]) => ({ page, text: texts.join("\n") }));
}
