// Adding a posting: from its address, its text or a file; what goes wrong is said where it was asked for.
import { useRef, useState } from "react";
import { useNavigate } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import type { AddedPosting } from "../../../../shared/schemas/career/postings.ts";
import { uploadRules } from "../../../../shared/uploads.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { upload } from "../../../api/upload.ts";
import { Button } from "../../../ui/button.tsx";
import { Dialog } from "../../../ui/dialog.tsx";
import { Field, TextArea, TextInput } from "../../../ui/field.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { uiStrings } from "../../../ui/strings.ts";
import { Tabs } from "../../../ui/tabs.tsx";
import { useToast } from "../../../ui/toast.tsx";
import styles from "./postings.module.css";
import { postingStrings } from "./strings.ts";

const words = postingStrings.add;
/** By type and by ending: some systems know one of the two alone. */
const accepted = [...uploadRules.posting.types, ".pdf", ".docx", ".txt", ".html", ".htm"].join(",");

type Way = "url" | "text" | "file";

export function AddPostingDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return open ? <Opened onClose={onClose} /> : null;
}

function Opened({ onClose }: { onClose: () => void }) {
  const toast = useToast();
  const navigate = useNavigate();
  const form = useRef<HTMLFormElement>(null);
  const [way, setWay] = useState<Way>("url");
  const [url, setUrl] = useState("");
  const [text, setText] = useState("");
  const [title, setTitle] = useState("");
  const [company, setCompany] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const isMissing = { url: url.trim() === "", text: text.trim() === "", file: file === null }[way];

  async function add() {
    setTried(true);
    if (isMissing || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const { posting, existing } = await send();
      onClose();
      toast({ text: existing ? words.existing(posting.title) : words.added(posting.title) });
      void navigate(`/career/postings/${posting.id}`);
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  }

  function send(): Promise<AddedPosting> {
    if (way === "file" && file !== null) return upload(endpoints.uploadPosting, file, { request: {} });
    const named = {
      ...(title.trim() === "" ? {} : { title }),
      ...(company.trim() === "" ? {} : { company }),
    };
    return call(endpoints.addPosting, { body: way === "url" ? { url } : { text, ...named } });
  }

  const error = tried && isMissing ? words.missing : null;
  const panel = (fields: React.ReactNode) => <div className={styles["fields"]}>{fields}</div>;
  return (
    <Dialog
      open
      title={words.title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{uiStrings.cancel}</Button>
          <Button look="primary" busy={busy} onClick={() => void add()}>
            {words.submit}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Tabs
          label={words.ways}
          selected={way}
          onSelect={(chosen) => {
            setWay(chosen);
            setProblem(null);
            setTried(false);
          }}
          tabs={[
            {
              key: "url",
              label: words.url,
              content: panel(
                <TextInput
                  label={words.address}
                  hint={words.addressHint}
                  error={error}
                  type="url"
                  inputMode="url"
                  placeholder="https://"
                  value={url}
                  maxLength={careerBounds.urlMaxChars}
                  onChange={(event) => setUrl(event.target.value)}
                />,
              ),
            },
            {
              key: "text",
              label: words.text,
              content: panel(
                <>
                  <TextArea
                    label={words.pasted}
                    hint={words.pastedHint}
                    error={error}
                    rows={8}
                    value={text}
                    maxLength={careerBounds.postingMaxChars}
                    onChange={(event) => setText(event.target.value)}
                  />
                  <TextInput
                    label={words.jobTitle}
                    optional
                    value={title}
                    maxLength={careerBounds.labelMaxChars}
                    onChange={(event) => setTitle(event.target.value)}
                  />
                  <TextInput
                    label={words.company}
                    optional
                    value={company}
                    maxLength={careerBounds.shortTextMaxChars}
                    onChange={(event) => setCompany(event.target.value)}
                  />
                </>,
              ),
            },
            {
              key: "file",
              label: words.file,
              content: panel(
                <Field label={words.choose} hint={words.fileHint} error={error}>
                  {(ties) => (
                    <input
                      {...ties}
                      type="file"
                      accept={accepted}
                      onChange={(event) => setFile(event.target.files?.[0] ?? null)}
                    />
                  )}
                </Field>,
              ),
            },
          ]}
        />
        {problem !== null && <Failure message={problem} />}
      </form>
    </Dialog>
  );
}
