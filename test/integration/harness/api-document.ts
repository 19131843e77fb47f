/** The OpenAPI document of a running sidecar, and a check of answers against it. */
import { Ajv2020 } from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv';
import type { Json } from './json-call';
import type { Sidecar } from './sidecar';

export interface ApiOperation {
  readonly method: string;
  /** With parameters in braces. */
  readonly path: string;
  readonly name: string;
  readonly query: readonly string[];
  readonly hasBody: boolean;
  readonly statuses: readonly number[];
}

export class ApiDocument {
  readonly operations: readonly ApiOperation[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: false });
  readonly #checks = new Map<string, ValidateFunction>();
  readonly #document: Json;

  private constructor(document: Json) {
    this.#document = document;
    this.#ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
    this.#ajv.addSchema(document, 'document');
    const paths = document['paths'] as Readonly<Record<string, Readonly<Record<string, Json>>>>;
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        name: `${method.toUpperCase()} ${path}`,
        query: (operation['parameters'] as readonly Json[])
          .filter((one) => one['in'] === 'query')
          .map((one) => String(one['name'])),
        hasBody: operation['requestBody'] !== undefined,
        statuses: Object.keys(operation['responses'] as Json)
          .filter((status) => status !== 'default')
          .map(Number),
      })),
    );
  }

  static async of(sidecar: Sidecar): Promise<ApiDocument> {
    const answer = await sidecar.admin('GET', '/api/openapi.json');
    expect(answer.status).toBe(200);
    return new ApiDocument(answer.json);
  }

  /** What is wrong with the body of an answer; `null` when it is as documented. */
  complaint({ path, method }: ApiOperation, status: number, text: string): string | null {
    const responses = this.#at(['paths', path, method.toLowerCase(), 'responses']);
    const documented = responses[String(status)] === undefined ? 'default' : String(status);
    if (documented === 'default' && status < 400) return `${String(status)} is not documented`;
    const { content } = responses[documented] as Json;
    if (content === undefined) return null;
    const check = this.#check([
      ...['paths', path, method.toLowerCase(), 'responses', documented],
      ...['content', 'application/json', 'schema'],
    ]);
    if (check(JSON.parse(text))) return null;
    return `${this.#ajv.errorsText(check.errors)} in ${text.slice(0, 500)}`;
  }

  #at(steps: readonly string[]): Json {
    return steps.reduce((place, step) => place[step] as Json, this.#document);
  }

  #check(steps: readonly string[]): ValidateFunction {
    const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
    const check = this.#checks.get(pointer) ?? this.#ajv.compile({ $ref: `document#/${pointer}` });
    this.#checks.set(pointer, check);
    return check;
  }
}
