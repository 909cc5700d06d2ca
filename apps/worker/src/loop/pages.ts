/** A page of workspaces, in the order of their ids, after one of them. */
export type Find = (page: {
  after: string | undefined;
  limit: number;
}) => Promise<readonly string[]>;

const pageSize = 100;

/** Every workspace that is found, page by page. */
export async function* pagesOf(find: Find): AsyncGenerator<readonly string[]> {
  let after: string | undefined;
  for (;;) {
    const page = await find({ after, limit: pageSize });
    yield page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}
