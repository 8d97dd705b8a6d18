import { STATUS_CODES } from 'node:http'
import type { Headers } from '#client'
import { warningLines } from '../answer.ts'

const statusLines = new Map<number, string>()

function statusLine(code: number): string {
  let line = statusLines.get(code)
  if (line === undefined) {
    line = `HTTP/1.1 ${code} ${STATUS_CODES[code] ?? `status code ${code}`}\r\n`
    statusLines.set(code, line)
  }
  return line
}

/** `Content-Type: ` by `content-type`. */
const starts = new Map<string, string>()
const keptStarts = 500

function startOf(name: string): string {
  let start = starts.get(name)
  if (start === undefined) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a header`)
    start = `${name.replaceAll(/(?<![^-])[a-z]/g, (letter) => letter.toUpperCase())}: `
    if (starts.size < keptStarts) starts.set(name, start)
  }
  return start
}

const unprintable = /[^\t -~\u0080-\u00ff]/

function line(name: string, value: string): string {
  if (unprintable.test(value)) throw new Error(`header ${name} has a character that no header has`)
  return `${startOf(name)}${value}\r\n`
}

/** What the connection says itself, whatever the answer says. */
const ofConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length'])

/**
 * The head of an answer, with the empty line behind it.
 *
 * @param framing lines of the connection itself, such as the body's length
 * @param date now, as a header has it
 * @throws Error for headers that can't be sent
 */
export function headText(
  code: number,
  contentType: string | undefined,
  headers: Headers | undefined,
  framing: string,
  date: string,
): string {
  let text = statusLine(code)
  let dated = false
  for (const name in headers) {
    const value = headers[name]
    if (value === undefined || ofConnection.has(name)) continue
    if (name === 'content-type' && contentType !== undefined) continue
    if (name === 'date') dated = true
    if (name === 'warning') for (const warning of warningLines(value)) text += line(name, warning)
    else text += line(name, value)
  }
  if (contentType !== undefined) text += line('content-type', contentType)
  return dated ? `${text}${framing}\r\n` : `${text}Date: ${date}\r\n${framing}\r\n`
}
