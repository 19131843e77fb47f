/**
 * Every dashboard setting there is, in one table (spec/data-security.md 3; design §7, §11). A new setting is one more entry
 * here: its schema, default, code of refusal, meaning, and the place that makes it true. At most 40 of them.
 */
import { Type, type Static, type TObject, type TSchema } from '@sinclair/typebox';
import type { ErrorCode } from '../platform/errors';
import type { RouteContract } from './route-contract';
import { RoutingStrategy } from './routing';

/** One setting. */
export interface Setting<S extends TSchema = TSchema> {
  readonly schema: S;
  readonly byDefault: Static<S>;
  /** What a value is answered with that may not be. */
  readonly code: ErrorCode;
  /** For people: what it changes. */
  readonly about: string;
  /** File or folder that acts on it, from the root of the repository; a test looks whether it names the setting. */
  readonly effect: string;
}

const setting = <S extends TSchema>(schema: S, entry: Omit<Setting<S>, 'schema'>): Setting<S> => ({ schema, ...entry });

const ROUTING = 'sidecar/settings/routing-rules.ts';
const weight = Type.Number({ minimum: 0, maximum: 1 });
/** Name or pattern to model. */
const NAME_MAP = Type.Record(
  Type.String({ minLength: 1, maxLength: 200 }),
  Type.String({ minLength: 1, maxLength: 200 }),
  {
    maxProperties: 200,
  },
);
/** 30 days: as long as anything is remembered of a conversation. */
const LONGEST_AFFINITY_SECONDS = 2_592_000;
/** More than anybody pools. */
const MOST_LOCKED = 1000;

export const SETTINGS = {
  theme: setting(Type.Union([Type.Literal('auto'), Type.Literal('dark'), Type.Literal('light')]), {
    byDefault: 'auto',
    code: 'invalid_theme',
    about: 'colours of the page; auto follows the system',
    effect: 'ui',
  }),
  apiKeyAuthEnabled: setting(Type.Boolean(), {
    byDefault: false,
    code: 'invalid_field',
    about: 'whether clients on this machine need an API key, or the login of a pool account, too',
    effect: 'sidecar/app.ts',
  }),
  totpRequiredOnLogin: setting(Type.Boolean(), {
    byDefault: false,
    code: 'invalid_totp_config',
    about: 'signing in needs a code of the second factor, too; it must be set up first',
    effect: 'sidecar/signin/signin-service.ts',
  }),
  routingStrategy: setting(RoutingStrategy, {
    byDefault: 'weighted_round_robin',
    code: 'invalid_routing_strategy',
    about: 'how an account is picked among those that can serve',
    effect: ROUTING,
  }),
  preferEarlierResetAccounts: setting(Type.Boolean(), {
    byDefault: false,
    code: 'invalid_field',
    about: 'quota that is reset sooner is used up sooner',
    effect: ROUTING,
  }),
  routingHeadroomWeightPrimary: setting(weight, {
    byDefault: 0.35,
    code: 'invalid_routing_weight',
    about: "share of the short window in an account's headroom",
    effect: ROUTING,
  }),
  routingHeadroomWeightSecondary: setting(weight, {
    byDefault: 0.65,
    code: 'invalid_routing_weight',
    about: "share of the long window in an account's headroom",
    effect: ROUTING,
  }),
  routingSuccessRateRho: setting(Type.Number({ exclusiveMinimum: 0, maximum: 64 }), {
    byDefault: 2,
    code: 'invalid_routing_success_rate_rho',
    about: 'exponent of the success rate: larger means that failures weigh more',
    effect: ROUTING,
  }),
  routingPlanModelPricingUsdPerMillion: setting(Type.String({ maxLength: 20_000 }), {
    byDefault: '',
    code: 'invalid_routing_plan_model_pricing_usd_per_million',
    about:
      'entries plan@model=input:output in USD per million tokens, separated by commas; empty = built-in prices only',
    effect: ROUTING,
  }),
  lockedRoutingAccountIds: setting(Type.Array(Type.String({ maxLength: 200 }), { maxItems: MOST_LOCKED }), {
    byDefault: [],
    code: 'invalid_field',
    about: "account ids, ours or ChatGPT's; with two or more of them nobody else serves",
    effect: ROUTING,
  }),
  strictLockPoolContinuations: setting(Type.Boolean(), {
    byDefault: false,
    code: 'invalid_field',
    about: 'a request that belongs to one account fails while that account is out, even if another could go on with it',
    effect: ROUTING,
  }),
  openaiCacheAffinityMaxAgeSeconds: setting(Type.Integer({ minimum: 1, maximum: LONGEST_AFFINITY_SECONDS }), {
    byDefault: 300,
    code: 'invalid_cache_affinity_ttl',
    about: 'for how many seconds after its last use a prompt cache key stays with its account',
    effect: 'sidecar/open-continuity.ts',
  }),
  modelAliases: setting(NAME_MAP, {
    byDefault: {},
    code: 'invalid_field',
    about: 'other names of models, `*` for any text: {"fast": "gpt-5.4-mini", "team/*": "gpt-5.5-high"}',
    effect: 'sidecar/gateway/protocol/model-names.ts',
  }),
  anthropicModels: setting(NAME_MAP, {
    byDefault: {},
    code: 'invalid_field',
    about:
      'which model serves a Claude name on /v1/messages, `*` for any text; the rest goes to the first model of the catalogue',
    effect: 'sidecar/gateway/protocol/model-names.ts',
  }),
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingName = keyof typeof SETTINGS;

/** All settings with their values. */
export type Settings = { readonly [Name in SettingName]: Static<(typeof SETTINGS)[Name]['schema']> };

/** In the order of the table, which is the order in which a change is checked. */
export const SETTING_NAMES = Object.keys(SETTINGS) as readonly SettingName[];

/** The name as older scripts write it: `routingStrategy` → `routing_strategy`. */
export function snakeCaseOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const fields = Object.fromEntries(SETTING_NAMES.map((name) => [name, described(SETTINGS[name])]));

function described({ schema, byDefault, about }: Setting): TSchema {
  return { ...schema, default: byDefault as unknown, description: about };
}

const Defaults = Type.Object(fields, { $id: 'SettingsDefaults', additionalProperties: false });

/** Answer of `GET` and `PUT /api/settings`. `version` grows with every change. */
const SettingsAnswer: TObject = Type.Object(
  { ...fields, version: Type.Integer(), totpConfigured: Type.Boolean() },
  { $id: 'Settings', additionalProperties: false },
);

/**
 * Body of `PUT /api/settings`: what is left out, or `null`, stays. Each name is accepted in snake_case as well, and names
 * that are no settings are passed over (spec/admin-api.md 2.1, 5.2), so that an answer may be sent back as it came.
 */
const SettingsChange = Type.Partial(
  Type.Object({ ...fields, expectedVersion: Type.Integer({ minimum: 1, description: '409 when stale' }) }),
  { $id: 'SettingsChange' },
);

/** One change: who made it, when, and each setting before and after. */
export const SettingsVersion = Type.Object(
  {
    version: Type.Integer(),
    atMs: Type.Integer(),
    /** `admin_token`, `session`, `local`, or `migration` for the state found at the first start with a history. */
    by: Type.String(),
    changes: Type.Array(Type.Object({ name: Type.String(), from: Type.Unknown(), to: Type.Unknown() })),
  },
  { $id: 'SettingsVersion', additionalProperties: false },
);
export type SettingsVersion = Static<typeof SettingsVersion>;

export const SettingsHistoryQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    /** Only versions below this one. */
    before: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { $id: 'SettingsHistoryQuery' },
);

const SettingsHistory = Type.Object({ versions: Type.Array(SettingsVersion) }, { $id: 'SettingsHistory' });

const ConnectAddress = Type.Object({ connectAddress: Type.String() }, { $id: 'ConnectAddress' });

const tag = 'settings';
const refusals: readonly ErrorCode[] = [...new Set(SETTING_NAMES.map((name) => SETTINGS[name].code))];

export const settingsRoutes: readonly RouteContract[] = [
  { method: 'GET', path: '/api/settings', tag, summary: 'Read all settings', answers: { 200: SettingsAnswer } },
  {
    method: 'PUT',
    path: '/api/settings',
    tag,
    summary: 'Change the named settings',
    body: SettingsChange,
    answers: { 200: SettingsAnswer },
    errors: [...refusals, 'conflict'],
  },
  {
    method: 'GET',
    path: '/api/settings/defaults',
    tag,
    summary: 'Read what each setting is until somebody changes it',
    answers: { 200: Defaults },
  },
  {
    method: 'GET',
    path: '/api/settings/history',
    tag,
    summary: 'List the changes, newest first',
    query: SettingsHistoryQuery,
    answers: { 200: SettingsHistory },
  },
  {
    method: 'POST',
    path: '/api/settings/history/{version}/restore',
    tag,
    summary: 'Bring back the settings of a version, as a new version',
    answers: { 200: SettingsAnswer },
    errors: ['settings_version_not_found'],
  },
  {
    method: 'GET',
    path: '/api/settings/runtime/connect-address',
    tag,
    summary: 'Read the address that clients of other machines should use',
    answers: { 200: ConnectAddress },
  },
];
