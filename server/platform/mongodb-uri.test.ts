import { expect, test } from "vitest";
import { parseMongodbUri } from "./mongodb-uri.ts";

test.each([
  ["mongodb://localhost", null],
  ["mongodb://localhost:27017/", null],
  ["mongodb://a:27017,b:27018,c:27019/connvo?replicaSet=rs0", "connvo"],
  ["mongodb://user:p%40ss@a:27017,b/my%20data?replicaSet=rs0", "my data"],
  ["mongodb+srv://user:secret@cluster.example.net/live?w=majority", "live"],
  ["mongodb://[::1]:27017?directConnection=true", null],
])("[CONFIG-11] %s names the database %s", (uri, database) => {
  expect(parseMongodbUri(uri)?.database).toBe(database);
});

test.each(["", "http://a/b", "mongodb://", "mongodb:///x", "mongodb://a b/x", "mongodb://a/%ZZ"])(
  "[CONFIG-11] '%s' is no connection string",
  (uri) => {
    expect(parseMongodbUri(uri)).toBeNull();
  },
);

test.each([
  ["mongodb://a,b/x?replicaSet=rs", "mongodb://a,b/y?replicaSet=rs"],
  ["mongodb://u:p@a", "mongodb://u:p@a/y?authSource=admin"],
  ["mongodb://u:p@a/x?tls=true", "mongodb://u:p@a/y?tls=true&authSource=x"],
  ["mongodb://u:p@a/x?authSource=admin", "mongodb://u:p@a/y?authSource=admin"],
])("[CONFIG-11] %s with another database keeps where the user signs in", (uri, expected) => {
  expect(parseMongodbUri(uri)?.withDatabase("y")).toBe(expected);
});

test("[CONFIG-11] what people are shown holds no password", () => {
  expect(
    parseMongodbUri("mongodb://anna:hunter2@a:1,b:2/x?tlsCertificateKeyFilePassword=hunter2")?.redacted,
  ).toBe("mongodb://…@a:1,b:2/x?tlsCertificateKeyFilePassword=…");
});
