import type { KubeObject } from '#machinery'
import { notFound } from '#machinery'
import type { ServiceAccountMetrics } from '../../metrics/service-accounts.ts'
import type { Notes } from '../authenticator.ts'
import type { TokenClaims } from '../token/signing.ts'
import { boundClaims, standardClaims } from './claims.ts'
import type { TokenObjects } from './objects.ts'
import type { AccountIdentity, BoundReference } from './username.ts'

/** How far the clocks of servers may be apart, in milliseconds. */
const leeway = 60_000

type Verdict = { readonly identity: AccountIdentity } | { readonly error: string }

const refused = (error: string): Verdict => ({ error })
const invalidated = 'service account token has been invalidated'

/** Whom a token of TokenRequest is for, if what it is bound to still lives. Signature and issuer were checked. */
export function validateBound(
  claims: TokenClaims,
  objects: TokenObjects,
  now: number,
  notes: Notes,
  metrics?: ServiceAccountMetrics,
): Verdict {
  const { expires, notBefore, issuedAt, subject, id } = standardClaims(claims)
  if (notBefore !== undefined && now + leeway < notBefore * 1000)
    return refused('service account token is not valid yet')
  if (expires !== undefined && now - leeway > expires * 1000) return refused('service account token has expired')
  if (issuedAt !== undefined && now + leeway < issuedAt * 1000)
    return refused('service account token is issued in the future')

  const { namespace, account, pod, secret, node, warnAfter } = boundClaims(claims)
  const accountError = checkAccount(objects.serviceAccount(namespace, account.name), namespace, account, now)
  if (accountError !== undefined) return refused(accountError)
  const boundError =
    (secret && checkBound('secret', objects.secret(namespace, secret.name), secret, now)) ??
    (pod && checkBound('pod', objects.pod(namespace, pod.name), pod, now)) ??
    // Tokens of pods name the node for information.
    (node && !pod ? checkBound('node', objects.node(node.name), node, now) : undefined)
  if (boundError !== undefined) return refused(boundError)

  if (warnAfter !== undefined && now > warnAfter * 1000) {
    const seconds = Math.floor(now / 1000) - warnAfter
    notes.annotate(
      'authentication.k8s.io/stale-token',
      `subject: ${subject}, seconds after warning threshold: ${seconds}`,
    )
    metrics?.used('stale_tokens_total')
  } else if (warnAfter !== undefined) metrics?.used('valid_tokens_total')
  const { name, uid } = account
  return { identity: { namespace, name, uid, pod, node, credentialId: id === '' ? undefined : `JTI=${id}` } }
}

/** Gone counts what has been on its way out for longer than clocks are apart. */
function isGone({ metadata: { deletionTimestamp } }: KubeObject, now: number): boolean {
  return deletionTimestamp !== undefined && Date.parse(deletionTimestamp) < now - leeway
}

function checkAccount(
  account: KubeObject | undefined,
  namespace: string,
  { name, uid }: BoundReference,
  now: number,
): string | undefined {
  if (!account) return notFound({ group: '', resource: 'serviceaccounts' }, name).message
  const actual = account.metadata.uid ?? ''
  if (actual !== uid) return `service account UID (${actual}) does not match claim (${uid})`
  return isGone(account, now) ? `service account ${namespace}/${name} has been deleted` : undefined
}

function checkBound(
  kind: 'secret' | 'pod' | 'node',
  object: KubeObject | undefined,
  { uid }: BoundReference,
  now: number,
): string | undefined {
  if (!object) return invalidated
  const actual = object.metadata.uid ?? ''
  if (actual !== uid) return `${kind} UID (${actual}) does not match service account ${kind} ref claim (${uid})`
  return isGone(object, now) ? invalidated : undefined
}
