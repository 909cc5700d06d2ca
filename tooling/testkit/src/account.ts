import { run } from "./run.ts";

/** The unprivileged user that a server runs as while we are root, which PostgreSQL refuses. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const ownName = "codex-postgres";

/** The account for servers: undefined when we are not root and servers run as ourselves. */
export async function findAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return (
    (await lookUp(ownName)) ??
    (await createOwn()) ??
    (await lookUp("postgres")) ??
    (await lookUp("nobody")) ??
    fail()
  );
}

function fail(): never {
  throw new Error(
    `PostgreSQL does not run as root and no other user was found; run "useradd --system ${ownName}" first, or work as a user other than root.`,
  );
}

async function lookUp(name: string): Promise<Account | undefined> {
  const [uid, gid] = await Promise.all([run("id", ["-u", name]), run("id", ["-g", name])]);
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  return { name, uid: Number(uid.output), gid: Number(gid.output) };
}

// Another run may be adding the same user: useradd then fails on its lock, and the user is there soon.
async function createOwn(): Promise<Account | undefined> {
  const flags = ["--system", "--no-create-home", "--home-dir", "/", "--shell", "/usr/sbin/nologin"];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const added = await run("useradd", [...flags, ownName]);
    const account = await lookUp(ownName);
    if (account !== undefined) return account;
    if (added.code === null) return undefined;
    await new Promise((wake) => setTimeout(wake, 200));
  }
  return undefined;
}
