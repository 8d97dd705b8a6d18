import { expect, test } from 'vitest'
import { createLogger } from '#base'
import type { Manifest } from '#kubelet'
import { validateStaticPod } from '../../../src/cluster/node/static-pods.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'

/** Runs manifests, and tells which pods came of them and what was said of the others. */
async function run(manifests: { readonly [name: string]: object }): Promise<{ pods: string[]; said: string[] }> {
  const files = new Map<string, Manifest>(
    Object.entries(manifests).map(([name, more]) => {
      const { spec, metadata } = more as { spec?: object; metadata?: object }
      const object = {
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { name, ...metadata },
        spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
      }
      return [`/manifests/${name}.yaml`, { object }]
    }),
  )
  const said: string[] = []
  const node = new TestNode({
    config: { staticPodPath: '/manifests' },
    kubelet: { validatePod: validateStaticPod },
    log: createLogger('warn', (_, __, { file, error }) => {
      if (typeof file === 'string') said.push(`${file}: ${String(error)}`)
    }),
    manifests: { read: () => Promise.resolve(files), watch: () => () => {} },
  })
  const isDone = (): boolean => said.length + node.kubelet.workers.pods().length >= files.size
  await expect.poll(async () => node.settle().then(isDone), { timeout: 20_000 }).toBe(true)
  const pods = node.kubelet.workers.pods().map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
  await node.stop()
  return { pods: pods.sort(), said }
}

test('manifests have to be pods that the API would take, and are told of in its words', async () => {
  const { pods, said } = await run({
    good: {
      spec: {
        hostNetwork: true,
        priorityClassName: 'system-node-critical',
        securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'app',
            image: 'app:1',
            command: ['run'],
            livenessProbe: { httpGet: { path: '/livez', port: 10259 } },
            resources: { requests: { cpu: '100m' } },
            volumeMounts: [{ name: 'pki', mountPath: '/pki', readOnly: true }],
          },
        ],
        volumes: [{ name: 'pki', hostPath: { path: '/etc/pki', type: 'DirectoryOrCreate' } }],
      },
    },
    Upper: {},
    twice: { spec: { containers: ['app', 'app'].map((name) => ({ name, image: 'app:1' })) } },
    image: { spec: { containers: [{ name: 'app', image: '', imagePullPolicy: 'Sometimes' }] } },
    mount: { spec: { containers: [{ name: 'app', image: 'a', volumeMounts: [{ name: 'no', mountPath: '/no' }] }] } },
    account: { spec: { serviceAccountName: 'builder' } },
  })
  expect(pods).toEqual(['default/good-node-1'])
  const invalid = (name: string, text: string): string => `/manifests/${name}.yaml: Error: invalid pod: [${text}]`
  expect(said).toEqual([
    invalid(
      'Upper',
      `metadata.name: Invalid value: "Upper-node-1": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    ),
    invalid('twice', 'spec.containers[1].name: Duplicate value: "app"'),
    invalid(
      'image',
      'spec.containers[0].image: Required value spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"',
    ),
    invalid('mount', 'spec.containers[0].volumeMounts[0].name: Not found: "no"'),
    '/manifests/account.yaml: Error: static pods may not reference serviceaccounts',
  ])
})
