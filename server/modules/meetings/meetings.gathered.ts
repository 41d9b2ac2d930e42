// One reading of a meeting for all who ask while another is under way: after a restart many come at once.
import type { MeetingId, UserId } from "../../../shared/ids.ts";

type Views<View> = ReadonlyMap<UserId, View>;

interface Line<View> {
  /** Who asked since the reading that is under way began. */
  waiting: { readers: Set<UserId>; views: PromiseWithResolvers<Views<View>> } | null;
}

/**
 * Answers what `read` finds for the reader, by a reading that began after the call: who has written before sees it. The
 * first is read at once; who comes meanwhile shares the next. Rejects as `read` does.
 */
export function gatherReaders<View>(
  read: (meetingId: MeetingId, readers: UserId[]) => Promise<Views<View>>,
): (meetingId: MeetingId, reader: UserId) => Promise<View | undefined> {
  const lines = new Map<MeetingId, Line<View>>();

  async function readOn(meetingId: MeetingId, line: Line<View>, first: Promise<unknown>): Promise<void> {
    await first.catch(() => undefined);
    while (line.waiting !== null) {
      const { readers, views } = line.waiting;
      line.waiting = null;
      await read(meetingId, [...readers]).then(views.resolve, views.reject);
    }
    lines.delete(meetingId);
  }

  return async (meetingId, reader) => {
    const line = lines.get(meetingId);
    if (line === undefined) {
      const opened: Line<View> = { waiting: null };
      lines.set(meetingId, opened);
      const first = read(meetingId, [reader]);
      void readOn(meetingId, opened, first);
      return (await first).get(reader);
    }
    line.waiting ??= { readers: new Set(), views: Promise.withResolvers() };
    line.waiting.readers.add(reader);
    return (await line.waiting.views.promise).get(reader);
  };
}
