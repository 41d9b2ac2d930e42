// The skills of a plan: what to get better at, how important it is, and how far one is by one's own judgement.
import { Plus, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { limits } from "../../../shared/limits.ts";
import { skillPrioritySchema, type Plan, type PlanSkill } from "../../../shared/schemas/plans.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Select, TextInput } from "../../ui/field.tsx";
import { useRowFocus } from "../../ui/use-row-focus.ts";
import styles from "./plan.module.css";
import { planStrings } from "./strings.ts";

const words = planStrings.skills;
const stepPercent = 10;

export interface SkillsProps {
  plan: Plan;
  busy: boolean;
  onChange: (skills: PlanSkill[]) => Promise<boolean>;
}

export function Skills({ plan, busy, onChange }: SkillsProps) {
  const skills = plan.skillsToDevelop;
  const list = useRowFocus(skills.length);
  const [name, setName] = useState("");
  const [priority, setPriority] = useState<PlanSkill["priority"]>("medium");

  async function add(event: FormEvent) {
    event.preventDefault();
    const skill = name.trim();
    if (skill === "") return;
    const added: PlanSkill = {
      skill,
      currentLevel: 1,
      targetLevel: 4,
      priority,
      developmentTime: null,
      resources: [],
      progress: 0,
    };
    if (await onChange([...skills, added])) setName("");
  }

  return (
    <section className={styles["part"]}>
      <h3 className={styles["partTitle"]}>{words.heading}</h3>
      {skills.length === 0 && <p className={styles["muted"]}>{words.empty}</p>}
      <ul className={styles["list"]} {...list}>
        {skills.map((skill, place) => (
          <li key={`${place} ${skill.skill}`} className={styles["item"]}>
            <div className={styles["what"]}>
              <div className={styles["row"]}>
                <span>{skill.skill}</span>
                <Badge tone={skill.priority === "high" ? "accent" : "neutral"}>
                  {words.priorities[skill.priority]}
                </Badge>
              </div>
              <Level
                skill={skill}
                busy={busy}
                onSet={(progress) =>
                  onChange(skills.map((one, at) => (at === place ? { ...one, progress } : one)))
                }
              />
            </div>
            <IconButton
              icon={X}
              label={words.remove(skill.skill)}
              busy={busy}
              onClick={() => void onChange(skills.filter((_, at) => at !== place))}
            />
          </li>
        ))}
      </ul>
      <form className={styles["add"]} onSubmit={(event) => void add(event)}>
        <TextInput
          label={words.name}
          maxLength={limits.planNameMaxChars}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Select
          label={words.priority}
          value={priority}
          onChange={(event) => setPriority(skillPrioritySchema.parse(event.target.value))}
        >
          {skillPrioritySchema.options.map((one) => (
            <option key={one} value={one}>
              {words.priorities[one]}
            </option>
          ))}
        </Select>
        <Button type="submit" size="small" icon={Plus} busy={busy}>
          {words.add}
        </Button>
      </form>
    </section>
  );
}

/** Moves freely; what it is let go at is saved. */
function Level({
  skill,
  busy,
  onSet,
}: {
  skill: PlanSkill;
  busy: boolean;
  onSet: (progress: number) => Promise<boolean>;
}) {
  const [moved, setMoved] = useState<number | null>(null);
  const shown = moved ?? skill.progress;
  const save = () => {
    if (busy || moved === null) return;
    if (moved === skill.progress) setMoved(null);
    else void onSet(moved).then(() => setMoved(null));
  };
  return (
    <div className={styles["level"]}>
      <input
        type="range"
        min={0}
        max={100}
        step={stepPercent}
        value={shown}
        aria-disabled={busy || undefined}
        aria-label={words.progress(skill.skill)}
        onChange={(event) => {
          if (!busy) setMoved(Number(event.target.value));
        }}
        onPointerUp={save}
        onKeyUp={save}
        onBlur={save}
      />
      <output>{`${shown} %`}</output>
    </div>
  );
}
