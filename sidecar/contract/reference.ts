/** The reference describes itself. */
import { Type } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const OpenApi = Type.Object(
  {
    openapi: Type.String(),
    info: Type.Object({ title: Type.String(), version: Type.String() }),
    paths: Type.Object({}),
  },
  { $id: 'OpenApi' },
);

export const referenceRoutes: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/openapi.json',
    tag: 'reference',
    summary: 'Read this reference as an OpenAPI 3.1 document',
    answers: { 200: OpenApi },
  },
  {
    method: 'GET',
    path: '/api/docs',
    tag: 'reference',
    summary: 'Read this reference as a page',
    answers: { 200: null },
  },
];
