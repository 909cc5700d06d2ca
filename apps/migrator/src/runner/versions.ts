import compare from "semver/functions/compare.js";
import parse from "semver/functions/parse.js";

/** Whether the text is a semantic version (semver.org); a `v` in front is allowed, as tags have it. */
export function isVersion(text: string): boolean {
  return parse(text) !== null;
}

/**
 * Below zero when the first semantic version is older, as semver.org orders them: 1.2.0-rc.1 before 1.2.0,
 * build metadata counts for nothing.
 */
export function compareVersions(first: string, second: string): number {
  return compare(first, second);
}

/** Newer than every version of an application. */
export const newestVersion: string = `${Number.MAX_SAFE_INTEGER}.0.0`;
