// Parses, bounds, validates and runs operations; loaded when the first one comes. The rules: SPEC.md.
import {
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  parse,
  validate,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from "graphql";
import { createYoga, type Plugin } from "graphql-yoga";
import type { Actor } from "../../../shared/actor.ts";
import type { Logger } from "../../platform/logger.ts";
import type { ReadEndpoint } from "../http/read-endpoint.ts";
import { codeOf, presentError } from "./errors.ts";
import { assertAffordable, assertBounded, BoundMet, graphqlLimits, type GraphqlBound } from "./limits.ts";
import { createSchema, type FieldCall, type GraphqlContext } from "./schema.ts";

export interface GraphqlRequest {
  query: string;
  variables?: Record<string, unknown> | null | undefined;
  operationName?: string | null | undefined;
}

export interface GraphqlAsker {
  actor: Actor;
  address: string;
  requestId: string;
}

export interface GraphqlAnswer {
  status: number;
  contentType: string;
  body: string;
  /** Codes of what was refused; none where all was answered. */
  codes: string[];
}

export interface GraphqlServer {
  schema: GraphQLSchema;
  /** `accept` is the header's. Does not throw for anything that the request says. */
  answer(request: GraphqlRequest, asker: GraphqlAsker, accept: string): Promise<GraphqlAnswer>;
}

/** Of the working draft of GraphQL over HTTP: with it a document that is refused is a 400. */
const graphqlJson = "application/graphql-response+json";

interface ServerContext extends GraphqlAsker {
  codes: string[];
}

export function createGraphqlServer(options: {
  read: ReadEndpoint;
  /** Around each read of an endpoint. */
  observed(call: FieldCall, work: () => Promise<unknown>): Promise<unknown>;
  /** Told of each operation that is refused for what it would cost. */
  refused(bound: GraphqlBound): void;
  logger: Logger;
}): GraphqlServer {
  const { read, observed, refused, logger } = options;
  const schema = createSchema();

  const present = (error: unknown, { requestId, codes }: ServerContext): GraphQLError => {
    const presented = presentError(error, requestId, (failure) => {
      const cause = failure.cause instanceof Error ? failure.cause : failure;
      logger.error({ requestId, code: failure.code, error: cause }, "graphql field failed");
    });
    codes.push(codeOf(presented));
    return presented;
  };

  function within<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      const bound = boundOf(error);
      if (bound !== null) refused(bound);
      throw error;
    }
  }

  const guards: Plugin<ServerContext> = {
    onParse({ setParseFn }) {
      setParseFn((source) =>
        within(() => {
          const document = parse(source, { maxTokens: graphqlLimits.tokensMost });
          assertBounded(document);
          return document;
        }),
      );
    },
    onValidate({ addValidationRule, setValidationFn }) {
      addValidationRule(NoSchemaIntrospectionCustomRule);
      setValidationFn((of: GraphQLSchema, document, rules) =>
        validate(of, document, rules, { maxErrors: 5, hideSuggestions: true }),
      );
    },
    onExecute({ args }) {
      const { document, operationName, variableValues } = args;
      const operation = getOperationAST(document, operationName);
      if (operation !== null && operation !== undefined)
        within(() => assertAffordable({ schema, document, operation, variables: variableValues ?? {} }));
    },
    onExecutionResult({ result, setResult, context }) {
      const { errors } = (result ?? {}) as ExecutionResult;
      if (errors === undefined) return;
      setResult({
        ...(result as ExecutionResult),
        errors: errors.map((error) => present(error, context as unknown as ServerContext)),
      });
    },
  };

  const yoga = createYoga<ServerContext, GraphqlContext>({
    schema,
    plugins: [guards],
    context: ({ actor, address }) => ({
      read: (call) =>
        observed(call, () => read(call.endpoint, { actor, address, params: call.params, query: call.query })),
    }),
    // Every error passes `present`, the last of all hooks.
    maskedErrors: false,
    landingPage: false,
    graphiql: false,
    cors: false,
    multipart: false,
    batching: false,
    // What strangers to each other ask for is not kept.
    parserAndValidationCache: false,
    logging: false,
  });

  return {
    schema,
    async answer({ query, variables, operationName }, asker, accept) {
      const context: ServerContext = { ...asker, codes: [] };
      const response = await yoga.fetch(
        "http://localhost/graphql",
        {
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: accept.includes(graphqlJson) ? graphqlJson : "application/json",
          },
          body: JSON.stringify({ query, variables, operationName }),
        },
        context,
      );
      return {
        status: response.status,
        contentType: response.headers.get("content-type") ?? "application/json",
        body: await response.text(),
        codes: context.codes,
      };
    },
  };
}

function boundOf(error: unknown): GraphqlBound | null {
  if (error instanceof BoundMet) return error.bound;
  // The parser's own word for `maxTokens`.
  return error instanceof Error && /\btokens\. Parsing aborted/.test(error.message) ? "tokens" : null;
}
