import { expect, test } from 'vitest'
import { readConfiguration } from './configuration.ts'
import { writtenConfiguration } from './written.ts'

test('writtenConfiguration() has the fields of the API, and is read as what it was', () => {
  const given = {
    clusterDNS: ['10.96.0.10'],
    authentication: { x509: { clientCAFile: '/ca.crt' }, anonymous: { enabled: true } },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '1m30s' } },
    syncFrequency: '90s',
    containerLogMaxSize: '5Mi',
    serializeImagePulls: false,
    evictionSoft: { 'memory.available': '1Gi' },
    evictionSoftGracePeriod: { 'memory.available': '1m30s' },
    crashLoopBackOff: { maxContainerRestartPeriod: '10s' },
    memorySwap: { swapBehavior: 'LimitedSwap' },
    kubeReserved: { cpu: '100m' },
    userNamespaces: { idsPerPod: 131_072 },
  }
  const config = readConfiguration(given)
  const written = writtenConfiguration(config)
  expect(readConfiguration(structuredClone(written))).toEqual(config)
  expect(written).toMatchObject({
    ...given,
    kind: 'KubeletConfiguration',
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    syncFrequency: '1m30s',
    imageMaximumGCAge: '0s',
    volumeStatsAggPeriod: '1m0s',
    cpuCFSQuotaPeriod: '100ms',
    authentication: { ...given.authentication, webhook: { enabled: true, cacheTTL: '2m0s' } },
    authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '1m30s', cacheUnauthorizedTTL: '30s' } },
  })
  for (const empty of ['tlsCertFile', 'allowedUnsafeSysctls', 'podsPerCore', 'featureGates', 'maxParallelImagePulls'])
    expect(written).not.toHaveProperty(empty)
})

test('writtenConfiguration() tells what was given of fields that nobody reads', () => {
  const given = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    hairpinMode: 'none',
    rotateCertificates: true,
  }
  const { apiVersion: _, kind: __, ...unread } = given
  const config = readConfiguration(given)
  expect(config.unread).toEqual(unread)
  const written = writtenConfiguration(config)
  expect(written).toMatchObject(given)
  expect(written).not.toHaveProperty('unread')
  expect(readConfiguration(structuredClone(written))).toEqual(config)
})
