import { expect, test } from 'vitest'
import { jsonPathProblem } from './parse.ts'

test.each([
  ['{.spec.validations[0].expression}', undefined],
  ["{spec['x.y'][*]..z[-1:][0,2]}", undefined],
  ['{a[?(@.x=="1)")].b}{.c} text', undefined],
  ['{a.\\.b @ $ true 1.5 "q"}', undefined],
  ['{spec.[}', 'unterminated array'],
  ['{{.a}', "unrecognized character in action: U+007B '{'"],
  ['{a', 'unclosed action'],
  ['{....b}', 'invalid multiple recursive descent'],
  ['{a[x]}', 'invalid array index x'],
  ['{a[1,x]}', 'invalid array index x'],
  ['{a[-]}', 'array index - is not a number'],
  ['{a[?(@.x}', 'unterminated filter'],
  ['{a[?(@.x)}', 'unclosed array expect ]'],
  ["{'abc}", 'unterminated quoted string'],
  ['{1.2.3}', 'cannot parse number 1.2.3'],
  ['{"\\u00e9\\x41\\101\\n"}', undefined],
  ['{"\\q"}', 'unquote string "\\q" error invalid syntax'],
  ["{'\\\"'}", "unquote string '\\\"' error invalid syntax"],
])('jsonPathProblem(%j) is %j', (template, problem) => {
  expect(jsonPathProblem(template)).toBe(problem)
})
