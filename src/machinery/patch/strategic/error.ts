import { goString, goText, goTypeOfValue } from '../go-value.ts'

/** Which answer the API gives: the patch is malformed, or does not fit, or could not be merged. */
export type PatchTrouble = 'malformed' | 'unprocessable' | 'internal'

/** A strategic merge patch can't be merged; the message is the API's. */
export class StrategicPatchError extends Error {
  override readonly name = 'StrategicPatchError'
  readonly trouble: PatchTrouble

  constructor(message: string, trouble: PatchTrouble = 'internal') {
    super(message)
    this.trouble = trouble
  }
}

export const badPrimitiveList = (): StrategicPatchError =>
  new StrategicPatchError('invalid patch format of primitive list', 'malformed')

export const badRetainKeys = (): StrategicPatchError =>
  new StrategicPatchError('invalid patch format of retainKeys', 'malformed')

export const badElementOrder = (): StrategicPatchError =>
  new StrategicPatchError('invalid patch format of setElementOrder list', 'malformed')

export const listOfLists = (): StrategicPatchError =>
  new StrategicPatchError('lists of lists are not supported', 'unprocessable')

export const noMergeKey = (map: unknown, key: string): StrategicPatchError =>
  new StrategicPatchError(`map: ${goString(map)} does not contain declared merge key: ${key}`)

export const badDirective = (directive: unknown, map: unknown): StrategicPatchError =>
  new StrategicPatchError(`unknown patch type: ${goText(directive)} in map: ${goString(map)}`)

export const badType = (wanted: 'map[string]interface {}' | '[]interface {}', actual: unknown): StrategicPatchError =>
  new StrategicPatchError(`expected a ${wanted}, but received a ${goTypeOfValue(actual) ?? '%!s(<nil>)'}`)
