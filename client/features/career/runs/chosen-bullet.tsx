// One bullet of a plan: why it is there, what it speaks for, and the two switches that its owner has.
import { Ban, Pin } from "lucide-react";
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import type { SelectedBullet } from "../../../../shared/schemas/career/selection.ts";
import { Badge } from "../../../ui/badge.tsx";
import { IconButton } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import type { Choice } from "./plan-choice.ts";
import { isByRules, requirementName } from "./run-names.ts";
import styles from "./runs.module.css";
import { runStrings as words } from "./strings.ts";

type Toggle = ((list: keyof Choice, bulletId: string) => void) | null;

export function ChosenBullet({
  run,
  bullet,
  choice,
  onChange,
}: {
  run: RunView;
  bullet: SelectedBullet;
  choice: Choice;
  onChange: Toggle;
}) {
  const { bulletId, originalText, evidence, rewriteIntent, reasons, matches, redundancy } = bullet;
  const banned = choice.bans.includes(bulletId);
  return (
    <li className={styles["bullet"]}>
      <p className={classNames(styles["bulletText"], banned && styles["struck"])}>{originalText}</p>
      <BulletSwitches bulletId={bulletId} text={originalText} choice={choice} onChange={onChange} />
      <div className={styles["reasons"]}>
        <ul className={styles["because"]} aria-label={words.why}>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
        <span className={styles["badges"]}>
          <Badge tone={evidence.tier === "strong" ? "success" : "neutral"}>
            {words.evidence[evidence.tier]}
          </Badge>
          {/* Rules do not word anything anew, whatever is asked of them. */}
          {!isByRules(run) && <Badge title={words.intentTitle}>{words.intent[rewriteIntent]}</Badge>}
          {redundancy.blocked && <Badge tone="warm">{words.repeats}</Badge>}
        </span>
        {matches.length > 0 && (
          <details>
            <summary>{words.matches(matches.length)}</summary>
            <ul className={styles["matches"]}>
              {matches.map(({ reqId, rel }) => (
                <li key={reqId}>
                  <span>{requirementName(reqId, run)}</span>
                  <span className={styles["figure"]}>{words.fits(rel)}</span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}

/** Nothing while a run is under way: what it chooses is not changed under its hands. */
export function BulletSwitches({
  bulletId,
  text,
  choice,
  onChange,
}: {
  bulletId: string;
  text: string;
  choice: Choice;
  onChange: Toggle;
}) {
  const [pinned, banned] = [choice.pins.includes(bulletId), choice.bans.includes(bulletId)];
  return (
    <span className={styles["actions"]}>
      {pinned && (
        <Badge tone="accent" icon={Pin}>
          {words.pinned}
        </Badge>
      )}
      {banned && (
        <Badge tone="danger" icon={Ban}>
          {words.banned}
        </Badge>
      )}
      {onChange !== null && (
        <>
          <IconButton
            icon={Pin}
            size="small"
            label={pinned ? words.unpinLabel(text) : words.pinLabel(text)}
            title={pinned ? words.unpin : words.pin}
            aria-pressed={pinned}
            onClick={() => onChange("pins", bulletId)}
          />
          <IconButton
            icon={Ban}
            size="small"
            label={banned ? words.unbanLabel(text) : words.banLabel(text)}
            title={banned ? words.unban : words.ban}
            aria-pressed={banned}
            onClick={() => onChange("bans", bulletId)}
          />
        </>
      )}
    </span>
  );
}
