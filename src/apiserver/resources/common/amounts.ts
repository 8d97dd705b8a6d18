import { Quantity } from '#machinery'

/** Amounts that may be finer than a thousandth: micro, nano, exponents below zero, more than three decimals, parts of thousandths. */
const fine = /[nu]$|[eE]-|\.\d{4}|\.\d+m$/

/** Amounts of resources come in thousandths; finer ones are rounded up. Changes the list in place. */
export function roundAmounts(list: { [name: string]: string } | undefined): void {
  for (const [name, amount] of Object.entries(list ?? {}))
    if (list && fine.test(amount)) list[name] = Quantity.parse(amount).roundUp(-3).toString()
}
