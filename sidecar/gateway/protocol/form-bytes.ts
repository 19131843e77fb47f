/** Writes the pieces of a `multipart/form-data` body (RFC 7578, names as the WHATWG form encoding escapes them). */

export interface FilePart {
  readonly name: string;
  readonly filename: string;
  readonly contentType: string;
}

/** Opens a file; its bytes follow. */
export function fileHead(boundary: string, { name, filename, contentType }: FilePart): Buffer {
  const disposition = `form-data; name="${escaped(name)}"; filename="${escaped(filename)}"`;
  const type = /^[\x20-\x7e]+$/.test(contentType) ? contentType : 'application/octet-stream';
  return Buffer.from(`--${boundary}\r\ncontent-disposition: ${disposition}\r\ncontent-type: ${type}\r\n\r\n`);
}

/** A whole text field, behind the bytes of a file. */
export function fieldAfterFile(boundary: string, name: string, value: string): Buffer {
  return Buffer.from(`\r\n--${boundary}\r\ncontent-disposition: form-data; name="${escaped(name)}"\r\n\r\n${value}`);
}

/** Ends the form. */
export function formEnd(boundary: string): Buffer {
  return Buffer.from(`\r\n--${boundary}--\r\n`);
}

function escaped(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
