import { configmaps, pods } from '#api/core/v1'
import type { Client } from '#client'
import { isAlreadyExists } from '#machinery'

/**
 * Distributions mount more into every pod than upstream does: ConfigMaps that controllers of their own make. Where those
 * controllers are ours, which know nothing of it, they are made here.
 */
export async function furnish(client: Client, namespace: string): Promise<void> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: 'probe' },
    spec: { containers: [{ name: 'probe', image: 'probe' }] },
  } as const
  const { spec } = await client.create(pods, pod, { dryRun: true })
  const sources = (spec?.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? [])
  for (const source of sources) {
    const { name = '', items = [] } = source?.configMap ?? {}
    if (name === '' || name === 'kube-root-ca.crt') continue
    const data = Object.fromEntries(items.map((item) => [item?.key ?? '', '']))
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data } as const
    await client.create(configmaps, object).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error
    })
  }
}
