import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { removeNetworkResults } from './network-results.ts'

test('removeNetworkResults() takes notes of pods in a cluster, and nobody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'k8ts-results-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const note = (name: string, sandbox: string): void => {
    const result = { cniVersion: '1.0.0', interfaces: [{ name: 'veth1' }, { name: 'eth0', sandbox }] }
    writeFileSync(join(folder, name), JSON.stringify({ kind: 'cniCacheV1', networkName: 'k8ts', result }))
  }
  note('k8ts-a-eth0', '/run/k8ts/one/one-1/containerd/netns/cni-a')
  note('cni-loopback-a-lo', '/run/k8ts/one/one-1/containerd/netns/cni-a')
  note('k8ts-b-eth0', '/run/k8ts/one-more/one-more-1/containerd/netns/cni-b')
  note('cilium-c-eth0', '/run/netns/cni-c')
  writeFileSync(join(folder, 'torn'), '{"kind":"cniCacheV1"')
  mkdirSync(join(folder, 'folder'))
  await removeNetworkResults('/run/k8ts/one', folder)
  expect(readdirSync(folder).sort()).toEqual(['cilium-c-eth0', 'folder', 'k8ts-b-eth0', 'torn'])
  await removeNetworkResults('/run/k8ts/one', join(folder, 'none'))
})
