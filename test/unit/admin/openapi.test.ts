import { Type } from '@sinclair/typebox';
import { openApiDocument } from '../../../sidecar/admin/openapi';
import { referencePage } from '../../../sidecar/admin/reference-page';
import { ALL_ROUTES } from '../../../sidecar/contract/all-routes';
import type { RouteContract } from '../../../sidecar/contract/route-contract';

const Thing = Type.Object({ id: Type.String() }, { $id: 'Thing' });
const list: RouteContract = {
  method: 'GET',
  path: '/api/things/{id}',
  tag: 'things',
  summary: 'Read <a thing>',
  query: Type.Object({ limit: Type.Optional(Type.String()), kind: Type.String() }),
  answers: { 200: Type.Object({ things: Type.Array(Thing) }) },
  errors: ['account_not_found', 'conflict', 'log_not_found'],
};

describe('the OpenAPI document', () => {
  it('names schemas once, and parameters where they stand', () => {
    const { paths, components } = openApiDocument([list], '1.2.3');
    const operation = paths['/api/things/{id}']?.['get'];
    expect(operation?.parameters).toEqual([
      { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
      { name: 'limit', in: 'query', required: false, schema: { type: 'string' } },
      { name: 'kind', in: 'query', required: true, schema: { type: 'string' } },
    ]);
    expect(operation?.operationId).toBe('get_things_id');
    expect(Object.keys(operation?.responses ?? {})).toEqual(['200', '404', '409', 'default']);
    expect(operation?.responses['404']?.['description']).toBe('`account_not_found`, `log_not_found`');
    expect(components.schemas['Thing']).toEqual({
      type: 'object',
      properties: { id: { type: 'string' } },
      required: ['id'],
    });
    expect(JSON.stringify(operation)).toContain('{"$ref":"#/components/schemas/Thing"}');
  });

  it('refuses one name for two schemas, and a route twice', () => {
    const other = Type.Object({ name: Type.String() }, { $id: 'Thing' });
    expect(() => openApiDocument([list, { ...list, path: '/api/other', answers: { 200: other } }], '1')).toThrow(
      'Thing',
    );
    expect(() => openApiDocument([list, list], '1')).toThrow('declared twice');
  });

  it('is sound for the real routes', () => {
    const { paths } = openApiDocument(ALL_ROUTES, '1');
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, summary } of ALL_ROUTES) {
      expect(path).toMatch(/^\/(?:api|auth|health|metrics)/);
      expect(summary).toMatch(/^[A-Z].*[^.]$/);
    }
  });

  it('reads as a page without a word that is markup', () => {
    const page = referencePage(openApiDocument([list], '1'));
    expect(page).toContain('Read &lt;a thing&gt;');
    expect(page).toContain('id="schema-Thing"');
    expect(page).not.toContain('<script');
  });
});
