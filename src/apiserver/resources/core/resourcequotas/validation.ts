import type { ResourceQuota, ScopeSelector } from '#api/core/v1'
import { invalidValue, nameIsDNSSubdomain, Path, required, named } from '#machinery'
import type { FieldError } from '#machinery'
import { goValue } from '../../common/go-value.ts'
import { validateObjectMeta, validateObjectMetaUpdate } from '../../metadata.ts'
import { isQuotaResource, validateAmount, validateResourceName } from '../resource-names.ts'

const metadata = Path.of('metadata')
const specPath = Path.of('spec')

type Amounts = { readonly [name: string]: string } | undefined
type Spec = NonNullable<ResourceQuota['spec']>

export function validateQuota({ metadata: meta, spec, status }: ResourceQuota): readonly FieldError[] {
  return [
    ...validateObjectMeta(meta, { namespaced: true, name: nameIsDNSSubdomain }, metadata),
    ...validateSpec(spec ?? {}),
    ...validateAmounts(status?.hard, Path.of('status', 'hard')),
    ...validateAmounts(status?.used, Path.of('status', 'used')),
  ]
}

export function validateQuotaUpdate(
  { metadata: meta, spec }: ResourceQuota,
  old: ResourceQuota,
): readonly FieldError[] {
  const errors = [...validateObjectMetaUpdate(meta, old.metadata, metadata), ...validateSpec(spec)]
  const scopes = new Set<string>(spec.scopes ?? [])
  const before = new Set<string>(old.spec?.scopes ?? [])
  const same = scopes.size === before.size && [...scopes].every((scope) => before.has(scope))
  if (!same) errors.push(invalidValue(specPath.child('scopes'), spec.scopes, 'field is immutable'))
  return errors
}

export function validateQuotaStatusUpdate(
  { metadata: meta, status }: ResourceQuota,
  old: ResourceQuota,
): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(meta, old.metadata, metadata),
    ...(meta.resourceVersion ? [] : [required('resourceVersion')]),
    ...validateAmounts(status?.hard, Path.of('status', 'hard')),
    ...validateAmounts(status?.used, Path.of('status', 'used')),
  ]
}

function validateAmounts(amounts: Amounts, path: Path): readonly FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, amount]) => {
    const at = path.key(name)
    const known = name.includes('/') || isQuotaResource(name)
    return [
      ...validateResourceName(name, at),
      ...(known ? [] : [invalidValue(at, name, 'must be a standard resource for quota')]),
      ...validateAmount(name, amount, at),
    ]
  })
}

function validateSpec(spec: Spec): readonly FieldError[] {
  return [
    ...validateAmounts(spec.hard, specPath.child('hard')),
    ...validateScopes(spec),
    ...(spec.scopeSelector ? validateSelector(spec, spec.scopeSelector) : []),
  ]
}

const podAmounts = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory', 'pods']
const claimAmounts = ['persistentvolumeclaims', 'requests.storage']

/** What each scope can be counted in. */
const scopedAmounts: { readonly [scope: string]: readonly string[] } = {
  Terminating: podAmounts,
  NotTerminating: podAmounts,
  NotBestEffort: podAmounts,
  PriorityClass: podAmounts,
  CrossNamespacePodAffinity: podAmounts,
  BestEffort: ['pods'],
  VolumeAttributesClass: claimAmounts,
}

const yesOrNoScopes = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity']

/** Limits of a spec that a scope has nothing to do with. */
function foreignAmounts(spec: Spec, scope: string): readonly string[] {
  const counted = isKnownScope(scope) ? scopedAmounts[scope] : undefined
  if (!counted) return []
  return Object.keys(spec.hard ?? {}).filter((name) => isQuotaResource(name) && !counted.includes(name))
}

const isKnownScope = (scope: string): boolean => Object.hasOwn(scopedAmounts, scope)

function validateConflicts(spec: Spec, scopes: readonly string[], path: Path): readonly FieldError[] {
  const pairs = [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ]
  return pairs
    .filter((pair) => pair.every((scope) => scopes.includes(scope)))
    .map(() => invalidValue(path, spec.scopes, 'conflicting scopes'))
}

function validateScopes(spec: Spec): readonly FieldError[] {
  const scopes = spec.scopes ?? []
  const path = specPath.child('scopes')
  const refused = (why: string): FieldError => invalidValue(path, scopes, why)
  return [
    ...scopes.flatMap((scope) => [
      ...(isKnownScope(scope) ? [] : [refused('unsupported scope')]),
      ...foreignAmounts(spec, scope).map(() => refused('unsupported scope applied to resource')),
    ]),
    ...validateConflicts(spec, scopes, path),
  ]
}

function validateSelector(spec: Spec, selector: ScopeSelector): readonly FieldError[] {
  const path = specPath.child('scopeSelector', 'matchExpressions')
  const expressions = selector.matchExpressions ?? []
  const shown = goValue('core/v1.ScopeSelector', selector)
  const errors = expressions.flatMap(({ scopeName, operator, values = [] }) => {
    const found: FieldError[] = isKnownScope(scopeName)
      ? []
      : [invalidValue(path.child('scopeName'), named(scopeName), 'unsupported scope')]
    for (const _ of foreignAmounts(spec, scopeName))
      found.push(invalidValue(path, shown, 'unsupported scope applied to resource'))
    if (yesOrNoScopes.includes(scopeName) && operator !== 'Exists') {
      const why =
        "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"
      found.push(invalidValue(path.child('operator'), named(operator), why))
    }
    return [...found, ...validateOperator(operator, values, path)]
  })
  return [
    ...errors,
    ...validateConflicts(
      spec,
      expressions.map(({ scopeName }) => scopeName),
      path,
    ),
  ]
}

function validateOperator(operator: string, values: readonly string[], path: Path): readonly FieldError[] {
  const at = path.child('values')
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length > 0) return []
      return [required(at, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")]
    case 'Exists':
    case 'DoesNotExist':
      if (values.length === 0) return []
      return [
        invalidValue(at, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"),
      ]
    default:
      return [invalidValue(path.child('operator'), named(operator), 'not a valid selector operator')]
  }
}
