import type { KubeconfigEntry } from './merge.ts'

/** A kubeconfig that has one context alone, as JSON, which is YAML too. */
export function formatKubeconfig({ name, cluster, user }: Pick<KubeconfigEntry, 'name' | 'cluster' | 'user'>): string {
  return `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  })}\n`
}
