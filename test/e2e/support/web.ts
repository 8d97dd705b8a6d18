const template = (rules: string): string => `
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: web
        image: busybox:1.36
        command: [sh, -c, 'mkdir /www; echo $NODE > /www/index.html; exec httpd -f -p 8080 -h /www']
        env: [{name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
        ports: [{containerPort: 8080}]${rules}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
`

/** A pod on every node that answers with the node's name, and the Service `web` of all. */
export const webOnEveryNode = `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: web}
spec:${template('')}`

/** So many pods, evenly on all nodes, that answer with the name of theirs, and the Service `web` of all. */
export const webDeployment = (replicas: number): string => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: ${replicas}${template(`
      topologySpreadConstraints:
      - {maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: web}}}`)}`
