import { access, constants } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { explain } from '../explain.ts'
import { lockHolder, takeLock } from '../host/lock.ts'
import { checkKeepsFiles, checkLeadsSomewhere, placeOf } from '../host/place.ts'
import { findFreePort, isPortFree, listenerAt } from '../host/ports.ts'
import { checkNobodyElses } from '../state/data-users.ts'
import { defaultClusterName } from '../state/layout.ts'
import type { ClusterLayout } from '../state/layout.ts'
import { checkBlocks } from '../state/blocks.ts'
import { defaultSettings, mergeSettings, readSettings } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { UserError } from '../user-error.ts'

/** Bytes without which a first start makes no sense. */
const leastSpace = 64 * 1024 * 1024

/**
 * Makes the cluster of a name ours to run.
 *
 * @returns gives it up again.
 * @throws UserError when another process runs it, or one that has its data.
 */
export async function claimCluster(layout: ClusterLayout): Promise<() => void> {
  const { name, lockFile } = layout
  await checkNobodyElses(layout)
  const lock = await takeLock(lockFile)
  if (lock.held) return () => lock.release()
  const holder = lock.holder ?? (await lockHolder(lockFile))
  throw new UserError(
    `cluster ${name} runs already${holder ? ` (process ${holder.pid})` : ''}: ` +
      `stop it with k8ts down --name ${name}, or start another with --name`,
  )
}

/**
 * Works out what the cluster shall be like, and that the machine has room for it.
 *
 * @throws UserError
 */
export async function settleSettings(
  layout: ClusterLayout,
  wanted: Partial<ClusterSettings>,
): Promise<ClusterSettings> {
  const stored = await readSettings(layout.settingsFile)
  await checkLeadsSomewhere(layout.dataDir, '--data-dir')
  const settings = mergeSettings(wanted, stored, layout.name)
  checkBlocks(settings)
  await checkKeepsFiles(layout.dataDir, '--data-dir')
  if (settings.kubeconfig !== undefined) await checkKeepsFiles(resolve(settings.kubeconfig), '--kubeconfig')
  // Who is there already has files with room in them, and may be what makes room: image collection, kubectl delete.
  if (!stored) await checkSpace(layout.dataDir)
  return { ...settings, port: await choosePort(layout.name, wanted.port ?? stored?.port) }
}

/** A port that was asked for or had before must be free; else the usual one, for further clusters one of the next. */
async function choosePort(name: string, fixed: number | undefined): Promise<number> {
  const host = '127.0.0.1'
  if (fixed === 0) return findFreePort(host, 0, 0)
  const port = fixed ?? defaultSettings.port
  if (await isPortFree(host, port)) return port
  if (fixed === undefined && name !== defaultClusterName) return findFreePort(host, port + 1)
  const listener = listenerAt(port)
  const who = listener ? `${listener.name} (process ${listener.pid})` : 'another process'
  throw new UserError(`port ${port} is taken by ${who}: stop that, or choose another with --port`)
}

async function checkSpace(folder: string): Promise<void> {
  const { free, path } = await placeOf(folder)
  if (free >= leastSpace) return
  const left = Math.floor(free / 1024 / 1024)
  throw new UserError(
    `the disk of ${path} is full (${left} MB are free): make room, or take another folder with --data-dir`,
  )
}

/** @throws UserError when nobody may write where a cluster's data, or a folder for its kubeconfig, are to lie. */
export async function checkPlaces({ dataDir }: ClusterLayout, { kubeconfig }: ClusterSettings): Promise<void> {
  await checkWritable(dataDir)
  const folder = kubeconfig === undefined ? undefined : dirname(resolve(kubeconfig))
  if (folder !== undefined && !existsSync(folder)) await checkWritable(folder, 'file with --kubeconfig')
}

async function checkWritable(folder: string, another?: string): Promise<void> {
  const { path } = await placeOf(folder)
  try {
    await access(path, constants.W_OK)
  } catch (error) {
    throw explain(error, folder, another)
  }
}
