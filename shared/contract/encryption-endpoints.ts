// The rows of the REST table for the encryption of personal fields: for operators of the installation alone.
import { encryptionStatusSchema } from "../schemas/encryption.ts";
import { endpoint } from "./endpoint.ts";

export const encryptionEndpoints = {
  encryptionStatus: endpoint({
    method: "GET",
    path: "/api/v1/operator/encryption",
    access: "operator",
    summary:
      "Which key encrypts personal fields, what is under older ones, and how far the change of keys is",
    response: encryptionStatusSchema,
  }),
  rotateKeys: endpoint({
    method: "POST",
    path: "/api/v1/operator/encryption/rotation",
    access: "operator",
    summary:
      "Count what is under which key, and encrypt with the first one whatever is not; one that runs goes on",
    status: 202,
    response: encryptionStatusSchema,
  }),
} as const;
