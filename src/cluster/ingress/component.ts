import { existsSync } from 'node:fs'
import { customresourcedefinitions } from '#api/apiextensions/v1'
import { ingressclasses, ingresses } from '#api/networking/v1'
import { aborted, defer, sleep } from '#base'
import type { Clock, Component, Logger } from '#base'
import type { Client, EventRecorder, InformerFactory } from '#client'
import { ipv6Works } from '../host/addresses.ts'
import { endProcess } from '../host/processes.ts'
import { processesWithParameter } from '../host/find-processes.ts'
import { gatewayController, ingressClassName, ingressController } from './names.ts'

export interface IngressOptions {
  readonly informers: InformerFactory
  readonly client: Client
  readonly recorder: EventRecorder
  readonly clock: Clock
  readonly logger: Logger
  /** Folder for the engine's files and sockets. */
  readonly directory: string
  /** File of the network namespace in which it listens and finds pods; our own when absent. */
  readonly namespace?: string
  /** Addresses and names by which clients reach it. */
  readonly published: readonly string[]
  /** Makes sure that the machine has the engine; it has when absent. */
  readonly prepare?: () => Promise<void>
}

/** Serves Ingresses, from the moment in which there is one: until then nothing of it is loaded, and no engine runs. */
export function ingressComponent(options: IngressOptions): Component {
  return {
    name: 'ingress',
    async start(signal) {
      await endLeft(options.directory)
      if (!(await firstIngress(options.informers, signal))) return
      const [{ createIngressController }, { checkCertificate, createHaproxy }] = await Promise.all([
        import('#ingress'),
        import('#ingress/engine'),
      ])
      const { directory, namespace, logger } = options
      await prepared(options, signal)
      const engine = createHaproxy({ directory, logger, ...(namespace === undefined ? {} : { namespace }) })
      const addresses = ipv6Works() ? ['*', '[::]'] : ['*']
      await createIngressController({
        ...options,
        engine,
        checkCertificate,
        ownClass,
        gatewayController,
        addresses,
      }).start(signal)
    },
  }
}

const gatewayDefinition = 'gateways.gateway.networking.k8s.io'

const ownClass = { controller: ingressController, name: ingressClassName }

/** Milliseconds that an engine gets to end by itself. */
const grace = 1000

/** Ends engines that outlived who started them: they hold the ports. */
async function endLeft(directory: string): Promise<void> {
  if (!existsSync(directory)) return
  const left = processesWithParameter((parameter) => parameter.startsWith(`${directory}/`))
  await Promise.all(left.map((identity) => endProcess(identity, grace)))
}

/** Milliseconds after which a preparation that failed is tried again. */
const retryMs = 60_000

async function prepared({ prepare, clock, logger }: IngressOptions, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await prepare?.()
      return
    } catch (error) {
      logger.error('Ingresses are not served', { error: String(error) })
      await sleep(clock, retryMs, signal)
    }
  }
}

/** Waits for an Ingress of one of our classes, or for Gateways to be defined. @returns false when it was told to end. */
async function firstIngress(informers: InformerFactory, signal: AbortSignal): Promise<boolean> {
  const classes = informers.informer(ingressclasses)
  const all = informers.informer(ingresses)
  const definitions = informers.informer(customresourcedefinitions)
  const found = defer<void>()
  const look = (): void => {
    if (definitions.lister.getByKey(gatewayDefinition)) found.resolve()
    for (const { spec } of all.lister.list()) {
      if (classes.lister.getByKey(spec.ingressClassName ?? '')?.spec.controller === ingressController) found.resolve()
    }
  }
  const ends = [all, classes, definitions].map((informer) => informer.addHandler({ added: look, updated: look }))
  const end = aborted(signal)
  try {
    await Promise.race([found.promise, end.promise])
    return !signal.aborted
  } finally {
    end.cancel()
    for (const each of ends) each()
  }
}
