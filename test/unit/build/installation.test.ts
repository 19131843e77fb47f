import { differingPackage } from '../../../build/installation.mjs';
import { nodeRequirement } from '../../../build/requirements.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/knex': { version: '3.3.0' },
    'node_modules/@esbuild/win32-x64': { version: '0.28.2', optional: true },
  },
};

test('an installation in step with the lockfile differs in nothing', () => {
  expect(differingPackage(wanted, { packages: { 'node_modules/knex': { version: '3.3.0' } } })).toBeNull();
});

test('a missing package and another version are named', () => {
  expect(differingPackage(wanted, { packages: {} })).toBe('knex');
  expect(differingPackage(wanted, { packages: { 'node_modules/knex': { version: '3.2.0' } } })).toBe('knex');
});

test('an optional package may lack, but not be another version', () => {
  const installed = {
    'node_modules/knex': { version: '3.3.0' },
    'node_modules/@esbuild/win32-x64': { version: '0.1.0' },
  };
  expect(differingPackage(wanted, { packages: installed })).toBe('@esbuild/win32-x64');
});

test.each([
  ['20.17.0', true],
  ['20.16.9', false],
  ['18.20.0', false],
  ['22.0.0', true],
])('Node %s is new enough: %s', (version, enough) => {
  expect(nodeRequirement(version) === null).toBe(enough);
});
