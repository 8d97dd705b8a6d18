import { rm } from 'node:fs/promises'
import { readIfExists, writeFileAtomically } from '#pki'
import type { NodeRuntime } from './settings.ts'

/** What a running cluster tells those who ask on its machine. */
export interface RunningState {
  readonly name: string
  /** `https://127.0.0.1:6443`. */
  readonly server: string
  readonly runtime: NodeRuntime
  readonly dataDir: string
  /** Kubeconfig that has this cluster alone. */
  readonly adminKubeconfig: string
  /** Kubeconfig of the user that got the context. */
  readonly kubeconfig: string
  readonly context: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly nodes: readonly RunningNode[]
}

export interface RunningNode {
  readonly name: string
  readonly address: string
  /** Socket of its containerd; absent on simulated nodes. */
  readonly containerdSocket?: string
  /** Folder in which that keeps images. */
  readonly containerdRoot?: string
}

export async function readRunningState(file: string): Promise<RunningState | undefined> {
  const text = await readIfExists(file)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as RunningState
  } catch {
    return undefined
  }
}

export async function writeRunningState(file: string, state: RunningState): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o644, durable: false })
}

export const removeRunningState = (file: string): Promise<void> => rm(file, { force: true })
