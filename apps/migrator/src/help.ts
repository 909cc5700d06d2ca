import { commands } from "./commands/catalogue.ts";
import type { CommandSpec } from "./commands/catalogue.ts";
import { commonFlags, ownFlags } from "./flags.ts";
import { flagOf, settingNames, variableOf, wholeSettings } from "./settings.ts";

const codes = `Exit codes: 0 done, 1 failed, 2 usage, 3 pending, 4 drift, 5 lint, 6 lock busy, 7 verify red,
8 backup, 9 unhealthy.`;

/** The help of the whole tool. */
export function helpOf(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => column(name, summary));
  return `codex-migrate <command> [options]

${lines.join("\n")}

Options of every command:
${flags(Object.keys(commonFlags))}

Numbers, also by variable (${variableOf("lockWait")}) or by key of the configuration ("lockWait"):
${settingNames.map((name) => column(`--${flagOf(name)} N`, `${wholeSettings[name].help} (${wholeSettings[name].default})`)).join("\n")}

codex-migrate <command> --help shows the command's own options and examples.
${codes}`;
}

/** The help of one command. */
export function commandHelp(name: string, spec: CommandSpec): string {
  const own = spec.flags.length === 0 ? "" : `\nOptions:\n${flags(spec.flags)}\n`;
  return `codex-migrate ${name}${spec.word === undefined ? "" : ` ${spec.word}`} [options]

${spec.summary}.
${own}
Examples:
${spec.examples.map((example) => `  codex-migrate ${example}`).join("\n")}

codex-migrate --help lists the options of every command.
${codes}`;
}

function flags(names: readonly string[]): string {
  return names
    .map((name) => {
      const flag = commonFlags[name] ?? ownFlags[name];
      return column(`--${name} ${flag?.takes ?? ""}`.trim(), flag?.help ?? "");
    })
    .join("\n");
}

function column(left: string, right: string): string {
  return `  ${left.padEnd(24)} ${right}`;
}
