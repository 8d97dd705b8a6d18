import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

/** A process of Node. */
export interface Program {
  readonly process: ChildProcess
  /** Exit status; `null` when a signal ended it. */
  readonly ended: Promise<number | null>
  /** What it has said so far, on both streams. */
  output(): string
  /** Resolves when it has said this. @throws Error with the output, when it ends before */
  said(words: string): Promise<void>
}

/**
 * `k8ts` from its sources, in a process of its own.
 *
 * @param words command and flags
 */
export const startProgram = (words: readonly string[], environment: NodeJS.ProcessEnv = {}): Program =>
  startNode(['--conditions=source', '--import', 'tsx', main, ...words], environment)

/** @param words flags of Node, a script and its arguments */
export function startNode(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    process: child,
    ended,
    output: () => output,
    async said(wanted) {
      while (!output.includes(wanted)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(output)
        await pause(50)
      }
    },
  }
}

/** A home of its own, for programs of a user who is nobody else. */
export const homeIn = (folder: string): NodeJS.ProcessEnv => ({
  HOME: folder,
  XDG_RUNTIME_DIR: folder,
  XDG_STATE_HOME: folder,
  KUBECONFIG: '',
})
