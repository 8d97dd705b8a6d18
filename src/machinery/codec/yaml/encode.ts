import { encodeText } from '../../text/utf8.ts'
import { YamlWriter } from './write/writer.ts'

/** YAML of an object as the API writes it: keys in order, lists at the indent of their key, long texts folded. */
export function encodeYaml(object: unknown): Uint8Array {
  const writer = new YamlWriter()
  writer.document(object)
  return encodeText(writer.text)
}
