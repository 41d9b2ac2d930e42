// One run: where it is, what it has made so far, and what to do with it.
import { ArrowLeft, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { runIdSchema, type RunView } from "../../../../shared/schemas/career/runs.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { Tabs } from "../../../ui/tabs.tsx";
import { formatShort } from "../../../ui/times.ts";
import { useToast } from "../../../ui/toast.tsx";
import { useAction } from "../../../ui/use-action.ts";
import { AboutPanel } from "./about-panel.tsx";
import { AskedPanel } from "./asked-panel.tsx";
import { CompareWith } from "./compare-with.tsx";
import { NextCard } from "./next-card.tsx";
import { PagePanel } from "./page-panel.tsx";
import { PlanPanel } from "./plan-panel.tsx";
import { MockBadge, RunStatusBadge } from "./run-badges.tsx";
import { runAddress, runName } from "./run-names.ts";
import styles from "./runs.module.css";
import { StagesCard } from "./stages-card.tsx";
import { runStrings as words } from "./strings.ts";
import { TailoredPanel } from "./tailored-panel.tsx";
import { useRun } from "./use-run.ts";

export function RunPage() {
  const { runId = "" } = useParams();
  const parsed = runIdSchema.safeParse(runId);
  // An address that names nothing is answered as one that names somebody else's.
  const known = parsed.success ? parsed.data : "00000000-0000-4000-8000-000000000000";
  return <Read key={known} runId={known} />;
}

function Read({ runId }: { runId: string }) {
  const { run, error, again } = useRun(runId);
  if (error !== null && (run === null || error.code === "NOT_FOUND"))
    return (
      <>
        <Back />
        <PageHeader title={words.title} />
        <Failure error={error} onRetry={again} />
      </>
    );
  if (run === null)
    return (
      <>
        <Back />
        <PageHeader title={words.title} />
        <Waiting label={words.loading} />
      </>
    );
  return <Shown run={run} again={again} />;
}

function Back() {
  return (
    <Link to="/career/runs" className={styles["back"]}>
      <ArrowLeft size={16} aria-hidden />
      {words.back}
    </Link>
  );
}

type TabKey = "page" | "plan" | "tailored" | "asked" | "about";

function Shown({ run, again }: { run: RunView; again: () => void }) {
  // Who comes to a run that is done sees its page; who watches one sees what is chosen, and it is not taken away.
  const [tab, setTab] = useState<TabKey>(run.status === "success" ? "page" : "plan");
  return (
    <div className={styles["page"]}>
      <div>
        <Back />
        <PageHeader
          title={runName(run)}
          under={
            <span className={styles["badges"]}>
              <RunStatusBadge run={run} />
              <MockBadge run={run} />
              <Link to={`/career/resumes/${run.masterResumeId}`}>{run.resumeName}</Link>
              <Link to={`/career/postings/${run.jobId}`}>{words.toPosting}</Link>
              <span>{formatShort(new Date(run.createdAt))}</span>
            </span>
          }
          actions={<Remove run={run} />}
        />
      </div>
      <StagesCard run={run} again={again} />
      {run.status === "success" && <NextCard run={run} />}
      <Tabs
        label={words.tabs}
        selected={tab}
        onSelect={setTab}
        panelClassName={styles["panel"]}
        tabs={[
          { key: "page", label: words.tabFiles, content: <PagePanel run={run} /> },
          {
            key: "plan",
            label: words.tabPlan,
            content: <PlanPanel key={JSON.stringify([run.pins, run.bans])} run={run} again={again} />,
          },
          { key: "tailored", label: words.tabPage, content: <TailoredPanel run={run} /> },
          { key: "asked", label: words.tabAsked, content: <AskedPanel run={run} /> },
          { key: "about", label: words.tabAbout, content: <AboutPanel run={run} /> },
        ]}
      />
      <CompareWith run={run} />
    </div>
  );
}

function Remove({ run }: { run: RunView }) {
  const toast = useToast();
  const navigate = useNavigate();
  const { busy, run: attempt } = useAction();
  const params = { runId: run.runId };
  const undo = () =>
    void attempt(async () => {
      await call(endpoints.restoreCareerRun, { params });
      void navigate(runAddress(run.runId));
    });
  return (
    <Button
      icon={Trash2}
      busy={busy}
      onClick={() =>
        void attempt(async () => {
          await call(endpoints.deleteCareerRun, { params });
          toast({ text: words.removed, action: { label: words.undo, run: undo } });
          void navigate("/career/runs");
        })
      }
    >
      {words.remove}
    </Button>
  );
}
