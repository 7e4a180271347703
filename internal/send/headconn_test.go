package send

import (
	"bytes"
	"errors"
	"net"
	"testing"
)

// A sink is a connection that records each write.
type sink struct {
	net.Conn
	writes [][]byte
	fail   error
	take   int // how much a failing write takes
}

func (s *sink) Write(p []byte) (int, error) {
	if s.fail != nil {
		return s.take, s.fail
	}
	s.writes = append(s.writes, bytes.Clone(p))
	return len(p), nil
}

func TestHeadIsReplacedWhereverItIsSplit(t *testing.T) {
	generated := "POST / HTTP/1.1\r\nHost: a\r\nX: \r\r\n\r\n"
	body := "body\r\n\r\nmore"
	whole := generated + body
	for split := range len(whole) + 1 {
		to := &sink{}
		conn := &headConn{Conn: to}
		conn.replaceHead([]byte("HEAD\r\n\r\n"))
		for _, part := range []string{whole[:split], whole[split:]} {
			if n, err := conn.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatalf("split at %d: wrote %d of %d, %v", split, n, len(part), err)
			}
		}
		if got := string(bytes.Join(to.writes, nil)); got != "HEAD\r\n\r\n"+body {
			t.Fatalf("split at %d: %q", split, got)
		}
	}
}

func TestHeadAndBodyGoOutInOneWrite(t *testing.T) {
	to := &sink{}
	conn := &headConn{Conn: to}
	conn.replaceHead([]byte("HEAD\r\n\r\n"))
	conn.Write([]byte("G\r\n\r\nbody"))
	if len(to.writes) != 1 {
		t.Errorf("%d writes, want 1", len(to.writes))
	}
}

func TestWriteCountsOnlyTheCallersBytes(t *testing.T) {
	broken := errors.New("broken")
	for take, want := range map[int]int{0: 0, 10: 7, 100: 9} {
		conn := &headConn{Conn: &sink{fail: broken, take: take}}
		conn.replaceHead([]byte("HEAD\r\n\r\n"))
		n, err := conn.Write([]byte("G\r\n\r\nbody"))
		if n != want || err != broken {
			t.Errorf("%d bytes went out: Write says %d, %v; want %d", take, n, err, want)
		}
	}
}
