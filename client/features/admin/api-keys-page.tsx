// Keys for machines: which there are, making one, revoking one.
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { endpoints } from "../../../shared/contract/endpoints.ts";
import type { ApiKey } from "../../../shared/schemas/api-keys.ts";
import { call } from "../../api/http.ts";
import { useRequest } from "../../api/use-request.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { EmptyState, Failure } from "../../ui/notice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Named, Row, Rows, Under } from "../../ui/rows.tsx";
import { Waiting } from "../../ui/spinner.tsx";
import { formatShort } from "../../ui/times.ts";
import { useNow } from "../../ui/use-now.ts";
import styles from "./admin.module.css";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { NewKeyDialog } from "./new-key-dialog.tsx";
import { adminStrings } from "./strings.ts";

const words = adminStrings.apiKeys;
const minuteMs = 60_000;

export function ApiKeysPage() {
  const keys = useRequest(endpoints.listApiKeys, {});
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<ApiKey | null>(null);
  return (
    <>
      <PageHeader
        title={words.title}
        under={words.under}
        actions={
          <Button look="primary" icon={Plus} onClick={() => setMaking(true)}>
            {words.create}
          </Button>
        }
      />
      {keys.status === "loading" && <Waiting label={words.loading} />}
      {keys.status === "error" && <Failure message={keys.error.message} onRetry={keys.retry} />}
      {keys.data !== null && (
        <Card>
          {keys.data.items.length === 0 ? (
            <EmptyState icon={KeyRound} title={words.none}>
              {words.noneText}
            </EmptyState>
          ) : (
            <Rows>
              {keys.data.items.map((key) => (
                <KeyRow key={key.id} apiKey={key} onRevoke={() => setEnding(key)} />
              ))}
            </Rows>
          )}
        </Card>
      )}
      <NewKeyDialog open={making} onMade={keys.retry} onClose={() => setMaking(false)} />
      <ConfirmDialog
        open={ending !== null}
        title={words.revokeTitle(ending?.name ?? "")}
        text={words.revokeText}
        action={words.revoke}
        onConfirm={async () => {
          if (ending !== null) await call(endpoints.revokeApiKey, { params: { apiKeyId: ending.id } });
          keys.retry();
        }}
        onClose={() => setEnding(null)}
      />
    </>
  );
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const now = useNow(minuteMs);
  const { expiresAt, lastUsedAt, revokedAt } = apiKey;
  const over = expiresAt !== null && new Date(expiresAt) <= now;
  const used = lastUsedAt === null ? words.never : formatShort(new Date(lastUsedAt));
  return (
    <Row
      act={
        <>
          {revokedAt !== null && <Badge tone="danger">{words.revoked}</Badge>}
          {revokedAt === null && over && <Badge tone="warm">{words.expired}</Badge>}
          {revokedAt === null && !over && (
            <>
              <Badge tone="success">
                {expiresAt === null ? words.good : words.goodUntil(formatShort(new Date(expiresAt)))}
              </Badge>
              <Button size="small" aria-label={words.revokeLabel(apiKey.name)} onClick={onRevoke}>
                {words.revoke}
              </Button>
            </>
          )}
        </>
      }
    >
      <Named
        name={
          <>
            {apiKey.name} <code className={styles["prefix"]}>{apiKey.prefix}…</code>
          </>
        }
      >
        <span>{apiKey.scopes.map((scope) => words.scopeNames[scope]).join(", ")}</span>
        <Under>
          {words.by(apiKey.createdByName, formatShort(new Date(apiKey.createdAt)))} ·{" "}
          {words.columns.used.toLowerCase()}: {used}
        </Under>
      </Named>
    </Row>
  );
}
