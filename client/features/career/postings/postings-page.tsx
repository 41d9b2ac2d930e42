// Postings: one's list with search and filters, and how to add one.
import { BriefcaseBusiness, Plus, Search, Star } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { endpoints } from "../../../../shared/contract/endpoints.ts";
import { careerBounds } from "../../../../shared/schemas/career/bounds.ts";
import { postingStatusSchema } from "../../../../shared/schemas/career/enums.ts";
import type { PostingList, PostingSummary } from "../../../../shared/schemas/career/postings.ts";
import { toApiError } from "../../../api/errors.ts";
import { call } from "../../../api/http.ts";
import { useRequest } from "../../../api/use-request.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Card } from "../../../ui/card.tsx";
import { Checkbox, Select, TextInput } from "../../../ui/field.tsx";
import { EmptyState, Failure } from "../../../ui/notice.tsx";
import { PageHeader } from "../../../ui/page-header.tsx";
import { Waiting } from "../../../ui/spinner.tsx";
import { formatShort } from "../../../ui/times.ts";
import { useToast } from "../../../ui/toast.tsx";
import { AddPostingDialog } from "./add-posting-dialog.tsx";
import styles from "./postings.module.css";
import { postingStrings as words } from "./strings.ts";

const typingPauseMs = 250;
const tones = { new: "neutral", shortlisted: "accent", passed: "warm" } as const;

interface Filters {
  q: string;
  status: string;
  favorite: boolean;
  tag: string;
  ratingAtLeast: string;
  sort: "newest" | "rating" | "title";
}
const everything: Filters = {
  q: "",
  status: "",
  favorite: false,
  tag: "",
  ratingAtLeast: "",
  sort: "newest",
};

export function PostingsPage() {
  const [adding, setAdding] = useState(false);
  const [filters, setFilters] = useState<Filters>(everything);
  const [sought, setSought] = useState("");
  const [tags, setTags] = useState<readonly string[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => setSought(filters.q), typingPauseMs);
    return () => clearTimeout(timer);
  }, [filters.q]);
  const query = queryOf({ ...filters, q: sought });
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <Button look="primary" icon={Plus} onClick={() => setAdding(true)}>
            {words.add.open}
          </Button>
        }
      />
      <FilterBar filters={filters} tags={tags} onChange={setFilters} />
      {/* Another search begins with its own first page. */}
      <Found
        key={JSON.stringify(query)}
        query={query}
        isFiltered={Object.keys(query).length > 1}
        onTags={setTags}
      />
      <AddPostingDialog open={adding} onClose={() => setAdding(false)} />
    </>
  );
}

type Query = Partial<Record<"q" | "tag", string>> & {
  status?: PostingSummary["status"];
  favorite?: "true" | "false";
  ratingAtLeast?: string;
  sort: Filters["sort"];
  deleted?: "true" | "false";
};

function queryOf({ q, status, favorite, tag, ratingAtLeast, sort }: Filters): Query {
  const known = postingStatusSchema.safeParse(status).data;
  return {
    sort,
    ...(q.trim() === "" ? {} : { q: q.trim() }),
    ...(known === undefined ? {} : { status: known }),
    ...(favorite ? { favorite: "true" as const } : {}),
    ...(tag === "" ? {} : { tag }),
    ...(ratingAtLeast === "" ? {} : { ratingAtLeast }),
    ...(status === "deleted" ? { deleted: "true" as const } : {}),
  };
}

function FilterBar({
  filters,
  tags,
  onChange,
}: {
  filters: Filters;
  tags: readonly string[];
  onChange: (filters: Filters) => void;
}) {
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  return (
    <search className={styles["filters"]}>
      <TextInput
        type="search"
        label={words.filters.search}
        placeholder={words.filters.searchHint}
        className={styles["search"]}
        value={filters.q}
        maxLength={careerBounds.postingSearchMaxChars}
        onChange={(event) => set({ q: event.target.value })}
      />
      <Select
        label={words.filters.status}
        value={filters.status}
        onChange={(event) => set({ status: event.target.value })}
      >
        <option value="">{words.filters.everything}</option>
        {postingStatusSchema.options.map((status) => (
          <option key={status} value={status}>
            {words.statuses[status]}
          </option>
        ))}
        <option value="deleted">{words.filters.deleted}</option>
      </Select>
      {tags.length > 0 && (
        <Select
          label={words.filters.tag}
          value={filters.tag}
          onChange={(event) => set({ tag: event.target.value })}
        >
          <option value="">{words.filters.anyTag}</option>
          {tags.map((tag) => (
            <option key={tag} value={tag}>
              {tag}
            </option>
          ))}
        </Select>
      )}
      <Select
        label={words.filters.rating}
        value={filters.ratingAtLeast}
        onChange={(event) => set({ ratingAtLeast: event.target.value })}
      >
        <option value="">{words.filters.anyRating}</option>
        {[2, 3, 4, 5].map((stars) => (
          <option key={stars} value={stars}>
            {words.filters.atLeast(stars)}
          </option>
        ))}
      </Select>
      <Select
        label={words.filters.sort}
        value={filters.sort}
        onChange={(event) => set({ sort: event.target.value as Filters["sort"] })}
      >
        {Object.entries(words.filters.sorts).map(([sort, label]) => (
          <option key={sort} value={sort}>
            {label}
          </option>
        ))}
      </Select>
      <Checkbox
        label={words.filters.favorites}
        checked={filters.favorite}
        onChange={(event) => set({ favorite: event.target.checked })}
      />
    </search>
  );
}

function Found({
  query,
  isFiltered,
  onTags,
}: {
  query: Query;
  isFiltered: boolean;
  onTags: (tags: readonly string[]) => void;
}) {
  const toast = useToast();
  const first = useRequest(endpoints.listPostings, { query });
  const [further, setFurther] = useState<PostingList | null>(null);
  const [busy, setBusy] = useState(false);
  const tags = first.data?.tags;
  useEffect(() => {
    if (tags !== undefined) onTags(tags);
  }, [tags, onTags]);
  if (first.status === "loading") return <Waiting label={words.loading} />;
  if (first.status === "error") return <Failure error={first.error} onRetry={first.retry} />;
  const items = [...first.data.items, ...(further?.items ?? [])];
  const cursor = further === null ? first.data.nextCursor : further.nextCursor;

  async function more(after: string) {
    setBusy(true);
    try {
      const page = await call(endpoints.listPostings, { query: { ...query, cursor: after } });
      setFurther((known) => ({ ...page, items: [...(known?.items ?? []), ...page.items] }));
    } catch (error) {
      toast({ text: toApiError(error).message, tone: "problem" });
    } finally {
      setBusy(false);
    }
  }

  return (
    <Card>
      <p role="status" className={items.length === 0 ? "visually-hidden" : styles["quiet"]}>
        {words.found(first.data.total)}
      </p>
      {items.length === 0 &&
        (isFiltered ? (
          <EmptyState icon={Search} title={words.noneTitle}>
            {query.deleted === "true" ? words.noneDeleted : words.none}
          </EmptyState>
        ) : (
          <EmptyState icon={BriefcaseBusiness} title={words.emptyTitle}>
            {words.empty}
          </EmptyState>
        ))}
      <ul className={styles["list"]}>
        {items.map((posting) => (
          <Row key={posting.id} posting={posting} onRestored={first.retry} />
        ))}
      </ul>
      {cursor !== null && (
        <Button busy={busy} onClick={() => void more(cursor)}>
          {words.more}
        </Button>
      )}
    </Card>
  );
}

function Row({ posting, onRestored }: { posting: PostingSummary; onRestored: () => void }) {
  const toast = useToast();
  const [isFavorite, setFavorite] = useState(posting.isFavorite);
  const { id, title, company, location, salary, userTags, status, rating, deletedAt, createdAt } = posting;
  const about = [company, location, salary].filter((part) => part !== null).join(" · ");

  async function attempt(work: () => Promise<unknown>, otherwise: () => void) {
    try {
      await work();
    } catch (error) {
      otherwise();
      toast({ text: toApiError(error).message, tone: "problem" });
    }
  }
  function favorite() {
    setFavorite(!isFavorite);
    const body = { isFavorite: !isFavorite };
    void attempt(
      () => call(endpoints.changePosting, { params: { postingId: id }, body }),
      () => setFavorite(isFavorite),
    );
  }
  return (
    <li className={styles["row"]}>
      {deletedAt === null && (
        <IconButton
          icon={Star}
          size="small"
          label={isFavorite ? words.unfavorite(title) : words.favorite(title)}
          aria-pressed={isFavorite}
          className={isFavorite ? styles["starred"] : undefined}
          onClick={favorite}
        />
      )}
      <span className={styles["texts"]}>
        {deletedAt === null ? (
          <Link to={`/career/postings/${id}`} className={styles["name"]}>
            {title}
          </Link>
        ) : (
          <span className={styles["name"]}>{title}</span>
        )}
        {about !== "" && <span className={styles["quiet"]}>{about}</span>}
        <span className={styles["quiet"]}>
          {deletedAt === null
            ? words.addedOn(formatShort(new Date(createdAt)))
            : words.deletedOn(formatShort(new Date(deletedAt)))}
        </span>
      </span>
      <span className={styles["marks"]}>
        {userTags.map((tag) => (
          <span key={tag} className={styles["chip"]}>
            {tag}
          </span>
        ))}
        {rating !== null && <Badge icon={Star}>{words.rated(rating)}</Badge>}
        {status !== "new" && <Badge tone={tones[status]}>{words.statuses[status]}</Badge>}
      </span>
      {deletedAt !== null && (
        <Button
          size="small"
          onClick={() =>
            void attempt(
              async () => {
                await call(endpoints.restorePosting, { params: { postingId: id } });
                toast({ text: words.restored(title) });
                onRestored();
              },
              () => undefined,
            )
          }
        >
          {words.restore}
        </Button>
      )}
    </li>
  );
}
