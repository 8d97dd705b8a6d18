import { readFile } from 'node:fs/promises'
import { aborted, systemClock } from '#base'
import type { Clock, Component, Logger, Tracer } from '#base'
import { createClient, createInformerFactory, RequestMetrics, tracedTransport } from '#client'
import type { Client, InformerFactory, Transport } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import type { HttpConfig, PemSource } from '#client/http'
import { ComponentGroup } from '../control-plane/components.ts'
import { standardLogger } from '../log.ts'
import type { LogSettings } from '../log.ts'
import { UserError } from '../user-error.ts'
import { kubernetesVersion } from '../version.ts'

/** What a part of a cluster that runs by itself is told first of all. */
export interface RemoteSettings extends LogSettings {
  /** How to reach the API server; as `kubectl` finds it when absent. */
  readonly kubeconfig?: string
  /** Address of the API server, in place of that in the kubeconfig. */
  readonly server?: string
}

/** A part's way to the API server, whose connections end with it. */
export interface Remote extends AsyncDisposable {
  readonly clock: Clock
  readonly logger: Logger
  readonly transport: Transport
  readonly client: Client
  readonly informers: InformerFactory
  /** Another way there, which says nothing of who asks; ends with this one. */
  readonly anonymous: () => Transport
  /** Counts what is asked of the API server. */
  readonly requests: RequestMetrics
  /** Authority of the API server's certificate, in PEM, where the kubeconfig has one. */
  readonly authority: string | undefined
}

/**
 * Finds the API server, as whom the kubeconfig says.
 *
 * @param program how it calls itself: `kube-scheduler`.
 * @param tracer tells of its requests, where anybody listens
 * @throws UserError
 */
export async function connectRemote(program: string, settings: RemoteSettings, tracer?: Tracer): Promise<Remote> {
  const clock = systemClock
  const logger = standardLogger(settings)
  const { config } = await loadKubeconfig(settings.kubeconfig === undefined ? {} : { path: settings.kubeconfig }).catch(
    (cause: unknown) => {
      throw new UserError(`${(cause as Error).message}: give one with --kubeconfig`, { cause })
    },
  )
  const address = { ...config, ...(settings.server === undefined ? {} : { server: settings.server }) }
  const requests = new RequestMetrics(clock)
  const transport = createHttpTransport(address, { clock, log: logger, metrics: requests })
  const transports = [transport]
  const send = tracer ? tracedTransport(transport.send, address.server, tracer) : transport.send
  const client = createClient(send, { userAgent: userAgent(program) })
  return {
    clock,
    logger,
    transport: send,
    client,
    requests,
    informers: createInformerFactory(client, { clock, log: logger }),
    anonymous() {
      const further = createHttpTransport(withoutCredentials(address), { clock, log: logger, metrics: requests })
      transports.push(further)
      return further.send
    },
    authority: config.ca && (await pemOf(config.ca)),
    [Symbol.asyncDispose]: async () => void (await Promise.all(transports.map((each) => each.close()))),
  }
}

/** How a program calls itself to the API server. */
export const userAgent = (program: string): string => `${program}/${kubernetesVersion}`

function withoutCredentials(config: HttpConfig): HttpConfig {
  const { server, serverName, insecureSkipVerify, ca, proxyUrl, timeoutMs, disableHttp2 } = config
  const given = { serverName, insecureSkipVerify, ca, proxyUrl, timeoutMs, disableHttp2 }
  return { server, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}

export const pemOf = (source: PemSource): string | Promise<string> =>
  'pem' in source ? source.pem : readFile(source.file, 'utf8')

/**
 * Runs parts until the signal aborts or one of them fails; those that are given later stop first.
 *
 * @throws what the part that failed threw.
 */
export async function runParts(
  groups: readonly (readonly Component[])[],
  { logger }: Pick<Remote, 'logger'>,
  signal: AbortSignal,
): Promise<void> {
  const running = new ComponentGroup(logger)
  try {
    for (const parts of groups) running.start(...parts)
    await Promise.race([aborted(signal).promise, running.failed])
  } finally {
    await running.stop()
  }
}
