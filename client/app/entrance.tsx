// Decides what stands behind the door: the pages, the welcome, or why neither can be shown.
import { identityOf, useSession } from "../api/session.tsx";
import { Failure } from "../ui/notice.tsx";
import { PageHeader } from "../ui/page-header.tsx";
import { Waiting } from "../ui/spinner.tsx";
import styles from "./entrance.module.css";
import { Pages } from "./pages.tsx";
import { shellStrings } from "./shell-strings.ts";
import { Welcome } from "./welcome.tsx";

export function Entrance() {
  const { session, reload } = useSession();
  switch (session.kind) {
    case "loading":
      return <Waiting label={shellStrings.loading} />;
    case "signed-in":
      return <Pages key={identityOf(session)} />;
    case "signed-out":
      return <Welcome ended={session.ended} local={session.status?.signIn === "local"} />;
    case "unreachable":
      return (
        <main className={styles["narrow"]}>
          <PageHeader title={shellStrings.unreachable} />
          <Failure error={session.error} onRetry={reload} />
        </main>
      );
  }
}
