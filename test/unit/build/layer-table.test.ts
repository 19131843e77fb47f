import { forbiddenImport, forbiddenPackage, isBarrel } from '../../../build/lint/layer-table.mjs';

/** `true` when the import may stand. */
function allowed(from: string, to: string, typeOnly = false): boolean {
  return forbiddenImport({ from, to, typeOnly }) === null;
}

describe('import direction of the house', () => {
  test.each([
    ['sidecar/main.ts', 'sidecar/cli/serve.ts'],
    ['sidecar/cli/serve.ts', 'sidecar/app.ts'],
    ['sidecar/app.ts', 'sidecar/services.ts'],
    ['sidecar/services.ts', 'migrations/index.ts'],
    ['sidecar/data-plane.ts', 'sidecar/gateway/gateway.ts'],
    ['sidecar/admin/admin-app.ts', 'sidecar/accounts/accounts-routes.ts'],
    ['sidecar/ledger/cost.ts', 'sidecar/contract/turn-record.ts'],
    ['sidecar/contract/validate.ts', 'sidecar/platform/errors.ts'],
    ['sidecar/config/load.ts', 'sidecar/platform/errors.ts'],
    ['migrations/index.ts', 'migrations/0001-base.ts'],
    ['test/unit/platform/ids.test.ts', 'sidecar/platform/ids.ts'],
  ])('%s may import %s', (from, to) => {
    expect(allowed(from, to)).toBe(true);
  });

  test.each([
    ['sidecar/platform/errors.ts', 'sidecar/config/load.ts'],
    ['sidecar/contract/account.ts', 'sidecar/accounts/accounts-service.ts'],
    ['sidecar/accounts/accounts-service.ts', 'sidecar/gateway/ports.ts'],
    ['sidecar/accounts/accounts-service.ts', 'sidecar/admin/guard.ts'],
    ['sidecar/app.ts', 'sidecar/cli/serve.ts'],
    ['sidecar/services.ts', 'sidecar/app.ts'],
    ['sidecar/platform/migrate.ts', 'migrations/index.ts'],
    ['sidecar/app.ts', 'test/fakes/upstream/main.ts'],
    ['sidecar/app.ts', 'build/project.mjs'],
    ['migrations/0001-base.ts', 'sidecar/platform/dialect.ts'],
  ])('%s must not import %s, not even a type', (from, to) => {
    expect(allowed(from, to, true)).toBe(false);
  });

  test('a folder that is not in the table is refused', () => {
    expect(forbiddenImport({ from: 'sidecar/misc/a.ts', to: 'sidecar/platform/ids.ts', typeOnly: false })).toContain(
      'not in the table',
    );
  });
});

describe('gateway', () => {
  test.each([
    ['sidecar/gateway/listener.ts', 'sidecar/gateway/routes/router.ts'],
    ['sidecar/gateway/routes/responses.ts', 'sidecar/gateway/turn/turn.ts'],
    ['sidecar/gateway/turn/turn.ts', 'sidecar/gateway/relay/event-scanner.ts'],
    ['sidecar/gateway/relay/event-scanner.ts', 'sidecar/gateway/ports.ts'],
    ['sidecar/gateway/upstream/classify.ts', 'sidecar/platform/errors.ts'],
  ])('%s may import %s', (from, to) => {
    expect(allowed(from, to)).toBe(true);
  });

  test.each([
    ['sidecar/gateway/turn/turn.ts', 'sidecar/gateway/routes/responses.ts'],
    ['sidecar/gateway/protocol/envelope.ts', 'sidecar/gateway/upstream/classify.ts'],
    ['sidecar/gateway/ports.ts', 'sidecar/gateway/protocol/envelope.ts'],
    ['sidecar/gateway/turn/turn.ts', 'sidecar/accounts/accounts-service.ts'],
    ['sidecar/gateway/turn/turn.ts', 'sidecar/admin/guard.ts'],
  ])('%s must not import %s', (from, to) => {
    expect(allowed(from, to, true)).toBe(false);
  });

  test('it may import types of config, no values', () => {
    expect(allowed('sidecar/gateway/turn/turn.ts', 'sidecar/config/config.ts', true)).toBe(true);
    expect(allowed('sidecar/gateway/turn/turn.ts', 'sidecar/config/config.ts', false)).toBe(false);
  });

  test.each(['express', 'express-ws', 'knex', 'winston', 'sqlite3'])('it does without %s', (name) => {
    expect(forbiddenPackage('sidecar/gateway/listener.ts', name, true)).not.toBeNull();
    expect(forbiddenPackage('sidecar/admin/admin-app.ts', name, false)).toBeNull();
  });
});

describe('features', () => {
  test.each([
    ['sidecar/accounts/accounts-routes.ts', 'sidecar/accounts/accounts-service.ts'],
    ['sidecar/accounts/accounts-service.ts', 'sidecar/accounts/accounts-store.ts'],
    ['sidecar/accounts/accounts-service.ts', 'sidecar/oauth/token-endpoint.ts'],
  ])('%s may import %s', (from, to) => {
    expect(allowed(from, to)).toBe(true);
  });

  test.each([
    ['sidecar/accounts/accounts-routes.ts', 'sidecar/accounts/accounts-store.ts'],
    ['sidecar/accounts/accounts-store.ts', 'sidecar/accounts/accounts-service.ts'],
    ['sidecar/accounts/accounts-service.ts', 'sidecar/accounts/accounts-routes.ts'],
    ['sidecar/accounts/accounts-service.ts', 'sidecar/ledger/request-log-store.ts'],
  ])('%s must not import %s', (from, to) => {
    expect(allowed(from, to, true)).toBe(false);
  });
});

describe('page, migrations, barrels', () => {
  test('the page sees types of contract/ and nothing else of the sidecar', () => {
    expect(allowed('ui/api/accounts.ts', 'sidecar/contract/account.ts', true)).toBe(true);
    expect(allowed('ui/api/accounts.ts', 'sidecar/contract/account.ts', false)).toBe(false);
    expect(allowed('ui/api/accounts.ts', 'sidecar/accounts/accounts-service.ts', true)).toBe(false);
  });

  test('a migration names only types of knex', () => {
    expect(forbiddenPackage('migrations/0001-base.ts', 'knex', true)).toBeNull();
    expect(forbiddenPackage('migrations/0001-base.ts', 'knex', false)).not.toBeNull();
    expect(forbiddenPackage('migrations/0001-base.ts', 'node:fs', true)).not.toBeNull();
  });

  test('index files gather others, except the list of migrations', () => {
    expect(isBarrel('sidecar/accounts/index.ts')).toBe(true);
    expect(isBarrel('ui/components/index.tsx')).toBe(true);
    expect(isBarrel('migrations/index.ts')).toBe(false);
  });
});
