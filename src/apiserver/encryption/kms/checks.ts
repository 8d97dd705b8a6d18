import { aggregate, encodeText, errorBody, isFullyQualifiedDomainName, Path, sha256Hex } from '#machinery'
import type { EncryptedObject } from './messages.ts'

const mostKeyBytes = 1024
const mostSourceBytes = 1024
const mostAnnotationBytes = 32 * 1024

/** What is wrong with the id of a key: the code that metrics have for it, and words. */
export function keyIdProblem(keyId: string): { readonly code: string; readonly problem: string } | undefined {
  const { length } = encodeText(keyId)
  if (length === 0) return { code: 'empty', problem: 'keyID is empty' }
  if (length > mostKeyBytes) {
    const problem = `keyID is ${length} bytes, which exceeds the max size of ${mostKeyBytes}`
    return { code: 'too_long', problem }
  }
  return undefined
}

/** What is wrong with an encrypted value, or with a key for values. `undefined` when nothing is. */
export function objectProblem(object: EncryptedObject): string | undefined {
  if (typeof object.source === 'number') return `unknown encryptedDEKSourceType: ${object.source}`
  if (object.data.length === 0) return 'encrypted data is empty'
  const { length } = object.ciphertext
  if (length === 0) return 'failed to validate encrypted DEK source: encrypted DEK source is empty'
  if (length > mostSourceBytes) {
    const problem = `encrypted DEK source is ${length} bytes, which exceeds the max size of ${mostSourceBytes}`
    return `failed to validate encrypted DEK source: ${problem}`
  }
  const key = keyIdProblem(object.keyId)
  if (key) return `failed to validate key id: ${key.problem}`
  const problems = annotationProblems(object.annotations)
  return problems.length === 0 ? undefined : `failed to validate annotations: ${aggregate(problems)}`
}

function annotationProblems(annotations: ReadonlyMap<string, Uint8Array>): string[] {
  const problems: string[] = []
  let size = 0
  for (const [name, value] of annotations) {
    const errors = isFullyQualifiedDomainName(Path.of('annotations'), name)
    if (errors.length > 0) problems.push(aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`)))
    size += encodeText(name).length + value.length
  }
  if (size > mostAnnotationBytes)
    problems.push(`total size of annotations is ${size}, which exceeds the max size of ${mostAnnotationBytes}`)
  return problems
}

/** How ids are told in logs and metrics. */
export function hashText(id: string): string {
  return id === '' ? '' : `sha256:${sha256Hex(encodeText(id))}`
}
