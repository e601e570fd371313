import swagger from "@fastify/swagger";
import type { FastifyContextConfig, FastifyInstance, FastifySchema } from "fastify";
import type { OpenAPIV3_1 } from "openapi-types";
import { z } from "zod";

import type { ErrorCode } from "../errors";
import { problem, PROBLEM_TYPE } from "../wire";
import type { App } from "./app";
import { exampleOf, type JsonSchema } from "./examples";
import { problemExamples, refusalsOf } from "./refusals";

const SCHEMAS = ["headers", "params", "querystring", "body"] as const;

/** What a document says of the whole. */
export interface Described {
  readonly title: string;
  readonly description: string;
}

/** Describes the routes that follow as OpenAPI 3.1, from the same schemas that their requests and answers are held to. */
export async function describeRoutes(app: FastifyInstance, about: Described): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        ...about,
        version: "1",
        license: { name: "MIT", identifier: "MIT" },
      },
      components: { securitySchemes: { caller: { type: "http", scheme: "bearer" } } },
    },
    transform: ({ schema, url, route: { config, method } }) => {
      const refusals = refusalsOf({ method: String(method), url, isGuarded: securityOf(config?.access).length > 0 });
      const described = { ...toJsonSchemas(schema, refusals), security: securityOf(config?.access) };
      return { schema: { ...described, tags: [tagOf(url)] }, url };
    },
    transformObject: (document) => withExamples((document as { openapiObject: Document }).openapiObject),
  });
}

/** Adds `GET /openapi.json`. The document is written once: whoever is slow to read it holds no copy of its own. */
export function serveDocument(app: App, config: FastifyContextConfig = {}): void {
  let written: Buffer | undefined;
  app.get("/openapi.json", { config, schema: { hide: true } }, (_request, reply) => {
    written ??= Buffer.from(JSON.stringify(app.swagger()));
    return reply.type("application/json; charset=utf-8").send(written);
  });
}

function toJsonSchemas(schema: FastifySchema, refusals: readonly ErrorCode[]): FastifySchema {
  const described: FastifySchema = { ...schema };
  for (const part of SCHEMAS) if (schema[part] !== undefined) described[part] = onTheWire(schema[part] as z.ZodType);
  const { produces = ["application/json"] } = schema as { readonly produces?: readonly string[] };
  const answers = Object.entries((schema.response ?? {}) as Record<string, z.ZodType>);
  described.response = {
    ...Object.fromEntries(
      answers.map(([code, answer]) => [code, { description: "Done.", content: answered(produces, answer) }]),
    ),
    default: {
      description: `Refused: ${refusals.map((code) => `\`${code}\``).join(", ")}, and other codes of docs/ERRORS.md.`,
      content: { [PROBLEM_TYPE]: { schema: onTheWire(problem), examples: problemExamples(refusals) } },
    },
  };
  return described;
}

type Document = Partial<OpenAPIV3_1.Document>;

/** Gives what each operation takes and answers an example, made of those of its parts. */
function withExamples(document: Document): Document {
  for (const operations of Object.values(document.paths ?? {})) {
    for (const { requestBody, responses } of Object.values(operations ?? {}) as OpenAPIV3_1.OperationObject[]) {
      for (const described of [requestBody, ...Object.values(responses ?? {})]) {
        const { content = {} } = (described ?? {}) as OpenAPIV3_1.ResponseObject;
        for (const media of Object.values(content)) {
          if (media.examples === undefined && media.schema !== undefined)
            media.example = exampleOf(media.schema as JsonSchema);
        }
      }
    }
  }
  return document;
}

/** What a call is about; the rest is for whoever runs the service. */
function tagOf(url: string): string {
  return /^\/v1\/([\w-]+)/.exec(url)?.[1] ?? "service";
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
    override: ({ zodSchema, jsonSchema }) => {
      delete jsonSchema.$schema;
      // Ours are what is on the wire, of codecs too.
      const { examples } = z.globalRegistry.get(zodSchema) ?? {};
      if (examples !== undefined) jsonSchema.examples = examples as never;
      // Of TypeScript's arrays, not of JSON's.
      delete jsonSchema.readOnly;
    },
  });
}
