import type {
  Acting,
  CallOptions,
  Clients,
  People,
  Role,
  Workspace,
  Workspaces,
  WriteOptions,
} from "@codex/sdk";
import { CodexError } from "@codex/sdk/errors";
import { parse } from "@codex/sdk/schemas";
import { getTRPCErrorFromUnknown, initTRPC, TRPCError } from "@trpc/server";
import type { z } from "zod";
import type { Identity } from "./auth/caller.ts";
import { readOptions, writeOptions } from "./context.ts";
import type { Context } from "./context.ts";
import { toCodexError, trpcShapeOf } from "./errors.ts";
import { observeCall } from "./observe/call.ts";

/** What stands in the contract about a procedure. Every procedure has it; the server does not start otherwise. */
export interface Meta {
  /** `member`: of the workspace it happens in. `person`: whoever has a token, before any workspace. */
  readonly auth: "member" | "person";
  /** Least role of a member. */
  readonly role: Role | undefined;
  /** What an API key with scopes must have. */
  readonly scope: string | undefined;
  /** Points that a call counts against the limits. */
  readonly cost: number;
  /** One sentence for whoever calls it. */
  readonly doc: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  /** The call itself, without a span or a line of the log; absent for streams. */
  readonly run?: Run;
}

/** Makes a call with an input as it came, which it parses. Throws what tRPC would make of any failure. */
type Run = (ctx: Context, path: string, input: unknown) => Promise<unknown>;

/** Milliseconds between two signs of life on a stream. */
export const pingMs = 15_000;
/** Milliseconds of silence after which a client connects anew. */
export const reconnectMs = 45_000;

export const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false,
    // By itself tRPC would pass on the message of whatever was thrown, SQL included.
    errorFormatter: ({ error, ctx }) => {
      const known = toCodexError(error);
      return trpcShapeOf(known, ctx?.requestId ?? known.requestId);
    },
  });

/** Every procedure begins here. */
export const base = t.procedure.use(observeCall);

interface Declared<Input extends z.ZodType, Output extends z.ZodType> {
  readonly doc: string;
  readonly input: Input;
  readonly output: Output;
  readonly cost?: number;
}

interface DeclaredForMembers<Input extends z.ZodType, Output extends z.ZodType> extends Declared<
  Input,
  Output
> {
  readonly role: Role;
  /** What keys need, where it is not what the kind of call says. */
  readonly scope?: "read" | "write";
}

/** What a procedure of members works with. */
interface MemberCall<Input, Options> {
  /** The clients of the workspace, as the caller, who has the role that was declared. */
  readonly ws: Clients;
  readonly workspaces: Workspaces;
  readonly workspaceId: string;
  readonly acting: Acting;
  /** The workspace itself, which has the events. */
  readonly workspace: () => Workspace;
  readonly input: Input;
  readonly options: Options;
}

/** What a procedure of people works with. */
interface PersonCall<Input, Options> {
  readonly identity: Identity;
  readonly people: People;
  readonly workspaces: Workspaces;
  /** Id of the person; they are made known at their first call. */
  readonly userId: () => Promise<string>;
  readonly input: Input;
  readonly options: Options;
}

/** Reads as a member of a workspace. */
export function query<Input extends z.ZodType, Output extends z.ZodType>(
  declared: DeclaredForMembers<Input, Output>,
  run: (call: MemberCall<z.output<Input>, CallOptions>) => PromiseLike<z.input<Output>>,
) {
  const call = (ctx: Context, path: string, input: z.output<Input>): Result<Output> =>
    checked(declared.output, () =>
      run({
        ...ctx.caller.member({ role: declared.role, scope: `${areaOf(path)}:read` }),
        input,
        options: readOptions(ctx),
      }),
    );
  return base
    .meta({ ...metaOf(declared, "read"), run: runOf(declared.input, call) })
    .input(inputParserOf(declared.input))
    .query(async ({ ctx, input, path }) => call(ctx, path, parsed(input)));
}

/** Writes as a member of a workspace. */
export function mutation<Input extends z.ZodType, Output extends z.ZodType>(
  declared: DeclaredForMembers<Input, Output>,
  run: (call: MemberCall<z.output<Input>, WriteOptions>) => PromiseLike<z.input<Output>>,
) {
  const { scope = "write" } = declared;
  const call = (ctx: Context, path: string, input: z.output<Input>): Result<Output> =>
    checked(declared.output, () =>
      run({
        ...ctx.caller.member({ role: declared.role, scope: `${areaOf(path)}:${scope}` }),
        input,
        options: writeOptions(ctx),
      }),
    );
  return base
    .meta({ ...metaOf({ cost: 2, ...declared }, scope), run: runOf(declared.input, call) })
    .input(inputParserOf(declared.input))
    .mutation(async ({ ctx, input, path }) => call(ctx, path, parsed(input)));
}

/** Reads as a person, before any workspace. */
export function personQuery<Input extends z.ZodType, Output extends z.ZodType>(
  declared: Declared<Input, Output>,
  run: (call: PersonCall<z.output<Input>, CallOptions>) => PromiseLike<z.input<Output>>,
) {
  const call = (ctx: Context, _path: string, input: z.output<Input>): Result<Output> =>
    checked(declared.output, () =>
      run({ ...ctx.caller.person(), input, options: readOptions(ctx) }),
    );
  return base
    .meta({ ...metaOf(declared), run: runOf(declared.input, call) })
    .input(inputParserOf(declared.input))
    .query(async ({ ctx, input, path }) => call(ctx, path, parsed(input)));
}

/**
 * Writes as a person, before any workspace. What is made there is made once by a key of its own: an
 * identity, a slug, a token.
 */
export function personMutation<Input extends z.ZodType, Output extends z.ZodType>(
  declared: Declared<Input, Output>,
  run: (call: PersonCall<z.output<Input>, CallOptions>) => PromiseLike<z.input<Output>>,
) {
  const call = (ctx: Context, _path: string, input: z.output<Input>): Result<Output> =>
    checked(declared.output, () =>
      run({ ...ctx.caller.person(), input, options: readOptions(ctx) }),
    );
  return base
    .meta({ ...metaOf({ cost: 2, ...declared }), run: runOf(declared.input, call) })
    .input(inputParserOf(declared.input))
    .mutation(async ({ ctx, input, path }) => call(ctx, path, parsed(input)));
}

type Result<Output extends z.ZodType> = Promise<z.output<Output>>;

/** The same call for who does not come by tRPC: its middlewares copy their options for each step, 20 µs a call. */
function runOf<Input extends z.ZodType>(
  schema: Input,
  call: (ctx: Context, path: string, input: z.output<Input>) => Promise<unknown>,
): Run {
  const parser = inputParserOf(schema);
  return async (ctx, path, input) => {
    let known: z.output<Input>;
    try {
      known = parser.parse(input);
    } catch (cause) {
      throw new TRPCError({ code: "BAD_REQUEST", cause });
    }
    try {
      return await call(ctx, path, known);
    } catch (error) {
      throw getTRPCErrorFromUnknown(error);
    }
  };
}

// tRPC wraps the type in conditions that stay open while the schema is a parameter; for every schema there
// is it comes out as this.
const parsed = (input: unknown): never => input as never;

/**
 * What the schema makes of the result; one that does not fit is Internal. Here and not by tRPC's `output`,
 * which is one more middleware for each call.
 */
async function checked<Output extends z.ZodType>(
  schema: Output,
  run: () => PromiseLike<z.input<Output>>,
): Result<Output> {
  const { success, data, error } = schema.safeParse(await run());
  if (!success)
    throw new CodexError("Internal", "the result does not fit the contract", { cause: error });
  return data;
}

/** First part of a procedure's name: what scopes speak of. */
export function areaOf(path: string): string {
  return path.split(".", 1)[0] ?? path;
}

/** The part of the contract that a declaration makes. */
export function metaOf(
  declared: Declared<z.ZodType, z.ZodType> & { readonly role?: Role },
  kind?: "read" | "write",
): Meta {
  const { doc, input, output, role, cost = 1 } = declared;
  const auth = role === undefined ? "person" : "member";
  // The area is put in front when the contract is read: a router does not know its own name.
  return { auth, role, scope: kind, cost, doc, input, output };
}

interface TypedParser<Schema extends z.ZodType> {
  // An input in which nothing is needed may be left out.
  _input: object extends z.input<Schema> ? z.input<Schema> | undefined : z.input<Schema>;
  _output: z.output<Schema>;
  parse(value: unknown): z.output<Schema>;
}

/**
 * Parses an input; one that is left out is an empty one. tRPC would take zod's asynchronous way, which none
 * of the schemas needs.
 */
export function inputParserOf<Schema extends z.ZodType>(schema: Schema): TypedParser<Schema> {
  // Ours, and not zod's, whose message is all of its issues once more.
  return {
    parse: (value: unknown) => parse(schema, value === undefined ? {} : value),
  } as TypedParser<Schema>;
}
