import type { Draft } from '#api'
import type { Clock } from '#base'
import type { UserInfo } from '#client'
import type { KubeObject } from '#machinery'
import type { AdmissionMetrics } from '../metrics/admission.ts'
import type { RequestContext } from '../request/context.ts'
import type { Endpoint } from '../resource/resource.ts'
import { Phase } from './phase.ts'

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
  /** The resources that it looks at, as `group/plural`, whatever the subresource; all of them when absent. */
  readonly resources?: readonly string[]
  /** Mutating phase: before validation, in chain order. */
  admit?(attributes: AdmissionAttributes): void | Promise<void>
  /** After the mutating phase: asks for it to be gone through once more, since the object changed late in it. */
  wantsAnotherRound?(attributes: AdmissionAttributes): boolean
  /** Validating phase: after all changes, in chain order. */
  validate?(attributes: AdmissionAttributes): void | Promise<void>
}

/** The plugins in their order. Nobody has to wait where they have nothing to wait for. */
export interface AdmissionChain {
  admit(attributes: AdmissionAttributes): void | Promise<void>
  validate(attributes: AdmissionAttributes): void | Promise<void>
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
    admit(attributes) {
      const { admitting, unsettled } = byOperation[attributes.operation]
      const again = (): void | Promise<void> => {
        if (unsettled.some((plugin) => plugin.wantsAnotherRound?.(attributes))) return admitting.run(attributes)
      }
      const done = admitting.run(attributes)
      return done ? done.then(again) : again()
    },
    validate: (attributes) => byOperation[attributes.operation].validating.run(attributes),
  }
}

const operations: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT']

/** Who has a part in an operation, found out once: most plugins have none in most. */
interface Links {
  readonly admitting: Phase
  readonly validating: Phase
  /** Those who may ask for another round; they are asked whatever the operation is. */
  readonly unsettled: readonly AdmissionPlugin[]
}

function linksOf(plugins: readonly AdmissionPlugin[], operation: Operation, timing?: AdmissionTiming): Links {
  return {
    admitting: new Phase(plugins, 'admit', operation, timing),
    validating: new Phase(plugins, 'validate', operation, timing),
    unsettled: plugins.filter((plugin) => 'wantsAnotherRound' in plugin),
  }
}
