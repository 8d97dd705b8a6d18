/**
 * A number whose text says more than its value: `5.0` and `5e0` are no integers for the API though they equal one, and no
 * double holds `1e400` or `18446744073709551615`. It stands in values that become text again.
 */
export class NumberLiteral {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  /** The platform has no way to write it: whoever encodes must do so by hand. */
  toJSON(): never {
    throw new TypeError('a number literal is not written by the platform')
  }
}

/** A number as it was written: a plain one where its value says all of that. */
export function literalNumber(text: string): number | NumberLiteral {
  const value = Number(text)
  return String(value) === text ? value : new NumberLiteral(text)
}
