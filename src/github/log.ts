import * as core from "@actions/core";
import { plainLine, plainText } from "../foreign-text/plain.ts";

/*
 * All that a step prints: @actions/core's `info` writes a text as it is, and the others escape line ends alone. No other
 * module imports what prints there.
 */

export const info = (message: string): void => core.info(plainText(message));
export const notice = (message: string): void => core.notice(plainText(message));
export const warning = (message: string): void => core.warning(plainText(message));
export const error = (message: string): void => core.error(plainText(message));

/** Also fails the step. */
export const setFailed = (message: string): void => core.setFailed(plainText(message));

export function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  return core.group(plainLine(title), work);
}
