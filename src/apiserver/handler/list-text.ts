import { decodeText, encodeYaml, plainJson, prettyJson } from '#machinery'
import type { OutputFormat } from '../negotiation/accept.ts'
import type { ListForm } from '../table/convert.ts'

/** Text of a list that has items, without these: what stands around and between them, and how each is written. */
export interface ListText {
  readonly before: string
  readonly between: string
  readonly after: string
  readonly item: (item: object) => string
}

export function textOfList({ head, key }: ListForm, { mediaType, pretty }: OutputFormat): ListText {
  const empty = { ...head, [key]: [] }
  if (mediaType === 'application/yaml') return yamlText(empty, key)
  return pretty ? prettyText(empty) : plainText(empty)
}

function plainText(empty: object): ListText {
  return { before: plainJson(empty).slice(0, -2), between: ',', after: ']}\n', item: plainJson }
}

/** Items stand two levels deep. */
function prettyText(empty: object): ListText {
  return {
    before: prettyJson(empty).slice(0, -']\n}'.length),
    between: ',',
    after: '\n  ]\n}',
    item: (item) => `\n    ${prettyJson(item).replaceAll('\n', '\n    ')}`,
  }
}

/** Keys come in their order, so that something may stand behind the items; these are at the indent of their key. */
function yamlText(empty: object, key: string): ListText {
  const text = decodeText(encodeYaml(empty))
  const line = `\n${key}: []\n`
  const at = text.indexOf(line)
  return {
    before: `${text.slice(0, at)}\n${key}:\n`,
    between: '',
    after: text.slice(at + line.length),
    item: (item) => decodeText(encodeYaml([item])),
  }
}
