package judges

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	psapi "k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
	strictjson "sigs.k8s.io/json"
)

// A Pod is a pod template of a manifest with what the judges say of it.
type Pod struct {
	ID         string // Kind/name
	Restricted bool
	Forbidden  string // why not
	// Reasons are the checks that refuse it, by the words of Pod Security.
	Reasons []string
	// Clash says that non-root and UID 0 are demanded at once: kubelet refuses to start such a container.
	Clash bool
	// Unproved counts containers that demand non-root and state no UID: they start only if the image has a number.
	Unproved int
	// Partial says that a container has no image: a patch that is merged into another file.
	Partial bool
	// Template is the pod template as JSON, to tell whether it changed.
	Template []byte

	contexts int
}

// Securing reports whether the change was about security contexts, and not about a port alone.
func (p Pod) Securing(before Pod) bool { return p.contexts != before.contexts }

// Unanswered are the reasons against the pod that a change of security contexts must have answered. Ports of the node and
// kinds of volumes are the author's own choice: offroot fixes what stands beside them and leaves them where they are.
func (p Pod) Unanswered(before Pod) []string {
	var out []string
	for _, reason := range p.Reasons {
		chosen := reason == "hostPort" || reason == "restricted volume types"
		if !chosen || !slices.Contains(before.Reasons, reason) {
			out = append(out, reason)
		}
	}
	return out
}

// Manifest is what the judges say of a file of Kubernetes objects.
type Manifest struct {
	Pods []Pod
	// Unknown are fields that no API server would take. Names are compared with their case, as a server does.
	Unknown []string
}

// JudgeManifest decodes every object of a file, YAML or JSON, strictly. Objects of kinds that it does not know are not
// judged.
func JudgeManifest(content []byte) (Manifest, error) {
	var m Manifest
	objects, err := decode(content)
	if err != nil {
		return m, err
	}
	for _, o := range flatten(objects) {
		if err := m.object(o); err != nil {
			return m, err
		}
	}
	return m, nil
}

func decode(content []byte) ([]map[string]any, error) {
	dec := yaml.NewDecoder(bytes.NewReader(content))
	var objects []map[string]any
	for {
		var v any
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			return objects, nil
		} else if err != nil {
			return nil, err
		}
		if o, ok := v.(map[string]any); ok {
			objects = append(objects, o)
		}
	}
}

// prototypes are the kinds that are decoded strictly.
var prototypes = map[string]func() any{
	"v1/Pod":                             func() any { return new(corev1.Pod) },
	"v1/Service":                         func() any { return new(corev1.Service) },
	"v1/ConfigMap":                       func() any { return new(corev1.ConfigMap) },
	"v1/ReplicationController":           func() any { return new(corev1.ReplicationController) },
	"apps/v1/Deployment":                 func() any { return new(appsv1.Deployment) },
	"apps/v1/StatefulSet":                func() any { return new(appsv1.StatefulSet) },
	"apps/v1/DaemonSet":                  func() any { return new(appsv1.DaemonSet) },
	"apps/v1/ReplicaSet":                 func() any { return new(appsv1.ReplicaSet) },
	"batch/v1/Job":                       func() any { return new(batchv1.Job) },
	"batch/v1/CronJob":                   func() any { return new(batchv1.CronJob) },
	"networking.k8s.io/v1/NetworkPolicy": func() any { return new(networkingv1.NetworkPolicy) },
	"networking.k8s.io/v1/Ingress":       func() any { return new(networkingv1.Ingress) },
}

// flatten takes lists apart.
func flatten(objects []map[string]any) []map[string]any {
	var out []map[string]any
	for _, o := range objects {
		items, ok := o["items"].([]any)
		if kind, _ := o["kind"].(string); !ok || !strings.HasSuffix(kind, "List") {
			out = append(out, o)
			continue
		}
		for _, item := range items {
			if child, ok := item.(map[string]any); ok {
				out = append(out, flatten([]map[string]any{child})...)
			}
		}
	}
	return out
}

// typed decodes an object strictly, and returns nil if its kind is not known here.
func typed(o map[string]any) (object any, unknown []error, err error) {
	kind, _ := o["kind"].(string)
	api, _ := o["apiVersion"].(string)
	prototype, ok := prototypes[api+"/"+kind]
	if !ok {
		return nil, nil, nil
	}
	text, err := json.Marshal(o)
	if err != nil {
		return nil, nil, err
	}
	object = prototype()
	unknown, err = strictjson.UnmarshalStrict(text, object)
	return object, unknown, err
}

func (m *Manifest) object(o map[string]any) error {
	kind, _ := o["kind"].(string)
	object, unknown, err := typed(o)
	if err != nil {
		return fmt.Errorf("%s: %w", kind, err)
	}
	for _, u := range unknown {
		m.Unknown = append(m.Unknown, kind+": "+u.Error())
	}
	if template := podTemplate(object); template != nil && len(template.Spec.Containers) > 0 {
		return m.pod(kind+"/"+name(o), template)
	}
	return nil
}

func name(o map[string]any) string {
	meta, _ := o["metadata"].(map[string]any)
	s, _ := meta["name"].(string)
	return s
}

func podTemplate(object any) *corev1.PodTemplateSpec {
	switch o := object.(type) {
	case *corev1.Pod:
		return &corev1.PodTemplateSpec{ObjectMeta: o.ObjectMeta, Spec: o.Spec}
	case *corev1.ReplicationController:
		return o.Spec.Template
	case *appsv1.Deployment:
		return &o.Spec.Template
	case *appsv1.StatefulSet:
		return &o.Spec.Template
	case *appsv1.DaemonSet:
		return &o.Spec.Template
	case *appsv1.ReplicaSet:
		return &o.Spec.Template
	case *batchv1.Job:
		return &o.Spec.Template
	case *batchv1.CronJob:
		return &o.Spec.JobTemplate.Spec.Template
	}
	return nil
}

func (m *Manifest) pod(id string, t *corev1.PodTemplateSpec) error {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	level := psapi.LevelVersion{Level: psapi.LevelRestricted, Version: psapi.LatestVersion()}
	meta := metav1.ObjectMeta{Annotations: t.Annotations, Labels: t.Labels}
	result := policy.AggregateCheckResults(evaluator.EvaluatePod(level, &meta, &t.Spec))
	p := Pod{ID: id, Restricted: result.Allowed, Forbidden: result.ForbiddenDetail(), Reasons: result.ForbiddenReasons}
	if p.Template, err = json.Marshal(t); err != nil {
		return err
	}
	p.contexts = strings.Count(string(p.Template), "runAsNonRoot") + strings.Count(string(p.Template), "capabilities")
	for _, c := range append(append([]corev1.Container{}, t.Spec.InitContainers...), t.Spec.Containers...) {
		p.Partial = p.Partial || c.Image == ""
		nonRoot, uid := effective(t.Spec.SecurityContext, c.SecurityContext)
		switch {
		case nonRoot && uid != nil && *uid == 0:
			p.Clash = true
		case nonRoot && uid == nil:
			p.Unproved++
		}
	}
	m.Pods = append(m.Pods, p)
	return nil
}

// effective is what kubelet sees of a container: its own context, else that of the pod.
func effective(pod *corev1.PodSecurityContext, container *corev1.SecurityContext) (nonRoot bool, uid *int64) {
	if pod != nil {
		nonRoot = pod.RunAsNonRoot != nil && *pod.RunAsNonRoot
		uid = pod.RunAsUser
	}
	if container == nil {
		return nonRoot, uid
	}
	if container.RunAsNonRoot != nil {
		nonRoot = *container.RunAsNonRoot
	}
	if container.RunAsUser != nil {
		uid = container.RunAsUser
	}
	return nonRoot, uid
}
