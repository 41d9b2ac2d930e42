// One's own rating of the call: five numbers, a few words if one likes, and who sees what of it.
import { useId, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { limits } from "../../../shared/limits.ts";
import { ratingScores, type OwnRating } from "../../../shared/schemas/ratings.ts";
import { call } from "../../api/http.ts";
import { useLive } from "../../api/live.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { TextArea } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatDay } from "../../ui/times.ts";
import { useNow } from "../../ui/use-now.ts";
import { useToast } from "../../ui/toast.tsx";
import styles from "./rating.module.css";
import recapStyles from "./recap.module.css";
import { ratingStrings as words } from "./rating-strings.ts";
import { useAction } from "../../ui/use-action.ts";

export function RatingCard({ meetingId }: { meetingId: MeetingId }) {
  const own = useLive("rating", { meetingId });
  return (
    <Card title={words.heading} className={recapStyles["notPrinted"]}>
      {own.status === "loading" && <Waiting label={words.loading} />}
      {own.status === "error" && <Failure error={own.error} onRetry={own.retry} />}
      {own.data !== null && <Rating own={own.data} />}
    </Card>
  );
}

function Rating({ own }: { own: OwnRating }) {
  const now = useNow(60_000);
  const until = own.changeableUntil === null ? null : new Date(own.changeableUntil);
  if (until !== null && now.getTime() < until.getTime()) return <Form own={own} until={until} />;
  return <Past own={own} until={until} />;
}

interface Draft {
  score: number | null;
  comment: string;
}

function Form({ own, until }: { own: OwnRating; until: Date }) {
  const { busy, give, withdraw } = useRating(own.meetingId);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [asked, setAsked] = useState(false);
  const [saved, setSaved] = useState(false);
  const [seen, setSeen] = useState(own);
  // What was saved here is shown until the server's own word of it is there.
  if (seen !== own) {
    setSeen(own);
    if (saved) setDraft(null);
    setSaved(false);
  }
  const group = useId();
  const kept: Draft = { score: own.rating?.score ?? null, comment: own.rating?.comment ?? "" };
  const shown = draft ?? kept;
  const differs = shown.score !== kept.score || shown.comment.trim() !== kept.comment;

  async function save() {
    const { score, comment } = shown;
    setAsked(score === null);
    if (score === null) return;
    setSaved(true);
    if (!(await give(score, comment))) setSaved(false);
  }

  return (
    <form
      className={styles["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className={recapStyles["muted"]}>{words.note}</p>
      <fieldset className={styles["scores"]} aria-describedby={asked ? `${group}-choose` : undefined}>
        <legend>{words.legend}</legend>
        <div className={styles["choices"]}>
          {ratingScores.map((score) => (
            <label key={score} className={styles["choice"]}>
              <input
                type="radio"
                name={group}
                value={score}
                checked={shown.score === score}
                onChange={() => setDraft({ ...shown, score })}
              />
              <span className={styles["number"]}>{score}</span>
              <span className={styles["meaning"]}>{words.scores[score]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {asked && shown.score === null && (
        <p id={`${group}-choose`} role="alert" className={styles["problem"]}>
          {words.choose}
        </p>
      )}
      <TextArea
        label={words.comment}
        hint={words.commentHint}
        optional
        maxLength={limits.ratingCommentMaxChars}
        rows={3}
        value={shown.comment}
        onChange={(event) => setDraft({ ...shown, comment: event.target.value })}
      />
      <div className={styles["row"]}>
        <Button type="submit" look="primary" busy={busy}>
          {busy ? words.saving : own.rating === null ? words.save : words.change}
        </Button>
        {own.rating !== null && (
          <Button
            look="quiet"
            disabled={busy}
            onClick={() => {
              setDraft(null);
              void withdraw();
            }}
          >
            {words.withdraw}
          </Button>
        )}
        <p className={recapStyles["muted"]} role="status">
          {differs ? words.unsaved : own.rating === null ? "" : words.saved}{" "}
          {words.changeable(formatDay(until))}
        </p>
      </div>
    </form>
  );
}

/** After the time to change it: as it stands, and the way to take it back. */
function Past({ own, until }: { own: OwnRating; until: Date | null }) {
  const { busy, withdraw } = useRating(own.meetingId);
  const { rating } = own;
  return (
    <div className={styles["form"]}>
      {rating !== null && (
        <>
          <p className={styles["given"]}>{words.yours(rating.score, words.scores[rating.score] ?? "")}</p>
          {rating.comment !== null && <p className={styles["comment"]}>{rating.comment}</p>}
        </>
      )}
      <div className={styles["row"]}>
        <p className={recapStyles["muted"]}>{until !== null && words.over(formatDay(until))}</p>
        {rating !== null && (
          <Button look="quiet" size="small" busy={busy} onClick={() => void withdraw()}>
            {words.withdraw}
          </Button>
        )}
      </div>
    </div>
  );
}

function useRating(meetingId: MeetingId) {
  const toast = useToast();
  const { busy, run } = useAction();
  const params = { id: meetingId };
  return {
    busy,
    give: (score: number, comment: string) =>
      run(() => call(endpoints.giveRating, { params, body: { score, comment } })),
    async withdraw() {
      if (await run(() => call(endpoints.withdrawRating, { params }))) toast({ text: words.withdrawn });
    },
  };
}
