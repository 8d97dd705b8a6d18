import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { mkdtemp } from 'node:fs/promises'
import { createEventBroadcaster } from '#client'
import { primaryAddress } from '../host/addresses.ts'
import { ingressComponent } from '../ingress/component.ts'
import { ensureIngressObjects } from '../ingress/objects.ts'
import { connectRemote, runParts } from './remote.ts'
import type { RemoteSettings } from './remote.ts'

/** Ingresses by themselves. */
export interface IngressSettings extends RemoteSettings {
  /** Addresses and names by which clients reach this machine; its own address when empty. */
  readonly published: readonly string[]
}

/** Serves Ingresses on ports 80 and 443 of this machine until the signal aborts. @throws UserError, Error */
export async function runIngress(settings: IngressSettings, signal: AbortSignal): Promise<void> {
  await using remote = await connectRemote('k8ts-ingress', settings)
  const { clock, logger, informers, client } = remote
  // Whoever may not write them has somebody who did.
  await ensureIngressObjects(client).catch((error: unknown) =>
    logger.warn('Class and role of Ingresses could not be looked after', { error }),
  )
  const events = createEventBroadcaster({ client, clock, log: logger })
  const own = primaryAddress()
  const ingress = ingressComponent({
    informers,
    client,
    recorder: events.recorder({ component: 'k8ts-ingress' }),
    clock,
    logger,
    directory: await mkdtemp(join(tmpdir(), 'k8ts-ingress-')),
    published: settings.published.length > 0 ? settings.published : own === undefined ? [] : [own],
  })
  await runParts([[informers], [events], [ingress]], remote, signal)
}
