{{- define "alpr.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "alpr.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* Given a dict of root and component. */}}
{{- define "alpr.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{/* alpr.yaml: the values, with what the chart decides. Given a dict of root and, for a site, its config. */}}
{{- define "alpr.config" -}}
{{- $values := .root.Values -}}
{{- $health := dict "host" "0.0.0.0" "edge" 9465 -}}
{{- range $name := list "ingest" "index" "alerts" -}}
{{- $_ := set $health $name (get $values.services $name).port -}}
{{- end -}}
{{- $server := dict "host" "0.0.0.0" "port" $values.services.serve.port -}}
{{- if $values.secrets.tls -}}
{{- $_ := set $server "tls" (dict "cert" "/tls/tls.crt" "key" "/tls/tls.key") -}}
{{- else if not (default (dict) $values.config.server).trusted_proxies -}}
{{- fail "config.server.trusted_proxies: expected the networks of the proxy that serves HTTPS, such as [10.0.0.0/8], or a Secret of a certificate in secrets.tls" -}}
{{- end -}}
{{- $metrics := dict "host" "0.0.0.0" "port" (get $values.services "metrics-consumer").port -}}
{{- $ours := dict "data" "/data" "health" $health "server" $server "metrics" $metrics -}}
{{- if $values.secrets.keys -}}
{{- $_ := set $ours "accounts" (dict "key_file" "/keys/sign-in.key") -}}
{{- $_ := set $ours "audit" (dict "key_folder" "/keys") -}}
{{- end -}}
{{- toYaml (mergeOverwrite (deepCopy $values.config) (deepCopy (default (dict) .config)) $ours) -}}
{{- end -}}

{{/* What every pod has. Given a dict of root, component, args, port, resources, config (name of the ConfigMap), data (its volume) and secret. */}}
{{- define "alpr.pod" -}}
{{- $values := .root.Values -}}
{{- $scheme := "HTTP" -}}
{{- if and (eq .command "serve") $values.secrets.tls -}}{{- $scheme = "HTTPS" -}}{{- end }}
metadata:
  labels:
    {{- include "alpr.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .component }}
  annotations:
    checksum/config: {{ .checksum }}
spec:
  serviceAccountName: {{ include "alpr.name" .root }}
  automountServiceAccountToken: false
  {{- with $values.image.pullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  # The program ends its passages and empties its spool first.
  terminationGracePeriodSeconds: 60
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    fsGroup: 1000
    fsGroupChangePolicy: OnRootMismatch
    seccompProfile: { type: RuntimeDefault }
  {{- with default $values.nodeSelector .nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with default $values.tolerations .tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "alpr.selector" . | nindent 10 }}
  containers:
    - name: alpr
      image: {{ printf "%s:%s" $values.image.repository (default .root.Chart.AppVersion $values.image.tag) }}
      imagePullPolicy: {{ $values.image.pullPolicy }}
      args: [{{ .command | quote }}, --config, /etc/ovr-alpr/alpr.yaml]
      {{- if or $values.secrets.environment .secret }}
      envFrom:
        {{- with $values.secrets.environment }}
        - secretRef: { name: {{ . }} }
        {{- end }}
        {{- with .secret }}
        - secretRef: { name: {{ . }} }
        {{- end }}
      {{- end }}
      ports:
        - { name: http, containerPort: {{ .port }} }
      startupProbe:
        httpGet: { path: /health/live, port: http, scheme: {{ $scheme }} }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /health/live, port: http, scheme: {{ $scheme }} }
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: { path: /health, port: http, scheme: {{ $scheme }} }
        periodSeconds: 5
        timeoutSeconds: 5
      {{- with .resources }}
      resources: {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      volumeMounts:
        - { name: config, mountPath: /etc/ovr-alpr, readOnly: true }
        - { name: data, mountPath: /data }
        - { name: tmp, mountPath: /tmp }
        {{- if $values.secrets.keys }}
        - { name: keys, mountPath: /keys, readOnly: true }
        {{- end }}
        {{- if $values.secrets.tls }}
        - { name: tls, mountPath: /tls, readOnly: true }
        {{- end }}
  volumes:
    - { name: config, configMap: { name: {{ .config }} } }
    - { name: tmp, emptyDir: {} }
    {{- with .data }}
    - {{ toYaml . | nindent 6 | trim }}
    {{- end }}
    {{- with $values.secrets.keys }}
    - { name: keys, secret: { secretName: {{ . }}, defaultMode: 0440 } }
    {{- end }}
    {{- with $values.secrets.tls }}
    - { name: tls, secret: { secretName: {{ . }}, defaultMode: 0440 } }
    {{- end }}
{{- end -}}
