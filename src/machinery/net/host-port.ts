/** `host:port`, with brackets around hosts that have colons. */
export function hostPort(host: string, port: number | string): string {
  return `${inBrackets(host)}:${port}`
}

/** A host as it stands in URLs and before ports. */
export function inBrackets(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
