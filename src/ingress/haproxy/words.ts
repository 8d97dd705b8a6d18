/** A word as it is, whatever is in it; it must have no line breaks. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** A word that HAProxy expands, which shall come out as it is. */
export const literalFormat = (text: string): string => text.replaceAll('%', '%%')

/** The same as the second part of a replacement, where a backslash names a group. */
export const literalReplacement = (text: string): string => literalFormat(text.replaceAll('\\', String.raw`\\`))

/** An expression that finds this text. */
export const literalExpression = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
