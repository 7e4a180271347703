package archive_test

import (
	"bufio"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
)

// A message is one request as it came over the wire.
type message struct {
	method, target, proto string
	header                hook.Header
	body                  []byte
}

// A recorder is a server that keeps the exact bytes of requests, which net/http
// would put in order.
type recorder struct {
	host     string
	messages chan message
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{host: l.Addr().String(), messages: make(chan message, 16)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			r.serve(conn)
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return r
}

func (r *recorder) serve(conn net.Conn) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	m, err := readMessage(bufio.NewReader(conn))
	if err != nil {
		return
	}
	r.messages <- m
	io.WriteString(conn, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
}

// only returns the request that has come; there must be exactly one.
func (r *recorder) only(t *testing.T) message {
	t.Helper()
	select {
	case m := <-r.messages:
		if len(r.messages) > 0 {
			t.Fatal("more than one request was sent")
		}
		return m
	case <-time.After(10 * time.Second):
		t.Fatal("no request was sent")
	}
	return message{}
}

func readMessage(r *bufio.Reader) (message, error) {
	var m message
	text := textproto.NewReader(r)
	first, err := text.ReadLine()
	if err != nil {
		return m, err
	}
	m.method, m.target, _ = strings.Cut(first, " ")
	if i := strings.LastIndexByte(m.target, ' '); i >= 0 {
		m.target, m.proto = m.target[:i], m.target[i+1:]
	}
	for {
		line, err := text.ReadLine()
		if err != nil {
			return m, err
		}
		if line == "" {
			break
		}
		name, value, _ := strings.Cut(line, ":")
		m.header = append(m.header, hook.Field{Name: name, Value: strings.Trim(value, " \t")})
	}
	size, _ := strconv.Atoi(m.header.Get("Content-Length"))
	m.body = make([]byte, size)
	_, err = io.ReadFull(r, m.body)
	return m, err
}
