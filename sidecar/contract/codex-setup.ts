/** Codex's configuration on the wire (spec/admin-api.md 11.4, spec/ui.md 15.4). */
import { Type, type Static } from '@sinclair/typebox';
import type { RouteContract } from './route-contract';

const text = Type.Union([Type.String(), Type.Null()]);

/** Configuration of one client, to copy by hand. */
export const ClientSnippet = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    language: Type.Union([Type.Literal('toml'), Type.Literal('sh'), Type.Literal('json')]),
    /** Where it belongs; `null` = into a shell. */
    file: text,
    text: Type.String(),
  },
  { $id: 'ClientSnippet', additionalProperties: false },
);
export type ClientSnippet = Static<typeof ClientSnippet>;

export const CodexSetupState = Type.Object(
  {
    configPath: Type.String(),
    exists: Type.Boolean(),
    /** Every value is as it should be. */
    configured: Type.Boolean(),
    /** Why the file cannot be read as TOML; `null` = it can. */
    invalid: text,
    hasCommentedProviderEntry: Type.Boolean(),
    hasCommentedSettingsEntry: Type.Boolean(),
    issues: Type.Array(Type.Object({ key: Type.String(), expected: Type.String(), actual: text })),
    /** Tables `[profiles.x]` of the file that choose another provider. */
    bypassingProfiles: Type.Array(Type.String()),
    /** The file behind `codex --profile tightrope`. */
    profile: Type.Object({ configPath: Type.String(), configured: Type.Boolean() }),
    /** "Not now" was said. */
    dismissed: Type.Boolean(),
    canUndo: Type.Boolean(),
    snippets: Type.Array(ClientSnippet),
  },
  { $id: 'CodexSetupState', additionalProperties: false },
);
export type CodexSetupState = Static<typeof CodexSetupState>;

/** Body of `POST /api/codex/setup`. */
export const CodexSetupRequest = Type.Object(
  {
    /** `default` = every Codex run, `profile` = only `codex --profile tightrope`. */
    mode: Type.Optional(Type.Union([Type.Literal('default'), Type.Literal('profile')])),
    /** Variable that holds an API key; left out = Codex uses its own login. */
    envKey: Type.Optional(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,63}$' })),
    dryRun: Type.Optional(Type.Boolean()),
    backup: Type.Optional(Type.Boolean()),
    dismiss: Type.Optional(Type.Boolean()),
  },
  { $id: 'CodexSetupRequest', additionalProperties: false },
);
export type CodexSetupRequest = Static<typeof CodexSetupRequest>;

export const CodexSetupResult = Type.Object(
  {
    status: Type.Union([Type.Literal('configured'), Type.Literal('already_configured'), Type.Literal('dismissed')]),
    changed: Type.Boolean(),
    configPath: Type.String(),
    backupPath: text,
    /** Codex reads its configuration only when it starts. */
    restartRequired: Type.Boolean(),
    /** With `dryRun`: the whole file as it would be, and what differs. */
    preview: Type.Optional(Type.String()),
    diff: Type.Optional(Type.String()),
  },
  { $id: 'CodexSetupResult', additionalProperties: false },
);
export type CodexSetupResult = Static<typeof CodexSetupResult>;

/** Body of `POST /api/codex/setup/undo`. */
export const CodexUndoRequest = Type.Object(
  { force: Type.Optional(Type.Boolean()) },
  { $id: 'CodexUndoRequest', additionalProperties: false },
);

export const CodexUndoResult = Type.Object(
  {
    status: Type.Literal('restored'),
    configPath: Type.String(),
    /** There was no file before, so it was taken away. */
    removed: Type.Boolean(),
  },
  { $id: 'CodexUndoResult', additionalProperties: false },
);
export type CodexUndoResult = Static<typeof CodexUndoResult>;

export const codexSetupRouteContracts: readonly RouteContract[] = [
  {
    method: 'GET',
    path: '/api/codex/setup',
    tag: 'codex',
    summary: "Say how Codex's configuration stands",
    answers: { 200: CodexSetupState },
    errors: ['codex_config_read_failed'],
  },
  {
    method: 'POST',
    path: '/api/codex/setup',
    tag: 'codex',
    summary: 'Point Codex at this sidecar, or show what that would change',
    body: CodexSetupRequest,
    answers: { 200: CodexSetupResult },
    errors: ['codex_config_invalid', 'codex_config_read_failed', 'codex_config_write_failed'],
  },
  {
    method: 'POST',
    path: '/api/codex/setup/undo',
    tag: 'codex',
    summary: 'Put back what was there before the last change',
    body: CodexUndoRequest,
    answers: { 200: CodexUndoResult },
    errors: ['codex_setup_nothing_to_undo', 'codex_config_changed', 'codex_config_write_failed'],
  },
];
