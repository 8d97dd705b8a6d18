import { duplicate, invalidValue, required, urlProblem } from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { Issuer } from './types.ts'

/** What is wrong with where tokens come from and whom they are for. */
export function validateIssuer(issuer: Issuer, disallowed: readonly string[], at: Path): readonly FieldError[] {
  const { url = '', discoveryURL = '', certificateAuthority = '', egressSelectorType = '' } = issuer
  const errors: FieldError[] = []
  const urlAt = at.child('url')
  if (url === '') errors.push(required(urlAt))
  else errors.push(...validateUrl(url, disallowed, urlAt))
  if (discoveryURL !== '') {
    const discoveryAt = at.child('discoveryURL')
    if (url !== '' && withoutSlashes(url) === withoutSlashes(discoveryURL))
      errors.push(invalidValue(discoveryAt, discoveryURL, 'discoveryURL must be different from URL'))
    errors.push(...validateUrl(discoveryURL, [], discoveryAt))
  }
  errors.push(...validateAudiences(issuer, at))
  if (certificateAuthority !== '' && !/-----BEGIN CERTIFICATE-----/.test(certificateAuthority)) {
    const why = 'data does not contain any valid RSA or ECDSA certificates'
    errors.push(invalidValue(at.child('certificateAuthority'), '<omitted>', why))
  }
  if (!['', 'controlplane', 'cluster'].includes(egressSelectorType)) {
    const why = 'egress selector must be either controlplane or cluster'
    errors.push(invalidValue(at.child('egressSelectorType'), egressSelectorType, why))
  }
  return errors
}

const withoutSlashes = (url: string): string => url.replace(/\/+$/, '')

/** Scheme, user, query and fragment, by RFC 3986. */
const parts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?[^/?#]*)?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s

function validateUrl(url: string, disallowed: readonly string[], at: Path): readonly FieldError[] {
  const errors: FieldError[] = []
  if (disallowed.includes(url)) {
    const why = `URL must not overlap with disallowed issuers: [${disallowed.toSorted().join(' ')}]`
    errors.push(invalidValue(at, url, why))
  }
  const problem = urlProblem(url)
  if (problem !== undefined) return [...errors, invalidValue(at, url, problem)]
  const [, scheme = '', user, query = '', fragment = ''] = parts.exec(url) ?? []
  if (scheme.toLowerCase() !== 'https') errors.push(invalidValue(at, url, 'URL scheme must be https'))
  if (user !== undefined) errors.push(invalidValue(at, url, 'URL must not contain a username or password'))
  if (query !== '') errors.push(invalidValue(at, url, 'URL must not contain a query'))
  if (fragment !== '') errors.push(invalidValue(at, url, 'URL must not contain a fragment'))
  return errors
}

function validateAudiences(
  { audiences = [], audienceMatchPolicy = '' }: Issuer,
  issuerAt: Path,
): readonly FieldError[] {
  const at = issuerAt.child('audiences')
  const policyAt = issuerAt.child('audienceMatchPolicy')
  if (audiences.length === 0) return [required(at, `at least one ${String(at)} is required`)]
  const errors: FieldError[] = []
  for (const [index, audience] of audiences.entries()) {
    if (audience === '') errors.push(required(at.index(index)))
    if (audiences.indexOf(audience) < index) errors.push(duplicate(at.index(index), audience))
  }
  const anyIsEnough = audienceMatchPolicy === 'MatchAny'
  if (audiences.length > 1 && !anyIsEnough) {
    const why = 'audienceMatchPolicy must be MatchAny for multiple audiences'
    errors.push(invalidValue(policyAt, audienceMatchPolicy, why))
  }
  if (audiences.length === 1 && audienceMatchPolicy !== '' && !anyIsEnough) {
    const why = 'audienceMatchPolicy must be empty or MatchAny for single audience'
    errors.push(invalidValue(policyAt, audienceMatchPolicy, why))
  }
  return errors
}
