import { createReadStream } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { httpRefusal, type Exchange } from '../exchange.ts'

const sniffed = 512
const htmlType = 'text/html; charset=utf-8'
const textType = 'text/plain; charset=utf-8'

/**
 * Serves a file below a folder, or the names in a folder, as Go's file servers do: folders have a slash at their end.
 *
 * @param path what follows the folder's own path, decoded
 */
export async function serveFile(folder: string, path: string, exchange: Exchange): Promise<void> {
  const name = posix.resolve('/', path)
  const full = join(folder, name)
  const found = await stat(full).catch(refuse)
  const isFolderPath = path === '' || path.endsWith('/')
  if (found.isDirectory() !== isFolderPath) {
    const last = basename(name)
    return redirect(exchange, isFolderPath ? `../${encodeURIComponent(last)}` : `${encodeURIComponent(last)}/`)
  }
  if (found.isDirectory()) return serveFolder(full, found.mtime, exchange)
  return sendFile(full, found, exchange)
}

function redirect({ request, response }: Exchange, to: string): void {
  const query = (request.url ?? '').split('?')[1]
  response.writeHead(301, { location: query === undefined ? to : `${to}?${query}` }).end()
}

async function serveFolder(path: string, changed: Date, { response }: Exchange): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(refuse)
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort()
  const lines = names.map((name) => `<a href="${linkTo(name)}">${escaped(name)}</a>\n`)
  const head = '<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n'
  response.writeHead(200, { 'content-type': htmlType, 'last-modified': changed.toUTCString() })
  response.end(`${head}${lines.join('')}</pre>\n`)
}

async function sendFile(
  path: string,
  { size, mtime }: { readonly size: number; readonly mtime: Date },
  { request, response }: Exchange,
): Promise<void> {
  const headers = { 'last-modified': mtime.toUTCString(), 'accept-ranges': 'bytes' }
  const since = Date.parse(request.headers['if-modified-since'] ?? '')
  if (Math.floor(mtime.getTime() / 1000) * 1000 <= since) return void response.writeHead(304, headers).end()
  const range = rangeOf(request.headers.range, size)
  if (range === 'none') {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-type': textType })
    return void response.end('invalid range: failed to overlap\n')
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'content-type': await contentType(path),
    'content-length': end - start + 1,
    ...(range ? { 'content-range': `bytes ${start}-${end}/${size}` } : {}),
  })
  // A log may have grown since: no more is sent than was said.
  if (end < start) response.end()
  else await pipeline(createReadStream(path, { start, end }), response)
}

/** One range of bytes; several are answered with the whole. */
function rangeOf(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'none' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const [first, last] = [match[1] ?? '', match[2] ?? '']
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(size - 1, Number(last))
  return start >= size || end < start ? 'none' : { start, end }
}

const typesByName: { readonly [extension: string]: string } = {
  html: htmlType,
  htm: htmlType,
  json: 'application/json',
  xml: 'text/xml; charset=utf-8',
  gz: 'application/gzip',
}

/** By the name, else by whether the beginning could be text. */
async function contentType(path: string): Promise<string> {
  const known = typesByName[path.slice(path.lastIndexOf('.') + 1)]
  if (known !== undefined) return known
  await using file = await open(path).catch(refuse)
  const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffed), 0, sniffed, 0)
  const isBinary = buffer
    .subarray(0, bytesRead)
    .some((byte) => byte <= 8 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f))
  return isBinary ? 'application/octet-stream' : textType
}

const linkTo = (name: string): string => escaped(encodeURI(name).replace(/[?#]/g, encodeURIComponent))

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;')

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code

/** Whether a file is not there. */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')

function refuse(error: unknown): never {
  if (isMissing(error)) throw httpRefusal(404, '404 page not found')
  if (['EACCES', 'EPERM'].includes(codeOf(error) ?? '')) throw httpRefusal(403, '403 Forbidden')
  throw httpRefusal(500, '500 Internal Server Error')
}
