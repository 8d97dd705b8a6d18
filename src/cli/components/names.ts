/** Names between white space. */
export const names = (text: string): readonly string[] => text.trim().split(/\s+/)
