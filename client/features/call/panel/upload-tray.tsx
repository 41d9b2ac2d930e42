// Files that the next message brings, each with how far it is and what can be done about it.
import { CircleAlert, FileText, RotateCcw, X } from "lucide-react";
import { IconButton } from "../../../ui/button.tsx";
import { fileSize } from "../../../ui/file-size.ts";
import { callStrings } from "../strings.ts";
import type { Upload, Uploads } from "../uploads.ts";
import styles from "../../../chat/files.module.css";

export function UploadTray({ items, uploads }: { items: readonly Upload[]; uploads: Uploads }) {
  if (items.length === 0) return null;
  return (
    <ul className={styles["files"]} aria-label={callStrings.filesOfMessage}>
      {items.map(({ key, file, state }) => (
        <li key={key} className={styles["row"]}>
          {state.kind === "failed" ? (
            <CircleAlert size={20} aria-hidden className={styles["alert"]} />
          ) : (
            <FileText size={20} aria-hidden />
          )}
          <span className={styles["texts"]}>
            <span className={styles["name"]}>{file.name}</span>
            {state.kind === "failed" ? (
              <span className={styles["problem"]} role="alert">
                {state.problem}
              </span>
            ) : (
              <span className={styles["size"]}>
                {state.kind === "sending"
                  ? callStrings.uploading(state.share)
                  : stateWords(state.kind, file.size)}
              </span>
            )}
            {state.kind === "sending" && (
              <progress
                className={styles["progress"]}
                max={1}
                value={state.share}
                aria-label={callStrings.uploadOf(file.name)}
              />
            )}
          </span>
          {state.kind === "failed" && state.again && (
            <IconButton
              icon={RotateCcw}
              size="small"
              label={callStrings.retryUpload(file.name)}
              onClick={() => uploads.retry(key)}
            />
          )}
          <IconButton
            icon={X}
            size="small"
            label={
              state.kind === "sending"
                ? callStrings.cancelUpload(file.name)
                : callStrings.removeFile(file.name)
            }
            onClick={() => uploads.remove(key)}
          />
        </li>
      ))}
    </ul>
  );
}

function stateWords(kind: "waiting" | "ready", bytes: number): string {
  return kind === "waiting" ? callStrings.uploadWaiting : fileSize(bytes);
}
