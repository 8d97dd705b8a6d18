import { messageOf } from '#base'
import { persistentvolumeclaims, persistentvolumes } from '#api/core/v1'
import type { PersistentVolume, PersistentVolumeClaim } from '#api/core/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { isNotFound, keyOf, Quantity } from '#machinery'
import { recorderFor } from '../common/meta/events.ts'
import { watchEvents } from '../common/meta/watch.ts'
import type { ControllersOptions } from '../options.ts'

const preResizeCapacity = 'volume.alpha.kubernetes.io/pre-resize-capacity'
const resizerAnnotation = 'volume.kubernetes.io/storage-resizer'

/** Kinds of volumes that drivers took over: how they are called, and by whom they are made larger. */
const migrated: readonly (readonly [keyof PersistentVolume['spec'], string, string])[] = [
  ['awsElasticBlockStore', 'kubernetes.io/aws-ebs', 'ebs.csi.aws.com'],
  ['gcePersistentDisk', 'kubernetes.io/gce-pd', 'pd.csi.storage.gke.io'],
  ['cinder', 'kubernetes.io/cinder', 'cinder.csi.openstack.org'],
  ['azureDisk', 'kubernetes.io/azure-disk', 'disk.csi.azure.com'],
  ['azureFile', 'kubernetes.io/azure-file', 'file.csi.azure.com'],
  ['vsphereVolume', 'kubernetes.io/vsphere-volume', 'csi.vsphere.vmware.com'],
  ['portworxVolume', 'kubernetes.io/portworx-volume', 'pxd.portworx.com'],
]

const sizeOf = (text: string | undefined): Quantity => Quantity.parse(text ?? '0')
const requested = ({ spec }: PersistentVolumeClaim): Quantity => sizeOf(spec.resources?.requests?.['storage'])
const provided = ({ status }: PersistentVolumeClaim): Quantity => sizeOf(status?.capacity?.['storage'])

function create({ informers, client, queue, events }: ControllerContext<ControllersOptions>): Controller {
  const claims = informers.informer(persistentvolumeclaims)
  const volumes = informers.informer(persistentvolumes)
  const record = recorderFor(events, persistentvolumeclaims)
  const enqueue = (claim: PersistentVolumeClaim): void => {
    if (claim.status?.phase === 'Bound') queue.add(keyOf(claim))
  }

  const volumeOf = async ({ spec }: PersistentVolumeClaim): Promise<PersistentVolume> => {
    const { volumeName: name = '' } = spec
    try {
      return volumes.lister.get({ name }) ?? (await client.get(persistentvolumes, { name }))
    } catch (error) {
      if (!isNotFound(error)) throw error
      throw new Error(`failed to get PV "${name}": ${messageOf(error)}`, { cause: error })
    }
  }

  const nameResizer = async (claim: PersistentVolumeClaim, resizer: string): Promise<void> => {
    const { annotations = {}, namespace = '', name = '' } = claim.metadata
    if (annotations[resizerAnnotation] === resizer) return
    const patch = { metadata: { annotations: { [resizerAnnotation]: resizer } } }
    await client.patch(persistentvolumeclaims, { namespace, name }, { type: 'strategic', patch })
  }

  return {
    concurrency: 10,
    watches: [
      watchEvents(persistentvolumeclaims, {
        added: enqueue,
        updated(old, claim) {
          const grew = requested(claim).compare(requested(old)) > 0 || provided(claim).compare(provided(old)) > 0
          if (grew) enqueue(claim)
        },
      }),
    ],
    async reconcile(key) {
      const claim = claims.lister.getByKey(key)
      if (!claim) return
      const volume = await volumeOf(claim)
      const { claimRef } = volume.spec
      if (claimRef?.namespace !== claim.metadata.namespace || claimRef?.uid !== claim.metadata.uid) {
        throw new Error(`persistent Volume is not bound to PVC being updated : ${key}`)
      }
      const isLarge = requested(claim).compare(provided(claim)) <= 0
      if (isLarge && volume.metadata.annotations?.[preResizeCapacity] === undefined) return
      const driver = migrated.find(([field]) => volume.spec[field] !== undefined)
      if (!driver) {
        return record(claim, 'Normal', 'ExternalExpanding', 'waiting for an external controller to expand this PVC')
      }
      const [, plugin, resizer] = driver
      const message = `CSI migration enabled for ${plugin}; waiting for external resizer to expand the pvc`
      record(claim, 'Normal', 'ExternalExpanding', message)
      await nameResizer(claim, resizer)
    },
  }
}

/** Tells who makes volumes larger when their claims ask for more. */
export const volumeExpandController: ControllerDescriptor<ControllersOptions> = {
  name: 'persistentvolume-expander-controller',
  aliases: ['persistentvolume-expander'],
  eventSource: 'volume_expand',
  serviceAccount: 'expand-controller',
  inputs: [persistentvolumeclaims, persistentvolumes],
  outputs: [{ resource: persistentvolumeclaims, ownership: 'shared' }],
  create,
}
