import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lockHolder } from '../host/lock.ts'
import { UserError } from '../user-error.ts'
import type { ClusterLayout } from './layout.ts'
import { readRunningState } from './running.ts'

/**
 * Sees to it that no cluster or node of another name works with a data folder: it would lose what it holds there.
 *
 * @throws UserError that says who does
 */
export async function checkNobodyElses({ name, dataDir, runDir, lockFile, stateFile }: ClusterLayout): Promise<void> {
  const folder = await realpath(dataDir).catch(() => undefined)
  if (folder === undefined) return
  const base = dirname(runDir)
  const names = await readdir(base).catch(() => [])
  for (const other of names.filter((found) => found !== name)) {
    const at = (file: string): string => join(base, other, file.slice(runDir.length + 1))
    const state = await readRunningState(at(stateFile)).catch(() => undefined)
    if (!state || (await realpath(state.dataDir).catch(() => undefined)) !== folder) continue
    const holder = await lockHolder(at(lockFile))
    if (!holder) continue
    throw new UserError(
      `${dataDir} has the data of ${other}, which runs (process ${holder.pid}): ` +
        `name that one with --name ${other}, or take another folder with --data-dir`,
    )
  }
}
