// The files of a message: pictures as pictures, everything else as a row with its name and size.
import { Download, FileText, FileX2 } from "lucide-react";
import { memo, useState } from "react";
import { endpoints } from "../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../shared/ids.ts";
import type { Attachment } from "../../shared/schemas/attachments.ts";
import { addressOf } from "../api/http.ts";
import { fileSize } from "../ui/file-size.ts";
import { chatStrings } from "./strings.ts";
import styles from "./files.module.css";

export const MessageFiles = memo(function MessageFiles(props: {
  meetingId: MeetingId;
  files: readonly Attachment[];
}) {
  const { meetingId, files } = props;
  return (
    <ul className={styles["files"]}>
      {files.map((file) => (
        <li key={file.id}>
          {file.width !== null && file.height !== null ? (
            <Picture file={file} width={file.width} height={file.height} address={address(meetingId, file)} />
          ) : (
            <FileRow file={file} address={address(meetingId, file)} />
          )}
        </li>
      ))}
    </ul>
  );
});

function address(id: MeetingId, { id: fileId }: Attachment): string {
  return addressOf(endpoints.readAttachment, { params: { id, fileId } });
}

interface FileProps {
  file: Attachment;
  address: string;
}

/** Its place is kept by its size before it has come, so that the chat does not jump. */
function Picture({ file, address: href, width, height }: FileProps & { width: number; height: number }) {
  const [failed, setFailed] = useState(false);
  if (failed) {
    return (
      <p className={styles["row"]}>
        <FileX2 size={20} aria-hidden />
        <span className={styles["name"]}>{chatStrings.pictureGone(file.name)}</span>
      </p>
    );
  }
  return (
    <a href={href} target="_blank" rel="noreferrer" className={styles["picture"]} title={file.name}>
      <img
        src={href}
        alt={chatStrings.picture(file.name)}
        width={width}
        height={height}
        loading="lazy"
        decoding="async"
        onError={() => setFailed(true)}
      />
    </a>
  );
}

function FileRow({ file, address: href }: FileProps) {
  return (
    <a href={href} download={file.name} className={styles["row"]}>
      <FileText size={20} aria-hidden />
      <span className={styles["name"]}>{file.name}</span>
      <span className={styles["size"]}>{fileSize(file.bytes)}</span>
      <Download size={16} aria-hidden />
    </a>
  );
}
