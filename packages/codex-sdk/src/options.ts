/** Options of every call. */
export interface CallOptions {
  /** Stops the call, on the server too. It then fails with `Aborted`, and nothing was done. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that the call may take in all; the client's default is 30,000. */
  readonly timeoutMs?: number | undefined;
}

/** Options of every write. */
export interface WriteOptions extends CallOptions {
  /**
   * Makes the write happen at most once: the same key with the same request, the version that it expects included,
   * gives the stored result, with `replayed: true`, for 24 hours. 1 to 255 characters. Takes a second round trip.
   */
  readonly idempotencyKey?: string | undefined;
}

/** Options of a write to something that has a version. */
export interface EditOptions extends WriteOptions {
  /** Fails with `StaleVersion` unless the entity still has this version; with `InvalidInput` for what none can be. */
  readonly expectedVersion?: number | undefined;
}

/** The result of a write; `replayed` when it was done before under the same idempotency key. */
export type Written<T> = T & { readonly replayed?: true };
