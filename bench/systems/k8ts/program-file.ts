import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The program as it is shipped. */
const programFile: string = fileURLToPath(new URL('../../../dist/bundle/k8ts.js', import.meta.url))

export type ProgramCommand = readonly [string, ...string[]]

/** Node with the program, and where it is asked for, profiles of its processor time. */
export const programCommand = (profiles: string | undefined): ProgramCommand => [
  process.execPath,
  ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`]),
  programFile,
]

/** @throws Error when it has not been built. */
export function checkBuilt(): void {
  if (!existsSync(programFile)) throw new Error(`there is no ${programFile}: run npm run build first`)
}
