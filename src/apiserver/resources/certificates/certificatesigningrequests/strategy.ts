import type { Draft } from '#api'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import type { UserInfo } from '#client'
import { excludeFields } from '#machinery'
import type { KubeObject } from '#machinery'
import { timestamp } from '../../../registry/metadata.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { validateRequest, validateRequestUpdate } from './validation.ts'

type Request = CertificateSigningRequest
type Spec = Draft<Request>['spec']

/** Who asks is who the server knows the asker to be, whatever the request says; afterwards nothing of it changes. */
export const requestStrategy: Strategy = strategy<Request>({
  fields: ({ spec }) => ({ 'spec.signerName': spec.signerName }),
  resetFields: excludeFields(['spec'], ['status']),
  prepareForCreate(draft, { user }) {
    draft.spec = { ...withoutUser(draft.spec), ...userFields(user) }
  },
  prepareForUpdate(draft, old) {
    draft.spec = old.spec as Spec
  },
  validate: (request, { services }) => validateRequest(request, services.checkRequestSignature),
  validateUpdate: (request, old) => validateRequestUpdate(request, old, {}),
})

function withoutUser(spec: Spec): Spec {
  const { username: _username, uid: _uid, groups: _groups, extra: _extra, ...rest } = spec
  return rest
}

function userFields({ name, uid, groups, extra }: UserInfo): Partial<Spec> {
  return {
    ...(name === '' ? {} : { username: name }),
    ...(uid ? { uid } : {}),
    ...(groups && groups.length > 0 ? { groups: [...groups] } : {}),
    ...(extra && Object.keys(extra).length > 0
      ? { extra: Object.fromEntries(Object.entries(extra).map(([key, values]) => [key, [...values]])) }
      : {}),
  }
}

/** Signers set the certificate and say what failed; the verdict is not theirs. */
export const statusRules: UpdateRules<KubeObject> = strategy<Request>({
  resetFields: excludeFields(['spec'], ['status', 'conditions']),
  prepareForUpdate(draft, old, { clock }) {
    draft.spec = old.spec as Spec
    keepConditions(draft, old, 'Approved')
    keepConditions(draft, old, 'Denied')
    stampConditions(draft, old, timestamp(clock.now()))
  },
  validateUpdate: (request, old) => validateRequestUpdate(request, old, { certificate: true }),
})

/** Approvers set conditions and nothing else. */
export const approvalRules: UpdateRules<KubeObject> = strategy<Request>({
  resetFields: excludeFields(['spec'], ['status', 'certificate']),
  prepareForUpdate(draft, old, { clock }) {
    stampConditions(draft, old, timestamp(clock.now()))
    const { conditions } = draft.status ?? {}
    const { conditions: _, ...others } = (old.status ?? {}) as Draft<NonNullable<Request['status']>>
    draft.spec = old.spec as Spec
    draft.status = { ...(conditions ? { conditions } : {}), ...others }
  },
  validateUpdate: (request, old) => validateRequestUpdate(request, old, { approval: true }),
})

type Condition = Draft<NonNullable<NonNullable<Request['status']>['conditions']>[number]>

const conditionsOf = ({ status }: Request): readonly Condition[] => status?.conditions ?? []

/** Conditions of a type stay as they are when there are as many as before. */
function keepConditions(draft: Draft<Request>, old: Request, type: string): void {
  const before = conditionsOf(old).filter((condition) => condition.type === type)
  const conditions = draft.status?.conditions ?? []
  if (conditions.filter((condition) => condition.type === type).length !== before.length || before.length === 0) return
  let next = 0
  const kept = conditions.map((condition) => (condition.type === type ? (before[next++] ?? condition) : condition))
  draft.status = { ...draft.status, conditions: kept }
}

function stampConditions(draft: Draft<Request>, old: Request, now: string): void {
  const conditions = draft.status?.conditions
  if (!conditions) return
  const stamped = conditions.map((condition) => {
    const before = conditionsOf(old).find(
      ({ type, status, lastTransitionTime }) =>
        type === condition.type && status === condition.status && lastTransitionTime !== undefined,
    )
    return {
      ...condition,
      lastUpdateTime: condition.lastUpdateTime ?? now,
      lastTransitionTime: condition.lastTransitionTime ?? before?.lastTransitionTime ?? now,
    }
  })
  draft.status = { ...draft.status, conditions: stamped }
}
