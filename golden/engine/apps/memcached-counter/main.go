package main

import (
	"bufio"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
)

func ask(format string, args ...any) (string, error) {
	c, err := net.Dial("tcp", os.Getenv("CACHE"))
	if err != nil {
		return "", err
	}
	defer c.Close()
	fmt.Fprintf(c, format, args...)
	line, err := bufio.NewReader(c).ReadString('\n')
	return strings.TrimSpace(line), err
}

func main() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "counter") })
	http.HandleFunc("POST /", func(w http.ResponseWriter, r *http.Request) {
		ask("add hits 0 0 1\r\n0\r\n")
		answer, err := ask("incr hits 1\r\n")
		if err != nil {
			http.Error(w, err.Error(), 502)
			return
		}
		fmt.Fprintln(w, "hits", answer)
	})
	log.Println("counting")
	log.Fatal(http.ListenAndServe(":8080", nil))
}
