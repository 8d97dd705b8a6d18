/** Objects as they are sent. `########` in a name becomes a number. */

const labels = { app: 'bench' }

export const namespace = (name: string): string => JSON.stringify({ metadata: { name } })

export const serviceAccount = (name: string): string => JSON.stringify({ metadata: { name } })

/** With 1 KB of data. */
export const configMap = (name: string): string =>
  JSON.stringify({ metadata: { name, labels }, data: { text: 'x'.repeat(1000) } })

/** A pod as they are in clusters, of two containers with probes, limits and environment. */
export function podToRead(name: string): string {
  const container = (called: string, port: number): object => ({
    name: called,
    image: `registry.example.com/team/${called}:1.2.3`,
    ports: [{ name: 'http', containerPort: port }],
    env: [
      { name: 'MODE', value: 'production' },
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: '/live', port: 'http' }, initialDelaySeconds: 10 },
    volumeMounts: [{ name: 'work', mountPath: '/work' }],
  })
  return JSON.stringify({
    metadata: { name, labels: { ...labels, 'pod-template-hash': '5d9c7f6b8' } },
    spec: {
      containers: [container('server', 8080), container('proxy', 8081)],
      volumes: [{ name: 'work', emptyDir: {} }],
    },
  })
}

/** A pod that asks for what upstream's scheduler_perf asks for. */
export const podToBind = (name: string, run: string): string =>
  JSON.stringify({
    metadata: { name, labels: { ...labels, run } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'pause',
          image: 'registry.k8s.io/pause:3.10',
          resources: { requests: { cpu: '100m', memory: '500Mi' } },
        },
      ],
    },
  })
