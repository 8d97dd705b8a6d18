import { global } from './function.ts'
import type { Overload } from './function.ts'

/** For paths of JSON patches. */
export const patchFunctions: readonly Overload[] = [
  global('jsonpatch.escapeKey', ['string'], 'string', (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')),
]
