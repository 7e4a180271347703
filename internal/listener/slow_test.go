package listener_test

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/listener"
)

func TestSlowAndSilentClientsAreCutOff(t *testing.T) {
	for name, begin := range map[string]string{
		"half a head":              "POST / HTTP/1.1\r\nHost: a\r\nX-Slo",
		"half a body":              "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab",
		"half a long body":         "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\nab",
		"silence between requests": "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, listener.Config{Patience: listener.Patience{Head: ample, Body: ample, Idle: ample}})
			conn := dial(t, s.addr)
			io.WriteString(conn, begin)
			if res, _ := post(t, s.url, "{}"); res.StatusCode != 200 {
				t.Errorf("another client meanwhile: %s", res.Status)
			}
			if _, err := io.ReadAll(conn); err != nil && !strings.Contains(err.Error(), "reset") {
				t.Errorf("the connection was not closed: %v", err)
			}
		})
	}
}

func TestASlowBodyThatKeepsComingIsKept(t *testing.T) {
	s := start(t, listener.Config{Patience: listener.Patience{Head: time.Second, Body: time.Second}})
	conn := dial(t, s.addr)
	io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
	for range 12 { // longer than the patience in all
		io.WriteString(conn, "800\r\n"+strings.Repeat("a", 2048)+"\r\n")
		time.Sleep(250 * time.Millisecond)
	}
	io.WriteString(conn, "0\r\n\r\n")
	answer, err := io.ReadAll(conn)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
		t.Errorf("%q, %v", answer, err)
	}
}

func TestDevCertificate(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	cert, err := listener.DevCertificate(dir, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := listener.DevCertificate(dir, now, nil)
	if err != nil || listener.Fingerprint(cert) != listener.Fingerprint(again) {
		t.Errorf("a second call made another certificate, or %v", err)
	}
	later, err := listener.DevCertificate(dir, now.Add(350*24*time.Hour), nil)
	if err != nil || listener.Fingerprint(cert) == listener.Fingerprint(later) {
		t.Errorf("an old certificate is not replaced, or %v", err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, path := range files {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
	if len(files) != 2 {
		t.Errorf("files %v, want certificate and key", files)
	}
	if err := os.Remove(filepath.Join(dir, "dev-key.pem")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/null", filepath.Join(dir, "dev-key.pem")); err != nil {
		t.Fatal(err)
	}
	if _, err := listener.DevCertificate(dir, now, nil); err == nil {
		t.Error("a symlink in the place of the key is followed")
	}
}

func TestTLSKeepsHeadsExact(t *testing.T) {
	cert, err := listener.DevCertificate(t.TempDir(), time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, listener.Config{TLS: listener.TLSConfig(cert)})
	pool := x509.NewCertPool()
	pool.AddCert(cert.Leaf)
	conn, err := tls.Dial("tcp", s.addr, &tls.Config{RootCAs: pool, ServerName: "localhost", NextProtos: []string{"h2", "http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	for range 2 {
		io.WriteString(conn, "POST / HTTP/1.1\r\nhost: a\r\nx-B: 1\r\nX-a: 2\r\ncontent-length: 0\r\n\r\n")
		readAnswer(t, conn)
	}
	captures, _ := s.store.kept()
	for _, c := range captures {
		if diff := cmp.Diff(fields("host", "a", "x-B", "1", "X-a", "2", "content-length", "0"), c.Header); diff != "" || !c.HeadersExact {
			t.Errorf("exact %t (-want +got):\n%s", c.HeadersExact, diff)
		}
	}
}

func TestPlainHTTPToTheTLSPortIsTold(t *testing.T) {
	cert, err := listener.DevCertificate(t.TempDir(), time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, listener.Config{TLS: listener.TLSConfig(cert)})
	if answer := raw(t, s.addr, "POST / HTTP/1.1\r\nHost: a\r\n\r\n"); !strings.Contains(answer, "use https://") {
		t.Errorf("answer %q", answer)
	}
}
