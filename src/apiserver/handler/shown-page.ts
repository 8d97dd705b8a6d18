import type { KubeObject } from '#machinery'
import type { Endpoint } from '../resource/resource.ts'
import type { ListForm } from '../table/convert.ts'
import type { Page } from './page.ts'

/** A page, and what is shown of it in the version of the request. */
export interface ShownPage {
  readonly endpoint: Endpoint
  readonly page: Page
  readonly form: ListForm
  readonly objects: PageObjects
}

/** The objects of a page, each made when it is asked for. */
export interface PageObjects {
  readonly stored: (index: number) => KubeObject
  /** A stored object in the version of the request: the very same, where it is shown as it is stored. */
  readonly shown: (stored: KubeObject) => KubeObject
}
