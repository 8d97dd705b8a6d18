import type { Component } from '#base'
import { createEventBroadcaster, discoverResources, readOpenApi, selectControllers } from '#client'
import type { Client } from '#client'
import { controllers } from '#controllers'
import { CertificateAuthority, ServiceAccountKeys } from '#pki'
import { controllersComponent } from '../control-plane/controllers.ts'
import { leaderMetric, processMetrics, QueueMetrics } from '../serving/metrics.ts'
import { serveComponent } from '../serving/server.ts'
import type { ServingSettings } from '../serving/server.ts'
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

/** Runs the controllers until the signal aborts. @throws UserError, Error */
export async function runControllerManager(settings: ControllerManagerSettings, signal: AbortSignal): Promise<void> {
  const { rootCaFile, serviceAccountKeyFile, signing } = settings
  const descriptors = selected(settings.controllers)
  const keys =
    serviceAccountKeyFile === undefined
      ? undefined
      : new ServiceAccountKeys({ signingKey: readText(serviceAccountKeyFile) })
  const signer = signing && authorityOf(signing)
  const remote = await connectRemote(program, settings)
  const rootCA = rootCaFile === undefined ? remote.authority : readText(rootCaFile)
  const options: RegistryOptions = {
    ...settings.options,
    discover: (until) =>
      discoverResources(remote.transport, { userAgent: `${program}/${kubernetesVersion}`, signal: until }),
    readSchemas: (group, apiVersion) =>
      readOpenApi(remote.transport, group, apiVersion, { userAgent: `${program}/${kubernetesVersion}` }),
    ...(rootCA === undefined ? {} : { rootCA }),
    ...(keys ? { signToken: (claims) => keys.sign({ ...claims }) } : {}),
    ...(signer ? { certificateSigner: signer } : {}),
  }
  try {
    const { client, clock, logger, informers } = remote
    const events = createEventBroadcaster({ client, clock, log: logger })
    const queues = new QueueMetrics()
    const work: Component = controllersComponent({
      name: 'controllers',
      descriptors,
      options,
      clock,
      logger,
      informers,
      events,
      clientFor: clientsOf(remote, settings.useServiceAccounts),
      metricsFor: (controller) => queues.for(controller),
    })
    const led = leading(work, remote, settings.leader)
    const { leader, serving, flags } = settings
    const close = serving
      ? await serveComponent(serving, {
          program,
          client,
          logger,
          checks: { leaderElection: led.isHealthy },
          configuration: { 'kubecontrollermanager.config.k8s.io': flags ?? {} },
          metrics: () =>
            [
              processMetrics(),
              queues.text(),
              remote.requests.text(),
              ...(leader ? [leaderMetric(leader.name, led.leads())] : []),
            ].join(''),
          ...(flags ? { flags } : {}),
        })
      : undefined
    try {
      await runParts([[informers, events], [led.component]], remote, signal)
    } finally {
      await close?.()
    }
  } finally {
    await remote.close()
  }
}

/** @returns makes the client of a controller; an empty name is that of the manager itself. */
function clientsOf(remote: Remote, useServiceAccounts = false): (account: string) => Client {
  const { client, clock, anonymous } = remote
  if (!useServiceAccounts) return () => client
  const userAgent = `${program}/${kubernetesVersion}`
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
