import { decodeText } from '../text/utf8.ts'

export interface PemBlock {
  /** `CERTIFICATE`, `CERTIFICATE REQUEST`, `EC PRIVATE KEY`. */
  readonly type: string
  readonly headers: { readonly [name: string]: string }
  readonly bytes: Uint8Array
}

const begin = /^-----BEGIN ([^\n]*)-----[ \t]*\r?$/
const end = /^-----END ([^\n]*)-----[ \t]*\r?$/
const header = /^([^:]+):[ \t]*(.*?)[ \t\r]*$/

/** The blocks of a PEM text (RFC 7468), in their order. What is between blocks, or is none, is passed over. */
export function decodePem(text: string | Uint8Array): PemBlock[] {
  const blocks: PemBlock[] = []
  let type: string | undefined
  let body: string[] = []
  for (const line of (typeof text === 'string' ? text : decodeText(text)).split('\n')) {
    const opened = begin.exec(line)
    if (opened) {
      type = opened[1] ?? ''
      body = []
    } else if (type !== undefined) {
      const closed = end.exec(line)
      if (!closed) body.push(line)
      else {
        const block = closed[1] === type ? readBlock(type, body) : undefined
        if (block) blocks.push(block)
        type = undefined
      }
    }
  }
  return blocks
}

function readBlock(type: string, lines: readonly string[]): PemBlock | undefined {
  const headers: { [name: string]: string } = {}
  let at = 0
  for (; at < lines.length; at++) {
    const match = header.exec(lines[at] ?? '')
    if (!match) break
    headers[match[1] ?? ''] = match[2] ?? ''
  }
  const text = lines.slice(at).join('').replace(/\s/g, '')
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  return { type, headers, bytes: Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) }
}

/** One block in PEM, with lines of 64 characters and a line end after the last. */
export function encodePem(type: string, bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  const lines = btoa(binary).match(/.{1,64}/g) ?? []
  return `-----BEGIN ${type}-----\n${lines.map((line) => `${line}\n`).join('')}-----END ${type}-----\n`
}
