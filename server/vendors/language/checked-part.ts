// What of a model's answer about one part stands after every check.
import type { DropReason, Grounded, GroundedAction, GroundedSuggestion, Turn } from "./index.ts";
import { ownerOf, personOf } from "./owner.ts";
import type { ReadingAnswer } from "./reading-prompt.ts";
import { createVerifier, withoutContradicted, type Claim } from "./verify.ts";

export interface CheckedPart {
  outcome: Grounded | null;
  summary: Grounded[];
  decisions: Grounded[];
  actions: GroundedAction[];
  suggestions: GroundedSuggestion[];
  topics: string[];
  dropped: Partial<Record<DropReason, number>>;
}

/** What of an answer to a question stands: each sentence with the evidence that holds. */
export function checkedSentences(
  sentences: readonly { text: string; evidence: { line: number; quote: string }[] }[],
  turns: readonly Turn[],
): { sentences: Grounded[]; dropped: CheckedPart["dropped"] } {
  const verifier = createVerifier(turns);
  const dropped: CheckedPart["dropped"] = {};
  const drop = (reason: DropReason, count: number) => {
    if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
  };
  const checked = sentences.flatMap((sentence): Grounded[] => {
    const one = verifier.check({ kind: "summary", ...sentence });
    if (typeof one !== "string") return [one];
    drop(one, 1);
    return [];
  });
  const { kept, dropped: contradicted } = withoutContradicted(checked);
  drop("contradicts", contradicted);
  return { sentences: kept, dropped };
}

export function checkedPart(
  answer: ReadingAnswer,
  part: readonly Turn[],
  labels: ReadonlyMap<string, string>,
): CheckedPart {
  const verifier = createVerifier(part);
  const dropped: CheckedPart["dropped"] = {};
  const drop = (reason: DropReason, count = 1) => {
    if (count > 0) dropped[reason] = (dropped[reason] ?? 0) + count;
  };
  function check(claim: Claim): Grounded | null {
    const checked = verifier.check(claim);
    if (typeof checked !== "string") return checked;
    drop(checked);
    return null;
  }
  function consistent<Statement extends Grounded>(statements: Statement[]): Statement[] {
    const { kept, dropped: contradicted } = withoutContradicted(statements);
    drop("contradicts", contradicted);
    return kept;
  }

  const actions = answer.actions.flatMap((action) => {
    const checked = check({ kind: "action", ...action });
    if (checked === null) return [];
    const due = action.due?.trim() ?? "";
    return {
      ...checked,
      ownerId: ownerOf(action.owner, checked.evidence, { part, labels }),
      dueText:
        due !== "" && checked.evidence.some(({ quote }) => quote.toLowerCase().includes(due.toLowerCase()))
          ? due
          : null,
    };
  });
  const suggestions = answer.suggestions.flatMap((suggestion): GroundedSuggestion[] => {
    const checked = check({ kind: "suggestion", ...suggestion });
    const forId = personOf(suggestion.for, labels);
    return checked === null ? [] : [{ ...checked, kind: "suggestion", forId }];
  });
  return {
    outcome: answer.outcome === null ? null : check({ kind: "outcome", ...answer.outcome }),
    summary: consistent(answer.summary.flatMap((one) => check({ kind: "summary", ...one }) ?? [])),
    decisions: consistent(answer.decisions.flatMap((one) => check({ kind: "decision", ...one }) ?? [])),
    actions: consistent(actions),
    suggestions: consistent(suggestions),
    topics: answer.topics.filter((topic) => topic.length <= 60 && verifier.wasSaid(topic)),
    dropped,
  };
}
