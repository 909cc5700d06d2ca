/** An expected end of a command: one sentence with cause and remedy, and the exit code. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: number;

  constructor(message: string, code = 1) {
    super(message);
    this.code = code;
  }
}

/** Runs a command's main function; what it throws becomes one line and an exit code. */
export async function command(name: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(text.startsWith("codex-migrate: ") ? `${text}\n` : `${name}: ${text}\n`);
    process.exitCode = error instanceof Failure ? error.code : 1;
  }
}
