export { check } from './check/checker.ts'
export type { Checked, Structs, Variables } from './check/checker.ts'
export type { SizeOfPath } from './cost/estimate.ts'
export { CelError, issuesText } from './error.ts'
export type { Issue } from './error.ts'
export { CostError, Meter } from './evaluate/meter.ts'
export { escapeFieldName, isReservedName, unescapeFieldName } from './field-names.ts'
export { requestVariables } from './request-types.ts'
export { authorizerTypes, authorizerValue, resourceAuthorizerValue } from './functions/authorization.ts'
export type { AskRights, ResourceRights, RightsDecision, RightsQuestion } from './functions/authorization.ts'
export { compileExpression } from './expression.ts'
export type { CompiledExpression, CompileOptions, CompileOutcome } from './expression.ts'
export * as celTypes from './types/types.ts'
export { typeName } from './types/types.ts'
export type { CelType } from './types/types.ts'
export {
  EntryMap,
  Duration as CelDuration,
  elements as celElements,
  isList as isCelList,
  isMap as isCelMap,
  kindOf as kindOfCel,
  listOf,
  Optional,
  StructValue,
  Timestamp,
  Uint,
} from './values/values.ts'
export { equal as celEqual } from './values/compare.ts'
export type { ListValue, MapValue, Value as CelValue } from './values/values.ts'
