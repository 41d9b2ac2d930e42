// The composer's files, sent to this meeting.
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { MeetingId } from "../../../shared/ids.ts";
import { toApiError } from "../../api/errors.ts";
import { call } from "../../api/http.ts";
import { randomKey } from "../../api/random-key.ts";
import { upload } from "../../api/upload.ts";
import { createUploads, type Upload, type Uploads } from "./uploads.ts";

/** Again would be the same: the file itself is not accepted. */
const final = new Set(["PAYLOAD_TOO_LARGE", "UNSUPPORTED_FILE", "FILE_DAMAGED", "FORBIDDEN", "NOT_FOUND"]);

export function useUploads(meetingId: MeetingId): { items: readonly Upload[]; uploads: Uploads } {
  const uploads = useMemo(
    () =>
      createUploads({
        newKey: randomKey,
        send: (file, clientKey, options) =>
          upload(endpoints.uploadAttachment, file, {
            ...options,
            request: { params: { id: meetingId }, query: { clientKey, name: file.name } },
          }),
        // Where that fails it goes by itself, within the hour.
        discard: ({ id: fileId }) =>
          void call(endpoints.discardAttachment, { params: { id: meetingId, fileId } }).catch(
            () => undefined,
          ),
        describe(error) {
          const { code, message } = toApiError(error);
          return { problem: message, again: !final.has(code) };
        },
      }),
    [meetingId],
  );
  useEffect(() => () => uploads.close(), [uploads]);
  const items = useSyncExternalStore(uploads.onChange, () => uploads.items);
  return { items, uploads };
}
