import type { AdmissionReview } from '#api/admission/v1'
import { quote } from '#machinery'
import type { KubeObject, Status } from '#machinery'
import { groupVersionOf } from '../../../resource/object-type.ts'
import type { Endpoint } from '../../../resource/resource.ts'
import type { AdmissionAttributes } from '../../admission.ts'

/** What a webhook said. */
export interface HookAnswer {
  readonly allowed: boolean
  readonly status?: Status
  /** JSON patch, decoded. */
  readonly patch?: Uint8Array
  readonly warnings: readonly string[]
  readonly annotations: { readonly [key: string]: string }
}

/**
 * The question of a webhook, in the first of its versions that is known.
 * @throws Error when there is none
 */
export function reviewOf(
  admissionReviewVersions: readonly string[],
  uid: string,
  endpoint: Endpoint,
  objects: { readonly object: KubeObject | undefined; readonly oldObject: KubeObject | undefined },
  attributes: AdmissionAttributes,
): AdmissionReview {
  const version = admissionReviewVersions.find((each) => each === 'v1' || each === 'v1beta1')
  if (version === undefined) throw new Error('webhook does not accept known AdmissionReview versions (v1, v1beta1)')
  const { kind: requestKind, endpoint: own, subresource, name, namespace, operation, user, dryRun } = attributes
  const request = {
    uid,
    kind: endpoint === own ? kindName(requestKind) : kindName(endpoint.subresources.get(subresource) ?? endpoint),
    resource: resourceName(endpoint),
    ...(subresource === '' ? {} : { subResource: subresource }),
    requestKind: kindName(requestKind),
    requestResource: resourceName(own),
    ...(subresource === '' ? {} : { requestSubResource: subresource }),
    ...(name === '' ? {} : { name }),
    ...(namespace === '' ? {} : { namespace }),
    operation,
    userInfo: {
      username: user.name,
      ...(user.uid === undefined ? {} : { uid: user.uid }),
      ...(user.groups.length === 0 ? {} : { groups: user.groups }),
      ...(user.extra ? { extra: user.extra } : {}),
    },
    object: objects.object ?? null,
    oldObject: objects.oldObject ?? null,
    dryRun,
    options: optionsOf(attributes),
  }
  return { kind: 'AdmissionReview', apiVersion: `admission.k8s.io/${version}`, request } as AdmissionReview
}

const kindName = ({ group, version, kind }: AdmissionAttributes['kind']): object => ({ group, version, kind })
const resourceName = ({ group, version, plural }: Endpoint): object => ({ group, version, resource: plural })

const optionKinds = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions', CONNECT: undefined }

function optionsOf({ operation, options }: AdmissionAttributes): object | null {
  const kind = optionKinds[operation]
  if (kind === undefined) return null
  const { force: _force, ...rest } = options as { readonly force?: boolean }
  return { kind, apiVersion: 'meta.k8s.io/v1', ...rest }
}

/**
 * What an answer says.
 * @throws Error when it is none to the question
 */
export function answerOf(
  answered: AdmissionReview,
  asked: AdmissionReview,
  uid: string,
  mutating: boolean,
): HookAnswer {
  const { response } = answered
  if (!response) throw new Error('webhook response was absent')
  const strict = asked.apiVersion === 'admission.k8s.io/v1'
  const { allowed, status, patch = '', patchType, warnings = [], auditAnnotations = {} } = response
  if (strict) checkStrictly(answered, uid, mutating)
  if (mutating && patch !== '' && strict && patchType !== 'JSONPatch')
    throw new Error(`unsupported patch type ${quote(patchType ?? '')}`)
  return {
    allowed: allowed ?? false,
    ...(status ? { status } : {}),
    ...(mutating && patch !== '' ? { patch: Uint8Array.from(atob(patch), (each) => each.charCodeAt(0)) } : {}),
    warnings,
    annotations: auditAnnotations,
  }
}

function checkStrictly({ response, kind, apiVersion }: AdmissionReview, wanted: string, mutating: boolean): void {
  const { uid = '', patch = '', patchType } = response ?? {}
  if (uid !== wanted) throw new Error(`expected response.uid=${quote(wanted)}, got ${quote(uid)}`)
  if (kind !== 'AdmissionReview' || apiVersion !== 'admission.k8s.io/v1')
    throw new Error(
      `expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${apiVersion ?? ''}, Kind=${kind ?? ''}`,
    )
  if (!mutating) {
    if (patch !== '') throw new Error('validating webhook may not return response.patch')
    if (patchType !== undefined) throw new Error('validating webhook may not return response.patchType')
    return
  }
  if (patch !== '' && patchType === undefined)
    throw new Error('webhook returned response.patch but not response.patchType')
  if (patch === '' && patchType !== undefined)
    throw new Error('webhook returned response.patchType but not response.patch')
}

/** Object and old object as an endpoint has them. Objects of subresources of another kind have one form. */
export async function versioned(
  { object, oldObject, subresource, endpoint: own }: AdmissionAttributes,
  endpoint: Endpoint,
): Promise<{ readonly object: KubeObject | undefined; readonly oldObject: KubeObject | undefined }> {
  const { backing } = endpoint
  const kept = own.subresources.get(subresource)
  const asItIs = backing.kind !== 'stored' || (kept !== undefined && kept.backing !== 'update')
  const form = async (each: KubeObject | undefined): Promise<KubeObject | undefined> => {
    if (!each || asItIs || backing.kind !== 'stored') return each
    if (backing.prepare) {
      const own = { ...each }
      await backing.prepare([own], 'request')
      return backing.fromStorage(own)
    }
    const shown = endpoint.type.shown(backing.fromStorage(each))
    return { ...shown, kind: endpoint.kind, apiVersion: groupVersionOf(endpoint) }
  }
  return { object: await form(object), oldObject: await form(oldObject) }
}
