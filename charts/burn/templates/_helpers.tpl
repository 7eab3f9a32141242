{{- define "burn.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* CronJobs may have 52 characters, ours add up to eight. */}}
{{- define "burn.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "burn.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "burn.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of what has no namespace: releases of one name in two namespaces must not share it. */}}
{{- define "burn.clusterName" -}}
{{- printf "%s-%s" .Release.Namespace (include "burn.fullname" .) -}}
{{- end -}}

{{- define "burn.selector" -}}
app.kubernetes.io/name: {{ include "burn.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "burn.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "burn.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{- define "burn.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "burn.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is needed where serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "burn.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}
{{- end -}}
{{- end -}}

{{/* burn.toml. Numbers of YAML are floats to Helm; burn takes 3.0 for 3. */}}
{{- define "burn.toml" -}}
{{- $config := deepCopy .Values.config -}}
{{- if and .Values.persistence.enabled (not (dig "history" "path" "" $config)) -}}
{{- $_ := set $config "history" (merge (dict "path" "/data/history") (default dict $config.history)) -}}
{{- end -}}
{{ toToml $config }}
{{- with .Values.extraConfig }}
{{ . }}
{{- end }}
{{- end -}}

{{/* Reports that are asked about must be somewhere that outlives a pod. */}}
{{- define "burn.requireHistory" -}}
{{- if not (or .Values.persistence.enabled (dig "history" "path" "" .Values.config)) -}}
{{- fail "slack and mcp answer from kept reports: set config.history.path to a bucket, or persistence.enabled" -}}
{{- end -}}
{{- end -}}

{{- define "burn.podMeta" -}}
annotations:
  checksum/config: {{ include "burn.toml" .root | sha256sum }}
  {{- with .root.Values.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
labels:
  {{- include "burn.selector" .root | nindent 2 }}
  app.kubernetes.io/component: {{ .part }}
  {{- if .root.Values.workloadIdentity.azure.clientId }}
  azure.workload.identity/use: "true"
  {{- end }}
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{/* The pod of every part: root, part, args, resources, restartPolicy; env and ports if it has more. */}}
{{- define "burn.podSpec" -}}
{{- $values := .root.Values -}}
serviceAccountName: {{ include "burn.serviceAccount" .root }}
automountServiceAccountToken: {{ $values.rbac.create }}
enableServiceLinks: false
restartPolicy: {{ .restartPolicy }}
{{- with $values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
containers:
  - name: burn
    image: {{ include "burn.image" .root }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    args:
      {{- toYaml .args | nindent 6 }}
    workingDir: /etc/burn
    env:
      - name: HOME
        value: /tmp
      - name: NO_COLOR
        value: "1"
      {{- with .env }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      {{- range $values.secretEnv }}
      - name: {{ .name }}
        valueFrom:
          secretKeyRef:
            name: {{ .secret }}
            key: {{ .key }}
      {{- end }}
      {{- with $values.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with .port }}
    ports:
      - name: http
        containerPort: {{ . }}
    readinessProbe:
      tcpSocket:
        port: http
    livenessProbe:
      tcpSocket:
        port: http
      initialDelaySeconds: 30
    {{- end }}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities:
        drop: [ALL]
    resources:
      {{- toYaml .resources | nindent 6 }}
    volumeMounts:
      - name: config
        mountPath: /etc/burn
        readOnly: true
      - name: tmp
        mountPath: /tmp
      {{- if $values.persistence.enabled }}
      - name: data
        mountPath: /data
      {{- end }}
      {{- with $values.extraVolumeMounts }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
volumes:
  - name: config
    configMap:
      name: {{ include "burn.fullname" .root }}
  - name: tmp
    emptyDir: {}
  {{- if $values.persistence.enabled }}
  - name: data
    persistentVolumeClaim:
      claimName: {{ default (include "burn.fullname" .root) $values.persistence.existingClaim }}
  {{- end }}
  {{- with $values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $values.affinity }}
affinity:
  {{- toYaml $values.affinity | nindent 2 }}
{{- else if and $values.persistence.enabled (eq $values.persistence.accessMode "ReadWriteOnce") }}
affinity: # the volume is on one node at a time: who needs it, too, waits for ever on another
  podAffinity:
    requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "burn.selector" .root | nindent 12 }}
{{- end }}
{{- end -}}

{{/* Ports that may be left by: those listed, and those of Prometheus and of a proxy, which are known. */}}
{{- define "burn.egressPorts" -}}
{{- $ports := list -}}
{{- range .Values.networkPolicy.egressPorts }}{{ $ports = append $ports (int . | toString) }}{{ end -}}
{{- $urls := list (dig "source" "prometheus" "url" "" .Values.config) -}}
{{- range .Values.extraEnv }}
{{- if has (upper .name) (list "HTTP_PROXY" "HTTPS_PROXY") }}{{ $urls = append $urls (default "" .value) }}{{ end -}}
{{- end -}}
{{- range $urls -}}
{{- with regexFind ":[0-9]+$" (urlParse .).host }}{{ $ports = append $ports (trimPrefix ":" .) }}{{ end -}}
{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}

{{/* root, part, job (its values), args */}}
{{- define "burn.cronJob" -}}
apiVersion: batch/v1
kind: CronJob
metadata:
  name: {{ include "burn.fullname" .root }}-{{ .part }}
  labels:
    {{- include "burn.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .part }}
spec:
  schedule: {{ .job.schedule | quote }}
  timeZone: {{ .job.timeZone | quote }}
  suspend: {{ .job.suspend }}
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: {{ .job.startingDeadlineSeconds }}
  successfulJobsHistoryLimit: {{ .job.successfulJobs }}
  failedJobsHistoryLimit: {{ .job.failedJobs }}
  jobTemplate:
    spec:
      backoffLimit: {{ .job.backoffLimit }}
      activeDeadlineSeconds: {{ .job.deadlineSeconds }}
      template:
        metadata:
          {{- include "burn.podMeta" . | nindent 10 }}
        spec:
          {{- include "burn.podSpec" (dict "root" .root "args" .args "resources" .job.resources "restartPolicy" "Never") | nindent 10 }}
{{- end -}}

{{/* root, part, served (its values), args; env and port */}}
{{- define "burn.deployment" -}}
{{- include "burn.requireHistory" .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "burn.fullname" .root }}-{{ .part }}
  labels:
    {{- include "burn.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .part }}
spec:
  replicas: 1
  strategy:
    type: Recreate
  revisionHistoryLimit: 3
  selector:
    matchLabels:
      {{- include "burn.selector" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .part }}
  template:
    metadata:
      {{- include "burn.podMeta" . | nindent 6 }}
    spec:
      {{- include "burn.podSpec" (dict "root" .root "args" .args "resources" .served.resources "restartPolicy" "Always" "env" .env "port" .port) | nindent 6 }}
{{- end -}}
