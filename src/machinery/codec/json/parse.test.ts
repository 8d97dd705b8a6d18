import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeText } from '../../text/utf8.ts'
import { JsonError } from './error.ts'
import { parseJson } from './parse.ts'
import { syntaxProblem } from './syntax.ts'
import { parseGroupVersion, summarizeBody, typeMetaOf, unreadableBody } from './type-meta.ts'

function problemOf(read: () => unknown): string {
  try {
    read()
    return 'none'
  } catch (error) {
    if (error instanceof JsonError) return error.message
    throw error
  }
}

const body = (text: string) => parseJson(encodeText(text))

test('parseJson() says what is wrong in the words of the API', () => {
  const problems: readonly (readonly [string, string])[] = [
    ['', 'unexpected end of JSON input'],
    ['{"a":', 'unexpected end of JSON input'],
    ['{x', "invalid character 'x' looking for beginning of object key string"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['apiVersion: v1', "invalid character 'a' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12G"', "invalid character 'G' in \\u hexadecimal character escape"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1ex', "invalid character 'x' in exponent of numeric literal"],
    ['nulx', "invalid character 'x' in literal null (expecting 'l')"],
    ['tru', "invalid character ' ' in literal true (expecting 'e')"],
    ['\ufeff{}', "invalid character '\u00ef' looking for beginning of value"],
    ['['.repeat(10_500), "invalid character '[' exceeded max depth"],
  ]
  expect(problems.map(([text]) => [text, problemOf(() => body(text))])).toEqual(problems)
})

test('parseJson() reads bytes that are no UTF-8 as U+FFFD, one for each', () => {
  expect(parseJson(new Uint8Array([0x22, 0xe2, 0x82, 0x61, 0xff, 0x22])).parsed).toBe('\ufffd\ufffda\ufffd')
})

test('syntaxProblem() agrees with the platform on what is JSON', () => {
  const mangled = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[]:,"\\019.eE+-tfn u\n'.split('')))
    .map(
      ([text, at, character]) => text.slice(0, at % (text.length + 1)) + character + text.slice(at % (text.length + 1)),
    )
  fc.assert(
    fc.property(fc.oneof(fc.json(), mangled), (text) => {
      let fits = true
      try {
        JSON.parse(text)
      } catch {
        fits = false
      }
      expect(syntaxProblem(encodeText(text)) === undefined).toBe(fits)
    }),
    { numRuns: 1000 },
  )
})

test('typeMetaOf() reads kind and version of a body, whatever the case of their names', () => {
  expect([
    typeMetaOf(body('{"kind":"Pod","apiVersion":"v1"}')),
    typeMetaOf(body('{"Kind":"D","APIVERSION":"apps/v1"}')),
  ]).toEqual([
    { group: '', version: 'v1', kind: 'Pod' },
    { group: 'apps', version: 'v1', kind: 'D' },
  ])
  expect(typeMetaOf(body('null'))).toEqual({ group: '', version: '', kind: '' })
})

test('typeMetaOf() refuses what names no kind in the words of the API', () => {
  const read = (text: string): string => problemOf(() => typeMetaOf(body(text)))
  const why = "couldn't get version/kind; json parse error: json: cannot unmarshal"
  expect([read('[]'), read('{"kind":5}'), read('{"apiVersion":"a/b/c"}')]).toEqual([
    `${why} array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    `${why} number into Go struct field .kind of type string`,
    'unexpected GroupVersion string: a/b/c',
  ])
  expect(unreadableBody(new JsonError('x')).message).toBe("couldn't get version/kind; json parse error: x")
  expect(parseGroupVersion('/')).toEqual({ group: '', version: '' })
})

test('summarizeBody() shows the beginning of a body', () => {
  expect(
    ['', '[]', '{"a":1}', '{"a":"0123456789012345678901234"}'].map((text) => summarizeBody(encodeText(text))),
  ).toEqual(['<empty>', '5b5d', '{"a":1}', '{"a":"012345678901234567890123 ...'])
})
