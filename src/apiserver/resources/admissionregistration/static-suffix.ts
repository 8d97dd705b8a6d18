import { quote } from '#machinery'
import type { KubeObject } from '#machinery'

const suffix = '.static.k8s.io'

/** Names with this ending are kept for configurations in files. */
export function warningsForStaticSuffix({ metadata }: KubeObject): readonly string[] {
  if (!(metadata.name ?? '').endsWith(suffix)) return []
  return [
    `metadata.name: names ending with ${quote(suffix)} are reserved for static manifest-based configurations and cannot be managed via the API`,
  ]
}
