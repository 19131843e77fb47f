/** What may stand in a header, whatever its source: the guard against header injection. */

/** RFC 9110 5.5: no control character but tab, nothing above Latin-1. */
export function isHeaderValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i);
    if ((c < 0x20 && c !== 0x09) || c === 0x7f || c > 0xff) return false;
  }
  return true;
}

/** A name without control characters, spaces or a colon, in ASCII. */
export function isHeaderName(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i);
    if (c <= 0x20 || c >= 0x7f || c === 0x3a) return false;
  }
  return name.length > 0;
}
