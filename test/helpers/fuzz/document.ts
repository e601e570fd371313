import Ajv from "ajv/dist/2020";

import { ERRORS } from "../../../src/errors";
import { PROBLEM_TYPE } from "../../../src/wire";
import type { JsonSchema } from "./schemas";

type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

interface Described {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

/** A call as the API's document describes it. */
export interface Operation {
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Of the JSON body; undefined for a call without. */
  readonly body: JsonSchema | undefined;
  readonly responses: Described["responses"];
}

/** What came back, whole. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** Every call of an OpenAPI document. */
export function operationsOf(document: unknown): Operation[] {
  const { paths } = document as { paths: Record<string, Record<string, Described>> };
  return Object.entries(paths).flatMap(([path, calls]) =>
    Object.entries(calls).map(([method, { parameters = [], requestBody, responses }]) => {
      const body = requestBody?.content["application/json"]?.schema;
      return { method: method.toUpperCase(), path, parameters, body, responses };
    }),
  );
}

const ajv = new Ajv({ strict: false, validateFormats: false });

/** What of an answer is not as documented; null if it is. */
export function faultOf({ responses }: Pick<Operation, "responses">, answer: RawAnswer): string | null {
  const { status, type, body } = answer;
  const documented = (responses[status] ?? responses["default"])?.content ?? {};
  const name = type.split(";")[0]!;
  const content = documented[name];
  if (content === undefined) return `${status} comes as ${type}, not as ${Object.keys(documented).join(" or ")}`;
  if (!name.endsWith("json")) return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return `${status} is no JSON`;
  }
  if (content.schema !== undefined && !ajv.validate(content.schema, value)) return ajv.errorsText();
  return name === PROBLEM_TYPE ? faultOfProblem(status, value as { code: string; status: number }) : null;
}

function faultOfProblem(status: number, problem: { readonly code: string; readonly status: number }): string | null {
  const kind = new Map<string, { status: number; retryable: boolean }>(Object.entries(ERRORS)).get(problem.code);
  if (kind === undefined) return `${problem.code} is not documented`;
  if (kind.status !== status || problem.status !== status) return `${problem.code} comes with ${status}`;
  return status >= 500 && !(status === 503 && kind.retryable) ? `fails with ${problem.code}` : null;
}
