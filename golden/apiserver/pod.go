package main

import (
	"encoding/json"
	"strings"
)

// A podTemplate is what is needed of a template to make its pod.
type podTemplate struct {
	Metadata struct {
		Labels      map[string]string `json:"labels,omitempty"`
		Annotations map[string]string `json:"annotations,omitempty"`
	} `json:"metadata"`
	Spec map[string]any `json:"spec"`
}

// template finds the pod template in an object as the server gives it back, nil if it has none.
func template(kind string, body []byte) *podTemplate {
	steps, ok := map[string]string{
		"Pod": "", "PodTemplate": "template", "CronJob": "spec jobTemplate spec template",
		"Deployment": "spec template", "StatefulSet": "spec template", "DaemonSet": "spec template",
		"ReplicaSet": "spec template", "ReplicationController": "spec template", "Job": "spec template",
	}[kind]
	if !ok {
		return nil
	}
	for _, step := range strings.Fields(steps) {
		var object map[string]json.RawMessage
		if json.Unmarshal(body, &object) != nil {
			return nil
		}
		body = object[step]
	}
	var t podTemplate
	if json.Unmarshal(body, &t) != nil || t.Spec == nil {
		return nil
	}
	return &t
}

// document is a pod of the template in the restricted namespace.
func (t *podTemplate) document() (document, error) {
	d := document{json: true, header: header{APIVersion: "v1", Kind: "Pod"}}
	d.Metadata.Name, d.Metadata.Namespace = "pod", restricted
	var err error
	d.content, err = json.Marshal(map[string]any{
		"apiVersion": d.APIVersion, "kind": d.Kind, "spec": t.Spec,
		"metadata": map[string]any{
			"name": "pod", "namespace": restricted, "labels": t.Metadata.Labels, "annotations": t.Metadata.Annotations,
		},
	})
	return d, err
}

// violates reports whether an answer is that of Pod Security, and not another complaint.
func violates(a answer) bool { return strings.Contains(a.message, "violates PodSecurity") }
