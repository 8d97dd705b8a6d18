import { isQualifiedName } from '#machinery'

/** Whether a resource is somebody's own, not Kubernetes'. */
export function isExtendedResource(name: string): boolean {
  if (!name.includes('/') || name.includes('kubernetes.io/') || name.startsWith('requests.')) return false
  return isQualifiedName(`requests.${name}`).length === 0
}
