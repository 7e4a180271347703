package listener_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/listener"
)

// forgetful is a store that keeps nothing: what is left is the listener's own cost.
type forgetful struct{ durable chan error }

func newForgetful() forgetful {
	f := forgetful{make(chan error)}
	close(f.durable) // reads nil at once, for ever
	return f
}

func (f forgetful) Keep(*hook.Capture) <-chan error                      { return f.durable }
func (f forgetful) KeepFor(*hook.Capture, []*hook.Delivery) <-chan error { return f.durable }

func (f forgetful) Record(*hook.Attempt) <-chan error { return f.durable }

func (f forgetful) Assess(int64, *hook.Validation) <-chan error { return f.durable }

// request is what providers usually send: ten headers and 1.5 KB of JSON.
func request() string {
	body := `{"data":"` + strings.Repeat("x", 1500) + `"}`
	return "POST /hooks HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Svix-Webhooks/1.24\r\nContent-Type: application/json\r\n" +
		"svix-id: msg_2b0TqLxTSvEmxSv8qqQGcYr3p\r\nsvix-timestamp: 1763712000\r\nsvix-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=\r\n" +
		fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// exchanges sends b.N requests over one connection, each after the answer before.
func exchanges(b *testing.B, addr string) {
	b.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	r, wire := bufio.NewReader(conn), request()
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := io.WriteString(conn, wire); err != nil {
			b.Fatal(err)
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			b.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		if res.StatusCode != 200 {
			b.Fatal(res.Status)
		}
	}
}

func BenchmarkReceive(b *testing.B) {
	s := start(b, listener.Config{Store: newForgetful()})
	exchanges(b, s.addr)
}

func BenchmarkForward(b *testing.B) {
	to := echo(b, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	s := start(b, listener.Config{Store: newForgetful(), Forward: listener.Forward{Targets: []listener.Target{relayed(to)}}})
	exchanges(b, s.addr)
}

// BenchmarkNetHTTP is the floor: net/http that reads the body and answers.
func BenchmarkNetHTTP(b *testing.B) {
	to := echo(b, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	exchanges(b, to.Host)
}
