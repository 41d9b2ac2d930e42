// One's development plans: each with how far it is, its steps and its skills.
import { Flag, Plus } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { Plan } from "../../../shared/schemas/plans.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { useAction } from "../../ui/use-action.ts";
import { PlanCard } from "./plan-card.tsx";
import { PlanForm } from "./plan-form.tsx";
import { planStrings as words } from "./strings.ts";

export function PlanPage() {
  const read = useRequest(endpoints.listPlans, {});
  return (
    <>
      <PageHeader title={words.title} under={<p>{words.under}</p>} />
      {read.status === "loading" && <Waiting label={words.loading} />}
      {read.status === "error" && <Failure error={read.error} onRetry={read.retry} />}
      {read.data !== null && <Plans read={read.data.items} />}
    </>
  );
}

function Plans({ read }: { read: readonly Plan[] }) {
  const [plans, setPlans] = useState(read);
  const [adding, setAdding] = useState(false);
  const { busy, run } = useAction();
  const put = (plan: Plan) => setPlans((now) => now.map((one) => (one.id === plan.id ? plan : one)));

  const form = (
    <Card title={plans.length === 0 ? words.begin : words.another}>
      <PlanForm
        busy={busy}
        onCancel={() => setAdding(false)}
        onSave={(body) =>
          void run(async () => {
            const plan = await call(endpoints.createPlan, { body });
            setPlans((now) => [plan, ...now]);
            setAdding(false);
          })
        }
      />
    </Card>
  );
  const begin = (label: string) => (
    <Button look={plans.length === 0 ? "primary" : "secondary"} icon={Plus} onClick={() => setAdding(true)}>
      {label}
    </Button>
  );
  return (
    <>
      {adding && form}
      {plans.length === 0 && !adding && (
        <EmptyState icon={Flag} title={words.emptyTitle} action={begin(words.begin)}>
          {words.empty}
        </EmptyState>
      )}
      {plans.map((plan) => (
        <PlanCard
          key={plan.id}
          plan={plan}
          onChange={put}
          onRemoved={() => setPlans((now) => now.filter(({ id }) => id !== plan.id))}
        />
      ))}
      {plans.length > 0 && !adding && <div>{begin(words.another)}</div>}
    </>
  );
}
