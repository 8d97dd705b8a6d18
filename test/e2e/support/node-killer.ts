import { setTimeout as pause } from 'node:timers/promises'
import type { E2eCluster } from './cluster.ts'
import { runtimePids } from './leftovers.ts'

/** What was killed of a node. */
export interface Kill {
  readonly node: string
  readonly what: 'agent' | 'containerd' | 'both'
  /** Milliseconds after it was found to run. */
  readonly after: number
}

/** Longest life of what is killed, milliseconds. */
const longestLifeMs = 4000

/** Kills a node's agent, its container runtime or both, again and again, each time at a moment that chance has. */
export class NodeKiller {
  readonly #cluster: E2eCluster
  readonly #node: string
  readonly kills: Kill[] = []

  constructor(cluster: E2eCluster, node: string) {
    this.#cluster = cluster
    this.#node = node
  }

  async run(count: number): Promise<void> {
    for (let done = 0; done < count; done++) {
      const pids = { agent: await this.#pid('agent'), containerd: await this.#pid('containerd') }
      const after = Math.random() ** 2 * longestLifeMs
      await pause(after)
      const what = (['agent', 'containerd', 'both'] as const)[Math.floor(Math.random() * 3)] ?? 'both'
      for (const part of ['agent', 'containerd'] as const) {
        if (what === part || what === 'both') await killAndWait(pids[part])
      }
      this.kills.push({ node: this.#node, what, after: Math.round(after) })
    }
  }

  /** Process of a part, once it runs. */
  async #pid(part: 'agent' | 'containerd'): Promise<number> {
    for (;;) {
      const pid = part === 'agent' ? await this.#agent() : runtimePids(this.#cluster.name, this.#node)[0]
      if (pid !== undefined) return pid
      await pause(50)
    }
  }

  async #agent(): Promise<number | undefined> {
    const pid = await this.#cluster.agentPid(this.#node).catch(() => 0)
    return pid > 0 && lives(pid) ? pid : undefined
  }
}

async function killAndWait(pid: number): Promise<void> {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself.
  }
  while (lives(pid)) await pause(10)
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
