import { BaseSequencer } from "vitest/node";
import type { TestSpecification } from "vitest/node";

/** Files that take half a minute and more of a core, though they are short. */
const long =
  /\/(?:faults|rehearse(?:-real)?|down|again-and-back|images|kill(?:-real)?|each-version)\.test\.ts$/u;

/** Begins with the files that take long: one that came last would run while the other cores have nothing to do. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // By what they took the last time, or by size, as in a checkout that is new.
    const sorted = await super.sort(files); // oxlint-disable-line unicorn/no-array-sort -- no array
    return sorted.toSorted((one, other) => isLong(other) - isLong(one));
  }
}

function isLong({ moduleId }: TestSpecification): number {
  return long.test(moduleId) ? 1 : 0;
}
