// The operations of tests on a collection, by the driver's own methods.
import type mongoose from "mongoose";
import { resultDocument } from "./failures.ts";
import { asDocument, asDocuments, asValue, type Arguments, type Operation } from "./operations.ts";

type Collection = mongoose.mongo.Collection;

const common = ["comment", "collation", "hint", "let", "maxTimeMS", "rawData"];
const writing = [...common, "bypassDocumentValidation", "writeConcern"];
const updating = [...writing, "arrayFilters", "upsert", "sort"];
const finding = [...common, "sort", "skip", "limit", "batchSize", "projection", "allowDiskUse"];

async function asResult(result: Promise<unknown>) {
  return asDocument(result.then(resultDocument));
}

/** "Before" and "After" of the format are the driver's "before" and "after". */
function modifyOptions({ returnDocument, ...options }: Arguments): Arguments {
  return returnDocument === undefined
    ? options
    : { ...options, returnDocument: String(returnDocument).toLowerCase() };
}

export const collectionOperations: Readonly<Record<string, Operation<Collection>>> = {
  aggregate: {
    required: ["pipeline"],
    options: [...common, "batchSize", "allowDiskUse", "bypassDocumentValidation"],
    run: (target, { required, options }) =>
      asDocuments(target.aggregate(required["pipeline"], options).toArray()),
  },
  bulkWrite: {
    required: ["requests"],
    options: [...writing, "ordered"],
    run: (target, { required, options }) => asResult(target.bulkWrite(required["requests"], options)),
  },
  count: {
    required: ["filter"],
    options: [...common, "skip", "limit"],
    // The deprecated method is what these tests are about.
    run: (target, { required, options }) => asValue(target.count(required["filter"], options)),
  },
  countDocuments: {
    required: ["filter"],
    options: [...common, "skip", "limit"],
    run: (target, { required, options }) => asValue(target.countDocuments(required["filter"], options)),
  },
  createIndex: {
    required: ["keys"],
    options: [...common, "name", "unique"],
    run: (target, { required, options }) => asValue(target.createIndex(required["keys"], options)),
  },
  createSearchIndex: {
    required: ["model"],
    options: [],
    run: (target, { required }) => asValue(target.createSearchIndex(required["model"])),
  },
  createSearchIndexes: {
    required: ["models"],
    options: [],
    run: (target, { required }) => asValue(target.createSearchIndexes(required["models"])),
  },
  deleteMany: {
    required: ["filter"],
    options: writing,
    run: (target, { required, options }) => asResult(target.deleteMany(required["filter"], options)),
  },
  deleteOne: {
    required: ["filter"],
    options: writing,
    run: (target, { required, options }) => asResult(target.deleteOne(required["filter"], options)),
  },
  distinct: {
    required: ["fieldName", "filter"],
    options: common,
    run: (target, { required, options }) =>
      asValue(target.distinct(required["fieldName"], required["filter"], options)),
  },
  dropIndex: {
    required: ["name"],
    options: common,
    run: (target, { required, options }) => asDocument(target.dropIndex(required["name"], options)),
  },
  dropSearchIndex: {
    required: ["name"],
    options: [],
    run: (target, { required }) => asValue(target.dropSearchIndex(required["name"])),
  },
  estimatedDocumentCount: {
    required: [],
    options: common,
    run: (target, { options }) => asValue(target.estimatedDocumentCount(options)),
  },
  find: {
    required: ["filter"],
    options: finding,
    run: (target, { required, options }) => asDocuments(target.find(required["filter"], options).toArray()),
  },
  findOne: {
    required: ["filter"],
    options: finding,
    run: (target, { required, options }) => asDocument(target.findOne(required["filter"], options)),
  },
  findOneAndDelete: {
    required: ["filter"],
    options: [...writing, "sort", "projection"],
    run: (target, { required, options }) => asDocument(target.findOneAndDelete(required["filter"], options)),
  },
  findOneAndReplace: {
    required: ["filter", "replacement"],
    options: [...updating, "projection", "returnDocument"],
    run: (target, { required, options }) =>
      asDocument(
        target.findOneAndReplace(required["filter"], required["replacement"], modifyOptions(options)),
      ),
  },
  findOneAndUpdate: {
    required: ["filter", "update"],
    options: [...updating, "projection", "returnDocument"],
    run: (target, { required, options }) =>
      asDocument(target.findOneAndUpdate(required["filter"], required["update"], modifyOptions(options))),
  },
  insertMany: {
    required: ["documents"],
    options: [...writing, "ordered"],
    run: (target, { required, options }) => asResult(target.insertMany(required["documents"], options)),
  },
  insertOne: {
    required: ["document"],
    options: writing,
    run: (target, { required, options }) => asResult(target.insertOne(required["document"], options)),
  },
  listIndexes: {
    required: [],
    options: [...common, "batchSize"],
    run: (target, { options }) => asDocuments(target.listIndexes(options).toArray()),
  },
  listSearchIndexes: {
    required: ["name", "aggregationOptions"],
    options: [],
    run: (target, { required }) =>
      asDocuments(target.listSearchIndexes(required["name"], required["aggregationOptions"]).toArray()),
  },
  replaceOne: {
    required: ["filter", "replacement"],
    options: updating,
    run: (target, { required, options }) =>
      asResult(target.replaceOne(required["filter"], required["replacement"], options)),
  },
  updateMany: {
    required: ["filter", "update"],
    options: updating,
    run: (target, { required, options }) =>
      asResult(target.updateMany(required["filter"], required["update"], options)),
  },
  updateOne: {
    required: ["filter", "update"],
    options: updating,
    run: (target, { required, options }) =>
      asResult(target.updateOne(required["filter"], required["update"], options)),
  },
  updateSearchIndex: {
    required: ["name", "definition"],
    options: [],
    run: (target, { required }) =>
      asValue(target.updateSearchIndex(required["name"], required["definition"])),
  },
};
