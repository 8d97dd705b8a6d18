import type { Json } from '#api'

/**
 * The null of CEL in a configuration that an expression has made: to the API a number of an enumeration, not JSON's null. It
 * fits no type, so that validate() tells of it wherever it is.
 */
export const nullNumber: Json = Object.freeze({})
