import { messageOf, sleep } from '#base'
import type { Clock, Logger } from '#base'
import { nodes } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { csinodes } from '#api/storage/v1'
import type { CSINode } from '#api/storage/v1'
import type { Client } from '#client'
import { isNotFound, quote } from '#machinery'

export interface CsiNodeOptions {
  readonly client: Client
  readonly clock: Clock
  readonly log: Logger
  readonly nodeName: string
  /** Hears why the object is not as it should be, `undefined` once it is. */
  readonly problem: (why: string | undefined) => void
}

const migratedAnnotation = 'storage.alpha.kubernetes.io/migrated-plugins'
/** Volumes that were built in once, and are served by drivers since: the scheduler counts them as such. */
const migrated = [
  'kubernetes.io/aws-ebs',
  'kubernetes.io/azure-disk',
  'kubernetes.io/azure-file',
  'kubernetes.io/cinder',
  'kubernetes.io/gce-pd',
  'kubernetes.io/portworx-volume',
  'kubernetes.io/vsphere-volume',
].join(',')

const firstRetryMs = 100
const longestRetryMs = 7000

/** Makes the CSINode of a node that the API knows, or puts it right, and tries until it is or the signal aborts. */
export async function keepCsiNode(options: CsiNodeOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, problem } = options
  for (let wait = firstRetryMs; !signal.aborted; wait = Math.min(longestRetryMs, wait * 2)) {
    try {
      await ensure(options)
      problem(undefined)
      return
    } catch (error) {
      log.warn('The CSINode could not be made, will try again', { error })
      problem(`failed to initialize CSINode: ${messageOf(error)}`)
    }
    await sleep(clock, wait, signal).catch(() => {})
  }
}

async function ensure({ client, nodeName: name }: CsiNodeOptions): Promise<void> {
  const node = await client.get(nodes, { name })
  const known = await client.get(csinodes, { name }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined
    throw error
  })
  if (!known) return void (await client.create(csinodes, csiNodeOf(node)))
  const owner = foreignOwner(known, node)
  if (owner !== undefined) {
    await client.delete(csinodes, { name })
    const ids = `oldNodeID=${quote(owner)}, newNodeID=${quote(node.metadata.uid ?? '')}`
    throw new Error(`CSINode ${quote(name)} was owned by different node (${ids}), deleted it`)
  }
  if (known.metadata.annotations?.[migratedAnnotation] === migrated) return
  const annotations = { ...known.metadata.annotations, [migratedAnnotation]: migrated }
  await client.update(csinodes, { ...known, metadata: { ...known.metadata, annotations } })
}

/** Goes with the node. Drivers come when they register. */
function csiNodeOf({ metadata: { name = '', uid = '' } }: Node): CSINode {
  return {
    kind: 'CSINode',
    apiVersion: 'storage.k8s.io/v1',
    metadata: {
      name,
      annotations: { [migratedAnnotation]: migrated },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
    },
    spec: { drivers: [] },
  }
}

/** Whose an object is that a former node of the name has left; `undefined` for the node's own. */
function foreignOwner({ metadata }: CSINode, { metadata: { name, uid } }: Node): string | undefined {
  const owners = (metadata.ownerReferences ?? []).filter(({ kind }) => kind === 'Node')
  return owners.some((owner) => owner.name === name && owner.uid === uid) ? undefined : (owners.at(-1)?.uid ?? '')
}
