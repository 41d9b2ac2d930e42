// The rows of the REST table by which people delete their own account.
import { deletionStatusSchema, requestDeletionSchema } from "../schemas/deletion.ts";
import { endpoint } from "./endpoint.ts";

export const deletionEndpoints = {
  deletionStatus: endpoint({
    method: "GET",
    path: "/api/v1/me/deletion",
    access: "signed-in",
    summary: "Whether the deletion of one's account waits, and until when it can be cancelled",
    response: deletionStatusSchema,
  }),
  requestDeletion: endpoint({
    method: "POST",
    path: "/api/v1/me/deletion",
    access: "signed-in",
    summary: "Have one's account deleted, with what one has said and written; confirmed by a typed phrase",
    body: requestDeletionSchema,
    response: deletionStatusSchema,
  }),
  cancelDeletion: endpoint({
    method: "DELETE",
    path: "/api/v1/me/deletion",
    access: "signed-in",
    summary: "Keep one's account, as long as its deletion waits",
    response: deletionStatusSchema,
  }),
};
