import { isCollection, isMap, isNode } from 'yaml'
import type { Document, LineCounter, YAMLParseError } from 'yaml'

/**
 * What is wrong with a document, in the API's words. What can't be told apart into words is counted in lines from one,
 * what stands where it must not in lines before it; the first line is not mentioned.
 */
export function complaint(error: YAMLParseError, document: Document.Parsed, text: string, lines: LineCounter): string {
  const { code, pos } = error
  const { line } = lines.linePos(pos[0])
  const scanned = unreadable[code]
  if (scanned !== undefined) return at(line > 1 ? line : 0, scanned)
  if (code === 'MISSING_CHAR' && /quote/.test(error.message)) {
    const last = text.split('\n').length
    return at(last > 1 ? last : 0, 'found unexpected end of stream')
  }
  if (code === 'MISSING_CHAR' || (code === 'BAD_INDENT' && error.message.startsWith('Flow')))
    return unclosed(error, document, text, lines)
  const misplaced = unexpected[code]
  return misplaced === undefined ? at(line > 1 ? line : 0, error.message) : at(line - 1, misplaced)
}

const at = (line: number, what: string): string => (line === 0 ? what : `line ${line}: ${what}`)

/** Characters that make no word. */
const unreadable: { readonly [code: string]: string | undefined } = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_SCALAR_START: 'found character that cannot start any token',
  BAD_DQ_ESCAPE: 'found unknown escape character',
}

/** Words that make no sense where they stand. */
const unexpected: { readonly [code: string]: string | undefined } = {
  BAD_INDENT: 'did not find expected key',
  UNEXPECTED_TOKEN: 'did not find expected node content',
}

/** A list or map in brackets that does not end. */
function unclosed(error: YAMLParseError, document: Document.Parsed, text: string, lines: LineCounter): string {
  const ended = error.pos[0] >= text.trimEnd().length
  const line = ended ? text.split('\n').length - (text.endsWith('\n') ? 1 : 0) : lines.linePos(error.pos[0]).line - 1
  const { contents } = document
  if (isCollection(contents) && contents.items.length === 0) return at(line, 'did not find expected node content')
  const bracket = /map/i.test(error.message) || (!/seq|sequence/i.test(error.message) && isMap(contents)) ? '}' : ']'
  return at(line, `did not find expected ',' or '${bracket}'`)
}

/** Whether something stands behind a list or map in brackets that is the whole document: nobody reads on. */
export function isBehind({ contents }: Document.Parsed, position: number): boolean {
  return (
    isNode(contents) &&
    isCollection(contents) &&
    contents.flow === true &&
    position >= (contents.range?.[1] ?? Infinity)
  )
}
