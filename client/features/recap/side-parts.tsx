// Smaller parts of the recap that show only where there is something to say.
import { ExternalLink, EyeOff } from "lucide-react";
import { Link } from "react-router";
import type { Insight, SharedLink } from "../../../shared/schemas/insights.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { formatTimeline } from "../../ui/times.ts";
import { Citations, MachineCard } from "./cited-parts.tsx";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";

type NameOf = (userId: string) => string;

export function Suggestions({ insight, nameOf }: { insight: Insight; nameOf: NameOf }) {
  if (insight.recommendations.length === 0) return null;
  return (
    <MachineCard title={recapStrings.recommendations.heading} generatedBy={insight.generatedBy}>
      <ul className={styles["items"]}>
        {insight.recommendations.map((item, index) => (
          <li key={index}>
            <p>{item.content}</p>
            {item.type === "coaching" && (
              <Badge tone="warm" icon={EyeOff} title={recapStrings.recommendations.onlyYou}>
                {recapStrings.recommendations.own}
              </Badge>
            )}
            <Citations citations={item.citations} nameOf={nameOf} />
          </li>
        ))}
      </ul>
    </MachineCard>
  );
}

/** Where people pointed to: the address is shown as it is, whatever was written around it. */
export function LinksCard({ insight, nameOf }: { insight: Insight; nameOf: NameOf }) {
  if (insight.links.length === 0) return null;
  return (
    <Card title={recapStrings.links.heading}>
      <ul className={styles["items"]}>
        {insight.links.map((link) => (
          <li key={link.url}>
            <a
              href={link.url}
              target="_blank"
              rel="noopener noreferrer nofollow"
              className={styles["link"]}
              title={`${link.url} (${recapStrings.links.opens})`}
            >
              {link.title}
              <ExternalLink size={14} aria-hidden />
            </a>{" "}
            <span className={styles["muted"]}>
              <From link={link} nameOf={nameOf} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function From({ link, nameOf }: { link: SharedLink; nameOf: NameOf }) {
  const words = recapStrings.links;
  const name = nameOf(link.userId ?? "");
  switch (link.type) {
    case "notes":
      return words.notes;
    case "chat":
      return words.chat(name);
    case "said": {
      const text = words.said(name, formatTimeline(link.startMs ?? 0));
      return link.sequence === null ? text : <Link to={`#t-${link.sequence}`}>{text}</Link>;
    }
  }
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
