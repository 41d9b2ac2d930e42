// MongoDB connection strings, which name several hosts and are therefore no URLs to the platform's parser.

const form =
  /^(?<scheme>mongodb(?:\+srv)?:\/\/)(?<user>[^@/?]*@)?(?<hosts>[^@/?\s]+)(?:\/(?<database>[^?/]*))?(?<options>\?.*)?$/;

export interface MongodbUri {
  /** The database in the path, or null where it names none. */
  database: string | null;
  /** The same servers and options with this database; the user still signs in where the string said. */
  withDatabase(name: string): string;
  /** For people to read: without user and password. */
  redacted: string;
}

/** Null where the text is no connection string. */
export function parseMongodbUri(text: string): MongodbUri | null {
  const groups = form.exec(text)?.groups;
  if (groups === undefined) return null;
  const { scheme = "", user = "", hosts = "", database = "", options = "" } = groups;
  const name = decoded(database);
  if (name === null) return null;
  return {
    database: name === "" ? null : name,
    withDatabase(other) {
      // Without authSource a user is looked up in the database of the path, or in admin where there is none.
      const needed = user !== "" && !/[?&]authSource=/i.test(options);
      const source = needed ? `authSource=${database === "" ? "admin" : database}` : "";
      const extended = options.length > 1 ? `${options}${source && `&${source}`}` : source && `?${source}`;
      return `${scheme}${user}${hosts}/${encodeURIComponent(other)}${extended}`;
    },
    redacted: `${scheme}${user === "" ? "" : "…@"}${hosts}/${database}${options.replace(/([^?&=]*(?:password|token|properties)[^=&]*)=[^&]*/gi, "$1=…")}`,
  };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
