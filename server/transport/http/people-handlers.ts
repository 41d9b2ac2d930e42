// Handlers about people: each is one call of the module.
import type { PeopleService } from "../../modules/people/index.ts";
import type { SchedulingService } from "../../modules/scheduling/index.ts";
import type { Handlers } from "./endpoint-router.ts";

type PeopleHandlers = Pick<
  Handlers,
  | "ownProfile"
  | "updateProfile"
  | "searchPeople"
  | "getPerson"
  | "listConnections"
  | "changeConnection"
  | "suggestTimes"
  | "bookTime"
>;

export function createPeopleHandlers({
  people,
  scheduling,
}: {
  people: PeopleService;
  scheduling: SchedulingService;
}): PeopleHandlers {
  return {
    ownProfile: (actor) => people.ownProfile(actor),
    updateProfile: (actor, { body }) => people.updateProfile(actor, body),
    searchPeople: (actor, { query }) => people.search(actor, query),
    getPerson: (actor, { params }) => people.person(actor, params.userId),
    suggestTimes: (actor, { params, query }) => scheduling.suggest(actor, params.userId, query),
    bookTime: (actor, { params, body }) => scheduling.book(actor, params.userId, body),
    listConnections: (actor) => people.connections(actor),
    changeConnection: (actor, { params, body }) => people.changeConnection(actor, params.userId, body.action),
  };
}
