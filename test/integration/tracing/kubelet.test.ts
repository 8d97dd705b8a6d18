import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pods } from '#api/core/v1'
import { silentLogger, systemClock, traced, VirtualClock } from '#base'
import { message, serve, unary } from '#grpc'
import { createCriRuntime } from '#kubelet/cri'
import { openTracing } from '#tracing'
import type { OpenTracing } from '#tracing'
import { SimulatedRuntime } from '../../../src/kubelet/simulated/runtime.ts'
import { TestNode } from '../../../src/kubelet/testing/node.ts'
import { startCollector } from '../../../src/tracing/testing/collector.ts'
import type { Collector } from '../../../src/tracing/testing/collector.ts'

const resource = { 'service.name': 'kubelet', 'host.name': 'node-1' }

const tracingTo = ({ endpoint }: Collector): OpenTracing =>
  openTracing({ endpoint, samplingRatePerMillion: 1_000_000 }, { clock: systemClock, log: silentLogger, resource })

test('each round of work on a pod begins a trace, of which the calls of the runtime are parts', async () => {
  await using collector = await startCollector()
  const tracing = tracingTo(collector)
  const { tracer } = tracing
  const clock = new VirtualClock()
  const runtime = new SimulatedRuntime({ clock })
  const within: (string | undefined)[] = []
  const run = runtime.runPodSandbox.bind(runtime)
  runtime.runPodSandbox = (config) => {
    within.push(tracer.active()?.context.spanId)
    return run(config)
  }
  const node = new TestNode({ kubelet: { tracer } }, { clock, runtime })
  const pod = await node.run('web', {})
  await node.api.delete(pods, { namespace: 'default', name: 'web' })
  await node.settle()
  await node.stop()
  await tracing.close()
  const rounds = collector.spans.filter(({ scope }) => scope === 'k8s.io/kubernetes/pkg/kubelet')
  const [first] = rounds
  expect(first).toMatchObject({
    resource,
    name: 'syncPod',
    kind: 'Internal',
    parent: '',
    attributes: {
      'k8s.pod': 'default/web',
      'k8s.pod.name': 'web',
      'k8s.pod.uid': pod.metadata.uid,
      'k8s.pod.update_type': 'create',
      'k8s.namespace.name': 'default',
    },
  })
  expect(within).toEqual([first?.id])
  expect(rounds.slice(-2).map(({ name }) => name)).toEqual(['syncTerminatingPod', 'syncTerminatedPod'])
  expect(new Set(rounds.map(({ trace }) => trace)).size).toBe(rounds.length)
})

test('a container runtime hears what it is asked for', async () => {
  await using collector = await startCollector()
  const tracing = tracingTo(collector)
  const folder = await mkdtemp(join(tmpdir(), 'cri-'))
  const socket = join(folder, 'cri.sock')
  const heard: (string | string[] | undefined)[] = []
  const version = {
    path: '/runtime.v1.RuntimeService/Version',
    request: message({ version: [1, 'string'] }),
    response: message({ version: [1, 'string'] }),
  }
  const server = await serve(socket, [
    unary(version, (_, { metadata }) => {
      heard.push(metadata['traceparent'])
      return { version: '0.1.0' }
    }),
  ])
  const runtime = createCriRuntime({ endpoint: `unix://${socket}`, tracer: tracing.tracer })
  try {
    await traced(tracing.tracer, { name: 'syncPod' }, () => runtime.version())
    await runtime.status().catch(() => undefined)
  } finally {
    runtime.close()
    await server.close()
    await rm(folder, { recursive: true })
  }
  await tracing.close()
  const [round] = collector.spans.filter(({ name }) => name === 'syncPod')
  const [call] = collector.spans.filter(({ name }) => name === 'runtime.v1.RuntimeService/Version')
  const [failed] = collector.spans.filter(({ name }) => name === 'runtime.v1.RuntimeService/Status')
  expect(heard).toEqual([`00-${call?.trace}-${call?.id}-01`])
  expect(call).toMatchObject({
    kind: 'Client',
    trace: round?.trace,
    parent: round?.id,
    events: ['message', 'message'],
    attributes: {
      'rpc.system.name': 'grpc',
      'rpc.method': 'runtime.v1.RuntimeService/Version',
      'server.address': socket,
      'rpc.response.status_code': 'OK',
    },
    failure: undefined,
  })
  expect(failed).toMatchObject({
    parent: '',
    attributes: { 'rpc.response.status_code': 'Unimplemented' },
    failure: 'unknown method Status for service runtime.v1.RuntimeService',
  })
})
