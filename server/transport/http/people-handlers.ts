// Handlers about people: each is one call of the module.
import type { PeopleService } from "../../modules/people/index.ts";
import type { Handlers } from "./endpoint-router.ts";

type PeopleHandlers = Pick<
  Handlers,
  "ownProfile" | "updateProfile" | "searchPeople" | "getPerson" | "listConnections" | "changeConnection"
>;

export function createPeopleHandlers({ people }: { people: PeopleService }): PeopleHandlers {
  return {
    ownProfile: (actor) => people.ownProfile(actor),
    updateProfile: (actor, { body }) => people.updateProfile(actor, body),
    searchPeople: (actor, { query }) => people.search(actor, query),
    getPerson: (actor, { params }) => people.person(actor, params.userId),
    listConnections: (actor) => people.connections(actor),
    changeConnection: (actor, { params, body }) => people.changeConnection(actor, params.userId, body.action),
  };
}
