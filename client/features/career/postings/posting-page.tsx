// One posting: its text with what it asks for marked in place, and what its reader notes about it.
import { ArrowLeft, ExternalLink, ListChecks, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { postingIdSchema, type PostingId } from "../../../../shared/ids.ts";
import type { PostingRubric, PostingView } from "../../../../shared/schemas/career/postings.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { RunsOfPosting } from "../runs/runs-of-posting.tsx";
import { TailorButton } from "../runs/tailor-button.tsx";
import { piecesOf } from "./marked-text.ts";
import { PostingNotes } from "./posting-notes.tsx";
import { RubricCard } from "./rubric-card.tsx";
import styles from "./postings.module.css";
import { postingStrings } from "./strings.ts";

const words = postingStrings.detail;

export function PostingPage() {
  const { postingId } = useParams();
  const parsed = postingIdSchema.safeParse(postingId);
  // An address that names nothing is answered as one that names somebody else's.
  return <Known postingId={parsed.success ? parsed.data : ("0".repeat(24) as PostingId)} />;
}

function Known({ postingId }: { postingId: PostingId }) {
  const read = useRequest(endpoints.getPosting, { params: { postingId } });
  const [changed, setChanged] = useState<PostingView | null>(null);
  const posting = changed ?? read.data;
  if (posting === null)
    return (
      <>
        <PageHeader title={postingStrings.title} />
        {read.status === "error" ? (
          <Failure error={read.error} onRetry={read.retry} />
        ) : (
          <Waiting label={postingStrings.loadingOne} />
        )}
        <Back />
      </>
    );
  return <Shown posting={posting} onChange={setChanged} />;
}

function Back() {
  return (
    <Link to="/career/postings" className={styles["back"]}>
      <ArrowLeft size={16} aria-hidden />
      {words.back}
    </Link>
  );
}

function Shown({ posting, onChange }: { posting: PostingView; onChange: (posting: PostingView) => void }) {
  const read = useRequest(endpoints.postingRubric, { params: { postingId: posting.id } });
  const [made, setMade] = useState<PostingRubric | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const text = useRef<HTMLDivElement>(null);
  const rubric = made ?? read.data;
  const { title, company, location, salary, employmentType, platform } = posting;
  const about = [company, location, salary, employmentType].filter((part) => part !== null).join(" · ");

  function show(reqId: string) {
    setShown(reqId);
    const mark = text.current?.querySelector<HTMLElement>(`mark[data-requirement="${reqId}"]`);
    mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: "center", behavior: "smooth" });
  }
  return (
    <>
      <Back />
      <PageHeader
        title={title}
        under={
          <>
            {about} <Badge>{postingStrings.platforms[platform] ?? platform}</Badge>
          </>
        }
        actions={<Actions posting={posting} />}
      />
      <div className={styles["columns"]}>
        <Card
          title={words.text}
          aside={
            rubric !== null &&
            rubric.rubric.requirements.length > 0 && (
              <span className={styles["legend"]}>
                <Badge tone="accent">{words.legendMust}</Badge>
                <Badge tone="warm">{words.legendNice}</Badge>
              </span>
            )
          }
        >
          <div className={styles["text"]} ref={text}>
            {piecesOf(posting.text, rubric?.rubric.requirements ?? []).map(
              ({ text: own, start, reqId, type }) =>
                reqId === null ? (
                  <span key={start}>{own}</span>
                ) : (
                  <mark
                    key={start}
                    tabIndex={-1}
                    data-requirement={reqId}
                    data-type={type}
                    data-shown={shown === reqId || undefined}
                  >
                    {own}
                  </mark>
                ),
            )}
          </div>
        </Card>
        <div className={styles["side"]}>
          {rubric === null ? (
            <Card title={words.asks}>
              {read.status === "error" ? (
                <Failure error={read.error} onRetry={read.retry} />
              ) : (
                <Waiting label={words.reading} />
              )}
            </Card>
          ) : (
            <RubricCard postingId={posting.id} made={rubric} onMade={setMade} onShow={show} />
          )}
          <RunsOfPosting postingId={posting.id} />
          <PostingNotes posting={posting} onChange={onChange} />
        </div>
      </div>
    </>
  );
}

function Actions({ posting }: { posting: PostingView }) {
  const toast = useToast();
  const navigate = useNavigate();
  const [busy, setBusy] = useState<"track" | "remove" | null>(null);
  const { id, title, jobUrl } = posting;

  async function attempt(what: "track" | "remove", work: () => Promise<void>) {
    setBusy(what);
    try {
      await work();
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
      setBusy(null);
    }
  }
  const track = () =>
    attempt("track", async () => {
      const { application } = await call(endpoints.addApplication, { body: { postingId: id } });
      void navigate(`/career/applications/${application.id}`);
    });
  const remove = () =>
    attempt("remove", async () => {
      await call(endpoints.deletePosting, { params: { postingId: id } });
      toast({
        text: words.removed(title),
        action: {
          label: words.undo,
          run: () =>
            void call(endpoints.restorePosting, { params: { postingId: id } })
              .then(() => navigate(`/career/postings/${id}`))
              .catch((error: unknown) => toast({ text: toApiError(error).message, tone: "problem" })),
        },
      });
      void navigate("/career/postings");
    });
  return (
    <>
      {jobUrl !== "" && (
        <a href={jobUrl} target="_blank" rel="noreferrer noopener" className={styles["back"]}>
          <ExternalLink size={16} aria-hidden />
          {words.open}
        </a>
      )}
      <TailorButton posting={posting} />
      <Button look="primary" icon={ListChecks} busy={busy === "track"} onClick={() => void track()}>
        {words.track}
      </Button>
      <Button icon={Trash2} busy={busy === "remove"} onClick={() => void remove()}>
        {words.remove}
      </Button>
    </>
  );
}
