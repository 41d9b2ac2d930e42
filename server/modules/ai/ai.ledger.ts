// Budgets and the cost ledger: what a question may cost is taken before it is sent, and what it did cost is written down.
import { AppError } from "../../../shared/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Metrics } from "../../platform/metrics.ts";
import type { Ledger } from "../../platform/outbound/ledger.ts";
import type { AiRepository, BudgetOfDay } from "./ai.repository.ts";

const callsKeptMs = 90 * 24 * 60 * 60 * 1_000;

export function createCostLedger(options: {
  repository: AiRepository;
  clock: Clock;
  metrics: Metrics;
  /** Of an organisation in a day; 0: without end. */
  daily: { tokens: number; cost: number };
}): Ledger {
  const { repository, clock, metrics, daily } = options;
  const tokensUsed = metrics.counter("ai_tokens_total", "Tokens that models were sent and have answered", [
    "kind",
    "direction",
  ]);
  const costs = metrics.counter("ai_cost_total", "What questions have cost by the configured prices", [
    "kind",
  ]);
  const refused = metrics.counter("ai_budget_refusals_total", "Questions that no budget was left for", [
    "kind",
  ]);

  return {
    async reserve(planned) {
      const budget: BudgetOfDay = { orgId: planned.orgId, day: dayOf(clock.now()) };
      const taken = { tokens: planned.tokens, cost: planned.cost };
      if (!(await repository.take(budget, taken, daily))) {
        refused.inc({ kind: planned.kind });
        throw new AppError("RATE_LIMITED", "Today's budget for models is used up.", {
          details: { reason: "budget" },
          retryable: false,
        });
      }
      return {
        async settle(settled) {
          const { inputTokens, outputTokens, cost } = settled;
          await repository.giveBack(budget, {
            tokens: taken.tokens - inputTokens - outputTokens,
            cost: taken.cost - cost,
          });
          tokensUsed.inc({ kind: planned.kind, direction: "in" }, inputTokens);
          tokensUsed.inc({ kind: planned.kind, direction: "out" }, outputTokens);
          costs.inc({ kind: planned.kind }, cost);
          const at = clock.now();
          await repository.addCall({
            ...planned,
            ...settled,
            at,
            expiresAt: new Date(at.getTime() + callsKeptMs),
          });
        },
      };
    },
  };
}

export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
