package send_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// tinyServer answers each request with one write, and does as little as can be: what is
// left is the client's own cost.
func tinyServer(b *testing.B) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go serveTiny(conn)
		}
	}()
	return "http://" + ln.Addr().String()
}

// serveTiny takes every read that ends like the body of benchRequest for a request.
func serveTiny(conn net.Conn) {
	defer conn.Close()
	answer := []byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Fri, 21 Nov 2025 08:00:00 GMT\r\nContent-Length: 11\r\n\r\n{\"ok\":true}")
	r := bufio.NewReaderSize(conn, 8<<10)
	for {
		if _, err := r.ReadSlice('}'); err != nil {
			return
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
	}
}

// benchRequest is what providers usually send: ten headers and 1.5 KB of JSON.
func benchRequest(b *testing.B, to string) send.Request {
	r := request(b, to)
	r.Header = append(r.Header, hook.Header{
		{Name: "User-Agent", Value: "Svix-Webhooks/1.24"}, {Name: "Content-Type", Value: "application/json"},
		{Name: "svix-id", Value: "msg_2b0TqLxTSvEmxSv8qqQGcYr3p"}, {Name: "svix-timestamp", Value: "1763712000"},
		{Name: "svix-signature", Value: "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="}, {Name: "Accept", Value: "*/*"},
		{Name: "Accept-Encoding", Value: "gzip"}, {Name: "X-Hookctl-Hop", Value: "self"}, {Name: "X-Request-Id", Value: "4711"},
	}...)
	r.Body = hook.Bytes(`{"data":"` + strings.Repeat("x", 1500) + `"}`)
	return r
}

func BenchmarkAttempt(b *testing.B)   { attempts(b, 1) }
func BenchmarkAttempt64(b *testing.B) { attempts(b, 64) }

func attempts(b *testing.B, connections int) {
	c := send.New(send.Options{DialTimeout: time.Second, HeaderTimeout: 30 * time.Second, Timeout: 30 * time.Second}, time.Now)
	b.Cleanup(c.Close)
	r := benchRequest(b, tinyServer(b))
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range connections {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for next.Add(1) <= int64(b.N) {
				if a := c.Attempt(ctx, r, nil); a.Status != 200 || string(a.ResponseBody) != `{"ok":true}` {
					b.Errorf("%+v", a)
					return
				}
			}
		}()
	}
	wg.Wait()
}

// BenchmarkExchange is the floor: the same bytes over a bare connection.
func BenchmarkExchange(b *testing.B) {
	r := benchRequest(b, tinyServer(b))
	var wire strings.Builder
	if err := send.Wire(&wire, r); err != nil {
		b.Fatal(err)
	}
	conn, err := net.Dial("tcp", r.URL.Host)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	buffer := make([]byte, 4<<10)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := io.WriteString(conn, wire.String()); err != nil {
			b.Fatal(err)
		}
		if _, err := conn.Read(buffer); err != nil {
			b.Fatal(err)
		}
	}
}
