import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { Credential } from "../auth/credential.ts";
import { Refusal } from "../errors.ts";

/** Points a minute. */
export interface RateSettings {
  /** Of a key, or of a person over all workspaces. */
  readonly perKey: number;
  readonly perWorkspace: number;
  readonly perAddress: number;
  /** Of an address, with credentials that have not been proven yet. */
  readonly perStranger: number;
}

/** Who asks, and for how much. */
export interface Asked {
  readonly address: string;
  readonly credential: Credential;
  readonly workspaceId: string | undefined;
  /** Points: the sum over the calls of a batch. */
  readonly cost: number;
}

/** What is left of the tightest limit. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until it is whole again. */
  readonly resetS: number;
}

const windowS = 60;
const provenMs = 60_000;
const provenMax = 20_000;

/**
 * Limits of this process, by credential, workspace and address, in points a minute. A workspace is charged
 * only for credentials that the database has accepted in it: a stranger who makes up keys of a workspace, or
 * a person who names one that is not theirs, must not be able to use up what it may, nor to read what is
 * left.
 */
export class Limiter {
  readonly #settings: RateSettings;
  readonly #keys: RateLimiterMemory;
  readonly #workspaces: RateLimiterMemory;
  readonly #addresses: RateLimiterMemory;
  readonly #strangers: RateLimiterMemory;
  readonly #proven = new Map<string, number>();

  constructor(settings: RateSettings) {
    this.#settings = settings;
    this.#keys = bucket(settings.perKey);
    this.#workspaces = bucket(settings.perWorkspace);
    this.#addresses = bucket(settings.perAddress);
    this.#strangers = bucket(settings.perStranger);
  }

  /** Before anything is looked at. Throws RateLimited with the seconds to wait. */
  async arrive(address: string, cost: number): Promise<void> {
    await take(this.#addresses, address, { cost, limit: this.#settings.perAddress });
  }

  /**
   * Gives what the caller has left; nothing for strangers, since an address may be shared with others, of
   * whom that would tell. Throws RateLimited with the seconds to wait.
   */
  async charge({ address, credential, workspaceId, cost }: Asked): Promise<Quota | undefined> {
    const { perKey, perWorkspace, perStranger } = this.#settings;
    const isMember = this.isProven(credential, workspaceId);
    // A token is proven by its signature, whatever workspace it names; a key by the database alone.
    if (credential.kind === "none" || (credential.kind === "key" && !isMember)) {
      // A key may be proven by another of its calls in a moment, and is no stranger from then on.
      const comesBackS = credential.kind === "key" ? 1 : undefined;
      await take(this.#strangers, address, { cost, limit: perStranger, comesBackS });
      return undefined;
    }
    const own = { cost, isOwn: true };
    const ofKey = await take(this.#keys, credential.name, { ...own, limit: perKey });
    if (!isMember || workspaceId === undefined) return ofKey;
    const ofWorkspace = await take(this.#workspaces, workspaceId, { ...own, limit: perWorkspace });
    return ofWorkspace.remaining < ofKey.remaining ? ofWorkspace : ofKey;
  }

  /** Whether an address has points of strangers left. */
  async hasRoom(address: string): Promise<boolean> {
    const used = await this.#strangers.get(address);
    return used === null || used.remainingPoints > 0;
  }

  /** A ticket was good: its workspace is charged. */
  async chargeWorkspace(workspaceId: string, cost: number): Promise<void> {
    await take(this.#workspaces, workspaceId, { cost, limit: this.#settings.perWorkspace });
  }

  /** The database has accepted this credential as a member's: from now on it is charged as itself. */
  prove(credential: Credential, workspaceId: string | undefined): void {
    const place = placeOf(credential, workspaceId);
    if (place === undefined) return;
    if (this.#proven.size >= provenMax) this.#proven.clear();
    this.#proven.set(place, Date.now() + provenMs);
  }

  /** Whether the database has accepted it lately, in that workspace. */
  isProven(credential: Credential, workspaceId: string | undefined): boolean {
    const place = placeOf(credential, workspaceId);
    return place !== undefined && (this.#proven.get(place) ?? 0) > Date.now();
  }
}

function bucket(points: number): RateLimiterMemory {
  return new RateLimiterMemory({ points, duration: windowS });
}

function placeOf(credential: Credential, workspaceId: string | undefined): string | undefined {
  if (credential.kind === "none" || workspaceId === undefined) return undefined;
  return `${credential.name} ${workspaceId}`;
}

interface Taking {
  readonly cost: number;
  readonly limit: number;
  /** Whether it is the caller's own, who may know of it. */
  readonly isOwn?: boolean;
  /** Seconds after which another try is worth it, where that is before there are points again. */
  readonly comesBackS?: number | undefined;
}

async function take(
  limiter: RateLimiterMemory,
  key: string,
  { cost, limit, isOwn = false, comesBackS }: Taking,
): Promise<Quota> {
  try {
    const { remainingPoints, msBeforeNext } = await limiter.consume(key, cost);
    return { limit, remaining: remainingPoints, resetS: Math.ceil(msBeforeNext / 1_000) };
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused;
    const retryAfterS = comesBackS ?? Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
    const known = isOwn ? { limit } : {};
    throw new Refusal({ code: "RateLimited", message: "too many requests", retryAfterS, ...known });
  }
}
