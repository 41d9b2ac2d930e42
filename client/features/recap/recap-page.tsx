// Recap: what a call leaves behind — outcome, actions, decisions, summary, notes and transcript on one page.
import { ChartNoAxesColumn } from "lucide-react";
import { type ComponentType, useMemo } from "react";
import { useParams } from "react-router";
import { type MeetingId, meetingIdSchema } from "../../../shared/ids.ts";
import type { Meeting } from "../../../shared/schemas/meetings.ts";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { useLive } from "../../api/live.ts";
import { useMe } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { Avatars } from "../../ui/avatar.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { PhotosProvider } from "../../ui/photos.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatDay, formatDuration, formatTimeRange } from "../../ui/times.ts";
import { ActionsCard } from "./actions-card.tsx";
import { ChatCard } from "./chat-card.tsx";
import { CitedList, Outcome } from "./cited-parts.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { KeptCard } from "./kept-card.tsx";
import { NextTogether } from "./next-together.tsx";
import { NotesCard } from "./notes-card.tsx";
import { PromptsCard } from "./prompts-card.tsx";
import { RatingCard } from "./rating-card.tsx";
import { RecapConsent } from "./recap-consent.tsx";
import { DeliveryBadge, RecapStatus } from "./recap-status.tsx";
import { LinksCard, MissingCard, Suggestions } from "./side-parts.tsx";
import styles from "./recap.module.css";
import { recapStrings } from "./strings.ts";
import { TranscriptCard } from "./transcript.tsx";

/** What leads to the history of the call's notes. */
export type NotesHistoryComponent = ComponentType<{ meetingId: MeetingId; layer: "shared" }>;
/** What brings notes that were written offline. */
export type KeptNotesComponent = ComponentType<{ meetingId: MeetingId }>;

export interface RecapPageProps {
  NotesHistory: NotesHistoryComponent;
  KeptNotes: KeptNotesComponent;
}

export function RecapPage({ NotesHistory, KeptNotes }: RecapPageProps) {
  const { id = "" } = useParams();
  // An address that is no id is answered by the server like a call that does not exist.
  const meetingId = meetingIdSchema.safeParse(id).data ?? meetingIdSchema.parse("0".repeat(24));
  const live = useLive("meeting", { meetingId });
  if (live.data === null) {
    return live.status === "error" ? (
      <>
        <PageHeader title={recapStrings.notOver.title} />
        <Failure error={live.error} onRetry={live.retry} />
      </>
    ) : (
      <Waiting label={recapStrings.loading} />
    );
  }
  return live.data.state === "concluded" ? (
    <>
      {live.data.myRole !== "observer" && <KeptNotes meetingId={meetingId} />}
      <Concluded meetingId={meetingId} meeting={live.data} NotesHistory={NotesHistory} />
    </>
  ) : (
    <NotOver meeting={live.data} />
  );
}

function NotOver({ meeting }: { meeting: Meeting }) {
  const words = recapStrings.notOver;
  const text = meeting.state === "concluded" ? "" : words[meeting.state];
  return (
    <>
      <PageHeader title={meeting.title} windowTitle={recapStrings.windowTitle(meeting.title)} />
      <EmptyState
        title={words.title}
        action={
          meeting.state !== "cancelled" && (
            <ButtonLink to={`/meetings/${meeting.id}`} look="primary">
              {words.open}
            </ButtonLink>
          )
        }
      >
        {text}
      </EmptyState>
    </>
  );
}

interface ConcludedProps {
  meetingId: MeetingId;
  meeting: Meeting;
  NotesHistory: NotesHistoryComponent;
}

function Concluded({ meetingId, meeting, NotesHistory }: ConcludedProps) {
  const me = useMe();
  const recap = useLive("recap", { meetingId });
  const notes = useLive("notes", { meetingId });
  const host = meeting.myRole === "host";
  const names = new Map(meeting.participants.map((person) => [String(person.userId), person.displayName]));
  // As text: the same names are the same function, and a long transcript is not drawn again.
  const namesText = `${JSON.stringify([...names])}`;
  const nameOf = useMemo(() => {
    const known = new Map(JSON.parse(namesText) as [string, string][]);
    return (userId: string) => known.get(userId) ?? recapStrings.someoneGone;
  }, [namesText]);
  const insight = recap.data?.insight ?? null;
  // Without them the page is whole as well: a failure is not worth a word.
  const read = recap.data?.status === "ready" ? { params: { id: meetingId } } : null;
  const topics = useRequest(endpoints.listTopics, read).data?.items ?? [];
  return (
    <>
      <PageHeader
        title={meeting.title}
        windowTitle={recapStrings.windowTitle(meeting.title)}
        under={
          <div className={styles["facts"]}>
            <span>{factsOf(meeting).join(" · ")}</span>
            <Avatars
              people={meeting.participants.map((person) => ({
                id: person.userId,
                name: person.displayName,
                photo: person.photo,
              }))}
            />
            <span>{meeting.participants.map((person) => person.displayName).join(", ")}</span>
            {recap.data?.status === "ready" && <DeliveryBadge delivery={recap.data.delivery} />}
          </div>
        }
        actions={
          <>
            {host && (
              <ButtonLink to={`/meetings/${meetingId}/review`} icon={ChartNoAxesColumn}>
                {recapStrings.review}
              </ButtonLink>
            )}
            {meeting.myRole !== "observer" && <RecapConsent meetingId={meetingId} />}
            <ExportMenu
              meeting={meeting}
              insight={insight}
              notes={notes.data?.content ?? ""}
              under={[factsOf(meeting).join(" · "), [...names.values()].join(", ")]}
              nameOf={nameOf}
            />
          </>
        }
      />
      {recap.status === "loading" && <Waiting label={recapStrings.loading} />}
      {recap.status === "error" && <Failure error={recap.error} onRetry={recap.retry} />}
      {recap.data !== null && <RecapStatus recap={recap.data} host={host} />}
      <div className={styles["columns"]}>
        <div className={styles["column"]}>
          {insight !== null && (
            <>
              <Outcome insight={insight} nameOf={nameOf} />
              <ActionsCard insight={insight} nameOf={nameOf} mayTick={meeting.myRole !== "observer"} />
              <CitedList
                title={recapStrings.decisions.heading}
                empty={recapStrings.decisions.empty}
                items={insight.decisions}
                generatedBy={insight.generatedBy}
                nameOf={nameOf}
              />
              <CitedList
                title={recapStrings.summary.heading}
                empty={recapStrings.summary.empty}
                items={insight.summary}
                topics={topics}
                generatedBy={insight.generatedBy}
                nameOf={nameOf}
              />
              <Suggestions insight={insight} nameOf={nameOf} />
              <LinksCard insight={insight} nameOf={nameOf} />
              <MissingCard insight={insight} />
            </>
          )}
          <NotesCard
            notes={notes}
            history={meeting.myRole !== "observer" && <NotesHistory meetingId={meetingId} layer="shared" />}
          />
          <PhotosProvider people={meeting.participants}>
            <ChatCard meeting={meeting} me={me.id} nameOf={nameOf} />
          </PhotosProvider>
          {host && <PromptsCard meetingId={meetingId} />}
          {meeting.myRole !== "observer" && <RatingCard meetingId={meetingId} />}
          <NextTogether meeting={meeting} />
          <KeptCard meetingId={meetingId} />
        </div>
        <div className={styles["side"]}>
          <PhotosProvider people={meeting.participants}>
            <TranscriptCard meeting={meeting} me={me.id} nameOf={nameOf} topics={topics} />
          </PhotosProvider>
        </div>
      </div>
    </>
  );
}

function factsOf(meeting: Meeting): string[] {
  const start = new Date(meeting.startedAt ?? meeting.scheduledAt ?? meeting.createdAt);
  const end = meeting.endedAt === null ? null : new Date(meeting.endedAt);
  const minutes = end === null ? null : Math.max(1, Math.round((end.getTime() - start.getTime()) / 60_000));
  return [
    `${formatDay(start)}, ${formatTimeRange(start, null)}`,
    ...(minutes === null ? [] : [recapStrings.duration(formatDuration(minutes))]),
  ];
}
