import type { QosClass } from '#kubelet'

export type CgroupDriver = 'cgroupfs' | 'systemd'

/** How the cgroups of pods are called. */
export interface CgroupNames {
  /** Paths below the hierarchy's mount point. */
  readonly kubepods: string
  readonly qos: (qos: QosClass) => string
  readonly pod: (uid: string, qos: QosClass) => string
  /** What the runtime is told as parent of a pod's containers. */
  readonly parent: (uid: string, qos: QosClass) => string
  /** Uid of the pod whose cgroup has this base name. */
  readonly uidOf: (name: string) => string | undefined
}

const qosFolder: { readonly [qos in QosClass]: string } = {
  Guaranteed: '',
  Burstable: 'burstable',
  BestEffort: 'besteffort',
}

/** @param root path of the cgroup that all of the node's pods lie in: `/` or, where nodes share a machine, one for each. */
export function cgroupNames(driver: CgroupDriver, root: string): CgroupNames {
  return driver === 'systemd' ? systemdNames(root) : cgroupfsNames(root)
}

function cgroupfsNames(root: string): CgroupNames {
  const base = root === '/' ? '' : root.replace(/\/$/, '')
  const kubepods = `${base}/kubepods`
  const qos = (name: QosClass): string => (qosFolder[name] === '' ? kubepods : `${kubepods}/${qosFolder[name]}`)
  const pod = (uid: string, name: QosClass): string => `${qos(name)}/pod${uid}`
  return { kubepods, qos, pod, parent: pod, uidOf: (name) => /^pod(.+)$/.exec(name)?.[1] }
}

/** systemd nests slices by the dashes in their names, so that dashes in a uid become underscores. */
function systemdNames(root: string): CgroupNames {
  const prefix = root === '/' ? '' : `${root.replaceAll('/', '-').replace(/^-|-$|\.slice$/g, '')}-`
  const path = (slice: string): string => {
    const parts = slice.split('-')
    return parts.map((_, index) => `/${parts.slice(0, index + 1).join('-')}.slice`).join('')
  }
  const kubepods = `${prefix}kubepods`
  const qosSlice = (name: QosClass): string => (qosFolder[name] === '' ? kubepods : `${kubepods}-${qosFolder[name]}`)
  const podSlice = (uid: string, name: QosClass): string => `${qosSlice(name)}-pod${uid.replaceAll('-', '_')}`
  return {
    kubepods: path(kubepods),
    qos: (name) => path(qosSlice(name)),
    pod: (uid, name) => path(podSlice(uid, name)),
    parent: (uid, name) => `${podSlice(uid, name)}.slice`,
    uidOf: (name) => /-pod([^-]+)\.slice$/.exec(name)?.[1]?.replaceAll('_', '-'),
  }
}
