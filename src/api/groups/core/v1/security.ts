import type { GroupVersionPart } from '../../../schema/group-version.ts'

/** API data of the core group v1: what pods and containers may do. */
export const security: GroupVersionPart = {
  types: {
    AppArmorProfile: {
      unions: [{ discriminator: 'type', members: { localhostProfile: 'LocalhostProfile' } }],
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.AppArmorProfileType',
          required: true,
          enum: ['Localhost', 'RuntimeDefault', 'Unconfined'],
          discriminator: true,
        },
        localhostProfile: { id: 2, type: '*string' },
      },
    },
    Capabilities: {
      fields: {
        add: { id: 1, type: '[]string', goType: '[]v1.Capability', listType: 'atomic' },
        drop: { id: 2, type: '[]string', goType: '[]v1.Capability', listType: 'atomic' },
      },
    },
    PodSecurityContext: {
      fields: {
        seLinuxOptions: { id: 1, type: '*SELinuxOptions' },
        windowsOptions: { id: 8, type: '*WindowsSecurityContextOptions' },
        runAsUser: { id: 2, type: '*int64' },
        runAsGroup: { id: 6, type: '*int64' },
        runAsNonRoot: { id: 3, type: '*bool' },
        supplementalGroups: { id: 4, type: '[]int64', listType: 'atomic' },
        supplementalGroupsPolicy: {
          id: 12,
          type: '*string',
          goType: 'v1.SupplementalGroupsPolicy',
          enum: ['Merge', 'Strict'],
          gate: 'SupplementalGroupsPolicy',
        },
        fsGroup: { id: 5, type: '*int64' },
        sysctls: { id: 7, type: '[]Sysctl', listType: 'atomic' },
        fsGroupChangePolicy: {
          id: 9,
          type: '*string',
          goType: 'v1.PodFSGroupChangePolicy',
          enum: ['Always', 'OnRootMismatch'],
        },
        seccompProfile: { id: 10, type: '*SeccompProfile' },
        appArmorProfile: { id: 11, type: '*AppArmorProfile' },
        seLinuxChangePolicy: {
          id: 13,
          type: '*string',
          goType: 'v1.PodSELinuxChangePolicy',
          values: ['Recursive', 'MountOption'],
          gate: 'SELinuxChangePolicy',
        },
      },
    },
    SELinuxOptions: {
      fields: {
        user: { id: 1, type: 'string' },
        role: { id: 2, type: 'string' },
        type: { id: 3, type: 'string' },
        level: { id: 4, type: 'string' },
      },
    },
    SeccompProfile: {
      unions: [{ discriminator: 'type', members: { localhostProfile: 'LocalhostProfile' } }],
      fields: {
        type: {
          id: 1,
          type: 'string',
          goType: 'v1.SeccompProfileType',
          required: true,
          enum: ['Localhost', 'RuntimeDefault', 'Unconfined'],
          discriminator: true,
        },
        localhostProfile: { id: 2, type: '*string' },
      },
    },
    SecurityContext: {
      fields: {
        capabilities: { id: 1, type: '*Capabilities' },
        privileged: { id: 2, type: '*bool' },
        seLinuxOptions: { id: 3, type: '*SELinuxOptions' },
        windowsOptions: { id: 10, type: '*WindowsSecurityContextOptions' },
        runAsUser: { id: 4, type: '*int64' },
        runAsGroup: { id: 8, type: '*int64' },
        runAsNonRoot: { id: 5, type: '*bool' },
        readOnlyRootFilesystem: { id: 6, type: '*bool' },
        allowPrivilegeEscalation: { id: 7, type: '*bool' },
        procMount: { id: 9, type: '*string', goType: 'v1.ProcMountType', enum: ['Default', 'Unmasked'] },
        seccompProfile: { id: 11, type: '*SeccompProfile' },
        appArmorProfile: { id: 12, type: '*AppArmorProfile' },
      },
    },
    Sysctl: {
      fields: {
        name: { id: 1, type: 'string', required: true },
        value: { id: 2, type: 'string', required: true },
      },
    },
    WindowsSecurityContextOptions: {
      fields: {
        gmsaCredentialSpecName: { id: 1, type: '*string' },
        gmsaCredentialSpec: { id: 2, type: '*string' },
        runAsUserName: { id: 3, type: '*string' },
        hostProcess: { id: 4, type: '*bool' },
      },
    },
  },
}
