// Keeps a tailored résumé to its plan and its sources: strips, checks, repairs once, truncates, else keeps the original.
import type { ResumeBullet } from "../../../../shared/schemas/career/bullets.ts";
import type { SelectionEnforcement, TailoredBullet } from "../../../../shared/schemas/career/tailored.ts";
import { violationsOf, type FactRules, type FactSource, type Violation } from "./facts.ts";

export interface RepairRequest {
  original: string;
  rewritten: string;
  violations: readonly Violation[];
}

export interface EnforcementInput {
  /** What was selected, in the order of the page. */
  selected: readonly ResumeBullet[];
  /** What came back, under whatever ids. */
  rewritten: readonly { bulletId: string; text: string }[];
  rules: FactRules;
  /** Of one bullet. */
  maxWords: number;
  /** Of all bullets together; more is said, not cut. */
  maxTotalWords: number;
  /** Asked once a bullet; null where it cannot be repaired. Without it, the part at fault is cut out. */
  repair?: (request: RepairRequest) => Promise<string | null> | string | null;
}

export interface EnforcementOutcome {
  bullets: TailoredBullet[];
  record: SelectionEnforcement;
  /** What was found, by bullet, also where it was repaired; it holds words of the résumé and belongs to no log. */
  findings: { bulletId: string; violations: Violation[]; outcome: "repaired" | "kept-original" }[];
}

export async function enforce(input: EnforcementInput): Promise<EnforcementOutcome> {
  const { selected, rewritten, rules, maxWords, maxTotalWords } = input;
  const repair = input.repair ?? ((request: RepairRequest) => withoutFaults(request));
  const ids = new Set(selected.map(({ bulletId }) => bulletId));
  const firstOf = new Map<string, string>();
  let strippedUnselected = 0;
  for (const { bulletId, text } of rewritten)
    if (!ids.has(bulletId) || firstOf.has(bulletId)) strippedUnselected += 1;
    else firstOf.set(bulletId, tidied(text));

  const findings: EnforcementOutcome["findings"] = [];
  let truncatedBullets = 0;
  const bullets: TailoredBullet[] = [];
  for (const bullet of selected) {
    const source = sourceOf(bullet);
    let text = firstOf.get(bullet.bulletId) ?? "";
    if (text === "") text = bullet.text;
    const violations = text === bullet.text ? [] : violationsOf(text, source, rules);
    if (violations.length > 0) {
      const repaired = tidied((await repair({ original: bullet.text, rewritten: text, violations })) ?? "");
      const isGood = repaired !== "" && violationsOf(repaired, source, rules).length === 0;
      text = isGood ? repaired : bullet.text;
      findings.push({
        bulletId: bullet.bulletId,
        violations,
        outcome: isGood ? "repaired" : "kept-original",
      });
    }
    // The owner's own words are never cut: only what was made of them.
    if (text !== bullet.text && wordCount(text) > Math.max(maxWords, wordCount(bullet.text))) {
      const shortened = truncated(text, maxWords);
      text =
        shortened !== null && violationsOf(shortened, source, rules).length === 0 ? shortened : bullet.text;
      truncatedBullets += 1;
    }
    bullets.push({
      bulletId: bullet.bulletId,
      originalText: bullet.text,
      tailoredText: text,
      wasRewritten: text !== bullet.text,
    });
  }
  const total = bullets.reduce((sum, { tailoredText }) => sum + wordCount(tailoredText), 0);
  return {
    bullets,
    findings,
    record: {
      strippedUnselected,
      truncatedBullets,
      repairApplied: findings.some(({ outcome }) => outcome === "repaired"),
      compliant: bullets.every(
        ({ tailoredText, originalText }, at) =>
          tailoredText === originalText ||
          violationsOf(tailoredText, sourceOf(selected[at]), rules).length === 0,
      ),
      proxyWordCountExceeded: total > maxTotalWords,
    },
  };
}

export function sourceOf(bullet: ResumeBullet | undefined): FactSource {
  if (bullet === undefined) return { text: "", context: [] };
  const { text, company, role, projectName, dates, location, tags } = bullet;
  return {
    text,
    context: [company, role, projectName, dates, location, ...(tags ?? [])].flatMap((part) => part ?? []),
  };
}

/** What is left when the parts between commas that hold a fault are cut out; null where too little is. */
export function withoutFaults({ rewritten, violations }: RepairRequest): string | null {
  const parts = rewritten.split(
    /(?<=[,;])\s+|\s+(?=(?:resulting in|leading to|while|using|with|by|for|across|within)\b)/u,
  );
  const good = parts.filter(
    (part) => !violations.some(({ text }) => part.toLowerCase().includes(text.toLowerCase())),
  );
  if (good.length === parts.length || good[0] !== parts[0]) return null;
  const text = tidied(good.join(" ").replace(/[,;]\s*$/u, ""));
  return wordCount(text) < 4 ? null : text;
}

/** Cut where a clause ends within the budget; null where none does before half of it. */
function truncated(text: string, maxWords: number): string | null {
  const words = text.split(/\s+/);
  for (let length = maxWords; length >= Math.ceil(maxWords / 2); length -= 1) {
    const next = words[length] ?? "";
    const last = words[length - 1] ?? "";
    if (/[,;.]$/u.test(last) || /^(?:and|resulting|leading|while|using|with|by|across|within)$/iu.test(next))
      return words.slice(0, length).join(" ").replace(/[,;]$/u, "");
  }
  return null;
}

function tidied(text: string): string {
  return text.normalize("NFC").replace(/\s+/gu, " ").trim();
}

function wordCount(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== "").length;
}
