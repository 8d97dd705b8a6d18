import { messageOf } from '#base'
import type { BoundObjectReference, TokenRequest } from '#api/authentication/v1'
import type { Node, Pod, Secret, ServiceAccount } from '#api/core/v1'
import { badRequest, conflict, internalError, invalid, invalidValue, notFound } from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { tokenClaims } from '../../../authn/service-account/claims.ts'
import type { TokenIssuer } from '../../../authn/services.ts'
import { timestamp } from '../../../registry/metadata.ts'
import { requireNameParameter } from '../../../registry/name-parameter.ts'
import type { RequestContext } from '../../../request/context.ts'
import { answers, defaults } from '../../../resource/registration.ts'
import type { CreateFunction } from '../../../resource/resource.ts'

const kind = { group: 'authentication.k8s.io', kind: 'TokenRequest' }
const shortest = 10 * 60
const longest = 2 ** 32

/** Life of a token whose life nobody asked for, in seconds. */
const usualSeconds = 60 * 60

/** What kubelets ask for when a pod does not say: an hour, and seven seconds by which it is known to be the default. */
const standardSeconds = 3607
/** What a token lives when nobody says. */
const standardLife = 60 * 60
const extendedSeconds = 365 * 24 * 60 * 60

export const tokenRequestDefaults: ReturnType<typeof defaults> = defaults<TokenRequest>(({ spec }) => {
  spec.expirationSeconds ??= usualSeconds
})

/** Issues a token for a service account. */
export const createToken: CreateFunction = answers<TokenRequest>(async (request, name, context) => {
  const { services, clock } = context
  const { namespace } = context.info
  const { issuer, audiences: own } = services.authentication
  checkAddress(request, name, namespace)
  const account = services.peek<ServiceAccount>('', 'serviceaccounts', namespace, name)
  if (!account) throw notFound({ group: '', resource: 'serviceaccounts' }, name)
  checkUid(request, account, name)
  const errors = validate(request)
  if (errors.length > 0) throw invalid(kind, '', errors)
  const bound = findBound(request.spec.boundObjectRef, name, namespace, context)
  if (!issuer) throw internalError('failed to generate token: there is no signing key')

  const spec = { ...request.spec, audiences: audiencesOf(request, own) }
  const seconds = limitLife(request.spec.expirationSeconds ?? standardLife, issuer, context)
  const extended =
    issuer.extends &&
    bound.pod !== undefined &&
    seconds === standardSeconds &&
    spec.audiences.every((audience) => own.includes(audience))
  const claims = tokenClaims(
    {
      issuer: issuer.url,
      account,
      audiences: spec.audiences,
      expirationSeconds: extended ? extendedSeconds : seconds,
      warnAfterSeconds: extended ? seconds : 0,
      ...bound,
    },
    clock,
  )
  const now = clock.now()
  const token = await sign(issuer, claims)
  context.notes.annotate('authentication.kubernetes.io/issued-credential-id', `JTI=${claims.jti}`)
  const { uid } = account.metadata
  return {
    ...request,
    metadata: {
      ...request.metadata,
      name,
      namespace,
      ...(uid === undefined ? {} : { uid }),
      creationTimestamp: timestamp(now),
    },
    spec: { ...spec, expirationSeconds: seconds },
    status: { token, expirationTimestamp: timestamp(now + seconds * 1000) },
  }
})

function checkAddress({ metadata }: TokenRequest, name: string, namespace: string): void {
  if (metadata.name && metadata.name !== name)
    throw invalid(kind, name, [
      invalidValue('metadata.name', metadata.name, 'must match the service account name if specified'),
    ])
  if (metadata.namespace && metadata.namespace !== namespace)
    throw invalid(kind, name, [
      invalidValue('metadata.namespace', metadata.namespace, 'must match the service account namespace if specified'),
    ])
}

function checkUid({ metadata }: TokenRequest, account: ServiceAccount, name: string): void {
  const { uid } = account.metadata
  if (!metadata.uid || metadata.uid === uid) return
  const why = `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`
  throw conflict({ group: kind.group, resource: kind.kind }, name, why)
}

function validate({ spec }: TokenRequest): FieldError[] {
  const seconds = spec.expirationSeconds ?? standardLife
  const at = 'spec.expirationSeconds'
  if (seconds < shortest) return [invalidValue(at, seconds, 'may not specify a duration less than 10 minutes')]
  if (seconds > longest) return [invalidValue(at, seconds, 'may not specify a duration larger than 2^32 seconds')]
  return []
}

function audiencesOf({ spec }: TokenRequest, own: readonly string[]): readonly string[] {
  return spec.audiences && spec.audiences.length > 0 ? spec.audiences : own
}

interface Bound {
  readonly pod?: Pod
  readonly secret?: Secret
  readonly node?: KubeObject
}

function findBound(
  reference: BoundObjectReference | undefined,
  account: string,
  namespace: string,
  { services }: RequestContext,
): Bound {
  if (!reference) return {}
  const { kind: boundKind = '', apiVersion = '', name = '' } = reference
  const found = <T extends KubeObject>(plural: string, where: string): T => {
    requireNameParameter(name)
    const object = services.peek<T>('', plural, where, name)
    if (!object) throw notFound({ group: '', resource: plural }, name)
    return object
  }
  const checked = <T extends KubeObject>(object: T): T => {
    checkBoundUid(reference, object)
    return object
  }
  const slash = apiVersion.indexOf('/')
  const group = apiVersion.slice(0, Math.max(0, slash))
  const version = apiVersion.slice(slash + 1)
  switch (group === '' ? boundKind : '') {
    case 'Pod': {
      const pod = found<Pod>('pods', namespace)
      if (account !== pod.spec?.serviceAccountName)
        throw badRequest(
          `cannot bind token for serviceaccount "${account}" to pod running with different serviceaccount name.`,
        )
      checked(pod)
      const nodeName = pod.spec.nodeName ?? ''
      if (nodeName === '') return { pod }
      // The name tells something even where the node is not, or no longer, known.
      const node = services.peek<Node>('', 'nodes', '', nodeName) ?? { metadata: { name: nodeName } }
      return { pod, node }
    }
    case 'Node':
      return { node: checked(found<Node>('nodes', '')) }
    case 'Secret':
      return { secret: checked(found<Secret>('secrets', namespace)) }
    default:
      throw badRequest(`cannot bind token to object of type ${group}/${version}, Kind=${boundKind}`)
  }
}

function checkBoundUid({ uid = '', kind: boundKind = '', name = '' }: BoundObjectReference, object: KubeObject): void {
  if (uid === '' || uid === object.metadata.uid) return
  const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`
  throw conflict({ group: '', resource: boundKind }, name, why)
}

function limitLife(seconds: number, { maxSeconds }: TokenIssuer, context: RequestContext): number {
  if (maxSeconds === undefined || seconds <= maxSeconds) return seconds
  context.warnings.add(`requested expiration of ${seconds} seconds shortened to ${maxSeconds} seconds`)
  return maxSeconds
}

async function sign({ signer }: TokenIssuer, claims: ReturnType<typeof tokenClaims>): Promise<string> {
  try {
    return await signer.sign(claims)
  } catch (error) {
    throw internalError(`failed to generate token: ${messageOf(error)}`, error)
  }
}
