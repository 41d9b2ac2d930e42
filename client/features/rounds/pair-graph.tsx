// A round as a picture: people as circles, pairs as bold lines; one person at a time is looked at, by pointer or arrow keys.
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import type { PairingRound } from "../../../shared/schemas/matching-rounds.ts";
import { initialsOf, pictureOf, pictureSize, type Line } from "./graph-layout.ts";
import styles from "./rounds.module.css";
import { roundsStrings } from "./strings.ts";

const words = roundsStrings.round;
/** With more people their names would lie over each other. */
const namedMost = 40;
const initialsFrom = 9;

export function PairGraph({ round, nameOf }: { round: PairingRound; nameOf: (id: string) => string }) {
  const { places, lines, radius } = useMemo(() => pictureOf(round), [round]);
  const [current, setCurrent] = useState(0);
  const [looking, setLooking] = useState<string | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const at = new Map(places.map((place) => [place.id, place]));

  function move(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || places.length === 0) return;
    event.preventDefault();
    const next = (current + step + places.length) % places.length;
    setCurrent(next);
    svg.current?.querySelectorAll<SVGGElement>("[data-person]")[next]?.focus();
  }

  function told(id: string): string {
    const mine = lines.filter(({ kind, from, to }) => kind === "pair" && (from === id || to === id));
    if (mine.length === 0) return words.nobody(nameOf(id));
    const others = mine.map(({ from, to }) => nameOf(from === id ? to : from)).join(", ");
    const best = Math.max(...mine.map(({ score }) => score));
    return words.meets(nameOf(id), others, Math.round(best * 100));
  }

  const touches = ({ from, to }: Line) => looking === null || from === looking || to === looking;
  const near = new Set(
    lines.filter((line) => line.kind === "pair" && touches(line)).flatMap(({ from, to }) => [from, to]),
  );

  return (
    <figure className={styles["figure"]}>
      <svg
        ref={svg}
        className={styles["graph"]}
        viewBox={`0 0 ${pictureSize} ${pictureSize}`}
        role="group"
        aria-label={words.graph(places.length, round.groups.length)}
        onKeyDown={move}
      >
        {lines.map((line) => {
          const [from, to] = [at.get(line.from), at.get(line.to)];
          if (from === undefined || to === undefined) return null;
          return (
            <line
              key={`${line.kind} ${line.from} ${line.to}`}
              x1={from.x}
              y1={from.y}
              x2={to.x}
              y2={to.y}
              data-kind={line.kind}
              data-repeat={line.repeat}
              data-faint={!touches(line)}
              strokeWidth={line.kind === "pair" ? 3 + 7 * line.score : 1}
            />
          );
        })}
        {places.map(({ id, x, y, side }, index) => (
          <g
            key={id}
            data-person
            data-faint={looking !== null && id !== looking && !near.has(id)}
            role="img"
            aria-label={told(id)}
            tabIndex={index === Math.min(current, places.length - 1) ? 0 : -1}
            onFocus={() => {
              setCurrent(index);
              setLooking(id);
            }}
            onBlur={() => setLooking(null)}
            onPointerEnter={() => setLooking(id)}
            onPointerLeave={() => setLooking(null)}
          >
            <circle cx={x} cy={y} r={radius} />
            {radius >= initialsFrom && (
              <text x={x} y={y} className={styles["initials"]} fontSize={radius * 0.85}>
                {initialsOf(nameOf(id))}
              </text>
            )}
            {places.length <= namedMost && (
              <text
                x={side === "start" ? x + radius + 8 : x - radius - 8}
                y={y}
                className={styles["nodeName"]}
                textAnchor={side}
              >
                {shortened(nameOf(id))}
              </text>
            )}
          </g>
        ))}
      </svg>
      <figcaption>
        <p className={styles["told"]} aria-hidden>
          {looking === null ? " " : told(looking)}
        </p>
        <p className={styles["quiet"]}>{words.pictureHint}</p>
      </figcaption>
    </figure>
  );
}

function shortened(name: string): string {
  return name.length <= 14 ? name : `${[...name].slice(0, 13).join("")}…`;
}
