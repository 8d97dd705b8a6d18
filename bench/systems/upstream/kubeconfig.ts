import { formatKubeconfig } from '#client/http'
import type { KubeconfigEntry } from '#client/http'

/** A kubeconfig, as JSON, which is YAML too. */
export const kubeconfigWith = (cluster: KubeconfigEntry['cluster'], user: KubeconfigEntry['user']): string =>
  formatKubeconfig({ name: 'bench', cluster, user })
