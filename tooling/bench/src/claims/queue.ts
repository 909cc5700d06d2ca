/** Something that gives work to workers, each piece to one. */
export interface Queue {
  readonly name: string;
  /** Adds pieces of work, in one go. */
  fill(jobs: number): Promise<void>;
  /** Takes one piece, in a transaction of its own that is durable when it is answered; undefined when there is none. */
  claim(): Promise<string | undefined>;
  /** Takes everything away, with the room it took. */
  clear(): Promise<void>;
  close(): Promise<unknown>;
}
