// One's own profile: sections that are saved one by one.
import { Eye, ImageUp } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import type { Profile, UpdateProfile } from "../../../shared/schemas/people.ts";
import { canonicalTopic, topicGroups } from "../../../shared/topics.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useMe, useSession } from "../../api/session.tsx";
import { useRequest } from "../../api/use-request.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Select, TextArea, TextInput } from "../../ui/field.tsx";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { timeZoneChoices } from "../../ui/time-zones.ts";
import { readerTimeZone } from "../../ui/times.ts";
import { wrongDay } from "../../ui/clock-minutes.ts";
import { languageName, languageTag, offeredLanguages } from "./languages.ts";
import styles from "./people.module.css";
import { peopleStrings } from "./strings.ts";
import { ChipsInput } from "./topics-input.tsx";
import { WeekInput } from "./week-input.tsx";

const words = peopleStrings.profile;

export function ProfilePage() {
  const me = useMe();
  const profile = useRequest(endpoints.ownProfile, {});
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <>
            <ButtonLink to="/account/photo" icon={ImageUp}>
              {words.photo}
            </ButtonLink>
            <ButtonLink to={`/people/${me.id}`} icon={Eye}>
              {words.see}
            </ButtonLink>
          </>
        }
      />
      {profile.status === "loading" && <Waiting label={peopleStrings.loading} />}
      {profile.status === "error" && <Failure error={profile.error} onRetry={profile.retry} />}
      {profile.data !== null && <Sections profile={profile.data} />}
    </>
  );
}

function Sections({ profile }: { profile: Profile }) {
  return (
    <div className={styles["sections"]}>
      <Section
        title={words.you}
        start={{ displayName: profile.displayName, bio: profile.bio ?? "", languages: profile.languages }}
      >
        {(draft, change) => (
          <>
            <TextInput
              label={words.name}
              hint={words.nameHint}
              value={draft.displayName}
              required
              maxLength={limits.nameMaxChars}
              autoComplete="name"
              onChange={(event) => change({ displayName: event.target.value })}
            />
            <LongText label={words.bio} value={draft.bio} onChange={(bio) => change({ bio })} />
            <ChipsInput
              label={words.languages}
              add={words.addLanguage}
              values={draft.languages}
              most={limits.languagesMaxItems}
              maxChars={40}
              nameOf={languageName}
              valueOf={languageTag}
              suggestions={[{ name: "", values: offeredLanguages }]}
              onChange={(languages) => change({ languages })}
            />
          </>
        )}
      </Section>
      <Section
        title={words.topics}
        start={{ interests: profile.interests, offers: profile.offers, seeks: profile.seeks }}
      >
        {(draft, change) => (
          <>
            <Topics
              label={words.interests}
              values={draft.interests}
              onChange={(interests) => change({ interests })}
            />
            <Topics
              label={words.offers}
              hint={words.offersHint}
              values={draft.offers}
              onChange={(offers) => change({ offers })}
            />
            <Topics
              label={words.seeks}
              hint={words.seeksHint}
              values={draft.seeks}
              onChange={(seeks) => change({ seeks })}
            />
          </>
        )}
      </Section>
      <Section
        title={words.more}
        start={{ goals: profile.goals ?? "", experience: profile.experience ?? "" }}
      >
        {(draft, change) => (
          <>
            <LongText
              label={words.goals}
              hint={words.goalsHint}
              value={draft.goals}
              onChange={(goals) => change({ goals })}
            />
            <LongText
              label={words.experience}
              value={draft.experience}
              onChange={(experience) => change({ experience })}
            />
          </>
        )}
      </Section>
      <Section
        title={words.times}
        start={{ timeZone: profile.timeZone ?? readerTimeZone(), workingHours: profile.workingHours }}
        check={({ workingHours }) => {
          const day = wrongDay(workingHours);
          return day === null ? null : words.badHours(peopleStrings.weekday(day));
        }}
      >
        {(draft, change) => (
          <>
            <Select
              label={words.timeZone}
              hint={words.timeZoneHint}
              value={draft.timeZone}
              onChange={(event) => change({ timeZone: event.target.value })}
            >
              {timeZoneChoices(draft.timeZone).map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll("_", " ")}
                </option>
              ))}
            </Select>
            <WeekInput week={draft.workingHours} onChange={(workingHours) => change({ workingHours })} />
          </>
        )}
      </Section>
    </div>
  );
}

/** Saves its own fields alone, so that a section is never lost with another. */
function Section<Draft extends UpdateProfile>({
  title,
  start,
  check = () => null,
  children,
}: {
  title: string;
  start: Draft;
  check?: (draft: Draft) => string | null;
  children: (draft: Draft, change: (part: Partial<Draft>) => void) => ReactNode;
}) {
  const { takeMe } = useSession();
  const stateId = useId();
  const [saved, setSaved] = useState(start);
  const [draft, setDraft] = useState(start);
  const [state, setState] = useState<"as-loaded" | "saving" | "saved">("as-loaded");
  const [problem, setProblem] = useState<string | null>(null);
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);

  async function save() {
    const wrong = check(draft);
    setProblem(wrong);
    if (wrong !== null || !changed) return;
    setState("saving");
    try {
      const profile = await call(endpoints.updateProfile, { body: draft });
      // As the server tidied it.
      const tidied = Object.fromEntries(
        Object.keys(draft).map((name) => [name, profile[name as keyof Profile] ?? ""]),
      ) as Draft;
      setSaved(tidied);
      // What was typed meanwhile stays.
      setDraft((now) => (now === draft ? tidied : now));
      setState("saved");
      if ("displayName" in draft || "timeZone" in draft) takeMe(await call(endpoints.me));
    } catch (error) {
      setProblem(toApiError(error).message);
      setState("as-loaded");
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Card title={title}>
        <div className={styles["fields"]}>
          {problem !== null && <Failure message={problem} />}
          {children(draft, (part) => {
            setDraft((now) => ({ ...now, ...part }));
            setState("as-loaded");
          })}
          <div className={styles["save"]}>
            <Button
              look="primary"
              type="submit"
              busy={state === "saving"}
              disabled={!changed}
              aria-describedby={stateId}
            >
              {words.save}
            </Button>
            <span id={stateId} role="status" className={styles["quiet"]}>
              {changed ? words.unsaved : state === "saved" ? words.saved : ""}
            </span>
          </div>
        </div>
      </Card>
    </form>
  );
}

function LongText({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <TextArea
      label={label}
      {...(hint === undefined ? {} : { hint })}
      value={value}
      rows={4}
      maxLength={limits.profileTextMaxChars}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Topics({
  label,
  hint,
  values,
  onChange,
}: {
  label: string;
  hint?: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
}) {
  return (
    <ChipsInput
      label={label}
      {...(hint === undefined ? {} : { hint })}
      add={words.addTopic}
      values={values}
      most={limits.topicsMaxItems}
      maxChars={limits.topicMaxChars}
      valueOf={(typed) => canonicalTopic(typed) || null}
      suggestions={topicGroups.map(({ name, topics }) => ({ name, values: topics }))}
      onChange={onChange}
    />
  );
}
