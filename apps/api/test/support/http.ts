/** An answer, with its body as text and as JSON if it is. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- what a server says is looked into freely
  readonly json: any;
}

interface Sent {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: response.status, headers: response.headers, text, json };
}

function headersOf({ token, headers = {} }: Sent): Record<string, string> {
  return { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers };
}

/** A query as tRPC's client sends it. */
export async function query(
  url: string,
  name: string,
  input: unknown,
  sent: Sent = {},
): Promise<Answer> {
  const search = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
  const { signal } = sent;
  return read(
    await fetch(`${url}/trpc/${name}${search}`, {
      headers: headersOf(sent),
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}

/** A mutation as tRPC's client sends it. */
export async function mutate(
  url: string,
  name: string,
  input: unknown,
  sent: Sent = {},
): Promise<Answer> {
  return post(`${url}/trpc/${name}`, input, sent);
}

/** JSON by POST. */
export async function post(url: string, body: unknown, sent: Sent = {}): Promise<Answer> {
  const { signal } = sent;
  return read(
    await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headersOf(sent) },
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    }),
  );
}
