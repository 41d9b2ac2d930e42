// How a run was made: times, caches, versions and hashes, for whoever wants to make it again.
import type { ReactNode } from "react";
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import { Card } from "../../../ui/card.tsx";
import { writersOf } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

const times = Object.keys(words.timing) as (keyof typeof words.timing)[];
const caches = ["evidenceScores", "embeddings"] as const;

export function AboutPanel({ run }: { run: RunView }) {
  const { edition, timing, cacheHits, promptVersions, promptHashes, plan } = run;
  const cached = caches.filter((name) => cacheHits[name] === true).map((name) => words.about[name]);
  const rows: [string, ReactNode][] = [
    [words.writers, writersOf(run)],
    [words.template, words.templates[run.template]],
    [words.pageLimit, words.pageCount(run.pageLimit)],
    [words.about.edition, edition],
    [
      words.about.timing,
      <Lines
        key="timing"
        lines={times.flatMap((name) => {
          const ms = timing[name];
          return ms === undefined ? [] : [`${words.timing[name]}: ${words.seconds(ms)}`];
        })}
      />,
    ],
    [words.about.caches, cached.length === 0 ? words.about.none : cached.join(", ")],
    ...(plan === null
      ? []
      : [[words.about.similarity, similarityOf(plan.embeddingModel)] as [string, string]]),
    [words.about.versions, <Lines key="versions" lines={pairsOf(promptVersions)} />],
    [
      words.about.hashes,
      <Lines
        key="hashes"
        plain
        lines={[
          ...pairsOf(promptHashes),
          ...(plan === null
            ? []
            : pairsOf({
                résumé: plan.masterResumeHash,
                posting: plan.jobExtractedHash,
                requirements: plan.rubricHash,
              })),
          ...run.tailored.map(({ modelName, tailoredHash }) => `${modelName}: ${tailoredHash}`),
        ]}
      />,
    ],
  ];
  return (
    <Card title={words.tabAbout}>
      <dl className={styles["facts"]}>
        {rows.map(([name, value]) => (
          <div key={name} className={styles["fact"]}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Lines({ lines, plain = false }: { lines: readonly string[]; plain?: boolean }) {
  if (lines.length === 0) return words.about.none;
  return (
    <ul className={styles["lines"]}>
      {lines.map((line) => (
        <li key={line} className={plain ? styles["hash"] : undefined}>
          {line}
        </li>
      ))}
    </ul>
  );
}

function pairsOf(named: Record<string, string | undefined>): string[] {
  return Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
}

function similarityOf(model: string): string {
  return model === "none" ? words.about.words : model;
}
