// The fields that creating and changing a call share.
import { useMemo } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import {
  type BuiltInTemplate,
  builtInTemplateNames,
  builtInTemplates,
} from "../../../shared/notes-templates.ts";
import type { NotesTemplate, RecapDelivery } from "../../../shared/schemas/meetings.ts";
import { useRequest } from "../../api/use-request.ts";
import { Checkbox, Select, TextArea, TextInput } from "../../ui/field.tsx";
import { templateNames } from "../../ui/notes-templates.ts";
import { formatDay, formatDuration, formatTime, readerTimeZone } from "../../ui/times.ts";
import { timeZoneChoices } from "../../ui/time-zones.ts";
import { useNow } from "../../ui/use-now.ts";
import { durationChoices, type DraftProblems, type MeetingDraft } from "./meeting-draft.ts";
import styles from "./schedule.module.css";
import { scheduleStrings } from "./strings.ts";
import { formatOffset, offsetMinutes, resolveWallTime } from "../../ui/wall-time.ts";

const words = scheduleStrings.fields;

export interface FieldsProps {
  draft: MeetingDraft;
  problems: DraftProblems;
  onChange: (part: Partial<MeetingDraft>) => void;
}

export function WhatFields({ draft, problems, onChange }: FieldsProps) {
  return (
    <>
      <TextInput
        label={words.title}
        value={draft.title}
        placeholder={words.titlePlaceholder}
        maxLength={limits.titleMaxChars}
        required
        error={problems["title"]}
        onChange={(event) => onChange({ title: event.target.value })}
      />
      <TextArea
        label={words.description}
        optional
        hint={words.descriptionHint}
        value={draft.description}
        maxLength={limits.descriptionMaxChars}
        error={problems["description"]}
        onChange={(event) => onChange({ description: event.target.value })}
      />
    </>
  );
}

export function TimeFields({
  draft,
  problems,
  onChange,
  withNow = false,
}: FieldsProps & { withNow?: boolean }) {
  const zones = useMemo(() => timeZoneChoices(draft.timeZone), [draft.timeZone]);
  const durations = [...new Set([...durationChoices, draft.durationMinutes])].sort((a, b) => a - b);
  return (
    <>
      {withNow && (
        <fieldset className={styles["timing"]}>
          <legend className={styles["legend"]}>{scheduleStrings.timing.legend}</legend>
          <Checkbox
            kind="radio"
            name="timing"
            label={scheduleStrings.timing.later}
            checked={draft.timing === "later"}
            onChange={() => onChange({ timing: "later" })}
          />
          <Checkbox
            kind="radio"
            name="timing"
            label={scheduleStrings.timing.now}
            hint={scheduleStrings.timing.nowHint}
            checked={draft.timing === "now"}
            onChange={() => onChange({ timing: "now" })}
          />
        </fieldset>
      )}
      <div className={styles["times"]}>
        {draft.timing === "later" && (
          <>
            <TextInput
              label={words.date}
              type="date"
              value={draft.date}
              required
              error={problems["date"]}
              onChange={(event) => onChange({ date: event.target.value })}
            />
            <TextInput
              label={words.time}
              type="time"
              value={draft.time}
              required
              error={problems["time"]}
              onChange={(event) => onChange({ time: event.target.value })}
            />
            <Select
              label={words.timeZone}
              value={draft.timeZone}
              error={problems["timeZone"]}
              onChange={(event) => onChange({ timeZone: event.target.value })}
            >
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll("_", " ")}
                </option>
              ))}
            </Select>
          </>
        )}
        <Select
          label={words.duration}
          value={draft.durationMinutes}
          error={problems["durationMinutes"]}
          onChange={(event) => onChange({ durationMinutes: Number(event.target.value) })}
        >
          {durations.map((minutes) => (
            <option key={minutes} value={minutes}>
              {formatDuration(minutes)}
            </option>
          ))}
        </Select>
      </div>
      {draft.timing === "later" && <ResolvedTime draft={draft} />}
    </>
  );
}

/** Says which moment the fields mean, in the chosen zone and in the reader's, and what clocks do there. */
function ResolvedTime({ draft }: { draft: MeetingDraft }) {
  const now = useNow(60_000);
  const resolved = resolveWallTime(draft);
  if (resolved === null) return null;
  const { instant, kind } = resolved;
  const { timeZone } = draft;
  const said = `${formatDay(instant, { timeZone, now })}, ${formatTime(instant, timeZone)}, ${inZone(instant, timeZone)}`;
  const elsewhere = offsetMinutes(instant, timeZone) !== offsetMinutes(instant, readerTimeZone());
  return (
    <p className={styles["resolved"]} role="status">
      <strong>{said}</strong>{" "}
      {elsewhere && scheduleStrings.yourTime(`${formatDay(instant, { now })}, ${formatTime(instant)}`)}{" "}
      {kind === "skipped" && scheduleStrings.skipped(formatTime(instant, timeZone))}
      {kind === "ambiguous" && scheduleStrings.ambiguous}
      {instant.getTime() < now.getTime() && scheduleStrings.past}
    </p>
  );
}

/** A zone and what it is then: "Europe/Zurich (UTC+1)", and "UTC" alone. */
function inZone(instant: Date, timeZone: string): string {
  const offset = formatOffset(offsetMinutes(instant, timeZone));
  return timeZone === offset ? offset : scheduleStrings.zone(timeZone.replaceAll("_", " "), offset);
}

export function AgendaFields({ draft, problems, onChange }: FieldsProps) {
  const templates = useRequest(endpoints.listNotesTemplates, {});
  const ownChoices = (templates.data?.own ?? []).map(({ id, title }) => ({ value: `own:${id}`, title }));
  // Another host's, or one that was deleted: it stays chosen until somebody chooses again.
  const isKnown = [...builtInTemplateNames, ...ownChoices.map(({ value }) => value)].includes(draft.template);
  if (!isKnown) ownChoices.push({ value: draft.template, title: scheduleStrings.ownTemplateGone });
  return (
    <div className={styles["pair"]}>
      <Select
        label={words.template}
        value={draft.template}
        error={problems["template"]}
        hint={
          templates.status === "error" ? scheduleStrings.ownTemplatesFailed : scheduleStrings.templateHint
        }
        onChange={(event) => onChange({ template: event.target.value as NotesTemplate })}
      >
        {builtInTemplateNames.map((template) => (
          <option key={template} value={template}>
            {optionName(template)}
          </option>
        ))}
        {ownChoices.length > 0 && (
          <optgroup label={scheduleStrings.ownTemplates}>
            {ownChoices.map(({ value, title }) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </optgroup>
        )}
      </Select>
      <Select
        label={words.delivery}
        value={draft.recapDelivery}
        error={problems["recapDelivery"]}
        onChange={(event) => onChange({ recapDelivery: event.target.value as RecapDelivery })}
      >
        {(["automatic", "approval"] as const).map((delivery) => (
          <option key={delivery} value={delivery}>
            {scheduleStrings.deliveries[delivery]}
          </option>
        ))}
      </Select>
    </div>
  );
}

function optionName(template: BuiltInTemplate): string {
  const headings: readonly string[] = builtInTemplates[template];
  return headings.length === 0
    ? templateNames[template]
    : `${templateNames[template]}: ${headings.join(", ")}`;
}
