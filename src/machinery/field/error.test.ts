import { expect, test } from 'vitest'
import { duplicate, errorBody, invalidValue, named, notSupported, notSupportedText } from './error.ts'

test('errorBody() quotes texts, and shows those of named types as JSON', () => {
  const text = '<a&\u0007b>'
  expect(errorBody(invalidValue('at', text, 'is wrong'))).toBe('Invalid value: "<a&\\ab>": is wrong')
  expect(errorBody(invalidValue('at', named(text), 'is wrong'))).toBe(
    'Invalid value: "\\u003ca\\u0026\\u0007b\\u003e": is wrong',
  )
  expect(errorBody(duplicate('at', named('a&b')))).toBe('Duplicate value: "a\\u0026b"')
  expect(errorBody(notSupported('at', '<', ['a']))).toBe('Unsupported value: "\\u003c": supported values: "a"')
  expect(errorBody(notSupportedText('at', '<', ['a']))).toBe('Unsupported value: "<": supported values: "a"')
  expect(errorBody(invalidValue('at', named(undefined), ''))).toBe('Invalid value: null')
})
