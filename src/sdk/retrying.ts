import { StarledgerError } from "../errors";
import type { ResynchronisationApi, RoutesApi } from "./api";
import type { HttpApi } from "./httpApi";

const ATTEMPTS = 5;
const FIRST_PAUSE = 200;

/**
 * The same service, each call repeated while a repetition can help, with growing pauses: a call is always the same bytes
 * under the same idempotency key, so that whatever was carried out is not carried out twice.
 */
export function retrying(api: HttpApi, pause: (milliseconds: number) => Promise<void> = sleep): HttpApi {
  const patient = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call();
      } catch (error) {
        const canHelp = error instanceof StarledgerError && error.retryable;
        if (!canHelp || attempt === ATTEMPTS) throw error;
        await pause(FIRST_PAUSE * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  };
  return {
    submitState: (request) => patient(() => api.submitState(request)),
    withdraw: (request) => patient(() => api.withdraw(request)),
    closeCooperatively: (request) => patient(() => api.closeCooperatively(request)),
    channel: (id) => patient(() => api.channel(id)),
    latestNote: (id) => patient(() => api.latestNote(id)),
    reveal: (preimage) => patient(() => api.reveal(preimage)),
    lockOutcomes: (id) => patient(() => api.lockOutcomes(id)),
    ...(api.resynchronisation !== undefined && { resynchronisation: patientAnew(api.resynchronisation, patient) }),
    ...(api.routes !== undefined && { routes: patientRoutes(api.routes, patient) }),
    systems: () => patient(() => api.systems()),
    receipt: (id, version) => patient(() => api.receipt(id, version)),
    named: (name) => patient(() => api.named(name)),
    publications: (system, token, before) => patient(() => api.publications(system, token, before)),
    liability: (token, period) => patient(() => api.liability(token, period)),
    openAccount: (address, tokens) => patient(() => api.openAccount(address, tokens)),
    // It tries again by itself.
    ...(api.news !== undefined && { news: api.news }),
  };
}

type Patient = <Answer>(call: () => Promise<Answer>) => Promise<Answer>;

function patientAnew(api: ResynchronisationApi, patient: Patient): ResynchronisationApi {
  return {
    outset: (id, shown) => patient(() => api.outset(id, shown)),
    complete: (request) => patient(() => api.complete(request)),
  };
}

function patientRoutes(routes: RoutesApi, patient: Patient): RoutesApi {
  return {
    find: (id, order) => patient(() => routes.find(id, order)),
    send: (id, order, route) => patient(() => routes.send(id, order, route)),
  };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
