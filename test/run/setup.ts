import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mountsBelow, processesOf } from './left-behind.ts'

/** Named in the environment of every process that a run of tests starts, and of those that they start. */
export const runVariable = 'K8TS_TEST_RUN'

/**
 * Gives a run of tests a folder for temporary files of its own. What is left there at its end fails the run, as do
 * processes and mounts. Every project has this setup; the first that comes does it for all.
 *
 * @returns the end of the run; `undefined` where another sees to it.
 */
export default function setup(): (() => void) | undefined {
  if (process.env[runVariable] !== undefined) return undefined
  const usual = tmpdir()
  const folder = mkdtempSync(join(usual, 'k8ts-run-'))
  process.env[runVariable] = folder
  // What is fetched and built once is kept for the next run.
  process.env['K8TS_TEST_CACHE'] ??= join(usual, 'k8ts-test-cache')
  process.env['TMPDIR'] = folder
  return () => {
    const left = [
      ...processesOf(`${runVariable}=${folder}`).map((line) => `process ${line}`),
      ...mountsBelow(folder).map((path) => `mount ${path}`),
      // The loader of TypeScript programs keeps what it has compiled.
      ...readdirSync(folder).filter((name) => !/^(?:tsx-\d+|node-compile-cache|node-jiti)$/.test(name)),
    ]
    if (left.length > 0) {
      // An error alone is told, and the run counts as good.
      process.exitCode = 1
      throw new Error(`tests left behind in ${folder}:\n  ${left.join('\n  ')}`)
    }
    rmSync(folder, { recursive: true, force: true })
  }
}
