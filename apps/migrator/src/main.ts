#!/usr/bin/env node
import { chooseCommand, readContext } from "./command-line.ts";
import { commandNamed } from "./commands/catalogue.ts";
import { readEnvironment } from "./env.ts";
import type { Environment } from "./env.ts";
import { codeOf, exitCode, Failure, sentenceOf } from "./failure.ts";
import { parseFlags, readAsked, textOf } from "./flags.ts";
import type { Asked } from "./flags.ts";
import { interruption, listenForSignals } from "./interruption.ts";
import { createOutput } from "./report/output.ts";
import type { Output } from "./report/output.ts";
import { createSecrets, passwordsIn } from "./report/secrets.ts";
import type { Secrets } from "./report/secrets.ts";
import { jsonText, prepareReports, writeReports } from "./report/write.ts";
import type { ReportTarget } from "./report/write.ts";
import { toolVersion } from "./runner/ledger-definition.ts";
import { readConfig } from "./settings.ts";

/** One run of the tool. */
interface Run {
  readonly args: readonly string[];
  readonly asked: Asked;
  readonly environment: Environment;
  readonly output: Output;
  /** Where the result goes besides, as far as the command line and the configuration have been read. */
  reports: readonly ReportTarget[];
}

listenForSignals();
// Whoever reads may have seen enough, as head does, or the terminal is gone; the work goes on, or ends in order.
process.stdout.on("error", () => {});
process.stderr.on("error", () => {});
process.exitCode = await main(process.argv.slice(2));

// However a run ends, with wrong usage too, its result is given in every form that was asked for.
async function main(args: readonly string[]): Promise<number> {
  const asked = readAsked(args);
  const environment = readEnvironment();
  const secrets = secretsOf(args, environment);
  const { name = "", json } = asked;
  const command = commandNamed(name) === undefined ? "" : name;
  const draws = !json && !environment.isDumbTerminal;
  const output = createOutput(command, { json, draws, secrets });
  const run: Run = { args, asked, environment, output, reports: [] };
  const { code, failure } = await endOf(run);
  if (failure !== undefined) output.failed(failure);
  const { result, unwritten } = await writeReports(run.reports, await output.finish(code));
  if (json) process.stdout.write(jsonText(result));
  const sentences = failure === undefined ? [] : [told(failure, asked)];
  for (const sentence of [...sentences, ...unwritten]) {
    process.stderr.write(`codex-migrate: ${secrets.hide(sentence)}\n`);
  }
  return result.code;
}

function secretsOf(
  args: readonly string[],
  { databaseUrl = "", scratchUrl = "", password }: Environment,
): Secrets {
  const named = passwordsIn([...args, databaseUrl, scratchUrl]);
  return createSecrets(password === undefined ? named : [...named, password]);
}

async function endOf(run: Run): Promise<{ code: number; failure?: unknown }> {
  try {
    return { code: await perform(run) };
  } catch (error) {
    const failure = interruption.aborted ? interrupted(error) : error;
    return { code: codeOf(failure), failure };
  }
}

async function perform(run: Run): Promise<number> {
  const { args, asked, environment, output } = run;
  await takeReports(run, asked.reports);
  const line = parseFlags(args);
  const [name] = line.words;
  if (line.values["version"] === true) return showVersion(output);
  const wantsHelp = line.values["help"] === true;
  if (name === undefined) {
    showHelp(run, (await import("./help.ts")).helpOf());
    return wantsHelp ? exitCode.done : exitCode.usage;
  }
  const spec = chooseCommand(name, line);
  if (wantsHelp) {
    showHelp(run, (await import("./help.ts")).commandHelp(name, spec));
    return exitCode.done;
  }
  const file = await readConfig(textOf(line.values, "config"));
  await takeReports(run, file.report);
  const context = readContext(spec, line, { file, environment, output });
  return (await spec.load())(context);
}

function showVersion(output: Output): number {
  const { node } = process.versions;
  output.say(`codex-migrate ${toolVersion}, Node.js ${node}`);
  output.result({ version: toolVersion, node });
  return exitCode.done;
}

// Past the hiding of passwords: its examples are addresses.
function showHelp({ asked, output }: Run, help: string): void {
  if (!asked.json) process.stdout.write(`${help}\n`);
  output.result({ help });
}

async function takeReports(run: Run, texts: readonly string[]): Promise<void> {
  const { targets, failure } = await prepareReports(texts);
  run.reports = [...run.reports, ...targets];
  if (failure !== undefined) throw failure;
}

function interrupted(cause: unknown): Failure {
  return new Failure(
    `Stopped by ${String(interruption.reason)}. What was running is rolled back, or gone on with by the next run; "status" says what is applied.`,
    { cause },
  );
}

function told(failure: unknown, { verbose }: Asked): string {
  const stack = verbose && failure instanceof Error ? `\n${failure.stack}` : "";
  return `${sentenceOf(failure)}${stack}`;
}
