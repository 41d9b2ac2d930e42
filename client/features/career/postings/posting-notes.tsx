// What a reader notes about a posting: what they think, stars, tags, words; saved together.
import { useState } from "react";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { postingStatusSchema } from "../../../../shared/schemas/career/enums.ts";
import type { PostingView } from "../../../../shared/schemas/career/postings.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { Button } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Select, TextArea, TextInput } from "../../../ui/field.tsx";
import { Failure } from "../../../ui/notice.tsx";
import { useToast } from "../../../ui/toast.tsx";
import styles from "./postings.module.css";
import { postingStrings } from "./strings.ts";

const words = postingStrings.detail;

interface Fields extends Pick<PostingView, "status" | "rating" | "notes"> {
  tags: string;
}

function fieldsOf({ status, rating, notes, userTags }: PostingView): Fields {
  return { status, rating, notes, tags: userTags.join(", ") };
}

export function PostingNotes({
  posting,
  onChange,
}: {
  posting: PostingView;
  onChange: (posting: PostingView) => void;
}) {
  const toast = useToast();
  // What is typed while it is saved stays.
  const [edits, setEdits] = useState<Partial<Fields>>({});
  const { status, rating, tags, notes } = { ...fieldsOf(posting), ...edits };
  const set = (part: Partial<Fields>) => setEdits((now) => ({ ...now, ...part }));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  async function save() {
    setBusy(true);
    setProblem(null);
    try {
      const userTags = tags
        .split(",")
        .map((tag) => tag.trim())
        .filter((tag) => tag !== "");
      const params = { postingId: posting.id };
      onChange(await call(endpoints.changePosting, { params, body: { status, rating, userTags, notes } }));
      setEdits((now) => (now === edits ? {} : now));
      toast({ text: words.saved });
    } catch (error) {
      setProblem(toApiError(error).message);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card title={words.own}>
      <form
        className={styles["fields"]}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Select
          label={words.status}
          value={status}
          onChange={(event) => set({ status: postingStatusSchema.parse(event.target.value) })}
        >
          {postingStatusSchema.options.map((one) => (
            <option key={one} value={one}>
              {postingStrings.statuses[one]}
            </option>
          ))}
        </Select>
        <Select
          label={words.rating}
          value={rating ?? ""}
          onChange={(event) => set({ rating: event.target.value === "" ? null : Number(event.target.value) })}
        >
          <option value="">{words.noRating}</option>
          {[1, 2, 3, 4, 5].map((stars) => (
            <option key={stars} value={stars}>
              {words.stars(stars)}
            </option>
          ))}
        </Select>
        <TextInput
          label={words.tags}
          hint={words.tagsHint}
          value={tags}
          onChange={(event) => set({ tags: event.target.value })}
        />
        <TextArea
          label={words.notes}
          rows={4}
          value={notes}
          maxLength={careerBounds.summaryMaxChars}
          onChange={(event) => set({ notes: event.target.value })}
        />
        {problem !== null && <Failure message={problem} />}
        <Button type="submit" busy={busy}>
          {words.save}
        </Button>
      </form>
    </Card>
  );
}
