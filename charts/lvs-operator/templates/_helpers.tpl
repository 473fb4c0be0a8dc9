{{- define "lvs-operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* Room is left below 63 characters for the longest suffix. */}}
{{- define "lvs-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "lvs-operator.name" . -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "lvs-operator.agent.fullname" -}}
{{- printf "%s-node-agent" (include "lvs-operator.fullname" .) -}}
{{- end -}}

{{- define "lvs-operator.fleetSecrets" -}}
{{- printf "%s-secrets" (include "lvs-operator.fullname" .) -}}
{{- end -}}

{{/* Names of cluster-scoped objects: no two releases share one, as a colon is part of neither half. */}}
{{- define "lvs-operator.clusterName" -}}
{{- printf "%s:%s" .Release.Namespace (include "lvs-operator.fullname" .) -}}
{{- end -}}

{{- define "lvs-operator.serviceAccountName" -}}
{{- default (include "lvs-operator.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "lvs-operator.agent.serviceAccountName" -}}
{{- default (include "lvs-operator.agent.fullname" .) .Values.agent.serviceAccount.name -}}
{{- end -}}

{{/* Called with (list . component). */}}
{{- define "lvs-operator.selectorLabels" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "lvs-operator.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Called with (list . component). */}}
{{- define "lvs-operator.labels" -}}
{{- $root := index . 0 -}}
{{- with $root.Values.commonLabels }}
{{- toYaml . | nindent 0 }}
{{ end -}}
{{ include "lvs-operator.selectorLabels" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: lvs-operator
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}

{{/* Called with (list . image). */}}
{{- define "lvs-operator.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- if $image.digest -}}
{{- printf "%s@%s" $image.repository $image.digest -}}
{{- else -}}
{{- printf "%s:%s" $image.repository (default $root.Chart.AppVersion $image.tag) -}}
{{- end -}}
{{- end -}}

{{/* What the schema cannot say: values that contradict each other. */}}
{{- define "lvs-operator.refuseContradictions" -}}
{{- range $name, $image := dict "image" .Values.image "agent.image" .Values.agent.image -}}
{{- if and $image.tag $image.digest -}}
{{- fail (printf "%s.tag is %q and %s.digest is %q, but an image is named by one of them: leave one out" $name $image.tag $name $image.digest) -}}
{{- end -}}
{{- end -}}
{{- range $name, $account := dict "serviceAccount" .Values.serviceAccount "agent.serviceAccount" .Values.agent.serviceAccount -}}
{{- if and (not $account.create) (not $account.name) -}}
{{- fail (printf "%s.create is false, so %s.name must name the service account to use" $name $name) -}}
{{- end -}}
{{- if and (not $account.create) $account.annotations -}}
{{- fail (printf "%s.annotations are given, but %s.create is false, so there is no service account to put them on: annotate %q yourself" $name $name $account.name) -}}
{{- end -}}
{{- end -}}
{{- if eq (include "lvs-operator.serviceAccountName" .) (include "lvs-operator.agent.serviceAccountName" .) -}}
{{- fail (printf "serviceAccount.name and agent.serviceAccount.name are both %q: every node would hold the operator's rights, so give the agent one of its own" (include "lvs-operator.serviceAccountName" .)) -}}
{{- end -}}
{{- range $key, $value := .Values.commonLabels -}}
{{- if or (hasPrefix "app.kubernetes.io/" $key) (hasPrefix "helm.sh/" $key) -}}
{{- fail (printf "commonLabels has %q, which the chart sets itself: choose a label of your own domain" $key) -}}
{{- end -}}
{{- end -}}
{{- range $key, $value := .Values.podLabels -}}
{{- if or (hasPrefix "app.kubernetes.io/" $key) (hasPrefix "helm.sh/" $key) -}}
{{- fail (printf "podLabels has %q, which the chart sets itself: choose a label of your own domain" $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the operator is told. Lists and objects are JSON. */}}
{{- define "lvs-operator.operatorEnvironment" -}}
- name: POD_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
- name: POD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
- name: OPERATOR_DEPLOYMENT_NAME
  value: {{ include "lvs-operator.fullname" . }}
- name: LEASE_NAME
  value: {{ include "lvs-operator.fullname" . }}
- name: NODE_LOSS_TIMEOUT_SECONDS
  value: {{ .Values.nodeLossTimeoutSeconds | quote }}
- name: FLEET_SECRETS_NAME
  value: {{ include "lvs-operator.fleetSecrets" . }}
- name: AGENT_DAEMON_SET_NAME
  value: {{ include "lvs-operator.agent.fullname" . }}
- name: AGENT_IMAGE
  value: {{ include "lvs-operator.image" (list . .Values.agent.image) }}
- name: AGENT_IMAGE_PULL_POLICY
  value: {{ .Values.agent.image.pullPolicy }}
- name: AGENT_IMAGE_PULL_SECRETS
  value: {{ .Values.imagePullSecrets | toJson | quote }}
- name: AGENT_SERVICE_ACCOUNT
  value: {{ include "lvs-operator.agent.serviceAccountName" . }}
- name: AGENT_PRIORITY_CLASS
  value: {{ .Values.agent.priorityClassName }}
- name: AGENT_RESOURCES
  value: {{ .Values.agent.resources | toJson | quote }}
- name: AGENT_TOLERATIONS
  value: {{ .Values.agent.tolerations | toJson | quote }}
- name: AGENT_MANAGEMENT_PORT
  value: {{ .Values.agent.managementPort | quote }}
- name: AGENT_HEARTBEAT_PORT
  value: {{ .Values.agent.heartbeatPort | quote }}
- name: AGENT_LOG_LEVEL
  value: {{ .Values.agent.logLevel }}
- name: AGENT_WRITABLE_KERNEL_SETTINGS
  value: {{ .Values.agent.writableKernelSettings | quote }}
{{- end -}}
