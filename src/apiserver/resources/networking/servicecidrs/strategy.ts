import type { ServiceCIDR } from '#api/networking/v1'
import {
  excludeFields,
  invalidValue,
  ipFamilyOf,
  isValidCIDR,
  nameIsDNSSubdomain,
  parseCIDR,
  Path,
  required,
} from '#machinery'
import type { FieldError, KubeObject } from '#machinery'
import { statusRules } from '../../../resource/status-rules.ts'
import { strategy } from '../../../resource/strategy.ts'
import type { Strategy, UpdateRules } from '../../../resource/strategy.ts'
import { keepMetadata } from '../../common/status-metadata.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'

const metadata = Path.of('metadata')
const path = Path.of('spec', 'cidrs')
const fixed = 'field is immutable'

export const serviceCIDRStrategy: Strategy = strategy<ServiceCIDR>({
  validate: ({ metadata: meta, spec }) => [
    ...validateObjectMeta(meta, { namespaced: false, name: nameIsDNSSubdomain }, metadata),
    ...validateCIDRs(spec?.cidrs ?? []),
  ],
  validateUpdate: (cidr, old) => [
    ...validateObjectMetaUpdate(cidr.metadata, old.metadata, metadata),
    ...validateCIDRsUpdate(cidr.spec?.cidrs, old.spec?.cidrs ?? []),
  ],
})

export const serviceCIDRStatusRules: UpdateRules<KubeObject> = {
  resetFields: excludeFields(['metadata'], ['spec']),
  prepareForUpdate(draft, old, context) {
    statusRules.prepareForUpdate?.(draft, old, context)
    keepMetadata(draft, old)
  },
  validateUpdate: (cidr, old) => validateObjectMetaUpdate(cidr.metadata, old.metadata, metadata),
}

function validateCIDRs(cidrs: readonly string[]): readonly FieldError[] {
  const [first = '', second = ''] = cidrs
  if (cidrs.length === 0) return [required(path, 'at least one CIDR required')]
  if (cidrs.length > 2) return [invalidValue(path, { CIDRs: cidrs }, 'may only hold up to 2 values')]
  const errors = cidrs.flatMap((cidr, index) => isValidCIDR(path.index(index), cidr))
  const family = (cidr: string): string | undefined => (parseCIDR(cidr) ? ipFamilyOf(cidr) : undefined)
  if (cidrs.length < 2 || family(first) === undefined || family(first) !== family(second)) return errors
  const why = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'
  return [...errors, invalidValue(path, cidrs, why)]
}

/** Blocks stay as they are; one of the other family may join a single one. */
function validateCIDRsUpdate(given: readonly string[] | undefined, old: readonly string[]): readonly FieldError[] {
  const cidrs = given ?? []
  const changed = (index: number): readonly FieldError[] =>
    cidrs[index] === old[index] ? [] : [invalidValue(path.index(index), cidrs[index], fixed)]
  if (cidrs.length === old.length) return old.flatMap((_, index) => changed(index))
  if (old.length === 1 && cidrs.length === 2) return [...changed(0), ...validateCIDRs(cidrs)]
  return [invalidValue(path, given ?? null, fixed)]
}
