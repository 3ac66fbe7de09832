// zonelet answers A queries from hosts files, over UDP and TCP.
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"io"
	"log"
	"net"
	"os"
	"path/filepath"
	"strings"
)

var hosts = map[string]net.IP{}

func load(dir string) {
	files, _ := filepath.Glob(filepath.Join(dir, "*.hosts"))
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			log.Fatal(err)
		}
		for s := bufio.NewScanner(f); s.Scan(); {
			if w := strings.Fields(s.Text()); len(w) == 2 {
				hosts[w[1]] = net.ParseIP(w[0]).To4()
			}
		}
		f.Close()
	}
}

func answer(q []byte) []byte {
	if len(q) < 17 {
		return nil
	}
	var labels []string
	i := 12
	for i < len(q) && q[i] != 0 {
		n := int(q[i])
		if i+1+n > len(q) {
			return nil
		}
		labels = append(labels, string(q[i+1:i+1+n]))
		i += n + 1
	}
	if i+5 > len(q) {
		return nil
	}
	end := i + 5
	kind := binary.BigEndian.Uint16(q[i+1:])
	ip := hosts[strings.ToLower(strings.Join(labels, "."))]
	a := append([]byte{}, q[:end]...)
	a[2], a[3] = 0x84, 0
	binary.BigEndian.PutUint16(a[6:], 0)
	binary.BigEndian.PutUint32(a[8:], 0)
	if ip == nil {
		a[3] = 3
	} else if kind == 1 {
		binary.BigEndian.PutUint16(a[6:], 1)
		a = append(a, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4)
		a = append(a, ip...)
	}
	return a
}

func main() {
	dir := flag.String("zones", "zones", "")
	flag.Parse()
	load(*dir)
	udp, err := net.ListenPacket("udp", ":53")
	if err != nil {
		log.Fatal(err)
	}
	tcp, err := net.Listen("tcp", ":53")
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("%d hosts", len(hosts))
	go func() {
		for {
			c, err := tcp.Accept()
			if err != nil {
				continue
			}
			go func() {
				defer c.Close()
				var n uint16
				if binary.Read(c, binary.BigEndian, &n) != nil {
					return
				}
				q := make([]byte, n)
				if _, err := io.ReadFull(c, q); err != nil {
					return
				}
				a := answer(q)
				binary.Write(c, binary.BigEndian, uint16(len(a)))
				c.Write(a)
			}()
		}
	}()
	buf := make([]byte, 512)
	for {
		n, from, err := udp.ReadFrom(buf)
		if err != nil {
			continue
		}
		if a := answer(buf[:n]); a != nil {
			udp.WriteTo(a, from)
		}
	}
}
