// One application: its status and dates, what is next, notes, and everything that happened.
import { ArrowLeft, FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { applicationIdSchema, type ApplicationId } from "../../../../shared/ids.ts";
import type { ApplicationView } from "../../../../shared/schemas/career/applications.ts";
import { applicationStatusSchema } from "../../../../shared/schemas/career/enums.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Button, ButtonLink } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Select } from "../../../ui/field.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { RunOfApplication } from "../runs/run-of-application.tsx";
import { ApplicationForm } from "./application-form.tsx";
import styles from "./applications.module.css";
import { applicationStrings, statusNames } from "./strings.ts";
import { Timeline } from "./timeline.tsx";

const words = applicationStrings.detail;

export function ApplicationPage() {
  const { applicationId } = useParams();
  const parsed = applicationIdSchema.safeParse(applicationId);
  return <Known applicationId={parsed.success ? parsed.data : ("0".repeat(24) as ApplicationId)} />;
}

function Known({ applicationId }: { applicationId: ApplicationId }) {
  const read = useRequest(endpoints.getApplication, { params: { applicationId } });
  const [changed, setChanged] = useState<ApplicationView | null>(null);
  const application = changed ?? read.data;
  if (application === null)
    return (
      <>
        <PageHeader title={applicationStrings.title} />
        {read.status === "error" ? (
          <Failure error={read.error} onRetry={read.retry} />
        ) : (
          <Waiting label={applicationStrings.loadingOne} />
        )}
        <Back />
      </>
    );
  const { posting } = application;
  return (
    <>
      <Back />
      <PageHeader
        title={posting.title}
        under={[posting.company, posting.location].filter((part) => part !== null).join(" · ")}
        actions={
          <>
            <ButtonLink icon={FileText} to={`/career/postings/${posting.id}`}>
              {words.posting}
            </ButtonLink>
            <Remove applicationId={applicationId} />
          </>
        }
      />
      <div className={styles["columns"]}>
        <div className={styles["side"]}>
          <Status application={application} onChange={setChanged} />
          {application.runId !== null && <RunOfApplication runId={application.runId} />}
          <ApplicationForm application={application} onChange={setChanged} />
        </div>
        <Timeline application={application} onChange={setChanged} />
      </div>
    </>
  );
}

function Back() {
  return (
    <Link to="/career/applications" className={styles["back"]}>
      <ArrowLeft size={16} aria-hidden />
      {words.back}
    </Link>
  );
}

function Status({
  application,
  onChange,
}: {
  application: ApplicationView;
  onChange: (application: ApplicationView) => void;
}) {
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const { id, status, posting } = application;

  async function move(value: string) {
    setBusy(true);
    try {
      const body = { status: applicationStatusSchema.parse(value) };
      const moved = await call(endpoints.moveApplication, { params: { applicationId: id }, body });
      onChange(moved);
      toast({ text: applicationStrings.moved(posting.title, statusNames[moved.status]) });
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card>
      <Select
        label={words.status}
        value={status}
        busy={busy}
        onChange={(event) => void move(event.target.value)}
      >
        {applicationStatusSchema.options.map((one) => (
          <option key={one} value={one}>
            {statusNames[one]}
          </option>
        ))}
      </Select>
    </Card>
  );
}

function Remove({ applicationId }: { applicationId: ApplicationId }) {
  const toast = useToast();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const params = { applicationId };
  const fail = (error: unknown) => toast({ text: toApiError(error).message, tone: "problem" });

  async function remove() {
    setBusy(true);
    try {
      await call(endpoints.deleteApplication, { params });
      const undo = () =>
        void call(endpoints.restoreApplication, { params })
          .then(() => navigate(`/career/applications/${applicationId}`))
          .catch(fail);
      toast({ text: words.removed, action: { label: words.undo, run: undo } });
      void navigate("/career/applications");
    } catch (error) {
      fail(error);
      setBusy(false);
    }
  }
  return (
    <Button icon={Trash2} busy={busy} onClick={() => void remove()}>
      {words.remove}
    </Button>
  );
}
