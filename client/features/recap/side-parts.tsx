// Smaller parts of the recap that show only where there is something to say.
import type { Insight } from "../../../shared/schemas/insights.ts";
import { Card } from "../../ui/card.tsx";
import { Citations, MachineCard } from "./cited-parts.tsx";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";

export function Suggestions({ insight, nameOf }: { insight: Insight; nameOf: (userId: string) => string }) {
  if (insight.recommendations.length === 0) return null;
  return (
    <MachineCard title={recapStrings.recommendations.heading} generatedBy={insight.generatedBy}>
      <ul className={styles["items"]}>
        {insight.recommendations.map((item, index) => (
          <li key={index}>
            <p>{item.content}</p>
            <Citations citations={item.citations} nameOf={nameOf} />
          </li>
        ))}
      </ul>
    </MachineCard>
  );
}

export function MissingCard({ insight }: { insight: Insight }) {
  if (insight.missing.length === 0) return null;
  return (
    <Card title={recapStrings.missing.heading}>
      <ul className={styles["plain"]}>
        {insight.missing.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Card>
  );
}
