// Ask: a question across one's own calls, its answer, and the stretches of talk that it was made from.
import { MessageCircleQuestionMark, Quote, Search, Sparkles } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import type { AskAnswer, AskCitation, AskPassage } from "../../../shared/schemas/ask.ts";
import { type ApiError, toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { TextInput } from "../../ui/field.tsx";
import { EmptyState, Failure, Notice } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatDay, formatTimeline } from "../../ui/times.ts";
import styles from "./ask.module.css";
import { askStrings as words } from "./strings.ts";

type Asked =
  | { status: "nothing" }
  | { status: "asking" }
  | { status: "answered"; answer: AskAnswer }
  | { status: "failed"; error: ApiError };

const questionLeastChars = 3;

export function AskPage() {
  // In the history entry alone, so that the way back from a transcript leads to the answer; never in the address.
  const [question, setQuestion] = useState(keptQuestion);
  const [tooShort, setTooShort] = useState(false);
  const { asked, ask } = useAnswer();

  const submit = (text: string) => {
    const trimmed = text.trim();
    setQuestion(text);
    setTooShort(trimmed.length < questionLeastChars);
    if (trimmed.length < questionLeastChars) return;
    keepQuestion(trimmed);
    ask(trimmed);
  };
  // Once, where the page is come back to.
  const resumed = useRef(false);
  useEffect(() => {
    const kept = keptQuestion();
    if (resumed.current || kept === "") return;
    resumed.current = true;
    ask(kept);
  }, [ask]);

  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      <form
        className={styles["form"]}
        role="search"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit(question);
        }}
      >
        <TextInput
          label={words.label}
          placeholder={words.placeholder}
          value={question}
          maxLength={limits.questionMaxChars}
          error={tooShort ? words.tooShort : null}
          onChange={(event) => setQuestion(event.target.value)}
          enterKeyHint="search"
          autoComplete="off"
          className={styles["field"]}
        />
        <Button type="submit" look="primary" icon={Search} busy={asked.status === "asking"}>
          {words.ask}
        </Button>
      </form>
      {asked.status === "nothing" && <Beginning onChoose={submit} />}
      {asked.status === "asking" && <Waiting label={words.asking} />}
      {asked.status === "failed" && <NotAnswered error={asked.error} onRetry={() => submit(question)} />}
      <div role="status" className={styles["results"]}>
        {asked.status === "answered" && <Answered answer={asked.answer} />}
      </div>
    </>
  );
}

const stateKey = "asked";

function keptQuestion(): string {
  const state = window.history.state as Record<string, unknown> | null;
  const kept = state?.[stateKey];
  return typeof kept === "string" ? kept : "";
}

function keepQuestion(question: string): void {
  const state = window.history.state as Record<string, unknown> | null;
  window.history.replaceState({ ...state, [stateKey]: question }, "");
}

/** The last question's answer, whichever comes first. */
function useAnswer() {
  const [asked, setAsked] = useState<Asked>({ status: "nothing" });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const [ask] = useState(() => (question: string) => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setAsked({ status: "asking" });
    call(endpoints.askQuestion, { body: { question } }, { signal: abort.signal })
      .then((answer) => setAsked({ status: "answered", answer }))
      .catch((error: unknown) => {
        if (!abort.signal.aborted) setAsked({ status: "failed", error: toApiError(error) });
      });
  });
  return { asked, ask };
}

function Beginning({ onChoose }: { onChoose: (question: string) => void }) {
  return (
    <Card>
      <EmptyState icon={MessageCircleQuestionMark} title={words.emptyTitle}>
        {words.empty}
      </EmptyState>
      <ul className={styles["examples"]} aria-label={words.examplesLabel}>
        {words.examples.map((example) => (
          <li key={example}>
            <Button size="small" onClick={() => onChoose(example)}>
              {example}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function NotAnswered({ error, onRetry }: { error: ApiError; onRetry: () => void }) {
  if (error.code !== "CONSENT_MISSING") return <Failure error={error} onRetry={onRetry} />;
  return (
    <Notice tone="warm" live actions={<ButtonLink to="/privacy">{words.privacy}</ButtonLink>}>
      <p>{error.message}</p>
    </Notice>
  );
}

function Answered({ answer }: { answer: AskAnswer }) {
  const { sentences, passages, notes, searched, calls, how, generatedBy } = answer;
  const looked = words.searched(searched, calls);
  if (passages.length === 0)
    return (
      <Card>
        <EmptyState icon={Search} title={words.nothingTitle}>
          {calls === 0 ? words.nothingCalls : words.nothing}
        </EmptyState>
        <Notes notes={calls === 0 ? notes : [looked, ...notes]} />
      </Card>
    );
  return (
    <>
      <Card
        title={words.answer}
        className={styles["machine"]}
        aside={
          sentences.length > 0 && (
            <Badge
              tone="machine"
              icon={Sparkles}
              title={how === "composed" ? words.composedTitle : words.extractedTitle}
            >
              {how === "composed" ? words.composed(generatedBy) : words.extracted}
            </Badge>
          )
        }
      >
        {sentences.length === 0 ? (
          <p className={styles["muted"]}>{words.noAnswer}</p>
        ) : (
          <ul className={styles["sentences"]}>
            {sentences.map(({ text, citations }, index) => (
              <li key={index}>
                <p>{text}</p>
                <ul className={styles["citations"]}>
                  {citations.map((citation) => (
                    <li key={`${citation.meetingId} ${citation.sequence} ${citation.quote}`}>
                      <CitationLink citation={citation} />
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        )}
        <Notes notes={[looked, ...notes]} />
      </Card>
      <Card title={words.found}>
        <ul className={styles["passages"]}>
          {passages.map((passage) => (
            <li key={`${passage.meetingId} ${passage.sequence}`}>
              <Passage passage={passage} />
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function Notes({ notes }: { notes: readonly string[] }) {
  return (
    <ul className={styles["notes"]}>
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}

function placeOf({ meetingId, sequence }: AskCitation | AskPassage): string {
  return `/meetings/${meetingId}/recap#t-${sequence}`;
}

function CitationLink({ citation }: { citation: AskCitation }) {
  const { meetingTitle, startedAt, startMs, speakerName, quote } = citation;
  const time = formatTimeline(startMs);
  const day = startedAt === null ? [] : [formatDay(new Date(startedAt))];
  return (
    <Link to={placeOf(citation)} className={styles["citation"]} title={words.show(meetingTitle, time)}>
      <Quote size={14} aria-hidden />
      <span>
        “{quote}”{" "}
        <span className={styles["source"]}>{[speakerName, meetingTitle, ...day, time].join(" · ")}</span>
      </span>
    </Link>
  );
}

function Passage({ passage }: { passage: AskPassage }) {
  const { meetingTitle, startedAt, startMs, lines } = passage;
  const time = formatTimeline(startMs);
  const day = startedAt === null ? [] : [formatDay(new Date(startedAt))];
  return (
    <>
      <h3 className={styles["call"]}>
        <Link to={placeOf(passage)} title={words.show(meetingTitle, time)}>
          {meetingTitle}
        </Link>
        <span className={styles["source"]}>{[...day, time].join(" · ")}</span>
      </h3>
      <div className={styles["lines"]}>
        {lines.map(({ speakerName, text }, index) => (
          <p key={index}>
            {lines[index - 1]?.speakerName !== speakerName && <strong>{speakerName}: </strong>}
            {text}
          </p>
        ))}
      </div>
    </>
  );
}
