// One's own photo: what others see, another one in its place, or none.
import { ImageUp, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import { uploadRules } from "../../../shared/uploads.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { useMe, useSession } from "../../api/session.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { useToast } from "../../ui/toast.tsx";
import { PhotoEditor } from "./photo-editor.tsx";
import { photoStrings as words } from "./photo-strings.ts";
import styles from "./photo.module.css";

const accept = uploadRules.photo.types.join(",");

export function PhotoPage() {
  const me = useMe();
  const { takeMe } = useSession();
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLButtonElement>(null);
  const [picture, setPicture] = useState<ImageBitmap | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [over, setOver] = useState(false);
  const [removing, setRemoving] = useState(false);

  async function choose(file: File | undefined) {
    if (file === undefined) return;
    setProblem(null);
    try {
      setPicture(await createImageBitmap(file, { imageOrientation: "from-image" }));
    } catch {
      setProblem(words.unreadable);
    }
  }

  async function remove() {
    setRemoving(true);
    setProblem(null);
    try {
      takeMe(await call(endpoints.deletePhoto));
      toast({ text: words.removed });
      chooser.current?.focus();
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setRemoving(false);
    }
  }

  if (picture !== null) {
    const close = () => {
      picture.close();
      setPicture(null);
    };
    return (
      <>
        <PageHeader title={words.title} under={words.under} />
        <PhotoEditor
          picture={picture}
          me={me}
          onCancel={close}
          onSaved={(next) => {
            takeMe(next);
            toast({ text: words.saved });
            close();
          }}
        />
      </>
    );
  }
  return (
    <>
      <PageHeader title={words.title} under={words.under} />
      {problem !== null && <Failure message={problem} />}
      <Card title={words.current}>
        <div
          className={classNames(styles["current"], over && styles["over"])}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            void choose(event.dataTransfer.files[0]);
          }}
        >
          <Avatar id={me.id} name={me.displayName} photo={me.photo} size="huge" />
          <div className={styles["texts"]}>
            <p className={styles["name"]}>{me.displayName}</p>
            {me.photo === null && <p className={styles["quiet"]}>{words.none}</p>}
            <div className={styles["actions"]}>
              <Button look="primary" icon={ImageUp} ref={chooser} onClick={() => input.current?.click()}>
                {me.photo === null ? words.choose : words.another}
              </Button>
              {me.photo !== null && (
                <Button icon={Trash2} busy={removing} onClick={() => void remove()}>
                  {words.remove}
                </Button>
              )}
            </div>
            <p className={styles["quiet"]}>{words.drop}</p>
          </div>
          <input
            ref={input}
            type="file"
            accept={accept}
            hidden
            onChange={(event) => {
              void choose(event.target.files?.[0]);
              // The same file again is a choice, too.
              event.target.value = "";
            }}
          />
        </div>
      </Card>
    </>
  );
}
