import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readProxyConfiguration } from './proxy-configuration.ts'

const head = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n'

describe('readProxyConfiguration()', () => {
  let file = ''
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'k8ts-proxy-')), 'config.yaml')
  })
  afterEach(() => rm(join(file, '..'), { recursive: true }))

  test('reads what kubeadm writes', async () => {
    const text = `${head}bindAddress: 0.0.0.0
bindAddressHardFail: false
clientConnection: {acceptContentTypes: "", burst: 0, contentType: "", kubeconfig: /var/lib/kube-proxy/kubeconfig.conf, qps: 0}
clusterCIDR: 10.244.0.0/16,fd00::/64
configSyncPeriod: 0s
conntrack: {maxPerCore: null, min: null}
detectLocal: {bridgeInterface: "", interfaceNamePrefix: ""}
detectLocalMode: ""
enableProfiling: false
healthzBindAddress: ""
hostnameOverride: one
iptables: {masqueradeAll: false}
ipvs: {excludeCIDRs: null}
logging: {}
metricsBindAddress: ""
mode: nftables
nftables: {masqueradeAll: true}
nodePortAddresses: null
oomScoreAdj: null
portRange: ""
showHiddenMetricsForVersion: ""
winkernel: {enableDSR: false}
`
    await writeFile(file, text)
    expect(readProxyConfiguration(file)).toEqual({
      kubeconfig: '/var/lib/kube-proxy/kubeconfig.conf',
      nodeName: 'one',
      clusterBlocks: ['10.244.0.0/16', 'fd00::/64'],
      masqueradeAll: true,
      healthAddress: '',
    })
  })

  test.each([
    [
      'kind: Other',
      /no kind "KubeProxyConfiguration" of kubeproxy.config.k8s.io\/v1alpha1, got , Kind=Other: put it right$/,
    ],
    [`${head}mode: ipvs`, /mode is "ipvs", must be nftables: put it right$/],
    [`${head}detectLocalMode: BridgeInterface`, /detectLocalMode is "BridgeInterface", must be ClusterCIDR/],
    [`${head}clusterCidr: x`, /unknown field "clusterCidr"/],
  ])('%j is refused', async (text, message) => {
    await writeFile(file, text)
    expect(() => readProxyConfiguration(file)).toThrow(message)
  })
})
