package engine

import (
	"reflect"
	"testing"
)

func TestFreePorts(t *testing.T) {
	config := `services:
  dns:
    image: x
    ports:
    - protocol: udp
      published: 5353
      target: 53
    - published: 5353
      target: 53
    restart: always
  web:
    ports:
      - mode: ingress
        target: 8080
        published: "80"
        protocol: tcp
    volumes:
    - ports:/x
  other:
    ports:
    - 127.0.0.1:9001:9002/tcp
    - target: 3000
volumes:
  ports: {}`
	want := `services:
  dns:
    image: x
    ports:
    - "127.0.0.1::53/udp"
    - "127.0.0.1::53/tcp"
    restart: always
  web:
    ports:
    - "127.0.0.1::8080/tcp"
    volumes:
    - ports:/x
  other:
    ports:
    - "127.0.0.1::9002/tcp"
    - "127.0.0.1::3000/tcp"
volumes:
  ports: {}`
	wantPorts := published{
		"dns":   {5353: {{53, "udp"}, {53, "tcp"}}},
		"web":   {80: {{8080, "tcp"}}},
		"other": {9001: {{9002, "tcp"}}, 3000: {{3000, "tcp"}}},
	}
	got, ports := freePorts(config)
	if got != want {
		t.Errorf("got\n%s", got)
	}
	if !reflect.DeepEqual(ports, wantPorts) {
		t.Errorf("got %v", ports)
	}
}

func TestLastUser(t *testing.T) {
	file := "FROM a AS build\nUSER 1:1\nFROM b AS base\nUSER root\nRUN x\nUSER 2:2\nFROM base AS dev\nFROM base AS prod\nUSER 3:3\nFROM scratch\nCOPY --from=build x x\n"
	for target, want := range map[string]string{"": "", "build": "1:1", "base": "2:2", "dev": "2:2", "PROD": "3:3"} {
		if got := lastUser(file, target); got != want {
			t.Errorf("target %q: got %q, want %q", target, got, want)
		}
	}
}
