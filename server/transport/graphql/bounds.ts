// Bounds that hold before a request is looked into: apart from the others, so that they load nothing of GraphQL.

/** Of the request's JSON. */
export const graphqlBodyMaxBytes = 64 * 1024;
export const graphqlDocumentMaxChars = 20_000;
