// The rows of the REST table for feature flags: operators of the installation decide, administrators of organisations look.
import { z } from "zod";
import {
  changeFlagSchema,
  flagHistorySchema,
  flagKeySchema,
  flagListSchema,
  flagSchema,
  organizationFlagsSchema,
} from "../schemas/flags.ts";
import { endpoint } from "./endpoint.ts";

const flag = z.object({ key: flagKeySchema });

export const flagEndpoints = {
  operatorFlags: endpoint({
    method: "GET",
    path: "/api/v1/operator/flags",
    access: "operator",
    summary: "Every feature flag and how it stands in this environment",
    response: flagListSchema,
  }),
  changeFlag: endpoint({
    method: "PATCH",
    path: "/api/v1/operator/flags/:key",
    access: "operator",
    summary: "Change a feature flag; every process and every open page knows within seconds",
    params: flag,
    body: changeFlagSchema,
    response: flagSchema,
  }),
  flagHistory: endpoint({
    method: "GET",
    path: "/api/v1/operator/flags/:key/history",
    access: "operator",
    summary: "Who changed a feature flag when, newest first, from the audit log",
    params: flag,
    response: flagHistorySchema,
  }),
  adminFlags: endpoint({
    method: "GET",
    path: "/api/v1/admin/flags",
    access: "org-admin",
    summary: "How the flags that concern organisations stand for one's own",
    response: organizationFlagsSchema,
  }),
} as const;
