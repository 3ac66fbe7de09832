package engine

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// answer is what came back, in the form in which before and after are compared.
type answer struct {
	text   string
	varies bool
}

// ask puts one question to a running project and holds the answer against what the application promises.
func (p *project) ask(ctx context.Context, r Request) (answer, error) {
	var text string
	var err error
	switch {
	case r.Exec != nil:
		text, err = p.askExec(ctx, r)
	case r.DNS != "":
		text, err = p.anyAddress(ctx, r, r.DNS, askDNS)
	case r.Send != "":
		text, err = p.anyAddress(ctx, r, "tcp", askTCP)
	default:
		text, err = p.anyAddress(ctx, r, "tcp", askHTTP)
	}
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", r.title(), err)
	}
	if !regexp.MustCompile("(?s)" + r.Want).MatchString(text) {
		return answer{}, fmt.Errorf("%s: answered %q, want %q", r.title(), shorten(text), r.Want)
	}
	return answer{text: text, varies: r.Varies}, nil
}

func (r Request) title() string {
	switch {
	case r.Exec != nil:
		return strings.Join(r.Exec, " ") + " in " + r.Service
	case r.DNS != "":
		return r.DNS + " lookup of " + r.Path
	case r.Send != "":
		return fmt.Sprintf("sending %q to %s:%d", r.Send, r.Service, r.Port)
	}
	return fmt.Sprintf("%s %s://%s:%d%s", r.Method, r.Scheme, r.Service, r.Port, r.Path)
}

// anyAddress asks each place that the published port leads to, and returns the first answer.
func (p *project) anyAddress(ctx context.Context, r Request, protocol string, ask func(context.Context, Request, string) (string, error)) (string, error) {
	all, err := p.addresses(ctx, r.Service, r.Port, protocol)
	if err != nil {
		return "", err
	}
	var errs []error
	for _, address := range all {
		text, err := ask(ctx, r, address)
		if err == nil {
			return text, nil
		}
		errs = append(errs, err)
	}
	return "", errors.Join(errs...)
}

func (p *project) askExec(ctx context.Context, r Request) (string, error) {
	c, err := p.container(ctx, r.Service)
	if err != nil {
		return "", err
	}
	out, err := p.docker.run(ctx, append([]string{"exec", c.id}, r.Exec...)...)
	if err != nil {
		return "", fmt.Errorf("%s: %w", shorten(out), err)
	}
	return out, nil
}

func askHTTP(ctx context.Context, r Request, address string) (string, error) {
	client := &http.Client{
		Timeout:       10 * time.Second,
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.Scheme+"://"+address+r.Path, strings.NewReader(r.Body))
	if err != nil {
		return "", err
	}
	// A name instead of the port that the engine chose, so that links and redirects are the same in every run.
	req.Host = "shop.example"
	for k, v := range r.Header {
		if req.Header.Set(k, v); strings.EqualFold(k, "host") {
			req.Host = v
		}
	}
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%d %s\n%s", res.StatusCode, res.Header.Get("Location"), body)
	if res.StatusCode != r.Status {
		return "", fmt.Errorf("status %d, want %d: %s", res.StatusCode, r.Status, shorten(string(body)))
	}
	for k, want := range r.WantHeader {
		if got := res.Header.Get(k); !regexp.MustCompile(want).MatchString(got) {
			return "", fmt.Errorf("header %s is %q, want %q", k, got, want)
		}
	}
	return text, nil
}

func askTCP(ctx context.Context, r Request, address string) (string, error) {
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	if _, err := io.WriteString(conn, r.Send); err != nil {
		return "", err
	}
	var got []byte
	buffer := make([]byte, 4096)
	for {
		n, err := conn.Read(buffer)
		got = append(got, buffer[:n]...)
		// Only what was asked for: how much more has arrived is a matter of timing.
		if found := regexp.MustCompile("(?s)" + r.Want).Find(got); found != nil {
			return string(found), nil
		}
		if err != nil {
			return "", fmt.Errorf("got %q: %w", got, err)
		}
	}
}

func askDNS(ctx context.Context, r Request, address string) (string, error) {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, r.DNS, address)
	}}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	found, err := resolver.LookupHost(ctx, r.Path)
	return strings.Join(found, " "), err
}

func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 300 {
		return text[:150] + " ... " + text[len(text)-150:]
	}
	return text
}
