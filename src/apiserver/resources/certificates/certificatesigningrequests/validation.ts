import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '#api/certificates/v1'
import {
  duplicate,
  fieldForbidden,
  invalidValue,
  notSupported,
  parseCertificateRequest,
  Path,
  quote,
  required,
  named,
} from '#machinery'
import type { FieldError } from '#machinery'
import type { RequestSignatureCheck } from '../../../services.ts'
import { certificateProblem } from './certificate.ts'
import { validateSignerName } from './signer-name.ts'
import { builtinStruct } from '../../../resource/builtin-types.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const spec = Path.of('spec')
const atConditions = Path.of('status', 'conditions')
const atCertificate = Path.of('status', 'certificate')
const minSeconds = 600
const legacySigner = 'kubernetes.io/legacy-unknown'

const usages: readonly string[] =
  builtinStruct('certificates/v1', 'CertificateSigningRequestSpec').fields.find(({ name }) => name === 'usages')?.data
    .enum ?? []

type Request = CertificateSigningRequest

/** @param checkSignature tells why a key or a signature is refused; without it, they are not looked at */
export const validateRequest = (request: Request, checkSignature?: RequestSignatureCheck): readonly FieldError[] =>
  validate(request, undefined, checkSignature)

/** What the writer may set, beside what stays as it is. */
export interface Rights {
  readonly certificate?: boolean
  readonly approval?: boolean
}

export function validateRequestUpdate(request: Request, old: Request, rights: Rights): readonly FieldError[] {
  const errors = [...validate(request, old)]
  const count = (one: Request, type: string): number => conditionsOf(one).filter((each) => each.type === type).length
  for (const type of ['Approved', 'Denied', 'Failed']) {
    if (count(request, type) < count(old, type))
      errors.push(fieldForbidden(atConditions, `updates may not remove a condition of type ${quote(type)}`))
  }
  if (rights.approval !== true) {
    for (const type of ['Approved', 'Denied']) {
      if (count(request, type) > count(old, type))
        errors.push(fieldForbidden(atConditions, `updates may not add a condition of type ${quote(type)}`))
    }
  }
  const before = old.status?.certificate ?? ''
  if ((request.status?.certificate ?? '') !== before) {
    if (rights.certificate !== true)
      errors.push(fieldForbidden(atCertificate, 'updates may not set certificate content'))
    else if (before !== '')
      errors.push(fieldForbidden(atCertificate, 'updates may not modify existing certificate content'))
  }
  return [...errors, ...validateObjectMetaUpdate(request.metadata, old.metadata, metadata)]
}

const conditionsOf = ({ status }: Request): readonly CertificateSigningRequestCondition[] => status?.conditions ?? []

function validate(
  request: Request,
  old: Request | undefined,
  checkSignature?: RequestSignatureCheck,
): readonly FieldError[] {
  const { signerName, expirationSeconds } = request.spec
  const atSigner = spec.child('signerName')
  const errors = [
    ...validateObjectMeta(request.metadata, { namespaced: false, name: () => [] }, metadata),
    ...validateContent(request, checkSignature),
    ...validateUsages(request, old),
  ]
  if (signerName === legacySigner && old?.spec.signerName !== legacySigner) {
    const why = 'the legacy signerName is not allowed via this API version'
    errors.push(invalidValue(atSigner, signerName, why))
  } else errors.push(...validateSignerName(signerName, atSigner))
  if (expirationSeconds !== undefined && expirationSeconds < minSeconds) {
    const why = 'may not specify a duration less than 600 seconds (10 minutes)'
    errors.push(invalidValue(spec.child('expirationSeconds'), expirationSeconds, why))
  }
  return [...errors, ...validateConditions(request, old), ...validateCertificate(request, old)]
}

function validateContent(
  { spec: { request } }: Request,
  checkSignature?: RequestSignatureCheck,
): readonly FieldError[] {
  let problem: string | undefined
  try {
    const parsed = parseCertificateRequest(atob(request ?? ''))
    problem = checkSignature?.(parsed)
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error)
  }
  return problem === undefined ? [] : [invalidValue(spec.child('request'), request, problem)]
}

function validateUsages({ spec: { usages: wanted = [] } }: Request, old: Request | undefined): readonly FieldError[] {
  const before: readonly string[] = old?.spec.usages ?? []
  const at = spec.child('usages')
  const errors: FieldError[] = wanted.length === 0 ? [required(at)] : []
  if (before.every((usage) => usages.includes(usage))) {
    for (const [index, usage] of wanted.entries())
      if (!usages.includes(usage)) errors.push(notSupported(at.index(index), usage, usages))
  }
  if (new Set(before).size === before.length) {
    const seen = new Set<string>()
    for (const [index, usage] of wanted.entries()) {
      if (seen.has(usage)) errors.push(duplicate(at.index(index), named(usage)))
      seen.add(usage)
    }
  }
  return errors
}

const verdicts = ['Approved', 'Denied', 'Failed']
const statuses = ['False', 'True', 'Unknown']

function validateConditions(request: Request, old: Request | undefined): readonly FieldError[] {
  const before = old ? conditionsOf(old).map(({ type }) => type) : []
  const hadEmptyType = before.includes('')
  const hadDuplicates = new Set(before).size < before.length
  const hadBoth = before.includes('Approved') && before.includes('Denied')
  const seen = new Set<string>()
  const errors: FieldError[] = []
  for (const [index, { type, status }] of conditionsOf(request).entries()) {
    const at = atConditions.index(index)
    if (!hadEmptyType && type === '') errors.push(required(at.child('type')))
    const allowed = verdicts.includes(type) ? ['True'] : statuses
    if (status === '') errors.push(required(at.child('status')))
    else if (!allowed.includes(status)) errors.push(notSupported(at.child('status'), status, allowed))
    const opposite = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined
    if (!hadBoth && opposite !== undefined && seen.has(opposite))
      errors.push(invalidValue(atConditions, named(type), 'Approved and Denied conditions are mutually exclusive'))
    if (!hadDuplicates && seen.has(type)) errors.push(duplicate(at.child('type'), named(type)))
    seen.add(type)
  }
  return errors
}

function validateCertificate(request: Request, old: Request | undefined): readonly FieldError[] {
  const certificate = request.status?.certificate ?? ''
  const before = old?.status?.certificate ?? ''
  if (old && (certificate === before || certificateProblem(before) !== undefined)) return []
  const problem = certificateProblem(certificate)
  return problem === undefined ? [] : [invalidValue(atCertificate, '<certificate data>', problem)]
}
