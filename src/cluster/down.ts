import { existsSync } from 'node:fs'
import { readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeFromKubeconfig } from '#client/http'
import { checkNotInUse } from '#store/lmdb'
import { removeNodeNetwork } from '#network'
import { nodeNetworkNames } from './agent/names.ts'
import { nodeStateFile } from './node/state.ts'
import { explain } from './explain.ts'
import { signalProcess, waitForEnd } from './host/processes.ts'
import { lockHolder } from './host/lock.ts'
import { removeLeftovers } from './leftovers.ts'
import { step } from './progress.ts'
import type { Progress } from './progress.ts'
import { checkNobodyElses } from './state/data-users.ts'
import { clusterLayout, contextName } from './state/layout.ts'
import type { ClusterLayout } from './state/layout.ts'
import { readSettings } from './state/settings.ts'
import { UserError } from './user-error.ts'

/** Milliseconds that a cluster gets to stop its pods and itself. */
const stopMs = 60_000

export interface DownOptions {
  readonly layout: ClusterLayout
  /** Deletes data, images and the context in the kubeconfig too. */
  readonly deleteData: boolean
  readonly progress: Progress
}

/**
 * Stops a cluster on this machine, whatever state it is in, and removes what it left behind.
 *
 * @throws UserError
 */
export async function stopCluster(options: DownOptions): Promise<void> {
  try {
    await stop(options)
  } catch (error) {
    throw explain(error, options.layout.dataDir)
  }
}

async function stop({ layout, deleteData, progress }: DownOptions): Promise<void> {
  await checkNobodyElses(layout)
  const holder = await lockHolder(layout.lockFile)
  if (holder) {
    await step(progress, `stop ${layout.name}`, async () => {
      signalProcess(holder, 'SIGTERM')
      if (await waitForEnd(holder, stopMs)) return
      signalProcess(holder, 'SIGKILL')
      await waitForEnd(holder, stopMs)
    })
  }
  // One that is still starting has not told yet where its data are.
  await checkNotInUse(layout.storeDir)
  // Damaged settings are no reason to keep what is to go.
  const settings = await readSettings(layout.settingsFile).catch(() => undefined)
  const member = existsSync(nodeStateFile(layout))
  if (settings && settings.runtime !== 'containerd') await rm(layout.runDir, { recursive: true, force: true })
  else if (process.getuid?.() === 0) {
    await step(progress, 'leftovers', async () => {
      await removeLeftovers(layout)
      if (member) await removeMachineNetwork()
    })
  } else if (settings) throw new UserError(`nodes of cluster ${layout.name} belong to root: run this as root (sudo)`)
  if (!deleteData) return
  if (settings?.kubeconfig !== undefined) await removeFromKubeconfig(settings.kubeconfig, contextName(layout.name))
  await step(progress, 'data', () => deleteDataOf(layout))
}

/**
 * A folder that was named by mistake may have a `logs` or a `store` of somebody else.
 *
 * @throws UserError when a folder has something, and nothing that a cluster writes first.
 */
export async function checkIsClusters(layout: ClusterLayout): Promise<void> {
  const { dataDir, settingsFile, adminKubeconfig, serverLog, pkiDir } = layout
  const own = [settingsFile, nodeStateFile(layout), adminKubeconfig, serverLog, join(pkiDir, 'server-token')]
  if (isUsual(layout) || own.some((path) => existsSync(path))) return
  const names = await readdir(dataDir).catch(() => [])
  if (names.length === 0) return
  throw new UserError(`${dataDir} has no data of a cluster: name its folder with --data-dir`)
}

const isUsual = ({ name, dataDir }: ClusterLayout): boolean => dataDir === clusterLayout({ name }).dataDir

/** What a node that is this very machine, and has no network of its own, has made in the machine's. */
async function removeMachineNetwork(): Promise<void> {
  const { services, policies, pods, dns, announced } = nodeNetworkNames
  await removeNodeNetwork({ tables: [services, policies, pods, announced], serviceDevice: dns })
}

/** Deletes what is ours. The folder goes when nothing else is in it. */
async function deleteDataOf(layout: ClusterLayout): Promise<void> {
  const { pkiDir, storeDir, nodesDir, logDir, settingsFile, adminKubeconfig } = layout
  for (const path of [nodesDir, storeDir, pkiDir, logDir, adminKubeconfig, settingsFile, nodeStateFile(layout)]) {
    await rm(path, { recursive: true, force: true })
  }
  await rmdir(layout.dataDir).catch(() => undefined)
  // The last cluster takes the folder of all of them along; what else lies above a folder is not ours.
  if (isUsual(layout)) await rmdir(dirname(layout.dataDir)).catch(() => undefined)
}
