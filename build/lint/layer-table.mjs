/**
 * The import direction of the house as data: which folder stands above which. An import points down this table, never
 * up. Pure functions over paths relative to the repository root, with forward slashes.
 */

/** Feature folders: one level of their own; they may ask each other, never in a circle (see no-cycles). */
const FEATURES = [
  'accounts',
  'catalogue',
  'cluster',
  'codex-setup',
  'continuity',
  'firewall',
  'imports',
  'keys',
  'ledger',
  'live',
  'oauth',
  'quota',
  'settings',
  'signin',
  'vault',
];

/** Levels of sidecar/, highest first. The composition root is the single files above the gateway. */
const SIDECAR_LEVELS = [
  ['main'],
  ['cli'],
  ['app', 'offline'],
  ['control-plane', 'data-plane', 'open-continuity', 'open-door', 'open-live', 'open-operations'],
  ['services'],
  ['gateway'],
  ['admin'],
  FEATURES,
  ['contract'],
  ['config'],
  ['platform'],
];

/** Parts of the sidecar that may name the migrations. */
const COMPOSITION_ROOT = ['main', 'cli', 'app', 'offline', 'services'];

/** Levels inside sidecar/gateway/, highest first; files beside the listener that are not named here stand with it. */
const GATEWAY_LEVELS = ['listener', 'sockets', 'routes', 'turn', 'relay', 'upstream', 'routing', 'protocol', 'ports'];

/** What the data plane may import from the rest of the sidecar. */
const GATEWAY_NEIGHBOURS = ['gateway', 'contract', 'platform'];

/** Packages of the control plane that have no place between two sockets. */
const NOT_IN_GATEWAY = ['express', 'express-ws', 'knex', 'winston', 'sqlite3', 'got'];

/** Levels inside a feature by the end of the file name: routes ask services, services ask stores. */
const FEATURE_LEVELS = ['routes', 'service', 'store'];

/**
 * @typedef {object} Edge
 * @property {string} from importing file
 * @property {string} to imported file
 * @property {boolean} typeOnly
 */

/**
 * Why `from` must not import the project file `to`; `null` when it may.
 * @param {Edge} edge
 * @returns {string | null}
 */
export function forbiddenImport(edge) {
  const [fromTop, fromPart] = split(edge.from);
  const [toTop, toPart] = split(edge.to);
  if (fromTop === 'test') return null;
  if (toTop === 'test') return 'only tests import tests';
  if (fromTop === 'ui' && toTop === 'sidecar') return uiImport(edge, toPart);
  if (fromTop === 'migrations') return toTop === 'migrations' ? null : 'a migration imports nothing but types of knex';
  if (fromTop !== 'sidecar') return null;
  if (toTop === 'migrations')
    return COMPOSITION_ROOT.includes(fromPart) ? null : 'only the composition root knows the migrations';
  if (toTop !== 'sidecar') return `sidecar/ imports nothing from ${toTop}/`;
  return sidecarImport(edge, fromPart, toPart);
}

/**
 * Why `from` must not import this package; `null` when it may.
 * @param {string} from
 * @param {string} packageName such as `knex` or `@scope/name`
 * @param {boolean} typeOnly
 * @returns {string | null}
 */
export function forbiddenPackage(from, packageName, typeOnly) {
  const [top, part] = split(from);
  if (top === 'sidecar' && part === 'gateway' && NOT_IN_GATEWAY.includes(packageName)) {
    return `the data plane does without ${packageName}`;
  }
  if (top === 'migrations' && !(packageName === 'knex' && typeOnly)) {
    return 'a migration imports nothing but types of knex';
  }
  return null;
}

/**
 * A file that gathers others under one name, which hides where a thing comes from and invites cycles.
 * @param {string} file
 */
export function isBarrel(file) {
  return /^(?:sidecar|ui)\/(?:.*\/)?index\.tsx?$/.test(file);
}

/**
 * @param {Edge} edge
 * @param {string} toPart
 */
function uiImport(edge, toPart) {
  return toPart === 'contract' && edge.typeOnly
    ? null
    : 'the page imports nothing from sidecar/ but types of contract/';
}

/**
 * @param {Edge} edge
 * @param {string} fromPart
 * @param {string} toPart
 */
function sidecarImport(edge, fromPart, toPart) {
  const fromLevel = SIDECAR_LEVELS.findIndex((level) => level.includes(fromPart));
  const toLevel = SIDECAR_LEVELS.findIndex((level) => level.includes(toPart));
  if (fromLevel === -1) return unknownPart(fromPart);
  if (toLevel === -1) return unknownPart(toPart);
  if (toLevel < fromLevel) return `${fromPart} stands below ${toPart}: imports point down`;
  if (fromPart === 'gateway') return gatewayImport(edge, toPart);
  if (FEATURES.includes(fromPart) && FEATURES.includes(toPart)) return featureImport(edge, fromPart, toPart);
  return null;
}

/** @param {string} part */
function unknownPart(part) {
  return `sidecar/${part} is not in the table of build/lint/layer-table.mjs`;
}

/**
 * @param {Edge} edge
 * @param {string} toPart
 */
function gatewayImport(edge, toPart) {
  if (toPart === 'config' && edge.typeOnly) return null;
  if (!GATEWAY_NEIGHBOURS.includes(toPart))
    return `the data plane imports only ${GATEWAY_NEIGHBOURS.join(', ')} and types of config`;
  if (toPart !== 'gateway') return null;
  const from = gatewayLevel(edge.from);
  const to = gatewayLevel(edge.to);
  return to < from
    ? `gateway/${GATEWAY_LEVELS[from]} stands below gateway/${GATEWAY_LEVELS[to]}: imports point down`
    : null;
}

/** @param {string} file */
function gatewayLevel(file) {
  const part = withoutExtension(file.split('/')[2] ?? '');
  return Math.max(0, GATEWAY_LEVELS.indexOf(part));
}

/**
 * @param {Edge} edge
 * @param {string} fromPart
 * @param {string} toPart
 */
function featureImport(edge, fromPart, toPart) {
  const from = featureLevel(edge.from);
  const to = featureLevel(edge.to);
  if (fromPart !== toPart && (to === 'store' || to === 'routes'))
    return `a feature asks another through its service, not its ${to}`;
  if (from === 'routes' && to === 'store') return 'routes ask the service, not the store';
  if (from === null || to === null) return null;
  return FEATURE_LEVELS.indexOf(to) < FEATURE_LEVELS.indexOf(from)
    ? `a ${from} stands below the ${to}: imports point down`
    : null;
}

/** @param {string} file */
function featureLevel(file) {
  return FEATURE_LEVELS.find((level) => withoutExtension(file).endsWith(`-${level}`)) ?? null;
}

/**
 * @param {string} file
 * @returns {[top: string, part: string]} `sidecar/gateway/x.ts` → `['sidecar', 'gateway']`, `sidecar/app.ts` → `['sidecar', 'app']`
 */
function split(file) {
  const [top = '', part = ''] = file.split('/');
  return [top, withoutExtension(part)];
}

/** @param {string} name */
function withoutExtension(name) {
  return name.replace(/\.[cm]?[jt]sx?$/, '');
}
