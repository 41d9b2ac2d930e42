// Home: the next call with its brief, what comes after, what was, and what people have promised each other.
import { CalendarPlus } from "lucide-react";
import { useLive } from "../../api/live.ts";
import { useMe } from "../../api/session.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { Commitments } from "./commitments.tsx";
import styles from "./home.module.css";
import { MeetingList } from "./meeting-list.tsx";
import { NextCall } from "./next-call.tsx";
import { homeStrings } from "./strings.ts";

export function HomePage() {
  const me = useMe();
  const home = useLive("home", {});
  const firstName = me.displayName.includes("@") ? "" : (me.displayName.split(" ")[0] ?? "");
  return (
    <>
      <PageHeader
        title={homeStrings.title(firstName)}
        windowTitle={homeStrings.windowTitle}
        actions={
          <ButtonLink to="/schedule" look="primary" icon={CalendarPlus}>
            {homeStrings.schedule}
          </ButtonLink>
        }
      />
      {home.status === "error" && <Failure error={home.error} onRetry={home.retry} />}
      {home.status === "loading" && <Waiting label={homeStrings.loading} />}
      {home.data !== null && (
        <div className={styles["columns"]}>
          <div className={styles["column"]}>
            <NextCall meeting={home.data.next} />
            {home.data.upcoming.length > 0 && (
              <MeetingList
                title={homeStrings.upcoming.heading}
                meetings={home.data.upcoming}
                empty={homeStrings.upcoming.empty}
              />
            )}
            <MeetingList
              title={homeStrings.recent.heading}
              meetings={home.data.recent}
              empty={homeStrings.recent.empty}
            />
          </div>
          <div className={styles["column"]}>
            <Commitments open={home.data.commitments} />
          </div>
        </div>
      )}
    </>
  );
}
