// What comes after a run: its page goes to the application for the posting, and from there along the board.
import { ArrowRight, ListChecks } from "lucide-react";
import { Link, useNavigate } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { postingIdSchema } from "../../../../shared/ids.ts";
import type { RunView } from "../../../../shared/schemas/career/runs.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Button, ButtonLink } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { statusNames } from "../applications/strings.ts";
import styles from "./runs.module.css";
import { runStrings } from "./strings.ts";

const words = runStrings.next;

export function NextCard({ run }: { run: RunView }) {
  const toast = useToast();
  const navigate = useNavigate();
  const { busy, run: attempt } = useAction();
  const board = useRequest(endpoints.applicationBoard, {});
  const { runId, masterResumeId, jobId } = run;
  const there = board.data?.items.find(({ posting }) => posting.id === jobId) ?? null;

  const use = () =>
    attempt(async () => {
      const named = { runId, masterResumeId };
      const { application, existing } = await call(endpoints.addApplication, {
        body: { postingId: postingIdSchema.parse(jobId), ...named },
      });
      if (existing)
        await call(endpoints.changeApplication, { params: { applicationId: application.id }, body: named });
      toast({ text: words.used });
      void navigate(`/career/applications/${application.id}`);
    });
  if (there?.runId === runId)
    return (
      <Card title={words.title}>
        <div className={styles["nextRow"]}>
          <p>{words.isUsed(statusNames[there.status])}</p>
          <span className={styles["actions"]}>
            <ButtonLink to="/career/applications" icon={ListChecks}>
              {words.toBoard}
            </ButtonLink>
            <ButtonLink to={`/career/applications/${there.id}`} look="primary" icon={ArrowRight}>
              {words.toApplication}
            </ButtonLink>
          </span>
        </div>
      </Card>
    );
  return (
    <Card title={words.title}>
      <div className={styles["nextRow"]}>
        <div>
          <p>{there === null ? words.text : words.other(statusNames[there.status])}</p>
          {there !== null && <Link to={`/career/applications/${there.id}`}>{words.toApplication}</Link>}
        </div>
        <Button look="primary" icon={ArrowRight} busy={busy} onClick={() => void use()}>
          {there === null ? words.use : words.useInstead}
        </Button>
      </div>
    </Card>
  );
}
