import type { Draft } from '#api'
import type { Clock } from '#base'
import type { UserInfo } from '#client'
import type { KubeObject } from '#machinery'
import type { AdmissionMetrics } from '../metrics/admission.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint } from '../resource/resource.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** What admission is asked about. */
export interface AdmissionAttributes {
  readonly operation: Operation
  readonly endpoint: Endpoint
  readonly subresource: string
  /** Kind of `object`: that of the endpoint, or of the subresource. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  readonly namespace: string
  /** Empty for a create whose name is not generated yet, and for collections. */
  readonly name: string
  /** What will be written, in the stored version; mutating plugins change it in place. Absent for deletions. For CONNECT, the options. */
  readonly object: Draft<KubeObject> | undefined
  readonly oldObject: KubeObject | undefined
  /** Options of the operation: CreateOptions, UpdateOptions, DeleteOptions. */
  readonly options: object
  readonly dryRun: boolean
  readonly user: UserInfo
  readonly context: RequestContext
}

/** One link of the admission chain. A plugin refuses by throwing a StatusError. */
export interface AdmissionPlugin {
  /** Name under which it can be switched on and off. */
  readonly name: string
  readonly operations: readonly Operation[]
  /** Mutating phase: before validation, in chain order. */
  admit?(attributes: AdmissionAttributes): void | Promise<void>
  /** After the mutating phase: asks for it to be gone through once more, since the object changed late in it. */
  wantsAnotherRound?(attributes: AdmissionAttributes): boolean
  /** Validating phase: after all changes, in chain order. */
  validate?(attributes: AdmissionAttributes): void | Promise<void>
}

/** The plugins in their order. */
export interface AdmissionChain {
  admit(attributes: AdmissionAttributes): Promise<void>
  validate(attributes: AdmissionAttributes): Promise<void>
}

/** Takes the time of admission. */
export interface AdmissionTiming {
  readonly clock: Clock
  readonly metrics: AdmissionMetrics
}

export function admissionChain(plugins: readonly AdmissionPlugin[], timing?: AdmissionTiming): AdmissionChain {
  const byOperation = Object.fromEntries(
    operations.map((operation) => [operation, linksOf(plugins, operation, timing)]),
  ) as { readonly [operation in Operation]: Links }
  return {
    async admit(attributes) {
      const { admitting, unsettled } = byOperation[attributes.operation]
      await admitting(attributes)
      if (unsettled.some((plugin) => plugin.wantsAnotherRound?.(attributes))) await admitting(attributes)
    },
    validate: (attributes) => byOperation[attributes.operation].validating(attributes),
  }
}

const operations: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT']

type Phase = (attributes: AdmissionAttributes) => Promise<void>

/** Who has a part in an operation, found out once: most plugins have none in most. */
interface Links {
  readonly admitting: Phase
  readonly validating: Phase
  /** Those who may ask for another round; they are asked whatever the operation is. */
  readonly unsettled: readonly AdmissionPlugin[]
}

function linksOf(plugins: readonly AdmissionPlugin[], operation: Operation, timing?: AdmissionTiming): Links {
  const taking = plugins.filter((plugin) => plugin.operations.includes(operation))
  const phase = (type: 'admit' | 'validate'): Phase => {
    const parts = taking.filter((plugin) => type in plugin)
    return timing ? timed(parts, type, operation, timing) : async (attributes) => inTurn(parts, type, attributes)
  }
  return {
    admitting: phase('admit'),
    validating: phase('validate'),
    unsettled: plugins.filter((plugin) => 'wantsAnotherRound' in plugin),
  }
}

async function inTurn(
  plugins: readonly AdmissionPlugin[],
  type: 'admit' | 'validate',
  attributes: AdmissionAttributes,
): Promise<void> {
  for (const plugin of plugins) {
    const done = plugin[type]?.(attributes)
    if (done) await done
  }
}

/** As `inTurn()`, with the time taken after each plugin. */
function timed(
  plugins: readonly AdmissionPlugin[],
  type: 'admit' | 'validate',
  operation: Operation,
  { clock, metrics }: AdmissionTiming,
): Phase {
  const passed = metrics.step(type, operation, false)
  const parts = plugins.map((plugin) => ({ plugin, taken: metrics.plugin(plugin.name, type, operation, false) }))
  return async (attributes) => {
    const began = clock.monotonic()
    let before = began
    let name = ''
    try {
      for (const { plugin, taken } of parts) {
        name = plugin.name
        const done = plugin[type]?.(attributes)
        if (done) await done
        const now = clock.monotonic()
        taken.observe((now - before) / 1000)
        before = now
      }
    } catch (error) {
      const now = clock.monotonic()
      metrics.plugin(name, type, operation, true).observe((now - before) / 1000)
      metrics.step(type, operation, true).observe((now - began) / 1000)
      throw error
    }
    passed.observe((before - began) / 1000)
  }
}
