/** The OpenAPI 3.1 document, made of the route contracts: what is checked is what is documented. */
import type { TSchema } from '@sinclair/typebox';
import type { RouteContract } from '../contract/route-contract';
import { ERRORS, type ErrorCode } from '../platform/errors';

type Json = Readonly<Record<string, unknown>>;

/** A JSON object: the document is for readers of JSON. */
export type OpenApiDocument = Readonly<{
  openapi: '3.1.0';
  info: Json;
  paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  components: Readonly<{ schemas: Json; securitySchemes: Json }>;
  security: readonly Json[];
  tags: readonly Json[];
}>;

export interface OpenApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly parameters: readonly OpenApiParameter[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: unknown;
}

const ABOUT =
  'The control plane of Tightrope: everything its page does. Scripts send the admin token (file `admin-token` in the data ' +
  'directory) as a bearer. Times: `…At` ISO 8601 UTC, `…AtMs` integer milliseconds; ids are UUIDv7 text. Live sockets: ' +
  '`/api/events/ws` (JSON, `?since=<seq>` resumes) and `/api/accounts/traffic/ws` (binary frames of 58 bytes).';

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        field: { type: 'string', description: 'The field or parameter that is wrong.' },
      },
    },
  },
};

/** @throws Error when two different schemas have the same name, or a route is declared twice */
export function openApiDocument(routes: readonly RouteContract[], version: string): OpenApiDocument {
  const schemas = new Schemas();
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const methods = (paths[route.path] ??= {});
    const method = route.method.toLowerCase();
    if (methods[method] !== undefined) throw new Error(`${route.method} ${route.path} is declared twice`);
    methods[method] = operationOf(route, schemas);
  }
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return {
    openapi: '3.1.0',
    info: { title: 'Tightrope', version, description: ABOUT },
    paths,
    components: {
      schemas: { ...schemas.named, Error: ERROR_SCHEMA },
      securitySchemes: { adminToken: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ adminToken: [] }, {}],
    tags: tags.map((name) => ({ name })),
  };
}

function operationOf(route: RouteContract, schemas: Schemas): OpenApiOperation {
  const { method, path, tag, summary, body } = route;
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    parameters: [...pathParameters(path), ...queryParameters(route, schemas)],
    ...(body === undefined ? {} : { requestBody: { content: json(schemas.refer(body)) } }),
    responses: responsesOf(route, schemas),
  };
}

function responsesOf({ answers, errors = [] }: RouteContract, schemas: Schemas): Record<string, Json> {
  const responses: Record<string, Json> = {};
  for (const [status, schema] of Object.entries(answers)) {
    responses[status] =
      schema === null ? { description: 'No JSON.' } : { description: 'Done.', content: json(schemas.refer(schema)) };
  }
  for (const [status, codes] of byStatus(errors)) {
    // A status that is also an answer (a 404 with a body of its own) keeps that.
    responses[status] ??= { description: codes.map((code) => `\`${code}\``).join(', '), content: json(ERROR_REF) };
  }
  responses['default'] = { description: 'Any other error.', content: json(ERROR_REF) };
  return responses;
}

const ERROR_REF = { $ref: '#/components/schemas/Error' };

function byStatus(codes: readonly ErrorCode[]): Map<string, ErrorCode[]> {
  const found = new Map<string, ErrorCode[]>();
  for (const code of codes) {
    const status = String(ERRORS[code].status);
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
}

function pathParameters(path: string): OpenApiParameter[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ query }: RouteContract, schemas: Schemas): OpenApiParameter[] {
  if (query === undefined) return [];
  const { properties = {}, required = [] } = query as TSchema & {
    readonly properties?: Readonly<Record<string, TSchema>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: schemas.refer(schema),
  }));
}

/** `GET /api/accounts/{id}/quota` → `get_accounts_id_quota`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/^\/api\//, '').match(/[A-Za-z0-9]+/g) ?? [];
  return [method.toLowerCase(), ...words].join('_');
}

function json(schema: unknown): Json {
  return { 'application/json': { schema } };
}

/** Collects what has a name; everything else stays where it is used. */
class Schemas {
  readonly named: Record<string, unknown> = {};

  refer(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((one) => this.refer(one));
    if (typeof schema !== 'object' || schema === null) return schema;
    const { $id: id, ...rest } = schema as Readonly<Record<string, unknown>>;
    const plain = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, this.refer(value)]));
    if (typeof id !== 'string') return plain;
    const known = this.named[id];
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(plain)) {
      throw new Error(`two different schemas are named ${id}`);
    }
    this.named[id] = plain;
    return { $ref: `#/components/schemas/${id}` };
  }
}
