import type { Draft } from '#api'
import type { Service } from '#api/core/v1'
import { internalError, invalidValue, Path } from '#machinery'
import type { IPFamily } from '#machinery'
import type { RequestContext } from '../../../../request/context.ts'
import type { SideEffect } from '../../../../resource/strategy.ts'
import type { Services } from '../../../../services.ts'
import { alignClusterIPs, keepAllocated, needsHealthCheck, nodePortsOf, ownSpec } from '../fields.ts'
import { allocatorsOf } from './allocators.ts'
import type { Allocators } from './allocators.ts'
import { AllocationError } from './error.ts'
import { fillFamilies, keepsPreferredFamilies, refuse, takesAddresses } from './families.ts'
import { changePorts, imaginedPorts, portsOf, takePorts } from './port-operation.ts'
import type { PortSource, TakenPort } from './port-operation.ts'

const clusterIPsPath = Path.of('spec', 'clusterIPs')

/** What a write took, and what it no longer needs once it is done. */
interface Taken {
  readonly addresses: string[]
  readonly ports: number[]
  readonly unneededAddresses: string[]
  readonly unneededPorts: number[]
}

/**
 * Takes addresses and node ports for a service that is about to be written, and writes them into the draft.
 * @throws StatusError when something can't be had; then nothing stays taken
 */
export async function allocate(
  draft: Draft<Service>,
  old: Service | undefined,
  { services, dryRun }: RequestContext,
): Promise<SideEffect> {
  const allocators = allocatorsOf(services)
  const taken: Taken = { addresses: [], ports: [], unneededAddresses: [], unneededPorts: [] }
  ownSpec(draft)
  if (old) keepAllocated(draft, old)
  alignClusterIPs(draft, old)
  try {
    fillFamilies(draft, old, allocators.families)
    if (old) await changeAddresses(draft, old, allocators, taken, dryRun)
    else await takeAddresses(draft, allocators, taken, dryRun)
    await takeAllPorts(draft, old, allocators, services, taken, dryRun)
  } catch (error) {
    await release(allocators, taken.addresses, taken.ports)
    throw error
  }
  return {
    commit: () => (dryRun ? undefined : release(allocators, taken.unneededAddresses, taken.unneededPorts)),
    revert: () => release(allocators, taken.addresses, taken.ports),
  }
}

/** Gives back everything that a deleted service had. */
export async function releaseAll(service: Service, services: Services): Promise<void> {
  const check = needsHealthCheck(service) ? [service.spec.healthCheckNodePort ?? 0] : []
  const addresses = takesAddresses(service) ? (service.spec.clusterIPs ?? []) : []
  await release(allocatorsOf(services), addresses, [...nodePortsOf(service), ...check])
}

async function release(
  { addresses, ports }: Allocators,
  freedAddresses: readonly string[],
  freedPorts: readonly number[],
): Promise<void> {
  for (const address of freedAddresses) await addresses.release(address)
  if (freedPorts.length === 0) return
  await ports.update((set) => {
    for (const port of freedPorts) set.release(port)
  })
}

async function takeAddresses(
  draft: Draft<Service>,
  allocators: Allocators,
  taken: Taken,
  dryRun: boolean,
): Promise<void> {
  if (!takesAddresses(draft)) return
  const { spec } = draft
  const wanted = spec.clusterIPs ?? []
  spec.clusterIPs = (spec.ipFamilies ?? []).map((_, index) => wanted[index] ?? '')
  for (const index of spec.clusterIPs.keys()) await takeAddress(draft, index, allocators, taken, dryRun)
  const [first] = spec.clusterIPs
  if (first !== undefined) spec.clusterIP = first
}

async function takeAddress(
  draft: Draft<Service>,
  index: number,
  { addresses }: Allocators,
  taken: Taken,
  dryRun: boolean,
): Promise<void> {
  const { clusterIPs = [], ipFamilies = [] } = draft.spec
  const wanted = clusterIPs[index] ?? ''
  const family = ipFamilies[index] as IPFamily
  try {
    if (wanted === '') clusterIPs[index] = await addresses.takeAny(draft, family, dryRun)
    else await addresses.take(draft, wanted, dryRun)
    if (!dryRun) taken.addresses.push(clusterIPs[index] ?? '')
  } catch (error) {
    if (!(error instanceof AllocationError)) throw error
    const { name = '' } = draft.metadata
    if (error.full) throw internalError(`failed to allocate a serviceIP for Service "${name}": ${error.message}`)
    const what = wanted === '' ? 'failed to allocate IP' : `failed to allocate IP ${wanted}`
    refuse(draft, [invalidValue(clusterIPsPath, clusterIPs, `${what}: ${error.message}`)])
  }
}

async function changeAddresses(
  draft: Draft<Service>,
  old: Service,
  allocators: Allocators,
  taken: Taken,
  dryRun: boolean,
): Promise<void> {
  if (keepsPreferredFamilies(draft, old)) return
  const { spec } = draft
  const before = old.spec
  if (before.type === 'ExternalName') {
    if (spec.type !== 'ExternalName') await takeAddresses(draft, allocators, taken, dryRun)
    return
  }
  if (before.clusterIPs?.[0] === 'None') return
  if (spec.type === 'ExternalName') {
    taken.unneededAddresses.push(...(before.clusterIPs ?? []))
    return
  }
  const had = before.ipFamilies?.length ?? 0
  const has = spec.ipFamilies?.length ?? 0
  if (had === 1 && has === 2) {
    spec.clusterIPs = [spec.clusterIPs?.[0] ?? '', spec.clusterIPs?.[1] ?? '']
    await takeAddress(draft, 1, allocators, taken, dryRun)
  } else if (had === 2 && has === 1) taken.unneededAddresses.push(...(before.clusterIPs ?? []).slice(1))
}

async function takeAllPorts(
  draft: Draft<Service>,
  old: Service | undefined,
  { ports }: Allocators,
  { clock, metrics }: Services,
  taken: Taken,
  dryRun: boolean,
): Promise<void> {
  const change = (source: PortSource): readonly number[] => {
    if (old) return changePorts(draft, old, source)
    takePorts(draft, source)
    return []
  }
  const concerned = [draft, ...(old ? [old] : [])].some(
    ({ spec }) => spec.type === 'NodePort' || spec.type === 'LoadBalancer',
  )
  if (!concerned) return
  if (dryRun) {
    change(imaginedPorts(ports.current()))
    return
  }
  const asked = draft.spec
  const { unneeded, ours } = await ports.update((set) => {
    // Whoever loses a race for the set starts from what was asked for.
    draft.spec = { ...asked }
    ownSpec(draft)
    const ours: TakenPort[] = []
    return { unneeded: change(portsOf(set, clock, ours, (scope) => metrics.allocations.portFailed(scope))), ours }
  })
  for (const { port, scope } of ours) {
    metrics.allocations.port(scope)
    taken.ports.push(port)
  }
  taken.unneededPorts.push(...unneeded)
}
