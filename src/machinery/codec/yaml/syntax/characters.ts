/** What YAML 1.1 makes of single characters; the end of a text is the empty one. */

export const isBreak = (char: string): boolean =>
  char === '\n' || char === '\r' || char === '\u0085' || char === '\u2028' || char === '\u2029'

export const isBlank = (char: string): boolean => char === ' ' || char === '\t'

export const isBreakOrEnd = (char: string): boolean => char === '' || isBreak(char)

export const isBlankOrEnd = (char: string): boolean => isBlank(char) || isBreakOrEnd(char)

export const isWord = (char: string): boolean => /^[0-9A-Za-z_-]$/.test(char)

export const isHex = (char: string): boolean => /^[0-9A-Fa-f]$/.test(char)

/** What may stand in the name of a tag. */
export const isTagCharacter = (char: string): boolean => /^[0-9A-Za-z_\-;/?:@&=+$,.!~*'()[\]%]$/.test(char)

/** Whether a document may have a character only as an escape. */
export function isControl(code: number): boolean {
  if (code < 0x20) return code !== 0x09 && code !== 0x0a && code !== 0x0d
  if (code < 0xa0) return code > 0x7e && code !== 0x85
  return code >= 0xfffe
}
