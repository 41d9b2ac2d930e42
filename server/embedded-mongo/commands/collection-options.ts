// Options of collections, which create and collMod know by name and refuse: there are plain collections only.
import type { Value } from "../bson/value.ts";
import { StoreError } from "../errors.ts";
import { booleanField } from "./context.ts";

/** What MongoDB knows of collections and this server does not have. */
const refusedOptions = {
  capped: "capped collections",
  size: "capped collections",
  max: "capped collections",
  cappedSize: "capped collections",
  cappedMax: "capped collections",
  viewOn: "views",
  pipeline: "views",
  timeseries: "time series collections",
  expireAfterSeconds: "time series collections",
  clusteredIndex: "clustered collections",
  validator: "validators",
  validationLevel: "validators",
  validationAction: "validators",
  changeStreamPreAndPostImages: "pre- and post-images",
  encryptedFields: "encrypted collections",
  storageEngine: "options for storage engines",
  indexOptionDefaults: "options for storage engines",
} as const;

export const collectionOptions: readonly string[] = Object.keys(refusedOptions);

/** Throws FeatureNotSupported (303) for any of them, except for `capped: false`. */
export function refuseCollectionOptions(fields: ReadonlyMap<string, Value>): void {
  for (const [option, feature] of Object.entries(refusedOptions)) {
    const given = fields.get(option);
    const isOff = given === undefined || (option === "capped" && !booleanField(fields, option));
    if (!isOff) throw new StoreError(303, `${feature} are not supported by this server ('${option}')`);
  }
}
