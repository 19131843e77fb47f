/** The second factor: SHA-1, 6 digits, 30 s, one step of leeway (spec/data-security.md 7.3). */
import { Secret, TOTP } from 'otpauth';
import { toString as drawQr } from 'qrcode';

const PERIOD_S = 30;
const SECRET_BYTES = 20;

/** A new secret in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator app reads, as a link and as an image. */
export async function totpInvitation(secret: string): Promise<{ otpauthUri: string; qrDataUrl: string }> {
  const otpauthUri = totpOf(secret).toString();
  const svg = await drawQr(otpauthUri, { type: 'svg', margin: 2 });
  return { otpauthUri, qrDataUrl: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` };
}

/** The time step of which this is the code, or `null` when it is the code of none near `nowMs`. */
export function totpStep(secret: string, code: string, nowMs: number): number | null {
  if (!/^\d{6}$/.test(code.trim())) return null;
  const delta = totpOf(secret).validate({ token: code.trim(), timestamp: nowMs, window: 1 });
  return delta === null ? null : Math.floor(nowMs / 1000 / PERIOD_S) + delta;
}

function totpOf(secret: string): TOTP {
  return new TOTP({
    issuer: 'tightrope',
    label: 'dashboard',
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });
}
