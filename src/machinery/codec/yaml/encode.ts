import { allSteps } from '#base'
import type { Steps } from '#base'
import { encodeText } from '../../text/utf8.ts'
import { YamlWriter } from './write/writer.ts'

/** YAML of an object as the API writes it: keys in order, lists at the indent of their key, long texts folded. */
export function encodeYaml(object: unknown): Uint8Array {
  return allSteps(yamlInSteps(object))
}

/** The same in steps, of which an object of very many keys takes many. */
export function* yamlInSteps(object: unknown): Steps<Uint8Array> {
  const writer = new YamlWriter()
  yield* writer.document(object)
  return encodeText(writer.text)
}
