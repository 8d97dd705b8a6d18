import { plainJson } from './encode.ts'

/** JSON text of values that stand in many objects; empty until it is first asked for. */
const texts = new WeakMap<object, string>()

/** From here on the text of the value, which nobody changes, is made once: see {@link keptJson}. */
export function keepText(value: object): void {
  if (!texts.has(value)) texts.set(value, '')
}

/** As {@link plainJson}; the text of a value that was handed to {@link keepText} is kept. */
export function keptJson(value: object): string {
  const known = texts.get(value)
  if (known !== '') return known ?? plainJson(value)
  const text = plainJson(value)
  texts.set(value, text)
  return text
}
