// The rows of the REST table about people: what they tell of themselves, finding them, and how one stands to them.
import { z } from "zod";
import { userIdSchema } from "../ids.ts";
import {
  changeConnectionSchema,
  connectionsSchema,
  peoplePageSchema,
  personSchema,
  profileSchema,
  searchPeopleSchema,
  updateProfileSchema,
} from "../schemas/people.ts";
import { endpoint } from "./endpoint.ts";

const person = z.object({ userId: userIdSchema });

export const peopleEndpoints = {
  ownProfile: endpoint({
    method: "GET",
    path: "/api/v1/me/profile",
    access: "signed-in",
    summary: "What one tells of oneself, for editing",
    response: profileSchema,
  }),
  updateProfile: endpoint({
    method: "PATCH",
    path: "/api/v1/me/profile",
    access: "signed-in",
    summary: "Change what one tells of oneself; what is not named stays as it is",
    body: updateProfileSchema,
    response: profileSchema,
  }),
  searchPeople: endpoint({
    method: "GET",
    path: "/api/v1/people",
    access: "signed-in",
    summary:
      "People of the session's organisation whose name, interests, offers or wishes hold words that begin so; without words all",
    query: searchPeopleSchema,
    response: peoplePageSchema,
  }),
  getPerson: endpoint({
    method: "GET",
    path: "/api/v1/people/:userId",
    access: "signed-in",
    summary: "Somebody of one's organisation, whom one meets, or who is or wants to be connected",
    params: person,
    response: personSchema,
  }),
  listConnections: endpoint({
    method: "GET",
    path: "/api/v1/me/connections",
    access: "signed-in",
    summary: "One's connections, requests in both directions, and whom one has blocked",
    response: connectionsSchema,
  }),
  changeConnection: endpoint({
    method: "POST",
    path: "/api/v1/people/:userId/connection",
    access: "signed-in",
    summary:
      "Ask for a connection, answer a request, end a connection, block or unblock; answers with one's connections",
    params: person,
    body: changeConnectionSchema,
    response: connectionsSchema,
  }),
} as const;
