import { expect, test } from 'vitest'
import { checkSyntax } from './check.ts'

const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n'

test.for([
  ['a: b: c', 'mapping values are not allowed in this context'],
  [`${pod}  labels: b: c\n`, 'line 5: mapping values are not allowed in this context'],
  [`${pod}   labels: b\n`, 'line 5: mapping values are not allowed in this context'],
  [`${pod} labels: b\n`, 'line 4: did not find expected key'],
  [`${pod}spec:\n\tcontainers: []\n`, 'line 6: found character that cannot start any token'],
  [`${pod}\tspec: {}\n`, 'line 5: found a tab character that violates indentation'],
  [`${pod}spec\nstatus: {}\n`, "line 6: could not find expected ':'"],
  [`${pod}  labels: "b\n`, 'line 6: found unexpected end of stream'],
  [`${pod}  labels: "\\q"\n`, 'line 5: found unknown escape character'],
  [`${pod}  labels: "\\u12"\n`, 'line 5: did not find expected hexdecimal number'],
  [`${pod}spec: [a\n`, "line 5: did not find expected ',' or ']'"],
  [`${pod}spec: {a: b\nstatus: {}\n`, "line 5: did not find expected ',' or '}'"],
  [`${pod}spec: {a:`, 'line 5: did not find expected node content'],
  ['- a\nb: c', "line 1: did not find expected '-' indicator"],
  ['a: - b', 'block sequence entries are not allowed in this context'],
  ['a: ? b', 'mapping keys are not allowed in this context'],
  ['a\nb: c', 'line 2: mapping values are not allowed in this context'],
  ["a: 'x' y", 'did not find expected key'],
  ['a: |\n\tx', 'line 2: found a tab character where an indentation space is expected'],
  ['a: |0\n x', 'found an indentation indicator equal to 0'],
  ['a: >x\n  y', 'did not find expected comment or line break'],
  ['a: "x\n---\n', 'line 2: found unexpected document indicator'],
  ['a: @x', 'found character that cannot start any token'],
  ['a: &', 'did not find expected alphabetic or numeric character'],
  ['a: *b', "unknown anchor 'b' referenced"],
  ['a: &a {b: *a}', "anchor 'a' value contains itself"],
  ['a: !<', 'did not find expected tag URI'],
  ['a: !b!c d', 'found undefined tag handle'],
  ['%x', 'found unknown directive name'],
  ['%YAML 1.2\n---\na', 'found incompatible YAML document'],
  ['%YAML 1.1\na', 'line 1: did not find expected <document start>'],
  [': b', 'did not find expected key'],
  ['a: \u0001', 'control characters are not allowed'],
] as const)('%j is refused as the API does', ([text, message]) => {
  expect(() => checkSyntax(text)).toThrow(`yaml: ${message}`)
})

test.for([
  [pod, ''],
  ['a: [b,\nc]\nd: e', ''],
  ['- a\n-\n  - b\n- ? c\n  : d\n', ''],
  ['%TAG !b! tag:b,2026:\n--- !b!c {d: e}\n--- f', '--- f'],
  ['a: b\r\nc: "d\\\n  e"\r...\n', '...\n'],
  ['&a "b" : *a\n? [c]\n: !!str d', ''],
  ['{a: b}}: :', '}: :'],
  ['# nothing', ''],
] as const)('%j is read to the end of its first document', ([text, rest]) => {
  expect(text.slice(checkSyntax(text))).toBe(rest)
})
