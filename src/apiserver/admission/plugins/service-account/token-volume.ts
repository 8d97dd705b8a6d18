import type { Draft } from '#api'
import type { Container, Pod, Volume } from '#api/core/v1'
import type { Clock } from '#base'
import { generateName } from '../../../registry/metadata.ts'

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const prefix = 'kube-api-access-'

/** An hour and seven seconds: by the odd figure it is known as the default. */
const expirationSeconds = 3607

/** Mounts the token of the pod's account, with what goes with it, where programs look for it. */
export function mountToken({ spec }: Draft<Pod>, clock: Clock): void {
  const existing = (spec.volumes ?? []).find(({ name }) => name.startsWith(prefix))?.name
  const name = existing ?? generateName(prefix, clock)
  const mounted = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter((container) =>
    mount(container, name),
  )
  if (existing === undefined && mounted.length > 0) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)]
}

/** A container that mounts something there itself is left alone. */
function mount(container: Draft<Container>, volume: string): boolean {
  const mounts = container.volumeMounts ?? []
  if (mounts.some((each) => each.mountPath === mountPath)) return false
  container.volumeMounts = [...mounts, { name: volume, readOnly: true, mountPath }]
  return true
}

function tokenVolume(name: string): Draft<Volume> {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: 0o644,
    },
  }
}
