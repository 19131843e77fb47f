/** Shows how the sidecar is doing. Asks every five seconds while somebody can see it, and not at all otherwise. */
const { AbortSignal, clearTimeout, document, fetch, location, setTimeout } = globalThis;

const INTERVAL_MS = 5_000;
const ANSWER_WITHIN_MS = 4_000;
const UNKNOWN = '—';

let timer;
let asking = false;

/** The JSON of a route, `null` when it gave none in time. */
async function read(path) {
  try {
    const response = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return response.ok ? await response.json() : null;
  } catch {
    return null; // shown as unknown
  }
}

function show(id, text) {
  const place = document.getElementById(id);
  // An unchanged text is left alone, so that a screen reader does not repeat it.
  if (place.textContent !== text) place.textContent = text;
}

/** `3 h 4 min`, `12 s`. */
function duration(ms) {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
}

function proxyState(runtime) {
  if (!runtime.proxyEnabled) return 'stopped';
  return runtime.proxyPaused ? 'paused' : 'running';
}

/** One sentence for the whole, and how good it is. */
function summary(health, runtime) {
  if (health === null) return ['bad', 'The sidecar does not answer.'];
  if (runtime === null) return ['warn', 'The sidecar runs; its details are not available here.'];
  if (runtime.status === 'error') return ['bad', 'The sidecar runs, but its database does not answer.'];
  if (proxyState(runtime) !== 'running') return ['warn', `The sidecar runs; the proxy is ${proxyState(runtime)}.`];
  if (runtime.accounts.total === 0) return ['warn', 'Ready for its first account.'];
  if (runtime.accounts.usable === 0) return ['warn', 'No account can serve at the moment.'];
  return ['good', 'Ready to serve.'];
}

function render(health, runtime) {
  const [level, sentence] = summary(health, runtime);
  document.getElementById('summary').dataset.level = level;
  show('summary', sentence);
  show('proxy', runtime === null ? UNKNOWN : proxyState(runtime));
  show('accounts', runtime === null ? UNKNOWN : `${runtime.accounts.usable} of ${runtime.accounts.total} usable`);
  show('turns', runtime === null ? UNKNOWN : String(runtime.turnsInFlight));
  show('uptime', health === null ? UNKNOWN : duration(health.uptime_ms));
  show('version', health === null ? UNKNOWN : health.version);
}

async function refresh() {
  clearTimeout(timer);
  if (document.hidden || asking) return;
  asking = true;
  try {
    const health = await read('/health');
    render(health, health === null ? null : await read('/api/runtime/health'));
  } finally {
    asking = false;
  }
  if (!document.hidden) timer = setTimeout(refresh, INTERVAL_MS);
}

show('openai-address', `${location.origin}/v1`);
show('codex-address', `${location.origin}/backend-api/codex`);
document.addEventListener('visibilitychange', () => void refresh());
void refresh();
