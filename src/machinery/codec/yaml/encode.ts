import { stringify } from 'yaml'
import { encodeText } from '../../text/utf8.ts'
import { sortKeys } from '../json/sorted.ts'

/** YAML of an object as the API writes it: keys in order, lists at the indent of their key. */
export function encodeYaml(object: unknown): Uint8Array {
  return encodeText(
    stringify(sortKeys(object), {
      version: '1.1',
      lineWidth: 0,
      indentSeq: false,
      aliasDuplicateObjects: false,
      customTags: (tags) =>
        tags.map((tag) => (typeof tag === 'object' && tag.test?.test('.') ? onlyNumbers(tag) : tag)),
    }),
  )
}

/** A point by itself, which field sets have as a key, is no number: it stands without quotes. */
function onlyNumbers<T extends { readonly test?: RegExp }>(tag: T): T {
  return { ...tag, test: /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\.[\d_]+)$/ }
}
