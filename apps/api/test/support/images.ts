import { requireTool } from "@codex/testkit";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { certificates } from "./env.ts";

const run = promisify(execFile);
const baseName = "node:24-bookworm-slim";
// Podman's own numbers may be above what this machine lets anybody have.
const limits = ["--ulimit=nofile=4096:4096", "--ulimit=nproc=4096:4096"];
const root = join(import.meta.dirname, "../../../..");

/** How a container ended. */
export interface Ended {
  readonly code: number;
  /** Both streams. */
  readonly said: string;
}

/** What a container is started with, besides what its image says. */
export interface Start {
  readonly environment: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Folders in memory, which alone can be written to. */
  readonly folders?: readonly string[];
}

/**
 * Images and containers in a folder of their own, by podman as root. No registry is asked for
 * `node:24-bookworm-slim`: Debian's packages and this Node.js are put together under its name. Disposing of it
 * ends the containers and removes everything.
 */
export class Images implements AsyncDisposable {
  readonly #folder: string;
  readonly #podman: string;
  // What the build needs of this machine, and no image says: how npm's packages are reached, and those that are here.
  #outside: readonly string[] = [];
  /** Why this machine lets no container run, whatever its image; undefined where they run. */
  refusal: string | undefined;

  private constructor(podman: string, folder: string) {
    this.#podman = podman;
    this.#folder = folder;
  }

  static async open(): Promise<Images> {
    const podman = requireTool("podman");
    const images = new Images(podman, await mkdtemp(join(tmpdir(), "codex-images-")));
    try {
      await images.#makeBase();
      images.refusal = await images.#tryBase();
      return images;
    } catch (error) {
      await images[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Builds a container file of the checkout. */
  async build(name: string, file: string): Promise<void> {
    await this.#build(["--file", join(root, file), "--tag", name, root]);
  }

  /** The user that an image runs as. */
  async userOf(image: string): Promise<string> {
    return this.#run("image", "inspect", "--format", "{{.Config.User}}", image);
  }

  /** Starts a container as the examples for Kubernetes do, on this machine's network. */
  async start(image: string, { environment, args = [], folders = [] }: Start): Promise<Container> {
    const name = `codex-${randomUUID()}`;
    const variables = Object.entries(environment).map(([key, value]) => `--env=${key}=${value}`);
    await this.#run(
      "run",
      "--detach",
      "--name",
      name,
      "--network=host",
      ...limits,
      "--read-only",
      "--read-only-tmpfs=false",
      "--cap-drop=all",
      "--security-opt=no-new-privileges",
      "--unsetenv=NODE_EXTRA_CA_CERTS",
      ...folders.map((folder) => `--tmpfs=${folder}:rw,mode=1777`),
      ...variables,
      image,
      ...args,
    );
    const said = async (): Promise<string> => this.#run("logs", name);
    const ended = async (): Promise<Ended> => {
      const code = Number(await this.#run("wait", name));
      return { code, said: await said() };
    };
    return {
      said,
      ended,
      stop: async () => {
        await this.#run("stop", "--time=60", name);
        return ended();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#run("rm", "--all", "--force", "--time=0");
    // It mounts its folder of layers on itself.
    await run("umount", [join(this.#folder, "storage/overlay")]).catch(() => {});
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #makeBase(): Promise<void> {
    const base = join(this.#folder, "base");
    await mkdir(base);
    const [{ stdout: modules }, { stdout: store }] = await Promise.all([
      run("npm", ["root", "--global"]),
      run("npx", ["-y", "pnpm@12", "store", "path"], { cwd: root }),
      run(requireTool("mmdebstrap"), [
        "--quiet",
        "--variant=minbase",
        // For the builds as well. The caches, 75 MB, are not in the official image either.
        '--aptopt=Acquire::Retries "5"',
        '--aptopt=Dir::Cache::pkgcache ""',
        '--aptopt=Dir::Cache::srcpkgcache ""',
        "bookworm",
        join(base, "debian.tar"),
      ]),
      cp(process.execPath, join(base, "node")),
    ]);
    await cp(join(modules.trim(), "npm"), join(base, "npm"), { recursive: true });
    const commands = ["npm", "npx"].map(
      (name) => `ln -s ../lib/node_modules/npm/bin/${name}-cli.js /usr/local/bin/${name}`,
    );
    const lines = [
      "FROM scratch",
      "ADD debian.tar /",
      "COPY node /usr/local/bin/",
      "COPY npm /usr/local/lib/node_modules/npm",
      `RUN ${commands.join(" && ")} && useradd --create-home node`,
      "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      ...(certificates === undefined ? [] : [`ENV NODE_EXTRA_CA_CERTS=${certificates}`]),
    ];
    await writeFile(join(base, "Containerfile"), lines.join("\n"));
    await this.#build(["--tag", baseName, base]);
    this.#outside = [
      // The packages that this checkout was installed from; what is written there stays in the build.
      `--volume=${join(store.trim(), "..")}:/root/.local/share/pnpm/store:O`,
      ...(certificates === undefined ? [] : [`--volume=${certificates}:${certificates}:ro`]),
    ];
  }

  // A sandbox may keep from root what a container needs, mounts and groups of processes.
  async #tryBase(): Promise<string | undefined> {
    try {
      await this.#run("run", "--rm", "--network=host", ...limits, baseName, "true");
      return undefined;
    } catch (error) {
      return `no container runs on this machine: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  async #build(args: readonly string[]): Promise<void> {
    await this.#run("build", "--network=host", "--layers=false", ...this.#outside, ...args);
  }

  async #run(...args: readonly string[]): Promise<string> {
    const at = (name: string): string => join(this.#folder, name);
    const own = [
      `--root=${at("storage")}`,
      `--runroot=${at("run")}`,
      `--tmpdir=${at("state")}`,
      "--storage-driver=overlay",
      `--runtime=${requireTool("runc")}`,
      "--cgroup-manager=cgroupfs",
      "--events-backend=file",
    ];
    const { stdout, stderr } = await run(this.#podman, [...own, ...args], { maxBuffer: 1 << 26 });
    return args[0] === "logs" ? stdout + stderr : stdout.trim();
  }
}

/** A container that runs, or has run. */
export interface Container {
  said(): Promise<string>;
  /** Waits for its end. */
  ended(): Promise<Ended>;
  /** Asks it to stop; code 137 is one that did not within a minute. */
  stop(): Promise<Ended>;
}
