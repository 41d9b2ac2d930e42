// findAndModify: changes or removes one document and answers it, as one step.
import { documentValue, type Value } from "../bson/value.ts";
import { failedToParse } from "../errors.ts";
import { compileProjection } from "../query/projection.ts";
import { parseUpdate } from "../update/parse-update.ts";
import {
  booleanField,
  collectionName,
  documentField,
  refuseCollation,
  type WriteCommand,
  type CommandContext,
  type Reply,
} from "./context.ts";
import { asksForSync } from "./general-fields.ts";
import { filterField, hintField, sortField } from "./query-options.ts";
import {
  arrayFiltersOf,
  runDelete,
  runUpdate,
  writeVariables,
  type StatementScope,
} from "./write-statements.ts";

export const findAndModifyCommand: WriteCommand = {
  fields: [
    "query",
    "sort",
    "remove",
    "update",
    "new",
    "fields",
    "upsert",
    "bypassDocumentValidation",
    "collation",
    "arrayFilters",
    "hint",
    "let",
  ],
  async run(context) {
    const { engine, request, pace } = context;
    const { fields } = request;
    refuseCollation(fields);
    const removes = booleanField(fields, "remove");
    const change = fields.get("update");
    if (removes && change !== undefined) throw failedToParse("Cannot specify both an update and remove=true");
    if (!removes && change === undefined)
      throw failedToParse("Either an update or remove=true must be specified");
    if (removes && booleanField(fields, "upsert"))
      throw failedToParse("Cannot specify both upsert=true and remove=true");
    if (removes && booleanField(fields, "new"))
      throw failedToParse(
        "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
      );
    const variables = writeVariables(engine, fields);
    return engine.writes.run((transaction) => {
      const scope: StatementScope = { engine, transaction, pace, variables };
      return change === undefined ? removeOne(context, scope) : updateOne(context, scope, change);
    }, asksForSync(fields));
  },
};

async function updateOne(context: CommandContext, scope: StatementScope, change: Value): Promise<Reply> {
  const { fields } = context.request;
  const namespace = { database: context.database, name: collectionName(context) };
  const result = await runUpdate(scope, namespace, {
    update: parseUpdate(change, arrayFiltersOf(fields)),
    filter: filterField(fields, "query"),
    multi: false,
    upsert: booleanField(fields, "upsert"),
    sort: sortField(fields),
    hint: (collection) => hintField(fields, collection),
  });
  const chosen = booleanField(fields, "new") ? result.after : result.before;
  return {
    lastErrorObject: {
      n: result.matched > 0 || result.upsertedId !== null ? 1 : 0,
      updatedExisting: result.matched > 0,
      ...(result.upsertedId === null ? {} : { upserted: result.upsertedId }),
    },
    value: chosen === null ? null : projected(context, chosen),
  };
}

async function removeOne(context: CommandContext, scope: StatementScope): Promise<Reply> {
  const { fields } = context.request;
  const namespace = { database: context.database, name: collectionName(context) };
  const { document } = await runDelete(scope, namespace, {
    filter: filterField(fields, "query"),
    limit: 1,
    sort: sortField(fields),
    hint: (collection) => hintField(fields, collection),
  });
  return {
    lastErrorObject: { n: document === null ? 0 : 1 },
    value: document === null ? null : projected(context, document),
  };
}

function projected(context: CommandContext, document: Value): Value {
  const given = documentField(context.request.fields, "fields");
  const projection = given === undefined ? null : compileProjection(given, null);
  if (projection === null) return documentValue(Buffer.from(document.bytes()));
  return projection(document, { position: -1, nowMs: context.engine.nowMs(), variables: new Map() });
}
