import type { Draft } from '#api'
import type { UserInfo } from '#client'
import type { KubeObject } from '#machinery'
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

export function admissionChain(plugins: readonly AdmissionPlugin[]): AdmissionChain {
  const byOperation = Object.fromEntries(operations.map((operation) => [operation, linksOf(plugins, operation)])) as {
    readonly [operation in Operation]: Links
  }
  return {
    async admit(attributes) {
      const { admitting, unsettled } = byOperation[attributes.operation]
      await admitOnce(admitting, attributes)
      if (unsettled.some((plugin) => plugin.wantsAnotherRound?.(attributes))) await admitOnce(admitting, attributes)
    },
    async validate(attributes) {
      for (const plugin of byOperation[attributes.operation].validating) {
        const done = plugin.validate?.(attributes)
        if (done) await done
      }
    },
  }
}

const operations: readonly Operation[] = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT']

/** Who has a part in an operation, found out once: most plugins have none in most. */
interface Links {
  readonly admitting: readonly AdmissionPlugin[]
  readonly validating: readonly AdmissionPlugin[]
  /** Those who may ask for another round; they are asked whatever the operation is. */
  readonly unsettled: readonly AdmissionPlugin[]
}

function linksOf(plugins: readonly AdmissionPlugin[], operation: Operation): Links {
  const taking = plugins.filter((plugin) => plugin.operations.includes(operation))
  return {
    admitting: taking.filter((plugin) => 'admit' in plugin),
    validating: taking.filter((plugin) => 'validate' in plugin),
    unsettled: plugins.filter((plugin) => 'wantsAnotherRound' in plugin),
  }
}

async function admitOnce(plugins: readonly AdmissionPlugin[], attributes: AdmissionAttributes): Promise<void> {
  for (const plugin of plugins) {
    const done = plugin.admit?.(attributes)
    if (done) await done
  }
}
