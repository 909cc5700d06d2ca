import { createCodex } from "@codex/sdk";
import type { Workspace } from "@codex/sdk";
import { interleave } from "../measure.ts";
import { compare } from "../report.ts";
import type { BenchRow } from "../report.ts";
import type { Bench } from "../section.ts";
import { makeBoard, memberId } from "./people.ts";

/** Members of the two boards that are compared. */
export interface BoardSizes {
  readonly large: number;
  readonly small: number;
}

interface Board {
  readonly ws: Workspace;
  readonly size: number;
}

const asked: Readonly<Record<string, (board: Board) => Promise<unknown>>> = {
  "top 100": async ({ ws }) => ws.leaderboards.top({ first: 100 }),
  "around me": ({ ws, size }) => ws.leaderboards.around(anybody(size), { radius: 5 }),
  "any rank": ({ ws, size }) => ws.leaderboards.rankOf(anybody(size)),
};

/** What a board costs when it is large, against the same when it is small: a rank reads counters only. */
export async function boardRows(
  { data, quick, say }: Bench,
  sizes: BoardSizes = quick
    ? { large: 100_000, small: 10_000 }
    : { large: 1_000_000, small: 10_000 },
): Promise<BenchRow[]> {
  const codex = createCodex({ connectionString: data.database.url("codex_api"), max: 1 });
  const open = async (n: number, size: number): Promise<Board> => {
    const { workspaceId, userId } = data.workspace(n);
    say(`a board of ${size.toLocaleString("en")} members`);
    await makeBoard(data, workspaceId, size);
    return { ws: codex.workspace(workspaceId, { userId }), size };
  };
  const large = await open(1, sizes.large);
  const small = await open(2, sizes.small);
  const peer = `${sizes.small.toLocaleString("en")} members`;
  const rows: BenchRow[] = [];
  for (const [name, run] of Object.entries(asked)) {
    say(`leaderboard: ${name}`);
    const variants = [
      { name: "codex", run: () => run(large) },
      { name: peer, run: () => run(small) },
    ];
    const plan = { rounds: quick ? 7 : 25, sliceMs: 300, clients: 1 };
    const samples = await interleave(variants, plan);
    rows.push(
      compare({
        name: `leaderboard of ${sizes.large.toLocaleString("en")} members: ${name}`,
        unit: "ms, p50",
        codex: samples.get("codex")?.p50 ?? [],
        peers: { [peer]: samples.get(peer)?.p50 ?? [] },
        bars: { [peer]: "under 2 ×" },
      }),
    );
  }
  await codex.close();
  return rows;
}

function anybody(size: number): string {
  return memberId(1 + Math.floor(Math.random() * size));
}
