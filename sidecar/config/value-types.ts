/** Building blocks of the section schemas: every kind of value that a setting may have. */
import { Type } from '@sinclair/typebox';
import type { FormatName } from './formats';

/** Longest time that a timer of Node can wait: more would fire at once. About 24.8 days. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** A time span in milliseconds, at least 1. */
export const milliseconds = () => Type.Integer({ minimum: 1, maximum: LONGEST_TIMER_MS });

/** A time span in milliseconds that may be 0. */
export const millisecondsOrNone = () => Type.Integer({ minimum: 0, maximum: LONGEST_TIMER_MS });

/** An integer between two bounds, both included. */
export const integerFrom = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum });

/** Text that is not empty. */
export const someText = () => Type.String({ minLength: 1 });

/** Text in one of our formats. */
export const textLike = (format: FormatName) => Type.String({ format });

/** A list of texts in one of our formats. */
export const listOf = (format: FormatName) => Type.Unsafe<readonly string[]>(Type.Array(Type.String({ format })));

/** Text that is not empty, or `null` = not configured. */
export const optionalText = () => Type.Union([someText(), Type.Null()]);

/** Text in one of our formats, or `null` = not configured. */
export const optionalTextLike = (format: FormatName) => Type.Union([textLike(format), Type.Null()]);
