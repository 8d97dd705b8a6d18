import { expect, test } from 'vitest'
import { groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'
import { encodeJson } from '../codec/json/encode.ts'
import { applyDefaults } from './defaults.ts'

const types = linkTypes(groupVersions)

function struct(name: string): StructType {
  const type = types.get(name)
  if (type?.kind !== 'struct') throw new Error(`no struct ${name}`)
  return type
}

test('applyDefaults() fills in what is not set, at any depth and in canonical order', () => {
  const container = { name: 'c', ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }], resources: {} }
  const pod = Object.freeze({
    kind: 'Pod',
    metadata: {},
    spec: {
      containers: [container, { name: 'd' }],
      volumes: [{ name: 'v', iscsi: { targetPortal: 't', iqn: 'q', lun: 0 } }],
    },
  })
  expect(encodeJson(applyDefaults(struct('core/v1.Pod'), pod))).toBe(
    '{"kind":"Pod","metadata":{},"spec":{"volumes":[{"name":"v","iscsi":{"targetPortal":"t","iqn":"q","lun":0,"iscsiInterface":"default"}}],"containers":[{"name":"c","ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":53,"protocol":"UDP"}],"resources":{}},{"name":"d"}]}}',
  )
})

test('applyDefaults() tells zero from unset where the type can', () => {
  const controller = (spec: object): unknown =>
    applyDefaults(struct('core/v1.ReplicationController'), { metadata: {}, spec })
  expect([controller({}), controller({ replicas: 0 })]).toEqual([
    { metadata: {}, spec: { replicas: 1 } },
    { metadata: {}, spec: { replicas: 0 } },
  ])
  const grpc = applyDefaults(struct('core/v1.Probe'), { grpc: { port: 1, service: null } })
  expect(grpc).toEqual({ grpc: { port: 1, service: '' } })
})

test('applyDefaults() returns what lacks nothing as it is', () => {
  const service = { metadata: {}, spec: { ports: [{ protocol: 'TCP', port: 80, targetPort: 0 }] } }
  expect(applyDefaults(struct('core/v1.Service'), service)).toBe(service)
  const configMap = { metadata: {}, data: { a: '' } }
  expect(applyDefaults(struct('core/v1.ConfigMap'), configMap)).toBe(configMap)
})

test('applyDefaults() passes over what an object has from one with its defaults', () => {
  const spec = { containers: [{ name: 'c', ports: [{ containerPort: 80 }] }] }
  const pod = struct('core/v1.Pod')
  expect(applyDefaults<object>(pod, { metadata: {}, spec }, { spec })).toEqual({ metadata: {}, spec })
  const other = applyDefaults<object>(pod, { metadata: {}, spec }, { spec: { ...spec } })
  expect(other).toHaveProperty('spec.containers.0.ports.0.protocol', 'TCP')
})
