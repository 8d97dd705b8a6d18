import type { GroupVersionData, ResourceData } from '#api'
import type { ResourceRegistration } from './registration.ts'

/** One resource in one group version: what the API data says of it, and what code adds. */
export interface ResourceRow {
  /** Where the data stands: `apps/v1`. */
  readonly place: string
  readonly plural: string
  readonly group: GroupVersionData
  readonly resource: ResourceData
  readonly registration: ResourceRegistration
}
