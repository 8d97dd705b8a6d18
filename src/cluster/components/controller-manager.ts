import type { Component } from '#base'
import { createEventBroadcaster, discoverResources, readOpenApi, selectControllers } from '#client'
import type { Client } from '#client'
import { controllers } from '#controllers'
import { CertificateAuthority, ServiceAccountKeys } from '#pki'
import { Closing } from '../closing.ts'
import { controllersComponent } from '../control-plane/controllers.ts'
import { leaderMetric, processMetrics } from '../serving/metrics.ts'
import { QueueMetrics } from '../serving/queue-metrics.ts'
import { serveComponent } from '../serving/server.ts'
import type { ServedComponent, ServingSettings } from '../serving/server.ts'
import { readText } from '../host/read-text.ts'
import { usageError } from '../user-error.ts'
import { kubernetesVersion } from '../version.ts'
import { leading } from './leading.ts'
import type { LeaderSettings } from './leading.ts'
import { connectRemote, runParts } from './remote.ts'
import type { Remote, RemoteSettings } from './remote.ts'
import { ServiceAccountClients } from './service-account-clients.ts'

type RegistryOptions = Parameters<(typeof controllers)[number]['create']>[0]['options']

/** The controllers by themselves. Files are in PEM. */
export interface ControllerManagerSettings extends RemoteSettings {
  /** As `--controllers` has it. */
  readonly controllers: readonly string[]
  readonly leader?: LeaderSettings
  /** Whether each controller works as a service account of its own, and not as whom the kubeconfig says; false when absent. */
  readonly useServiceAccounts?: boolean
  /** Authority that pods are told to trust; the one in the kubeconfig when absent. */
  readonly rootCaFile?: string
  readonly serviceAccountKeyFile?: string
  readonly signing?: { readonly certificateFile: string; readonly keyFile: string }
  readonly serving?: ServingSettings
  /** The command line, for `/flagz` and `/configz`. */
  readonly flags?: { readonly [name: string]: string }
  /** What controllers are told beside that. */
  readonly options: Omit<RegistryOptions, 'discover' | 'readSchemas' | 'rootCA' | 'signToken' | 'certificateSigner'>
}

const program = 'kube-controller-manager'
const userAgent = `${program}/${kubernetesVersion}`

/** Runs the controllers until the signal aborts. @throws UserError, Error */
export async function runControllerManager(settings: ControllerManagerSettings, signal: AbortSignal): Promise<void> {
  const descriptors = selected(settings.controllers)
  const given = filesOf(settings)
  await using remote = await connectRemote(program, settings)
  await using closing = new Closing()
  const { client, clock, logger, informers } = remote
  const events = createEventBroadcaster({ client, clock, log: logger })
  const queues = new QueueMetrics()
  const work: Component = controllersComponent({
    name: 'controllers',
    descriptors,
    options: { ...settings.options, ...optionsOf(remote), ...given },
    clock,
    logger,
    informers,
    events,
    clientFor: clientsOf(remote, settings.useServiceAccounts),
    metricsFor: (controller) => queues.for(controller),
  })
  const led = leading(work, remote, settings.leader)
  const { leader, serving, flags } = settings
  if (serving) {
    const component: ServedComponent = {
      program,
      client,
      logger,
      checks: { leaderElection: led.isHealthy },
      configuration: { 'kubecontrollermanager.config.k8s.io': flags ?? {} },
      metrics: () => [
        ...processMetrics(),
        ...queues.families(),
        ...remote.requests.families(),
        ...(leader ? [leaderMetric(leader.name, led.leads())] : []),
      ],
      ...(flags ? { flags } : {}),
    }
    closing.add(await serveComponent(serving, component))
  }
  await runParts([[informers, events], [led.component]], remote, signal)
}

/** What files of the settings give controllers; who lacks something says so when it is made. @throws UserError, Error */
function filesOf({
  rootCaFile,
  serviceAccountKeyFile,
  signing,
}: ControllerManagerSettings): Pick<RegistryOptions, 'rootCA' | 'signToken' | 'certificateSigner'> {
  const keys =
    serviceAccountKeyFile === undefined
      ? undefined
      : new ServiceAccountKeys({ signingKey: readText(serviceAccountKeyFile) })
  return {
    ...(rootCaFile === undefined ? {} : { rootCA: readText(rootCaFile) }),
    ...(keys ? { signToken: (claims) => keys.sign({ ...claims }) } : {}),
    ...(signing ? { certificateSigner: authorityOf(signing) } : {}),
  }
}

/** What controllers learn from the API server, and of it. */
function optionsOf({ transport, authority }: Remote): Pick<RegistryOptions, 'discover' | 'readSchemas' | 'rootCA'> {
  return {
    discover: (signal) => discoverResources(transport, { userAgent, signal }),
    readSchemas: (group, apiVersion) => readOpenApi(transport, group, apiVersion, { userAgent }),
    ...(authority === undefined ? {} : { rootCA: authority }),
  }
}

/** @returns makes the client of a controller; an empty name is that of the manager itself. */
function clientsOf(remote: Remote, useServiceAccounts = false): (account: string) => Client {
  const { client, clock, anonymous } = remote
  if (!useServiceAccounts) return () => client
  const clients = new ServiceAccountClients({ client, clock, transport: anonymous(), userAgent })
  return (account) => (account === '' ? client : clients.for(account))
}

function selected(selection: readonly string[]): ReturnType<typeof selectControllers<RegistryOptions>> {
  try {
    return selectControllers(controllers, selection)
  } catch (error) {
    throw usageError(`flag --controllers: ${(error as Error).message}`)
  }
}

function authorityOf(files: { readonly certificateFile: string; readonly keyFile: string }): CertificateAuthority {
  const pair = { certificate: readText(files.certificateFile), key: readText(files.keyFile) }
  return new CertificateAuthority(pair, `authority ${files.certificateFile}`)
}
