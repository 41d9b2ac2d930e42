// Where calendars lead to from a series: to its call that runs, or to the next one.
import { Link, Navigate, useParams } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { meetingIdSchema } from "../../../shared/ids.ts";
import type { Series } from "../../../shared/schemas/series.ts";
import { useRequest } from "../../api/use-request.ts";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { scheduleStrings } from "./strings.ts";

export function NextCallPage() {
  const { id = "" } = useParams();
  // An address that is no id is answered by the server like a call that does not exist.
  const meetingId = meetingIdSchema.safeParse(id).data ?? meetingIdSchema.parse("0".repeat(24));
  const found = useRequest(endpoints.meetingSeries, { params: { id: meetingId } });
  if (found.status === "error")
    return (
      <>
        <PageHeader title={scheduleStrings.next.title} />
        <Failure error={found.error} onRetry={found.retry} />
        <p>
          <Link to="/">{scheduleStrings.next.home}</Link>
        </p>
      </>
    );
  if (found.status === "loading")
    return (
      <>
        <PageHeader title={scheduleStrings.next.title} />
        <Waiting label={scheduleStrings.edit.loading} />
      </>
    );
  return <Navigate replace to={`/meetings/${nextOf(found.data)?.meetingId ?? meetingId}`} />;
}

function nextOf(series: Series | null): Series["calls"][number] | undefined {
  const calls = series?.calls ?? [];
  return calls.find(({ state }) => state === "active") ?? calls.find(({ state }) => state === "scheduled");
}
