// What Mongoose's own tests meet that the embedded store refuses: by feature, the answers it gives and the tests that fail by it.
import type { Refusal } from "./mongoose-compare.ts";

export const refusals: readonly Refusal[] = [
  {
    feature: "Geo indexes and queries",
    reason:
      "2d and 2dsphere indexes, $near, $geoWithin and $geoIntersects are not there: the application asks nothing by place.",
    answers: [
      { code: 67, text: /^index type '2d(sphere)?' is not supported by this server$/ },
      { code: 2, text: /^unknown operator: \$geo(Within|Intersects)$/ },
    ],
    tests: {
      "document.test.js": ["document bug fixes single embedded docs with $near (gh-4014)"],
      "geojson.test.js": ["geojson driver query", "geojson within helper", "geojson index", "geojson near"],
      "model.query.casting.test.js": [
        "model query casting minDistance (gh-4197)",
        "model query casting $near with arrays",
        "model query casting $near with objects",
        "model query casting $near with nested objects",
        "model query casting $nearSphere with arrays",
        "model query casting $nearSphere with objects",
        "model query casting $nearSphere with nested objects",
        "model query casting $within $centerSphere with arrays",
        "model query casting $within $centerSphere with objects",
        "model query casting $within $centerSphere with nested objects",
        "model query casting $within $center with arrays",
        "model query casting $within $center with objects",
        "model query casting $within $center with nested objects",
        "model query casting $within $polygon with arrays",
        "model query casting $within $polygon with objects",
        "model query casting $within $polygon with nested objects",
        "model query casting $within $box with arrays",
        "model query casting $within $box with objects",
        "model query casting $within $box with nested objects",
      ],
      "model.querying.test.js": [
        "model: querying: 2d $near (gh-309)",
        "model: querying: 2d $within arrays (gh-586)",
        "model: querying: 2d $nearSphere with arrays (gh-610)",
        "model: querying: 2d $nearSphere with invalid coordinate does not crash (gh-1874)",
        "model: querying: 2d $maxDistance with arrays",
        "model: querying: 2dsphere $geometry Polygon",
        "model: querying: 2dsphere $geoIntersects LineString",
        "model: querying: 2dsphere $geoIntersects MultiLineString",
        "model: querying: 2dsphere $geoIntersects MultiPolygon",
        "model: querying: 2dsphere $near Point",
        "model: querying: 2dsphere $near works with GeoJSON (gh-1482)",
        "model: querying: 2dsphere $near works with legacy 2dsphere pair in schema (gh-6937)",
      ],
      "model.test.js": [
        "Model Skip setting default value for Geospatial-indexed fields (gh-1668) 2dsphere indexed field with value is saved",
        "Model Skip setting default value for Geospatial-indexed fields (gh-1668) 2dsphere indexed field without value is saved (gh-1668)",
        "Model Skip setting default value for Geospatial-indexed fields (gh-1668) 2dsphere indexed field in subdoc without value is saved",
        "Model Skip setting default value for Geospatial-indexed fields (gh-1668) Doc with 2dsphere indexed field without initial value can be updated",
        "Model Skip setting default value for Geospatial-indexed fields (gh-1668) 2dsphere indexed required field without value is rejected",
        "Model Skip setting default value for Geospatial-indexed fields (gh-1668) 2dsphere field without value but with schema default is saved",
        "Model Skip setting default value for Geospatial-indexed fields (gh-1668) 2d indexed field without value is saved",
      ],
      "query.test.js": [
        "Query bug fixes $geoWithin with single nested schemas (gh-4044)",
        "Query bug fixes handles geoWithin with $center and mongoose object (gh-4419)",
        "Query bug fixes geoIntersects with mongoose doc as coords (gh-4408)",
        "Query bug fixes geojson underneath array (gh-5467)",
        "Query bug fixes handles geoWithin with mongoose docs (gh-4392)",
      ],
    },
  },
  {
    feature: "Text indexes",
    reason: "No text index, no $text and no text score: search by words would need a second engine.",
    answers: [{ code: 67, text: /^index type 'text' is not supported by this server$/ }],
    tests: {
      "aggregate.test.js": ["aggregate:  sort by text score (gh-5258)"],
      "model.discriminator.test.js": [
        "model discriminator() root schema inheritance with $meta projection (gh-5859)",
      ],
      "model.indexes.test.js": [
        "model discriminators with unique should not re-create a compound text index that involves non-text indexes, using syncIndexes (gh-13136)",
        "model discriminators with unique should not find a diff when calling diffIndexes after syncIndexes involving a text and non-text compound index (gh-13136)",
        "model discriminators with unique should prevent collation on text indexes (gh-10044)",
      ],
      "model.querying.test.js": [
        "model: querying: find text search indexes works with text search ensure indexes",
        "model: querying: find text search indexes works when text search is called by a schema (gh-3824) (gh-6851)",
        "model: querying: sort handles sorting by text score",
      ],
      "model.test.js": [
        "Model bug fixes Model.syncIndexes() should not drop a text index on .syncIndexes() call (gh-10850)",
      ],
    },
  },
  {
    feature: "Collations",
    reason:
      "Strings compare by their bytes, and so do index keys: any other order would need keys made by a collator of one fixed version.",
    answers: [
      { code: 303, text: /^collations other than { locale: 'simple' } are not supported by this server$/ },
      { code: 67, text: /^indexes with a collation are not supported by this server$/ },
    ],
    tests: {
      "aggregate.test.js": ["aggregate:  exec middleware (gh-5251) setting option in pre (gh-7606)"],
      "connection.test.js": ["connections: openUri (gh-5304) with autoCreate (gh-6489)"],
      "model.indexes.test.js": [
        "model discriminators with unique uses schema-level collation by default (gh-9912)",
        "model discriminators with unique different collation with syncIndexes() (gh-8521)",
      ],
      "model.test.js": [
        "Model sets index collation based on schema collation (gh-7621)",
        "Model bug fixes createCollection() respects schema collation (gh-6489)",
        "Model bug fixes Model.syncIndexes() avoids creating collection if autoCreate: false",
      ],
      "query.test.js": [
        "Query bug fixes collations collation support (gh-4839)",
        "Query bug fixes collations set on schema (gh-5295)",
      ],
    },
  },
  {
    feature: "Hashed indexes",
    reason: "They serve sharding; a plain index answers the same queries.",
    answers: [{ code: 67, text: /^index type 'hashed' is not supported by this server$/ }],
    tests: { "model.querying.test.js": ["model: querying: hashed indexes work"] },
  },
  {
    feature: "Capped collections",
    reason: "Nothing in the application drops documents by age of insertion; TTL indexes are there.",
    answers: [{ code: 303, text: /^capped collections are not supported by this server/ }],
    tests: {
      "collection.capped.test.js": [
        "collections: capped: creation",
        "collections: capped: skips when setting autoCreate to false (gh-8566)",
      ],
      "connection.test.js": ["connections: helpers createCollection()"],
      "model.test.js": [
        "Model respects schema-level `collectionOptions` for setting options to createCollection()",
      ],
    },
  },
  {
    feature: "Time series collections",
    reason: "They are a storage layout of their own.",
    answers: [
      { code: 303, text: /^time series collections are not supported by this server/ },
      { code: 59, text: /^no such command: 'setParameter'$/ },
    ],
    tests: {
      "model.test.js": [
        "Model bug fixes createCollection() respects timeseries (gh-10611)",
        "Model bug fixes createCollection() enforces expireAfterSeconds (gh-11229)",
        "Model bug fixes createCollection() enforces expires (gh-11229)",
        "Model bug fixes createCollection() enforces expireAfterSeconds when set by Schema (gh-11229)",
        "Model bug fixes createCollection() enforces expires when set by Schema (gh-11229)",
        "Model bug fixes mongodb actually removes expired documents (gh-11229)",
        "Model diffIndexes() avoids trying to drop timeseries collections (gh-14984)",
      ],
    },
  },
  {
    feature: "Clustered collections",
    reason: "The store has one layout for all collections.",
    answers: [{ code: 303, text: /^clustered collections are not supported by this server/ }],
    tests: { "model.test.js": ["Model bug fixes createCollection() respects clusteredIndex"] },
  },
  {
    feature: "Validators",
    reason: "Collections take any document; schemas are the application's.",
    answers: [{ code: 303, text: /^validators are not supported by this server/ }],
    tests: {
      "schema.test.js": [
        "schema jsonSchema() (gh-11162) handles basic example with only top-level keys",
        "schema jsonSchema() (gh-11162) does not repeat null in enum when the enum already lists null",
        "schema jsonSchema() (gh-11162) handles arrays and document arrays",
        "schema jsonSchema() (gh-11162) handles nested paths and subdocuments",
        "schema jsonSchema() (gh-11162) handles maps",
        "schema jsonSchema() (gh-11162) puts enums on array elements rather than on the array (gh-16443)",
      ],
    },
  },
  {
    feature: "JavaScript on the server",
    reason: "$where runs code that a query carries; this server runs none.",
    answers: [{ code: 2, text: /^\$where is not supported by this server$/ }],
    tests: {
      "model.querying.test.js": [
        "model: querying: findOne querying via $where a string",
        "model: querying: findOne querying via $where a function",
      ],
    },
  },
  {
    feature: "Time limits, tested by $where",
    reason:
      "The tests make a query slow with $where and sleep(). maxTimeMS itself is there, with tests of its own.",
    answers: [{ code: "ERR_ASSERTION", text: /^\$where is not supported by this server$/ }],
    tests: {
      "query.test.js": [
        "Query maxTimeMS() (gh-7254)",
        "Query connection-level maxTimeMS() (gh-4066)",
        "Query mongoose-level maxTimeMS() (gh-4066)",
      ],
    },
    alone: true,
  },
  {
    feature: "Addresses without a user",
    reason:
      "The store answers nobody who has not signed in; the test reads the host out of an address by a pattern that knows no user.",
    answers: [{ code: "ERR_ASSERTION", text: /assert\.ok\(match\)/ }],
    tests: { "connection.test.js": ["connections: openUri (gh-5304) with mongoose.createConnection()"] },
  },
  {
    feature: "$out",
    reason: "Aggregations only read: neither $out nor $merge writes what they give.",
    answers: [{ code: 40324, text: /^Unrecognized pipeline stage name: '\$out'$/ }],
    tests: { "model.aggregate.test.js": ["model aggregate works can use helper for $out"] },
  },
];
