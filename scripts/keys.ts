// `npm run -s keys [-- --check]`: prints a fresh key for ENCRYPTION_KEYS, or says which keys the stored data needs.
import { keysIn, sealedValues, type Stored } from "../server/modules/encryption/rotation.ts";
import { systemClock } from "../server/platform/clock.ts";
import { readConfig } from "../server/platform/config.ts";
import { sealedFields } from "../server/platform/privacy/field-cipher.ts";
import { inventory } from "../server/platform/privacy/inventory.ts";
import { keyNameOf, newKey } from "../server/platform/privacy/key-ring.ts";
import { configuredKeys } from "../server/platform/privacy/open-cipher.ts";
import { readArguments } from "./arguments.ts";
import { documentsOf, registeredKeys } from "./store/cipher.ts";
import { configuredSource } from "./store/source.ts";
import { runTask, tableOf } from "./store/task.ts";

/** A document needs a key that is not configured; 1 says that it could not be checked. */
const missingExitCode = 2;
const plain = "(not encrypted)";

const usage = `Usage: npm run -s keys [-- --check]
  without anything: a new key for ENCRYPTION_KEYS
  --check  which keys the stored data needs, and whether they are configured`;

await runTask(async () => {
  const { values } = readArguments(usage, { options: { check: { type: "boolean", default: false } } });
  if (!values.check) {
    console.log(newKey(keyNameOf(systemClock.now())));
    return;
  }
  const config = readConfig(process.env);
  const { keys } = await configuredKeys(config);
  const counts = new Map<string, number>([...keys.map(({ id }) => [id, 0] as const), [plain, 0]]);
  const source = await configuredSource(config);
  try {
    for (const { id } of await registeredKeys(source)) if (!counts.has(id)) counts.set(id, 0);
    for (const { name } of inventory) {
      const fields = sealedFields(name);
      if (fields.length === 0) continue;
      for await (const document of documentsOf<Stored>(source, name)) {
        for (const keyId of keysIn(sealedValues(document, fields)))
          counts.set(keyId ?? plain, (counts.get(keyId ?? plain) ?? 0) + 1);
      }
    }
  } finally {
    await source.close();
  }
  const configured = new Set(keys.map(({ id }) => id));
  const rows = [...counts].map(([id, documents], index) => [
    id,
    documents,
    id === plain
      ? ""
      : index === 0 && configured.has(id)
        ? "encrypts"
        : configured.has(id)
          ? ""
          : "not configured",
    id === plain || index === 0 || documents > 0 ? "" : "can be removed",
  ]);
  console.log(tableOf(["key", "documents", "", ""], rows));
  const missing = [...counts].filter(
    ([id, documents]) => id !== plain && !configured.has(id) && documents > 0,
  );
  if (missing.length === 0) return;
  console.error(
    `Documents need ${missing.map(([id]) => id).join(" and ")}, which ENCRYPTION_KEYS and the key file lack: put them back.`,
  );
  process.exitCode = missingExitCode;
});
