import swagger from "@fastify/swagger";
import type { FastifyInstance, FastifySchema } from "fastify";
import { z } from "zod";

import { problem, PROBLEM_TYPE } from "../../wire";

const SCHEMAS = ["headers", "params", "querystring", "body"] as const;

/** Describes the routes that follow as OpenAPI 3.1, from the same schemas that their requests and answers are held to. */
export async function describeRoutes(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Starledger",
        version: "1",
        description:
          "Accounts that are payment channels. Amounts are base units as decimal strings; times are Unix seconds.",
        license: { name: "MIT", identifier: "MIT" },
      },
      components: { securitySchemes: { caller: { type: "http", scheme: "bearer" } } },
    },
    transform: ({ schema, url, route: { config } }) => ({
      schema: { ...toJsonSchemas(schema), security: securityOf(config?.access) },
      url,
    }),
  });
}

function toJsonSchemas(schema: FastifySchema): FastifySchema {
  const described: FastifySchema = { ...schema };
  for (const part of SCHEMAS) if (schema[part] !== undefined) described[part] = onTheWire(schema[part] as z.ZodType);
  const { produces = ["application/json"] } = schema as { readonly produces?: readonly string[] };
  const answers = Object.entries((schema.response ?? {}) as Record<string, z.ZodType>);
  described.response = {
    ...Object.fromEntries(
      answers.map(([code, answer]) => [code, { description: "Done.", content: answered(produces, answer) }]),
    ),
    default: { description: "Refused.", content: json(PROBLEM_TYPE, problem) },
  };
  return described;
}

/** Scopes are named as the roles that a bearer needs. */
function securityOf(access = "anyone") {
  return access === "anyone" ? [] : [{ caller: [access] }];
}

/** The first type is the schema's, any other is text. */
function answered([first, ...others]: readonly string[], schema: z.ZodType) {
  return Object.assign(json(first!, schema), ...others.map((type) => json(type, z.string()))) as object;
}

function json(type: string, schema: z.ZodType) {
  return { [type]: { schema: onTheWire(schema) } };
}

/** Codecs decode what comes in and encode what goes out: either way their input is what is on the wire. */
function onTheWire(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      delete jsonSchema.$schema;
      // Of TypeScript's arrays, not of JSON's.
      delete jsonSchema.readOnly;
    },
  });
}
