import { certificatesigningrequests } from '#api/certificates/v1'
import { replicasets } from '#api/apps/v1'
import { pods, resourcequotas, secrets } from '#api/core/v1'
import { poddisruptionbudgets } from '#api/policy/v1'
import { createCertificateRequest, generatePrivateKey } from '#pki'
import { expect, template, webServer } from './task.ts'
import type { Task } from './task.ts'

/** What watches over others: disruption budgets, quotas, certificates, owners. */
export const policyTask: Task = {
  name: 'policy',
  async run(desk) {
    const { client, namespace } = desk
    const name = 'guarded'
    const set = await client.create(replicasets, {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace, name },
      spec: { replicas: 2, selector: { matchLabels: { app: name } }, template: template(name, webServer) },
    })
    await client.create(poddisruptionbudgets, {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { namespace, name },
      spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
    })
    await desk.until(poddisruptionbudgets, name, (budget) => budget?.status?.disruptionsAllowed === 1)
    const evict = (pod: string): Promise<boolean> =>
      client
        .createSubresource(pods, desk.key(pod), 'eviction', {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { namespace, name: pod },
        })
        .then(
          () => true,
          () => false,
        )
    // One after the other: of two at once upstream's server tries the loser again after half a second, when there may be
    // another pod.
    const outcomes: boolean[] = []
    for (const { metadata } of await desk.all(pods)) outcomes.push(await evict(metadata.name ?? ''))
    expect(outcomes.filter(Boolean).length === 1, 'one eviction of two')

    await client.create(resourcequotas, {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { namespace, name },
      spec: { hard: { secrets: '4' } },
    })
    // What is created before the quota counts is not seen until it counts all anew.
    await desk.until(resourcequotas, name, (quota) => quota?.status?.used?.['secrets'] === '0')
    await client.create(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        namespace,
        name: 'owned',
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: set.metadata.uid ?? '' }],
      },
    })
    await desk.until(resourcequotas, name, (quota) => quota?.status?.used?.['secrets'] === '1')
    await client.delete(replicasets, desk.key(name), { propagationPolicy: 'Foreground' })
    await desk.until(replicasets, name, (object) => object === undefined)
    await desk.until(secrets, 'owned', (object) => object === undefined)
    await desk.until(resourcequotas, name, (quota) => quota?.status?.used?.['secrets'] === '0')

    const key = generatePrivateKey()
    await client.create(certificatesigningrequests, {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      metadata: { name: namespace },
      spec: {
        request: Buffer.from(createCertificateRequest(key, { commonName: namespace, organizations: [] })).toString(
          'base64',
        ),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
      },
    })
    await desk.kubectl('certificate', 'approve', namespace)
    const signed = await desk.until(
      certificatesigningrequests,
      namespace,
      (request) => request?.status?.certificate !== undefined,
    )
    expect(Buffer.from(signed?.status?.certificate ?? '', 'base64').includes('CERTIFICATE'), 'a certificate')
    await client.delete(certificatesigningrequests, { name: namespace })
  },
}
