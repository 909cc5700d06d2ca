import { contractOf } from "../../src/contract/contract.ts";
import type { ProcedureContract } from "../../src/contract/contract.ts";
import { appRouter } from "../../src/root.ts";
import { mutate, query, read } from "./http.ts";
import type { Answer } from "./http.ts";

/** Every procedure there is. */
export const procedures: readonly ProcedureContract[] = contractOf(appRouter).procedures;

interface Called {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls a procedure as its kind is called. Of a stream the first frames are read. */
export async function call(
  url: string,
  { name, type }: Pick<ProcedureContract, "name" | "type">,
  input: unknown,
  sent: Called = {},
): Promise<Answer> {
  if (type === "query") return query(url, name, input, sent);
  if (type === "mutation") return mutate(url, name, input, sent);
  return openStream(url, name, input, sent);
}

async function openStream(
  url: string,
  name: string,
  input: unknown,
  { token, headers = {} }: Called,
): Promise<Answer> {
  const search = `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const leave = new AbortController();
  const response = await fetch(`${url}/trpc/${name}${search}`, {
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    signal: leave.signal,
  });
  if (response.headers.get("content-type") !== "text/event-stream") return read(response);
  const reader = response.body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  leave.abort();
  const text = Buffer.from(value ?? []).toString();
  const { status, headers: answered } = response;
  if (!text.startsWith("event: serialized-error"))
    return { status, headers: answered, text, json: {} };
  const [, data = "{}"] = /^data: (.*)$/mu.exec(text) ?? [];
  const error = JSON.parse(data) as { data: { httpStatus: number } };
  return { status: error.data.httpStatus, headers: answered, text, json: { error } };
}

/** The code of an error; undefined for an answer. */
export function codeOf({ json }: Answer): string | undefined {
  return (json as { error?: { data?: { code?: string } } } | undefined)?.error?.data?.code;
}
