import type { AppRouter as PreEmitted } from "@codex/client";
import { contractVersion } from "@codex/client";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { describe, expect, expectTypeOf, it } from "vitest";
import { contractVersion as released } from "../src/contract/contract.ts";
import type { AppRouter } from "../src/root.ts";

/** What JSON carries of a type: no bigint and no Date; inside of free JSON, anything. */
type Wire<T> = unknown extends T
  ? "free"
  : T extends bigint | Date
    ? never
    : T extends readonly (infer Item)[]
      ? Wire<Item>[]
      : T extends AsyncIterable<infer Item>
        ? { each: Wire<Item> }
        : T extends object
          ? string extends keyof T
            ? [T[keyof T]] extends [never]
              ? "nothing"
              : "free"
            : { [Name in keyof T]: Wire<T[Name]> }
          : T;

// Alike in both: also tells a missing optional field from none, which `extends` both ways does not.
// oxlint-disable typescript/no-unnecessary-type-parameters -- the compiler's own test of identity
type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
// oxlint-enable typescript/no-unnecessary-type-parameters

/** Names of the procedures that differ, in either direction. */
type Different<One, Other> = {
  [Area in keyof One & keyof Other]: {
    [Name in keyof One[Area] | keyof Other[Area]]: Name extends keyof One[Area] & keyof Other[Area]
      ? Same<Wire<One[Area][Name]>, Wire<Other[Area][Name]>> extends true
        ? never
        : [Area, Name]
      : [Area, Name];
  }[keyof One[Area] | keyof Other[Area]];
}[keyof One & keyof Other];

describe("the types that apps compile against", () => {
  it("are those of the router, as JSON carries them", () => {
    type Inputs = [inferRouterInputs<PreEmitted>, inferRouterInputs<AppRouter>];
    type Outputs = [inferRouterOutputs<PreEmitted>, inferRouterOutputs<AppRouter>];
    expectTypeOf<keyof Inputs[0]>().toEqualTypeOf<keyof Inputs[1]>();
    expectTypeOf<Different<Inputs[0], Inputs[1]>>().toBeNever();
    expectTypeOf<Different<Outputs[0], Outputs[1]>>().toBeNever();
  });

  it("have the router's errors", () => {
    type Shape<Router extends { _def: { _config: { $types: { errorShape: unknown } } } }> =
      Router["_def"]["_config"]["$types"]["errorShape"];
    expectTypeOf<Shape<AppRouter>["data"]["code"]>().toEqualTypeOf<
      Shape<PreEmitted>["data"]["code"]
    >();
    expectTypeOf<Shape<AppRouter>>().toExtend<Shape<PreEmitted>>();
  });

  it("are of the contract's version", () => {
    expect(contractVersion).toBe(released);
  });
});
