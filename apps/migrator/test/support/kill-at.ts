import pg from "pg";

// Loaded before codex-migrate (`node --import`): kills the process at one statement of the session
// that works. KILL_AT is "before 7" (nothing of it is sent) or "during 7" (sent, not answered). That
// session is known by the second of the two advisory locks that it takes.
const [moment, number] = (process.env["KILL_AT"] ?? "").split(" ");
const workKey = 7_206_140_019;
// Patched as a whole: it is called with whatever `this` and arguments the runner gives.
// oxlint-disable-next-line typescript/unbound-method
const original = pg.Client.prototype.query as (...args: unknown[]) => unknown;
const workers = new WeakSet<object>();
let seen = 0;

function query(this: object, ...args: unknown[]): unknown {
  if (Array.isArray(args[1]) && args[1][0] === workKey) workers.add(this);
  else if (workers.has(this)) seen += 1;
  const isNow = workers.has(this) && seen === Number(number);
  if (isNow && moment === "before") process.kill(process.pid, "SIGKILL");
  const answer = original.apply(this, args);
  if (isNow && moment === "during") process.kill(process.pid, "SIGKILL");
  return answer;
}
pg.Client.prototype.query = query as typeof pg.Client.prototype.query;
process.on("exit", () => process.stderr.write(`statements: ${seen}\n`));
