// insert, update and delete: several statements a command, ordered or not, each with an error of its own.
import { fieldsOf } from "../bson/document.ts";
import type { Value } from "../bson/value.ts";
import type { Encodable } from "../bson/writer.ts";
import { StoreError } from "../errors.ts";
import { CollectionWriter, HeldEntries } from "../storage/collection-writer.ts";
import type { WriteTransaction } from "../storage/write-queue.ts";
import { withId } from "../update/upsert.ts";
import { documentList } from "../wire/messages.ts";
import {
  booleanField,
  collectionName,
  type CommandContext,
  type Reply,
  type WriteCommand,
  type WriteEngine,
} from "./context.ts";
import { asksForSync } from "./general-fields.ts";
import {
  checkDeleteShape,
  checkUpdateShape,
  parseDeleteStatement,
  parseUpdateStatement,
  runDelete,
  runUpdate,
  writeVariables,
  type StatementScope,
} from "./write-statements.ts";

const maxStatements = 100_000;
/** From so many documents on the entries of an insert are worth being added together. */
const largeInsert = 128;

export const insertCommand: WriteCommand = {
  fields: ["documents", "ordered", "bypassDocumentValidation"],
  async run(context) {
    const documents = statementsOf(context, "documents");
    const { engine } = context;
    const name = collectionName(context);
    const held = documents.length < largeInsert ? null : new HeldEntries();
    const { count, errors } = await runStatements(
      context,
      documents,
      ({ transaction }, document) => {
        const complete = withId(document);
        const collection = engine.catalog.ensure(transaction, context.database, name);
        new CollectionWriter(engine.catalog, transaction, collection).insert(complete, held);
        return 1;
      },
      ({ transaction }) => held?.add(transaction),
    );
    return { n: count, ...withErrors(errors) };
  },
};

export const updateCommand: WriteCommand = {
  fields: ["updates", "ordered", "bypassDocumentValidation", "let"],
  async run(context) {
    const statements = statementsOf(context, "updates").map(toMap);
    statements.forEach(checkUpdateShape);
    const namespace = { database: context.database, name: collectionName(context) };
    let modified = 0;
    const upserted: { index: number; _id: Value }[] = [];
    const { count, errors } = await runStatements(context, statements, async (scope, fields, index) => {
      const result = await runUpdate(scope, namespace, parseUpdateStatement(fields));
      modified += result.modified;
      if (result.upsertedId === null) return result.matched;
      upserted.push({ index, _id: result.upsertedId });
      return 1;
    });
    return {
      n: count,
      nModified: modified,
      ...(upserted.length > 0 ? { upserted } : {}),
      ...withErrors(errors),
    };
  },
};

export const deleteCommand: WriteCommand = {
  fields: ["deletes", "ordered", "let"],
  async run(context) {
    const statements = statementsOf(context, "deletes").map(toMap);
    statements.forEach(checkDeleteShape);
    const namespace = { database: context.database, name: collectionName(context) };
    const { count, errors } = await runStatements(context, statements, async (scope, fields) => {
      const { deleted } = await runDelete(scope, namespace, parseDeleteStatement(fields));
      return deleted;
    });
    return { n: count, ...withErrors(errors) };
  },
};

function toMap(document: Value): Map<string, Value> {
  return new Map(fieldsOf(document).map(({ name, value }) => [name, value]));
}

function statementsOf(context: CommandContext<WriteEngine>, field: string): Value[] {
  const statements = documentList(context.request, field);
  if (statements.length === 0 || statements.length > maxStatements)
    throw new StoreError(
      16,
      `Write batch sizes must be between 1 and ${maxStatements}. Got ${statements.length} operations.`,
    );
  return statements;
}

interface WriteError {
  index: number;
  error: StoreError;
}

/** All statements in one transaction; a statement that fails leaves the others standing. */
async function runStatements<Statement>(
  context: CommandContext<WriteEngine>,
  statements: readonly Statement[],
  run: (scope: StatementScope, statement: Statement, index: number) => number | Promise<number>,
  finish?: (scope: StatementScope) => void,
): Promise<{ count: number; errors: WriteError[] }> {
  const { engine, pace, request } = context;
  const ordered = booleanField(request.fields, "ordered", true);
  const variables = writeVariables(engine, request.fields);
  return engine.writes.run(async (transaction: WriteTransaction) => {
    const scope: StatementScope = { engine, transaction, pace, variables };
    const errors: WriteError[] = [];
    let count = 0;
    for (const [index, statement] of statements.entries()) {
      try {
        const result = run(scope, statement, index);
        count += typeof result === "number" ? result : await result;
      } catch (error) {
        // Damage fails the whole command: it may have been met with a statement half done.
        if (!(error instanceof StoreError) || error.code === 246) throw error;
        errors.push({ index, error });
        if (ordered) break;
      }
      const pause = pace.breathe();
      if (pause !== undefined) await pause;
    }
    finish?.(scope);
    return { count, errors };
  }, asksForSync(request.fields));
}

function withErrors(errors: readonly WriteError[]): Reply {
  if (errors.length === 0) return {};
  return {
    writeErrors: errors.map(({ index, error }): Encodable => ({
      index,
      code: error.code,
      ...(error.details as Record<string, Encodable>),
      errmsg: error.message,
    })),
  };
}
