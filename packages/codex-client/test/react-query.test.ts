import { CodexError } from "@codex/sdk/errors";
import { QueryClient } from "@tanstack/react-query";
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import type { Campaign } from "../src/index.ts";
import { createCodexOptions } from "../src/react-query.ts";
import type { CodexOptions } from "../src/react-query.ts";
import { clientAt, makeWorld } from "./world.ts";
import type { World } from "./world.ts";

describe("React Query", () => {
  let world: World;
  let queryClient: QueryClient;
  let codex: CodexOptions;
  beforeAll(async () => {
    world = await makeWorld();
    const { secret: apiKey } = await world.key("creator");
    queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    codex = createCodexOptions(clientAt(world.api.port, { apiKey }), queryClient);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("reads and writes by options", async () => {
    const options = codex.campaigns.create.mutationOptions();
    const mutations = queryClient.getMutationCache();
    const make = mutations.build(queryClient, options);
    expect(await make.execute({ name: "Launch" })).toMatchObject({ name: "Launch" });
    const page = await queryClient.fetchQuery(codex.campaigns.list.queryOptions({ first: 5 }));
    expectTypeOf(page.items).toEqualTypeOf<Campaign[]>();
    expect(page.items).toHaveLength(1);
    expect(queryClient.getQueryData(codex.campaigns.list.queryKey({ first: 5 }))).toBe(page);
  });

  it("throws CodexErrors that have what tRPC's types promise", async () => {
    const id = "01890000-0000-7000-8000-000000000000";
    const error: unknown = await queryClient
      .fetchQuery(codex.campaigns.get.queryOptions({ id }))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CodexError);
    expect(error).toMatchObject({ code: "NotFound", data: { httpStatus: 404 } });
  });
});
