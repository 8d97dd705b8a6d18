import type {
  ExpressionWarning,
  NamedRuleWithOperations,
  ValidatingAdmissionPolicy,
} from '#api/admissionregistration/v1'
import type { Discovery } from '#client'
import { authorizerTypes, celTypes, compileExpression, requestVariables } from '#machinery'
import type { CelType } from '#machinery'
import { typeOfKind } from './types.ts'
import type { GroupVersionKind, TypeDocument } from './types.ts'

/** The OpenAPI document of a group version; `undefined` where the server has none. */
export type ReadSchemas = (group: string, version: string) => Promise<unknown>

/** Kinds that one rule is checked for at most. */
const mostKinds = 10

interface CheckedKind {
  readonly kind: GroupVersionKind
  readonly type: CelType
}

/** What is doubtful about a policy's expressions, by the types of what it is about. */
export async function policyWarnings(
  { spec }: ValidatingAdmissionPolicy,
  discovery: Discovery,
  read: ReadSchemas,
): Promise<readonly ExpressionWarning[]> {
  const kinds = await typed(kindsOf(spec.matchConstraints?.resourceRules ?? [], discovery), read)
  const { apiVersion = '', kind = '' } = spec.paramKind ?? {}
  const slash = apiVersion.indexOf('/')
  const of = { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1), kind }
  const [params] = spec.paramKind ? await typed([of], read) : []
  const base = new Map<string, CelType>([...requestVariables, ['authorizer', authorizerTypes.authorizer]])
  if (spec.paramKind) base.set('params', params?.type ?? celTypes.dyn)
  const warningOf = (fieldRef: string, source: string | undefined): readonly ExpressionWarning[] => {
    if (!source) return []
    const problems = kinds.flatMap((one) => problemOf(source, one, base, spec.variables ?? []) ?? [])
    return problems.length === 0 ? [] : [{ fieldRef, warning: problems.join('\n') }]
  }
  return (spec.validations ?? []).flatMap(({ expression, messageExpression }, index) => [
    ...warningOf(`spec.validations[${index}].expression`, expression),
    ...warningOf(`spec.validations[${index}].messageExpression`, messageExpression),
  ])
}

function problemOf(
  source: string,
  { kind, type }: CheckedKind,
  base: ReadonlyMap<string, CelType>,
  own: NonNullable<ValidatingAdmissionPolicy['spec']['variables']>,
): string | undefined {
  const known = new Map<string, CelType>()
  const variables = new Map(base)
  variables.set('object', type).set('oldObject', type)
  variables.set('variables', { kind: 'object', name: 'kubernetes.variables', field: (name) => known.get(name) })
  for (const { name, expression } of own) {
    const outcome = compileExpression(expression, variables)
    known.set(name, 'problems' in outcome ? celTypes.dyn : outcome.type)
  }
  const outcome = compileExpression(source, variables)
  if (!('problems' in outcome) || outcome.stage !== 'compilation failed') return undefined
  return `${kind.group}/${kind.version}, Kind=${kind.kind}: ${outcome.problems}\n`
}

async function typed(kinds: readonly GroupVersionKind[], read: ReadSchemas): Promise<readonly CheckedKind[]> {
  const found: CheckedKind[] = []
  for (const kind of kinds) {
    const document = (await read(kind.group, kind.version)) as TypeDocument | undefined
    const type = document && typeOfKind(document, kind)
    if (type) found.push({ kind, type })
  }
  return found
}

/** Kinds that rules name outright, in order; a rule with a wildcard names none. */
function kindsOf(rules: readonly NamedRuleWithOperations[], { resources }: Discovery): readonly GroupVersionKind[] {
  const kinds = new Map<string, GroupVersionKind>()
  for (const { apiGroups = [], apiVersions = [], resources: plurals = [] } of rules) {
    if ([...apiGroups, ...apiVersions].some((name) => name.includes('*'))) continue
    let count = 0
    for (const { resource } of resources) {
      const { group, version, plural, kind } = resource
      if (!apiGroups.includes(group) || !apiVersions.includes(version) || !plurals.includes(plural)) continue
      kinds.set(`${group}/${version}/${kind}`, { group, version, kind })
      if (++count === mostKinds) return inOrder(kinds)
    }
  }
  return inOrder(kinds)
}

const inOrder = (kinds: ReadonlyMap<string, GroupVersionKind>): readonly GroupVersionKind[] =>
  [...kinds.keys()].sort().map((key) => kinds.get(key) as GroupVersionKind)
