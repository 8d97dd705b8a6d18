import { existsSync } from 'node:fs'
import { openClusterPki } from '#pki'
import type { ClusterPki, ClusterPkiOptions } from '#pki'
import type { Logger } from '#base'
import { hasData, openLmdbStore } from '#store/lmdb'
import type { Store } from '#store'
import type { ControlPlane } from '../control-plane/control-plane.ts'
import { explainCertificates } from '../explain.ts'
import { explainListen } from '../host/listening.ts'
import { step } from '../progress.ts'
import { contextName } from '../state/layout.ts'
import type { ClusterLayout } from '../state/layout.ts'
import type { RunningNode, RunningState } from '../state/running.ts'
import { writeSettings } from '../state/settings.ts'
import type { ClusterSettings } from '../state/settings.ts'
import { defaultKubeconfig, writeKubeconfigs } from './kubeconfigs.ts'
import { UserError } from '../user-error.ts'
import type { Run } from './run.ts'

/** Opens the cluster's store. @throws StoreOpenError, and UserError when it was lost */
export function openStore({ layout, clock, progress, closing }: Run, logger: Logger): Promise<Store> {
  return step(progress, 'store', async () => {
    checkStoreIsThere(layout)
    const store = await openLmdbStore({ directory: layout.storeDir, clock, logger })
    closing.add(() => store.close())
    return store
  })
}

/**
 * A cluster that was up has a store: an administrator is let in once the first objects are written. To begin with an empty
 * one would end all that runs in it.
 */
function checkStoreIsThere({ storeDir, adminKubeconfig }: ClusterLayout): void {
  if (!existsSync(adminKubeconfig) || hasData(storeDir)) return
  throw new UserError(
    `the store in "${storeDir}" is gone: restore it from a backup, or begin anew (k8ts down --delete)`,
  )
}

/** Opens the cluster's keys and certificates. @throws UserError when they are there and can't be used */
export function openPki(
  { layout, clock, progress, closing }: Run,
  names: Pick<ClusterPkiOptions, 'dnsNames' | 'ipAddresses'>,
): Promise<ClusterPki> {
  return step(progress, 'certificates', async () => {
    const pki = await openClusterPki({ clock, folder: layout.pkiDir, ...names }).catch((error: unknown) => {
      throw explainCertificates(error, layout.pkiDir)
    })
    closing.add(() => pki.settled)
    return pki
  })
}

/** Where a control plane is reached. */
export interface ControlPlaneAddresses {
  /** At which it listens. */
  readonly hosts: readonly string[]
  /** Its address for others, as the progress tells it, once it listens at a port. */
  readonly server: (port: number) => string
  /** Its address for this machine, which kubeconfigs get. */
  readonly local: (port: number) => string
}

/** Serves the API, writes the first objects, lets the administrator in, and remembers the settings that did. @throws UserError, Error */
export async function startControlPlane(
  { layout, progress }: Run,
  plane: ControlPlane,
  {
    settings,
    pki,
    logger,
    addresses,
  }: {
    readonly settings: ClusterSettings
    readonly pki: ClusterPki
    readonly logger: Logger
    readonly addresses: ControlPlaneAddresses
  },
): Promise<void> {
  await step(
    progress,
    'API server',
    () => listen(plane, settings.port, addresses.hosts),
    () => addresses.server(plane.port),
  )
  await step(progress, 'first objects', () => plane.start())
  await writeKubeconfigs(
    pki,
    {
      server: addresses.local(plane.port),
      context: contextName(layout.name),
      own: layout.adminKubeconfig,
      users: settings.kubeconfig ?? defaultKubeconfig(),
    },
    (error) => logger.error('Kubeconfig could not be written', { error }),
  )
  await writeSettings(layout.settingsFile, settings)
}

async function listen(plane: ControlPlane, port: number, hosts: readonly string[]): Promise<void> {
  try {
    await plane.listen(port, hosts)
  } catch (cause) {
    const { address: host = hosts.join(', ') } = cause as { readonly address?: string }
    throw explainListen(cause, { host, port }, { port: '--port', address: '--bind-address' })
  }
}

/** What a cluster with its control plane here tells of itself. */
export function clusterState(
  { layout, clock }: Run,
  settings: ClusterSettings,
  { server, nodes }: { readonly server: string; readonly nodes: readonly RunningNode[] },
): RunningState {
  return {
    name: layout.name,
    server,
    runtime: settings.runtime,
    dataDir: layout.dataDir,
    adminKubeconfig: layout.adminKubeconfig,
    kubeconfig: settings.kubeconfig ?? defaultKubeconfig(),
    context: contextName(layout.name),
    startedAt: clock.now(),
    nodes,
  }
}
