import type { Transport } from '#client'

/** A webhook to reach. */
export interface WebhookTarget {
  /** `https://host:port/path?query`; requests go to this very address. */
  readonly url: string
  /** Authorities in PEM, besides which none is trusted; those of the system when absent. */
  readonly authorities?: string
  /** Where the host is, if not where its name leads. The certificate has to be for the name. */
  readonly address?: { readonly host: string; readonly port: number }
}

/** Connects to webhooks. The same target gives the same transport, which keeps its connections. */
export type WebhookDialer = (target: WebhookTarget) => Transport
