// The fields of a résumé, part by part: everything that was understood can be changed, moved and removed.
import { Plus } from "lucide-react";
import { useState } from "react";
import type { EvidenceScore } from "../../../../shared/schemas/career/bullets.ts";
import { skillCategories, type ResumeContent } from "../../../../shared/schemas/career/resume.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { TextArea, TextInput } from "../../../ui/field.tsx";
import { EntryTools, changedAt, type ListChange } from "./entry-tools.tsx";
import { BulletLines } from "./bullet-lines.tsx";
import { resumeStrings } from "./resume-strings.ts";
import styles from "./resumes.module.css";

const words = resumeStrings.one;

export interface ResumeFieldsProps {
  content: ResumeContent;
  evidence: readonly EvidenceScore[];
  onChange(content: ResumeContent): void;
}

export function ResumeFields({ content, evidence, onChange }: ResumeFieldsProps) {
  const set = (change: Partial<ResumeContent>) => onChange({ ...content, ...change });
  const { basics, workExperience, projects, education, awards } = content;
  const setBasics = (change: Partial<ResumeContent["basics"]>) => set({ basics: { ...basics, ...change } });
  const scores = new Map(evidence.map((score) => [score.bulletId, score]));
  return (
    <>
      <Card title={words.contact}>
        <div className={styles["grid"]}>
          <Text
            label={words.fullName}
            value={basics.name}
            required
            onValue={(value) => setBasics({ name: value })}
          />
          {(["headline", "email", "phone", "location"] as const).map((field) => (
            <Text
              key={field}
              label={words[field]}
              value={basics[field] ?? ""}
              onValue={(value) => setBasics({ [field]: value })}
            />
          ))}
        </div>
        <TextArea
          label={words.links}
          hint={words.linksHint}
          rows={3}
          value={content.links.join("\n")}
          onChange={(event) => set({ links: event.target.value.split("\n") })}
        />
        <TextArea
          label={words.summary}
          rows={4}
          value={content.summary ?? ""}
          onChange={(event) => set({ summary: event.target.value })}
        />
      </Card>

      <Card title={words.experience}>
        {workExperience.map((role, index) => {
          const change: ListChange<typeof role> = (next) =>
            set({ workExperience: changedAt(workExperience, index, next) });
          const label = words.role(index + 1);
          return (
            <div key={role.roleId ?? index} role="group" aria-label={label} className={styles["entry"]}>
              <div className={styles["grid"]}>
                <Text
                  label={words.company}
                  required
                  value={role.company}
                  onValue={(company) => change({ ...role, company })}
                />
                <Text
                  label={words.title}
                  value={role.title}
                  onValue={(title) => change({ ...role, title })}
                />
                <Text
                  label={words.dates}
                  value={role.dateRange}
                  onValue={(dateRange) => change({ ...role, dateRange })}
                />
                <Text
                  label={words.location}
                  value={role.location ?? ""}
                  onValue={(location) => change({ ...role, location })}
                />
              </div>
              <BulletLines
                bullets={role.bullets}
                parent={label}
                scores={scores}
                onChange={(bullets) => change({ ...role, bullets })}
              />
              <EntryTools
                label={label}
                list={workExperience}
                index={index}
                onChange={(list) => set({ workExperience: list })}
              />
            </div>
          );
        })}
        <Add
          label={words.addRole}
          onAdd={() =>
            set({
              workExperience: [{ company: "", title: "", dateRange: "", bullets: [] }, ...workExperience],
            })
          }
        />
      </Card>

      <Card title={words.projects}>
        {projects.map((project, index) => {
          const change: ListChange<typeof project> = (next) =>
            set({ projects: changedAt(projects, index, next) });
          const label = words.project(index + 1);
          return (
            <div key={project.projectId ?? index} role="group" aria-label={label} className={styles["entry"]}>
              <div className={styles["grid"]}>
                <Text
                  label={words.projectName}
                  required
                  value={project.name}
                  onValue={(name) => change({ ...project, name })}
                />
                <Text
                  label={words.date}
                  value={project.date ?? ""}
                  onValue={(date) => change({ ...project, date })}
                />
                <Text
                  label={words.url}
                  value={project.url ?? ""}
                  onValue={(url) => change({ ...project, url })}
                />
              </div>
              <BulletLines
                bullets={project.bullets}
                parent={label}
                scores={scores}
                onChange={(bullets) => change({ ...project, bullets })}
              />
              <EntryTools
                label={label}
                list={projects}
                index={index}
                onChange={(list) => set({ projects: list })}
              />
            </div>
          );
        })}
        <Add
          label={words.addProject}
          onAdd={() => set({ projects: [...projects, { name: "", bullets: [] }] })}
        />
      </Card>

      <Card title={words.education}>
        {education.map((study, index) => {
          const label = words.study(index + 1);
          return (
            <div key={index} role="group" aria-label={label} className={styles["entry"]}>
              <div className={styles["grid"]}>
                {(["institution", "degree", "dates", "location", "gpa"] as const).map((field) => (
                  <Text
                    key={field}
                    label={words[field]}
                    required={field === "institution"}
                    value={study[field] ?? ""}
                    onValue={(value) =>
                      set({ education: changedAt(education, index, { ...study, [field]: value }) })
                    }
                  />
                ))}
              </div>
              <EntryTools
                label={label}
                list={education}
                index={index}
                onChange={(list) => set({ education: list })}
              />
            </div>
          );
        })}
        <Add
          label={words.addStudy}
          onAdd={() => set({ education: [...education, { institution: "", degree: "", dates: "" }] })}
        />
      </Card>

      <Card title={words.skills}>
        <p className={styles["quiet"]}>{words.skillsHint}</p>
        <div className={styles["grid"]}>
          {skillCategories.map((category) => (
            <SkillList
              key={category}
              label={words.categories[category]}
              names={content.skills[category]}
              onNames={(names) => set({ skills: { ...content.skills, [category]: names } })}
            />
          ))}
        </div>
      </Card>

      <Card title={words.awards}>
        {awards.map((award, index) => {
          const label = words.awardNumber(index + 1);
          return (
            <div key={index} role="group" aria-label={label} className={styles["entry"]}>
              <div className={styles["grid"]}>
                {(["name", "issuer", "year"] as const).map((field) => (
                  <Text
                    key={field}
                    label={field === "name" ? words.award : words[field]}
                    required={field === "name"}
                    value={award[field]}
                    onValue={(value) =>
                      set({ awards: changedAt(awards, index, { ...award, [field]: value }) })
                    }
                  />
                ))}
              </div>
              <EntryTools
                label={label}
                list={awards}
                index={index}
                onChange={(list) => set({ awards: list })}
              />
            </div>
          );
        })}
        <Add
          label={words.addAward}
          onAdd={() => set({ awards: [...awards, { name: "", issuer: "", year: "" }] })}
        />
        <TextArea
          label={words.mentorship}
          hint={words.mentorshipHint}
          rows={3}
          value={content.mentorship.join("\n")}
          onChange={(event) => set({ mentorship: event.target.value.split("\n") })}
        />
      </Card>
    </>
  );
}

function Text(props: { label: string; value: string; required?: boolean; onValue: (value: string) => void }) {
  const { onValue, ...rest } = props;
  return <TextInput {...rest} maxLength={300} onChange={(event) => onValue(event.target.value)} />;
}

/** What is typed stays as it is typed; the list follows it. */
function SkillList(props: { label: string; names: readonly string[]; onNames: (names: string[]) => void }) {
  const shown = props.names.join(", ");
  const [typed, setTyped] = useState(shown);
  const current = namesIn(typed).join(", ") === shown ? typed : shown;
  return (
    <TextArea
      label={props.label}
      rows={2}
      value={current}
      onChange={(event) => {
        setTyped(event.target.value);
        props.onNames(namesIn(event.target.value));
      }}
    />
  );
}

function namesIn(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function Add({ label, onAdd }: { label: string; onAdd: () => void }) {
  return (
    <div className={styles["actions"]}>
      <Button size="small" icon={Plus} onClick={onAdd}>
        {label}
      </Button>
    </div>
  );
}
