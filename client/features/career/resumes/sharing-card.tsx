// Shows a résumé to whoever has its secret address: which parts, the address, and how to take it back.
import { Copy, Link2, Link2Off } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { publicParts, type PublicPart, type Resume } from "../../../../shared/schemas/career/resumes.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Checkbox, TextInput } from "../../../ui/field.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { useToast } from "../../../ui/toast.tsx";
import { resumeStrings } from "./resume-strings.ts";
import styles from "./resumes.module.css";

const words = resumeStrings.one;
/** Nothing by which the person can be reached, until they say so. */
const usual: readonly PublicPart[] = ["summary", "experience", "projects", "education", "skills", "awards"];

export function SharingCard({ resume, onChange }: { resume: Resume; onChange: (resume: Resume) => void }) {
  const toast = useToast();
  const { id: resumeId, publicPage } = resume;
  const [parts, setParts] = useState<readonly PublicPart[]>(publicPage?.parts ?? usual);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function change(run: () => Promise<Resume>, done: string) {
    setBusy(true);
    setProblem(null);
    try {
      onChange(await run());
      toast({ text: done });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }

  const publish = () =>
    void change(
      () => call(endpoints.publishResume, { params: { resumeId }, body: { parts: [...parts] } }),
      publicPage === null ? words.published : words.partsChanged,
    );
  const address = publicPage === null ? null : new URL(publicPage.path, window.location.href).href;
  return (
    <Card title={words.publicTitle}>
      <p className={styles["quiet"]}>{words.publicText}</p>
      {problem !== null && <Failure message={problem} />}
      <fieldset className={styles["parts"]}>
        <legend className={styles["quiet"]}>{words.publicParts}</legend>
        {publicParts.map((part) => (
          <Checkbox
            key={part}
            label={words.parts[part]}
            checked={parts.includes(part)}
            onChange={(event) =>
              setParts(
                publicParts.filter((each) => (each === part ? event.target.checked : parts.includes(each))),
              )
            }
          />
        ))}
      </fieldset>
      {address === null || publicPage === null ? (
        <p className={styles["quiet"]}>{words.publicNone}</p>
      ) : (
        <div className={styles["address"]}>
          <TextInput
            label={words.publicAddress}
            hint={words.publicSince(
              new Date(publicPage.since).toLocaleDateString("en-GB", { dateStyle: "medium" }),
            )}
            readOnly
            value={address}
            onFocus={(event) => event.target.select()}
          />
          <Button
            icon={Copy}
            onClick={() =>
              void navigator.clipboard.writeText(address).then(() => toast({ text: words.copied }))
            }
          >
            {words.copy}
          </Button>
        </div>
      )}
      <div className={styles["actions"]}>
        <Button icon={Link2} busy={busy} disabled={parts.length === 0} onClick={publish}>
          {publicPage === null ? words.publish : words.changeParts}
        </Button>
        {publicPage !== null && (
          <Button
            icon={Link2Off}
            disabled={busy}
            onClick={() =>
              void change(() => call(endpoints.unpublishResume, { params: { resumeId } }), words.unpublished)
            }
          >
            {words.unpublish}
          </Button>
        )}
      </div>
    </Card>
  );
}
