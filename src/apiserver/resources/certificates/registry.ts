import type { ResourceRegistration } from '../../resource/registration.ts'
import { certificateSigningRequestsRegistration } from './certificatesigningrequests/registration.ts'

export const certificatesRegistrations: readonly ResourceRegistration[] = [certificateSigningRequestsRegistration]
