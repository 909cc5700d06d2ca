import { listOf, nodeOf, tableOf, textIn } from "./parse.ts";
import type { Node, Parsed } from "./parse.ts";
import { concurrentlyInside } from "./remark.ts";
import type { Remark, Scene } from "./remark.ts";

/** ATTACH and DETACH PARTITION of what was there before. */
export function partitionRule({ node }: Parsed, scene: Scene): Remark[] {
  // ALTER INDEX … ATTACH PARTITION joins indexes, and reads no row.
  if (node["objtype"] !== "OBJECT_TABLE") return [];
  const table = tableOf(node["relation"]);
  return listOf(node, "cmds").flatMap((one) => {
    const command = nodeOf(one["AlterTableCmd"]);
    const partition = nodeOf(nodeOf(command["def"])["PartitionCmd"]);
    const subtype = textIn(command, "subtype");
    if (subtype === "AT_DetachPartition") return detached(table, partition, scene);
    return subtype === "AT_AttachPartition" ? attached(tableOf(partition["name"]), scene) : [];
  });
}

function detached(table: string, partition: Node, { headers, existed }: Scene): Remark[] {
  if (partition["concurrent"] === true) {
    return headers.transaction ? [concurrentlyInside(table)] : [];
  }
  if (!existed(table)) return [];
  return [
    {
      level: "error",
      rule: "detach-blocks-readers",
      message: `readers of ${table} wait until COMMIT while ${tableOf(partition["name"])} is taken from it`,
      remedy: "DETACH PARTITION … CONCURRENTLY in a file headed `-- codex: no-transaction`.",
      object: table,
    },
  ];
}

function attached(partition: string, { existed }: Scene): Remark[] {
  if (!existed(partition)) return [];
  return [
    {
      level: "warning",
      rule: "partition-scanned",
      message: `all of ${partition} is read, while its readers wait, unless a validated CHECK says the same as its bounds`,
      remedy: "Add that CHECK NOT VALID, validate it in a later file, and attach it after that.",
      object: partition,
    },
  ];
}
