/** Points Codex at this sidecar: shows what would change, changes it, and takes it back. */
import type { CodexSetupRequest, CodexSetupResult, CodexSetupState, CodexUndoResult } from '../contract/codex-setup';
import { TightropeError } from '../platform/errors';
import { clientSnippets, codexBaseUrl } from './client-snippets';
import { bypassingProfiles, editConfig, issuesOf, readConfig } from './config-edit';
import { codexConfigPath, readConfigFile, replaceConfigFile, restoreConfigFile, type SetupMode } from './config-file';
import { unifiedDiff } from './line-diff';
import { fingerprintOf, SetupMemory } from './setup-memory';
import { wantedConfig, type WantedValue } from './wanted-config';

export interface CodexSetupOptions {
  readonly dataDir: string;
  /** `CODEX_HOME`; `null` = `~/.codex`. */
  readonly codexHome: string | null;
  /** Where clients reach the sidecar: `http://127.0.0.1:2455`. */
  readonly address: () => string;
  readonly now: () => number;
}

/** A commented-out line of the set-up: worth another word to the person who wrote it. */
const COMMENTED_PROVIDER = /^[ \t]*#[# \t]*model_provider[ \t]*=/m;
const COMMENTED_SETTINGS = /^[ \t]*#[# \t]*\[model_providers\.tightrope\]/m;

export class CodexSetupService {
  readonly #options: CodexSetupOptions;
  readonly #memory: SetupMemory;

  constructor(options: CodexSetupOptions) {
    this.#options = options;
    this.#memory = new SetupMemory(options.dataDir);
  }

  /** @throws TightropeError `codex_config_read_failed`. A file that is no TOML is told in `invalid`. */
  async state(): Promise<CodexSetupState> {
    const configPath = this.#path('default');
    const { text } = await readConfigFile(configPath);
    const { dismissed, applied } = await this.#memory.load();
    const read = readOrReason(text ?? '');
    const wanted = this.#wanted();
    const issues = read.document === null ? [] : issuesOf(read.document, wanted);
    return {
      configPath,
      exists: text !== null,
      configured: read.document !== null && issues.length === 0,
      invalid: read.reason,
      hasCommentedProviderEntry: COMMENTED_PROVIDER.test(text ?? ''),
      hasCommentedSettingsEntry: COMMENTED_SETTINGS.test(text ?? ''),
      issues,
      bypassingProfiles: read.document === null ? [] : bypassingProfiles(read.document),
      dismissed,
      profile: await this.#profile(wanted),
      canUndo: applied !== null,
      snippets: clientSnippets(this.#options.address()),
    };
  }

  /** @throws TightropeError `codex_config_invalid`, `codex_config_read_failed`, `codex_config_write_failed` */
  async apply(request: CodexSetupRequest): Promise<CodexSetupResult> {
    const configPath = this.#path(request.mode ?? 'default');
    const memory = await this.#memory.load();
    if (request.dismiss === true) {
      await this.#memory.save({ ...memory, dismissed: true });
      return { status: 'dismissed', changed: false, configPath, backupPath: null, restartRequired: false };
    }
    const { text } = await readConfigFile(configPath);
    const edited = editConfig(text ?? '', this.#wanted(request.envKey));
    const changed = edited !== (text ?? '');
    const status = changed ? 'configured' : 'already_configured';
    if (request.dryRun === true) {
      const diff = unifiedDiff(configPath, text ?? '', edited);
      return { status, changed: false, configPath, backupPath: null, restartRequired: false, preview: edited, diff };
    }
    if (!changed) return { status, changed, configPath, backupPath: null, restartRequired: false };
    const now = new Date(this.#options.now());
    const backupPath = await replaceConfigFile(configPath, edited, { backup: request.backup ?? true, now });
    // Without a copy there is nothing to go back to, unless there was nothing before.
    const undoable = backupPath !== null || text === null;
    const applied = undoable ? { configPath, backupPath, written: fingerprintOf(edited) } : null;
    await this.#memory.save({ dismissed: false, applied });
    return { status, changed, configPath, backupPath, restartRequired: true };
  }

  /**
   * Puts back what was there before the last change.
   * @param force also when the file was changed by somebody since
   * @throws TightropeError `codex_setup_nothing_to_undo`, `codex_config_changed`, `codex_config_read_failed`, `codex_config_write_failed`
   */
  async undo(force: boolean): Promise<CodexUndoResult> {
    const memory = await this.#memory.load();
    const { applied } = memory;
    if (applied === null) throw new TightropeError('codex_setup_nothing_to_undo');
    const { text } = await readConfigFile(applied.configPath);
    if (!force && text !== null && fingerprintOf(text) !== applied.written) {
      throw new TightropeError('codex_config_changed', {
        message: `${applied.configPath} was changed since. Undo with force, or take what you need from ${applied.backupPath ?? 'it'} by hand.`,
      });
    }
    await restoreConfigFile(applied.configPath, applied.backupPath);
    await this.#memory.save({ ...memory, applied: null });
    return { status: 'restored', configPath: applied.configPath, removed: applied.backupPath === null };
  }

  #path(mode: SetupMode): string {
    return codexConfigPath(this.#options.codexHome, mode);
  }

  #wanted(envKey?: string): WantedValue[] {
    return wantedConfig(codexBaseUrl(this.#options.address()), { envKey: envKey ?? null });
  }

  async #profile(wanted: readonly WantedValue[]): Promise<CodexSetupState['profile']> {
    const configPath = this.#path('profile');
    const { text } = await readConfigFile(configPath);
    const { document } = readOrReason(text ?? '');
    return { configPath, configured: document !== null && issuesOf(document, wanted).length === 0 };
  }
}

function readOrReason(text: string): {
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly reason: string | null;
} {
  try {
    return { document: readConfig(text), reason: null };
  } catch (thrown) {
    if (thrown instanceof TightropeError) return { document: null, reason: thrown.message };
    throw thrown;
  }
}
