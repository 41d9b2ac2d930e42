// Makes a key, and shows its secret this once.
import { Copy } from "lucide-react";
import { type FormEvent, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { limits } from "../../../shared/limits.ts";
import { apiScopes, type ApiScope } from "../../../shared/schemas/api-keys.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Checkbox, Select, TextInput } from "../../ui/field.tsx";
import { Failure, Notice } from "../../ui/notice.tsx";
import { uiStrings } from "../../ui/strings.ts";
import { useToast } from "../../ui/toast.tsx";
import styles from "./admin.module.css";
import { adminStrings } from "./strings.ts";

const words = adminStrings.apiKeys;
const formId = "new-key";
const dayMs = 24 * 60 * 60 * 1_000;

export function NewKeyDialog(props: { open: boolean; onMade: () => void; onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => {
    setSecret(null);
    props.onClose();
  };
  return (
    <Dialog
      open={props.open}
      title={secret === null ? words.create : words.made}
      onClose={close}
      actions={
        secret === null ? (
          <>
            <Button onClick={close}>{uiStrings.cancel}</Button>
            <Button look="primary" type="submit" form={formId} busy={busy}>
              {words.make}
            </Button>
          </>
        ) : (
          <Button look="primary" onClick={close}>
            {words.done}
          </Button>
        )
      }
    >
      {secret === null ? (
        <KeyForm
          onBusy={setBusy}
          onMade={(made) => {
            setSecret(made);
            props.onMade();
          }}
        />
      ) : (
        <Secret secret={secret} />
      )}
    </Dialog>
  );
}

function KeyForm({ onBusy, onMade }: { onBusy: (busy: boolean) => void; onMade: (secret: string) => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<readonly ApiScope[]>([]);
  const [days, setDays] = useState("90");
  const [problem, setProblem] = useState<string | null>(null);

  async function make(event: FormEvent) {
    event.preventDefault();
    if (scopes.length === 0) return setProblem(words.noScopes);
    onBusy(true);
    setProblem(null);
    try {
      const expiresAt = new Date(Date.now() + Number(days) * dayMs);
      const made = await call(endpoints.createApiKey, {
        body: {
          name,
          scopes: [...scopes],
          ...(days === "never" ? {} : { expiresAt: expiresAt.toISOString() }),
        },
      });
      onMade(made.secret);
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={formId} className={styles["form"]} onSubmit={(event) => void make(event)}>
      {problem !== null && <Failure message={problem} />}
      <TextInput
        label={words.name}
        hint={words.nameHint}
        value={name}
        maxLength={limits.nameMaxChars}
        autoComplete="off"
        required
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className={styles["scopes"]}>
        <legend>{words.scopes}</legend>
        {apiScopes.map((scope) => (
          <Checkbox
            key={scope}
            label={words.scopeNames[scope]}
            hint={scope}
            checked={scopes.includes(scope)}
            onChange={(event) =>
              setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((other) => other !== scope))
            }
          />
        ))}
      </fieldset>
      <Select label={words.expires} value={days} onChange={(event) => setDays(event.target.value)}>
        {Object.entries(words.lifetimes).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
    </form>
  );
}

function Secret({ secret }: { secret: string }) {
  const toast = useToast();
  async function copy() {
    try {
      await navigator.clipboard.writeText(secret);
      toast({ text: words.copied });
    } catch {
      // Only pages on HTTPS or this machine may use the clipboard.
      toast({ text: words.copyFailed, tone: "problem" });
    }
  }
  return (
    <div className={styles["form"]}>
      <Notice tone="warm" live>
        <p>{words.madeText}</p>
      </Notice>
      <code className={styles["secret"]}>{secret}</code>
      <div>
        <Button icon={Copy} onClick={() => void copy()}>
          {words.copy}
        </Button>
      </div>
    </div>
  );
}
