// The rows of the REST table by which people get everything that is kept about them.
import { z } from "zod";
import { ownExportSchema } from "../schemas/exports.ts";
import { endpoint } from "./endpoint.ts";

export const exportEndpoints = {
  exportStatus: endpoint({
    method: "GET",
    path: "/api/v1/me/export",
    access: "signed-in",
    summary: "How far the export of one's data is, and until when it can be downloaded",
    response: ownExportSchema,
  }),
  requestExport: endpoint({
    method: "POST",
    path: "/api/v1/me/export",
    access: "signed-in",
    status: 202,
    summary: "Have everything about oneself put into a zip, which takes the place of the one before",
    response: ownExportSchema,
  }),
  downloadExport: endpoint({
    method: "GET",
    path: "/api/v1/me/export/file",
    access: "signed-in",
    summary: "The zip, for the person alone whose data it holds, until it expires",
    response: z.custom<AsyncIterable<Uint8Array>>(),
    contentType: "application/zip",
    streamed: true,
  }),
};
