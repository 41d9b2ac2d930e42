// Which emails one gets, as switches, and what is wrong with one's address; for the page on privacy and beside an email.
import { useState } from "react";
import {
  defaultEmailLanguage,
  emailLanguageNames,
  emailLanguageSchema,
} from "../../shared/schemas/languages.ts";
import { endpoints } from "../../shared/contract/endpoints.ts";
import type { MailList, MailSettings } from "../../shared/schemas/mail.ts";
import { toApiError } from "../api/errors.ts";
import { call } from "../api/http.ts";
import { useRequest } from "../api/use-request.ts";
import { Button } from "../ui/button.tsx";
import { useMe, useSession } from "../api/session.tsx";
import { Checkbox, Select } from "../ui/field.tsx";
import { Failure, Notice } from "../ui/notice.tsx";
import { Waiting } from "../ui/spinner.tsx";
import { formatShort } from "../ui/times.ts";
import { useToast } from "../ui/toast.tsx";
import { emailStrings as words } from "./strings.ts";

/** Only these lists, or all of them. */
export function EmailChoices({ lists }: { lists?: readonly MailList[] }) {
  const toast = useToast();
  const read = useRequest(endpoints.mailSettings, {});
  const [changed, setChanged] = useState<MailSettings | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const settings = changed ?? read.data;

  async function change(work: () => Promise<MailSettings>, said: string) {
    setBusy(true);
    setProblem(null);
    try {
      setChanged(await work());
      toast({ text: said });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  if (settings === null)
    return read.status === "error" ? (
      <Failure error={read.error} onRetry={read.retry} />
    ) : (
      <Waiting label={words.loading} />
    );
  return (
    <>
      {problem !== null && <Failure message={problem} />}
      {settings.bouncedAt !== null && (
        <Notice
          tone="danger"
          actions={
            <Button
              busy={busy}
              onClick={() => void change(() => call(endpoints.retryMailAddress), words.retried)}
            >
              {words.retry}
            </Button>
          }
        >
          <p>{words.bounced(formatShort(new Date(settings.bouncedAt)))}</p>
        </Notice>
      )}
      {settings.lists
        .filter(({ list }) => lists === undefined || lists.includes(list))
        .map(({ list, subscribed }) => (
          <Checkbox
            key={list}
            label={words.lists[list].label}
            hint={words.lists[list].hint}
            checked={subscribed}
            busy={busy}
            onChange={() =>
              void change(
                () => call(endpoints.changeMailList, { body: { list, subscribed: !subscribed } }),
                subscribed ? words.switched.off : words.switched.on,
              )
            }
          />
        ))}
    </>
  );
}

export function EmailLanguageChoice() {
  const me = useMe();
  const { updateMe } = useSession();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function choose(value: string) {
    setBusy(true);
    setProblem(null);
    try {
      await updateMe({ language: emailLanguageSchema.parse(value) });
      toast({ text: words.languageSaved });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }
  return (
    <>
      {problem !== null && <Failure message={problem} />}
      <Select
        label={words.language}
        hint={words.languageHint}
        value={me.language ?? defaultEmailLanguage}
        busy={busy}
        onChange={(event) => void choose(event.target.value)}
      >
        {emailLanguageSchema.options.map((one) => (
          <option key={one} value={one} lang={one}>
            {emailLanguageNames[one]}
          </option>
        ))}
      </Select>
    </>
  );
}
