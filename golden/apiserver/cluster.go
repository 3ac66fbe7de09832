package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// restricted is the namespace that enforces the restricted level.
const restricted = "offroot-restricted"

// A cluster is an API server with the kinds that it knows.
type cluster struct {
	url, token string
	client     *http.Client
	resources  map[string]resource // apiVersion/Kind
	namespaces map[string]bool     // those that are there
}

type resource struct {
	path       string // below the URL, up to where the namespace goes
	name       string // plural
	namespaced bool
}

// An answer is what the server says to a request.
type answer struct {
	code    int
	message string
	body    []byte
}

// accepted reports whether the object is valid. That there is one of its name already is found after everything else.
func (a answer) accepted() bool { return a.code/100 == 2 || a.code == http.StatusConflict }

func connect(url, token, ca string) (*cluster, error) {
	pem, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	c := &cluster{
		url: url, token: token, resources: map[string]resource{}, namespaces: map[string]bool{},
		client: &http.Client{Timeout: time.Minute, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}},
	}
	return c, c.discover()
}

// discover asks for the kinds that the server knows.
func (c *cluster) discover() error {
	if err := c.discoverVersion("v1", "/api/v1"); err != nil {
		return err
	}
	var groups struct {
		Groups []struct {
			Versions []struct{ GroupVersion string }
		}
	}
	if err := c.get("/apis", &groups); err != nil {
		return err
	}
	for _, g := range groups.Groups {
		for _, v := range g.Versions {
			if err := c.discoverVersion(v.GroupVersion, "/apis/"+v.GroupVersion); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cluster) discoverVersion(version, path string) error {
	var list struct {
		Resources []struct {
			Name, Kind string
			Namespaced bool
			Verbs      []string
		}
	}
	if err := c.get(path, &list); err != nil {
		return err
	}
	for _, r := range list.Resources {
		key := version + "/" + r.Kind
		if _, twice := c.resources[key]; !twice && !bytes.ContainsRune([]byte(r.Name), '/') {
			c.resources[key] = resource{path, r.Name, r.Namespaced}
		}
	}
	return nil
}

func (c *cluster) get(path string, into any) error {
	a, err := c.do(http.MethodGet, path, "", nil)
	if err != nil {
		return err
	}
	if a.code != http.StatusOK {
		return fmt.Errorf("GET %s: %d %s", path, a.code, a.message)
	}
	return json.Unmarshal(a.body, into)
}

func (c *cluster) do(method, path, contentType string, body []byte) (answer, error) {
	request, err := http.NewRequest(method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Accept", "application/json")
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	a := answer{code: response.StatusCode}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		return a, err
	}
	if a.code/100 != 2 {
		var status struct{ Message string }
		if json.Unmarshal(a.body, &status) == nil {
			a.message = status.Message
		}
	}
	return a, nil
}

// makeNamespace makes a namespace for good, so that objects can be tried in it.
func (c *cluster) makeNamespace(name string, labels map[string]string) error {
	if c.namespaces[name] {
		return nil
	}
	c.namespaces[name] = true
	body, err := json.Marshal(map[string]any{
		"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name, "labels": labels},
	})
	if err != nil {
		return err
	}
	a, err := c.do(http.MethodPost, "/api/v1/namespaces", "application/json", body)
	if err == nil && !a.accepted() && labels != nil {
		err = fmt.Errorf("namespace %s: %d %s", name, a.code, a.message)
	}
	return err
}

// try makes an object in a dry run with strict field validation.
func (c *cluster) try(d document) (answer, error) {
	r, ok := c.resources[d.APIVersion+"/"+d.Kind]
	if !ok {
		return answer{code: http.StatusNotFound, message: "the server knows no " + d.APIVersion + " " + d.Kind}, nil
	}
	path := r.path
	if r.namespaced {
		namespace := d.Metadata.Namespace
		if namespace == "" {
			namespace = "default"
		}
		if err := c.makeNamespace(namespace, nil); err != nil {
			return answer{}, err
		}
		path += "/namespaces/" + namespace
	}
	contentType := "application/yaml"
	if d.json {
		contentType = "application/json"
	}
	return c.do(http.MethodPost, path+"/"+r.name+"?dryRun=All&fieldValidation=Strict", contentType, d.content)
}
