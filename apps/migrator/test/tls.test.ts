import { canMakeDatabases, requireTool, startPostgres, testServer } from "@codex/testkit";
import type { PostgresServer } from "@codex/testkit";
import { execFile } from "node:child_process";
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sentenceOf } from "../src/failure.ts";
import { addressFor, runProgram } from "../src/release/program.ts";
import { connect } from "../src/runner/session.ts";
import { readTls, withoutTls } from "../src/runner/tls.ts";

const run = promisify(execFile);

describe.runIf(canMakeDatabases())("TLS, in libpq's words", () => {
  let folder: string;
  let server: PostgresServer;
  let plain: string;

  const openssl = (...args: string[]): Promise<unknown> =>
    run(requireTool("openssl"), args, { cwd: folder });

  // Two authorities, of which the server's certificate has one; it is for localhost, not for 127.0.0.1.
  async function makeCertificates(): Promise<void> {
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    for (const name of ["ca", "other"]) {
      const names = ["-keyout", `${name}.key`, "-out", `${name}.crt`, "-subj", `/CN=${name}`];
      await openssl("req", "-x509", ...curve, ...names, "-days", "2");
    }
    for (const [name, subject] of [
      ["server", "localhost"],
      ["client", "by_certificate"],
    ] as const) {
      const names = ["-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${subject}`];
      await openssl("req", ...curve, ...names);
      await writeFile(join(folder, `${name}.ext`), `subjectAltName=DNS:${subject}`);
      const signer = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
      const files = ["-in", `${name}.csr`, "-out", `${name}.crt`, "-extfile", `${name}.ext`];
      await openssl("x509", "-req", ...files, ...signer);
    }
  }

  async function turnOn(admin: pg.Client): Promise<void> {
    const { rows } = await admin.query<{ data: string; hba: string }>(
      "select current_setting('data_directory') as data, current_setting('hba_file') as hba",
    );
    const { data = "", hba = "" } = rows[0] ?? {};
    const { uid, gid } = await stat(data);
    await chmod(join(folder, "server.key"), 0o600);
    await chown(join(folder, "server.key"), uid, gid);
    await chmod(folder, 0o755);
    for (const [name, value] of Object.entries({
      ssl_cert_file: join(folder, "server.crt"),
      ssl_key_file: join(folder, "server.key"),
      ssl_ca_file: join(folder, "ca.crt"),
      ssl: "on",
    })) {
      await admin.query(`alter system set ${name} = ${admin.escapeLiteral(value)}`);
    }
    const before = await readFile(hba, "utf8");
    await writeFile(
      hba,
      `hostssl all by_certificate all cert
       hostnossl all only_tls all reject
       hostssl all only_plain all reject\n${before}`,
    );
    await admin.query("create role by_certificate login superuser");
    await admin.query("create role only_tls login superuser password 'secret'");
    await admin.query("create role only_plain login superuser password 'secret'");
    await admin.query("select pg_reload_conf()");
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "codex-tls-"));
    await makeCertificates();
    // Direct negotiation is there since 17, and Debian's pg_dump is older.
    server = await startPostgres({ major: 18 });
    const admin = new pg.Client(server.url("postgres"));
    await admin.connect();
    await turnOn(admin);
    await vi.waitFor(async () => {
      const { rows } = await admin.query<{ ssl: string }>("show ssl");
      if (rows[0]?.ssl !== "on") throw new Error("the server has no TLS yet");
    });
    await admin.end();
    plain = (await testServer()).url("postgres");
  });

  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const file = (name: string): string => join(folder, name);

  function urlWith(parameters: Record<string, string>, url = server.url("postgres")): string {
    const address = new URL(url);
    const { host, user, ...rest } = parameters;
    if (host !== undefined) address.hostname = host;
    if (user !== undefined) Object.assign(address, { username: user, password: "secret" });
    for (const [name, value] of Object.entries(rest)) address.searchParams.set(name, value);
    return address.href;
  }

  // Whether the session is encrypted, or the sentence that says why there is none.
  async function outcomeOf(url: string, variables: Record<string, string> = {}): Promise<string> {
    try {
      const client = await connect({ url, tls: readTls(url, { HOME: folder, ...variables }) });
      const { rows } = await client.query<{ ssl: boolean }>(
        "select ssl from pg_stat_ssl where pid = pg_backend_pid()",
      );
      await client.end();
      return rows[0]?.ssl === true ? "encrypted" : "plain";
    } catch (error) {
      return sentenceOf(error);
    }
  }

  it.each([
    [{}, "encrypted"],
    [{ sslmode: "disable" }, "plain"],
    [{ sslmode: "allow" }, "plain"],
    [{ sslmode: "prefer" }, "encrypted"],
    [{ sslmode: "require" }, "encrypted"],
    [{ sslmode: "require", sslrootcert: "other.crt" }, "is of nobody that sslrootcert trusts"],
    [{ sslmode: "require", sslrootcert: "ca.crt" }, "encrypted"],
    [{ sslmode: "verify-ca", sslrootcert: "ca.crt" }, "encrypted"],
    [{ sslmode: "verify-ca", sslrootcert: "other.crt" }, "is of nobody that sslrootcert trusts"],
    [{ sslmode: "verify-ca" }, "needs the certificates to trust"],
    [{ sslmode: "verify-full", sslrootcert: "ca.crt" }, "is for another host"],
    [{ sslmode: "verify-full", sslrootcert: "ca.crt", host: "localhost" }, "encrypted"],
    [{ sslmode: "verify-full", sslrootcert: "missing.crt" }, "sslrootcert cannot be read"],
    [{ sslrootcert: "system" }, "is of nobody that sslrootcert trusts"],
    [{ sslmode: "require", sslrootcert: "system" }, "use verify-full"],
    [{ sslmode: "require", sslnegotiation: "direct" }, "encrypted"],
    [{ sslnegotiation: "direct" }, "needs sslmode=require or stronger"],
    [{ sslmod: "require" }, "parameter sslmod is not known"],
    [{ channel_binding: "require" }, "parameter channel_binding is not known"],
    [{ sslcrl: "revoked.pem" }, "parameter sslcrl is not known"],
    [{ gssencmode: "require" }, "parameter gssencmode is not known"],
    [{ gssencmode: "disable", channel_binding: "prefer" }, "encrypted"],
    [{ sslmode: "strong" }, "use one of disable, allow, prefer"],
    [{ user: "only_tls", sslmode: "allow" }, "encrypted"],
    [{ user: "only_plain" }, "plain"],
    [{ user: "only_plain", sslmode: "require" }, "refuses the login"],
    [
      { user: "by_certificate", sslmode: "require", sslcert: "client.crt", sslkey: "client.key" },
      "encrypted",
    ],
    [{ user: "by_certificate", sslmode: "require", sslcert: "client.crt" }, "without sslkey"],
    [{ user: "by_certificate", sslmode: "require" }, "refuses the login"],
  ] as const)("%j of a server with TLS: %s", async (parameters, outcome) => {
    const named = Object.entries(parameters).map(([name, value]) => [
      name,
      /\.(crt|key)$/.test(value) ? file(value) : value,
    ]);
    const got = await outcomeOf(urlWith(Object.fromEntries(named) as Record<string, string>));
    expect(got).toContain(outcome);
    expect(got).not.toContain(server.address.password);
  });

  it.each([
    ["disable", "plain"],
    ["allow", "plain"],
    ["prefer", "plain"],
    ["require", "offers no TLS"],
    ["verify-full", "offers no TLS"],
  ])("sslmode=%s of a server without: %s", async (sslmode, outcome) => {
    const parameters = { sslmode, sslrootcert: file("ca.crt") };
    expect(await outcomeOf(urlWith(parameters, plain))).toContain(outcome);
  });

  it("reads PGSSL* where the URL says nothing, and the usual files in ~/.postgresql", async () => {
    const url = server.url("postgres");
    const variables = { PGSSLMODE: "verify-ca", PGSSLROOTCERT: file("other.crt") };
    expect(await outcomeOf(url, variables)).toContain("trusts");
    expect(await outcomeOf(urlWith({ sslrootcert: file("ca.crt") }), variables)).toBe("encrypted");
    await mkdir(file(".postgresql"));
    await copyFile(file("other.crt"), file(".postgresql/root.crt"));
    expect(await outcomeOf(url, { PGSSLMODE: "require" })).toContain("trusts");
  });

  it.each([
    [{ PGCHANNELBINDING: "require" }, "PGCHANNELBINDING asks for a guard"],
    [{ PGREQUIREAUTH: "scram-sha-256" }, "PGREQUIREAUTH asks for a guard"],
    [{ PGSSLCRL: "revoked.pem" }, "PGSSLCRL asks for a guard"],
    [{ PGGSSENCMODE: "require" }, "PGGSSENCMODE asks for a guard"],
    [{ PGCHANNELBINDING: "prefer", PGGSSENCMODE: "disable", PGSSLCRL: "" }, "encrypted"],
  ])("%j: %s", async (variables, outcome) => {
    expect(await outcomeOf(server.url("postgres"), variables)).toContain(outcome);
  });

  it("pg_dump connects in the same way", async () => {
    const dump = async (parameters: Record<string, string>): Promise<string> => {
      const url = urlWith(parameters);
      const client = new pg.Client(withoutTls(server.url("postgres")));
      const environment = addressFor(client, readTls(url, {}));
      return runProgram("pg_dump", ["--schema-only"], environment);
    };
    await expect(dump({ sslmode: "verify-ca", sslrootcert: file("other.crt") })).rejects.toThrow(
      "certificate verify failed",
    );
    // It came so far as to see that the server is newer than itself.
    await expect(dump({ sslmode: "verify-ca", sslrootcert: file("ca.crt") })).rejects.toThrow(
      "server version",
    );
  });
});
