// The lines of a role or project, each with what it is worth as evidence.
import { Plus } from "lucide-react";
import type { EvidenceScore } from "../../../../shared/schemas/career/bullets.ts";
import type { ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { TextArea } from "../../../ui/field.tsx";
import { EntryTools, changedAt } from "./entry-tools.tsx";
import { resumeStrings } from "./resume-strings.ts";
import styles from "./resumes.module.css";

const words = resumeStrings.one;
const tones = { strong: "success", medium: "neutral", weak: "warm" } as const;

type Bullets = ResumeContent["projects"][number]["bullets"];

export function BulletLines(props: {
  bullets: Bullets;
  /** Whose they are, in the middle of a sentence. */
  parent: string;
  scores: ReadonlyMap<string, EvidenceScore>;
  onChange: (bullets: Bullets) => void;
}) {
  const { bullets, parent, scores, onChange } = props;
  return (
    <>
      {bullets.map((bullet, index) => {
        const score = bullet.bulletId === undefined ? undefined : scores.get(bullet.bulletId);
        return (
          <div key={bullet.bulletId ?? index} className={styles["line"]}>
            <TextArea
              label={words.line(index + 1)}
              labelHidden
              rows={2}
              maxLength={1_000}
              value={bullet.text}
              onChange={(event) =>
                onChange(changedAt(bullets, index, { ...bullet, text: event.target.value }))
              }
            />
            <div className={styles["tools"]}>
              {score !== undefined && (
                <Badge tone={tones[score.tier]} title={words.tierHint[score.tier]}>
                  {words.tiers[score.tier]}
                </Badge>
              )}
              <EntryTools
                label={words.lineOf(index + 1, parent)}
                list={bullets}
                index={index}
                onChange={onChange}
              />
            </div>
          </div>
        );
      })}
      <div className={styles["actions"]}>
        <Button size="small" look="quiet" icon={Plus} onClick={() => onChange([...bullets, { text: "" }])}>
          {words.addLine}
        </Button>
      </div>
    </>
  );
}
