package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	server := flag.String("server", "", "URL of the API server; OFFROOT_TOKEN is the token of an administrator")
	ca := flag.String("ca", "", "file with the certificate of the server")
	program := flag.String("offroot", "offroot", "the program to try")
	work := flag.String("work", "", "directory for the copies")
	flag.Parse()
	ok, err := judge(*server, *ca, rewriter{program: *program, work: *work}, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "apiserver:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// judge compares all repositories of the directories and prints what it found. It reports whether all is well.
func judge(server, ca string, r rewriter, dirs []string) (bool, error) {
	c, err := connect(server, os.Getenv("OFFROOT_TOKEN"), ca)
	if err != nil {
		return false, err
	}
	if err := c.makeNamespace(restricted, map[string]string{
		"pod-security.kubernetes.io/enforce":         "restricted",
		"pod-security.kubernetes.io/enforce-version": "latest",
	}); err != nil {
		return false, err
	}
	repositories, err := list(dirs)
	if err != nil {
		return false, err
	}
	var all tally
	for _, dir := range repositories {
		one, err := compare(c, r, dir)
		if err != nil {
			return false, fmt.Errorf("%s: %w", dir, err)
		}
		if one.accepted > 0 {
			fmt.Printf("%s: %s\n", dir, one)
		}
		all.add(one)
	}
	fmt.Printf("%d repositories: %s\n", len(repositories), all)
	for _, problem := range all.problems {
		fmt.Println(problem)
	}
	if all.accepted == 0 {
		return false, fmt.Errorf("the server took none of the documents of %q: nothing is proved", dirs)
	}
	return len(all.problems) == 0, nil
}
