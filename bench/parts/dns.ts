import { services } from '#api/core/v1'
import { endpointslices } from '#api/discovery/v1'
import type { Client } from '#client'
import type { QuestionsTask } from '../load/tasks.ts'
import { totalCpuMs } from '../machine/processes.ts'
import type { Row } from '../report/row.ts'
import { clientOf } from '../systems/client.ts'
import type { DnsProgram } from '../systems/system.ts'
import { elsewhere, fillServices, startNodeApi } from './node-api.ts'
import { pause } from './part.ts'
import type { PartContext } from './part.ts'

const answers: Row = {
  id: 'dns.answers',
  title: "answers about names of the cluster, by the server's processor time",
  unit: 'per core second',
  better: 'more',
  limit: 30_000,
}
const latency: Row = {
  id: 'dns.latency',
  title: 'p99 of an answer, at 10,000 questions a second',
  unit: 'ms',
  better: 'less',
  limit: 2,
}

type Questions = QuestionsTask['questions']

const steadyRate = 10_000
const headless = { namespace: 'many', name: 'headless' }

/** Names that questions are about: more than a node's pods have in use, fewer than there are. */
const namesAsked = 500

const nameOf = (number: number): string => `service-${String(number).padStart(8, '0')}.many.svc.cluster.local`

/**
 * What pods ask: addresses of both families at once, as libc does, of services and of a service without an address of its
 * own; now and then ports, and a name that is not there because the search path begins with it.
 */
function questionsAbout(count: number): Questions {
  return Array.from({ length: Math.min(count, namesAsked) }, (_, index): Questions => {
    const name = nameOf((index * 7) % count)
    const direct: Questions = [
      { name, type: 'A' },
      { name, type: 'AAAA' },
    ]
    if (index % 10 === 0) return [...direct, { name: 'headless.many.svc.cluster.local', type: 'A' }]
    if (index % 10 === 1) return [...direct, { name: `_http._tcp.${name}`, type: 'SRV' }]
    if (index % 10 === 2) return [{ name: `${name}.many.svc.cluster.local`, type: 'A' }, ...direct]
    return direct
  }).flat()
}

/** What a DNS server of the cluster does, with very many Services. */
export async function measureDns(context: PartContext): Promise<void> {
  const { system, report, extent, generator, cleanup } = context
  if (!system.startDns) return
  const api = await startNodeApi(context)
  try {
    await fillServices(context, api, extent.services)
    await using connection = clientOf(api.endpoint, cleanup)
    await makeHeadless(connection.client)
    const server = await system.startDns(api.endpoint, cleanup)
    try {
      const questions = questionsAbout(extent.services)
      // Both codes are right: names of the search path are not there.
      const task = { kind: 'questions', host: '127.0.0.1', port: server.port, questions, expected: [0, 3] } as const
      await knowsAll(context, server, extent.services)
      const load = { ...task, sockets: 8, atOnce: 16 }
      await generator.run({ ...load, ms: extent.warmUpMs })
      const most = await generator.run({ ...load, ms: extent.ms }, () => totalCpuMs(server.processes))
      report.record(system.name, answers, (most.result.answers * 1000) / most.serverCpuMs, {
        'a second': most.result.answersPerSecond,
        'server us': (most.serverCpuMs * 1000) / most.result.answers,
        'client us': (most.clientCpuMs * 1000) / most.result.answers,
        ...failures(most.result),
      })
      const steady = { ...load, atOnce: 0, perSecond: steadyRate }
      const calm = await generator.run({ ...steady, ms: extent.ms }, () => totalCpuMs(server.processes))
      report.record(system.name, latency, calm.result.p99, {
        'p50 ms': calm.result.p50,
        'server cores': calm.serverCpuMs / 1000 / calm.wallSeconds,
        ...failures(calm.result),
      })
    } finally {
      await server.stop()
    }
  } finally {
    await api.stop()
  }
}

const failures = ({ wrong, lost }: { readonly wrong: number; readonly lost: number }): Record<string, number> => ({
  ...(wrong > 0 ? { wrong } : {}),
  ...(lost > 0 ? { lost } : {}),
})

/** Waits until the last name is answered. @throws Error when that takes a minute. */
async function knowsAll({ generator }: PartContext, { port }: DnsProgram, count: number): Promise<void> {
  const questions: Questions = [
    { name: nameOf(count - 1), type: 'A' },
    { name: 'headless.many.svc.cluster.local', type: 'A' },
  ]
  const task = { kind: 'questions', host: '127.0.0.1', port, questions, expected: [0], sockets: 1, atOnce: 0 } as const
  for (let attempt = 0; attempt < 60; attempt++) {
    const { result } = await generator.run({ ...task, perSecond: 20, ms: 200 })
    if (result.answers > 0 && result.wrong === 0 && result.lost === 0) return
    await pause(500)
  }
  throw new Error('the DNS server does not know the cluster after a minute')
}

async function makeHeadless(client: Client): Promise<void> {
  await client.create(services, {
    metadata: headless,
    spec: { clusterIP: 'None', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
  })
  await client.create(endpointslices, {
    metadata: {
      ...headless,
      labels: { 'kubernetes.io/service-name': headless.name, 'service.kubernetes.io/headless': '' },
    },
    addressType: 'IPv4',
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: elsewhere,
  })
}
