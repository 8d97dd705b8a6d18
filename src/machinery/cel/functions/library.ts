import { authorizationFunctions } from './authorization.ts'
import { formatFunctions } from './formats.ts'
import { FunctionTable } from './function.ts'
import { listFunctions } from './lists.ts'
import { networkFunctions } from './network.ts'
import { operators } from './operators.ts'
import { patchFunctions } from './patches.ts'
import { quantityFunctions } from './quantities.ts'
import { standardFunctions } from './standard.ts'
import { stringFunctions } from './strings.ts'
import { versionFunctions } from './versions.ts'

let table: FunctionTable | undefined

/** Every function that expressions of the API may call. */
export function functionLibrary(): FunctionTable {
  table ??= new FunctionTable([
    ...operators,
    ...standardFunctions,
    ...stringFunctions,
    ...listFunctions,
    ...quantityFunctions,
    ...networkFunctions,
    ...formatFunctions,
    ...versionFunctions,
    ...patchFunctions,
    ...authorizationFunctions,
  ])
  return table
}
