import type { Service } from '#api/core/v1'

const managedBy = 'endpoints.kubernetes.io/managed-by'
const headless = 'service.kubernetes.io/headless'
const manager = 'endpoint-controller'

type Labels = { readonly [key: string]: string }

/** Whether a Service has an address of its own. */
export const hasClusterIP = ({ spec }: Service): boolean => Boolean(spec.clusterIP) && spec.clusterIP !== 'None'

/** Labels of the Endpoints of a Service. */
export function labelsFor(service: Service): Labels {
  const { [headless]: _, ...labels } = service.metadata.labels ?? {}
  return { ...labels, ...(hasClusterIP(service) ? {} : { [headless]: '' }), [managedBy]: manager }
}

/** Whether labels follow those of the Service; whether they call it headless does not count. */
export function labelsAgree(labels: Labels, service: Service): boolean {
  if (labels[managedBy] !== manager) return false
  const wanted = service.metadata.labels ?? {}
  let shared = 0
  for (const [key, value] of Object.entries(labels)) {
    if (key === headless || key === managedBy) continue
    if (wanted[key] !== value) return false
    shared++
  }
  return Object.keys(wanted).length === shared
}
