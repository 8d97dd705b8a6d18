import type { Draft } from '#api'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import { humanDuration } from '#machinery'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { ageOf } from '../../../table/age.ts'
import { tableColumns } from '../../../table/columns.ts'
import { approvalRules, requestStrategy, statusRules } from './strategy.ts'

export const certificateSigningRequestsRegistration: ResourceRegistration = {
  place: 'certificates/v1',
  plural: 'certificatesigningrequests',
  strategy: requestStrategy,
  untabled: ['approval'],
  updates: { approval: approvalRules, status: statusRules },
  columns: tableColumns<CertificateSigningRequest>(
    [
      { name: 'Name', type: 'string', format: 'name' },
      { name: 'Age', type: 'string' },
      { name: 'SignerName', type: 'string' },
      { name: 'Requestor', type: 'string' },
      { name: 'RequestedDuration', type: 'string' },
      { name: 'Condition', type: 'string' },
    ],
    (request, now) => {
      const { metadata, spec } = request
      return {
        cells: [
          metadata.name ?? '',
          ageOf(request, now),
          spec.signerName || '<none>',
          spec.username ?? '',
          spec.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
          stateOf(request),
        ],
      }
    },
  ),
}

function stateOf({ status }: CertificateSigningRequest | Draft<CertificateSigningRequest>): string {
  const types = new Set((status?.conditions ?? []).map(({ type }) => type))
  const verdict = types.has('Denied') ? 'Denied' : types.has('Approved') ? 'Approved' : 'Pending'
  return `${verdict}${types.has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`
}
