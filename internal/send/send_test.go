package send_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A certificate is trusted, or not, by the flag and by nothing else.
func TestInsecureIsOffUnlessAsked(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(204) }))
	t.Cleanup(server.Close)
	strict := newClient(t, send.Options{}).Attempt(context.Background(), request(t, server.URL), nil)
	if strict.Status != 0 || strict.Failure != hook.FailureBroken || !strings.Contains(strict.Reason, "certificate") {
		t.Errorf("without the flag: %+v", strict)
	}
	lax := newClient(t, send.Options{Insecure: true}).Attempt(context.Background(), request(t, server.URL), nil)
	if lax.Status != 204 || lax.Failure != "" {
		t.Errorf("with the flag: %+v", lax)
	}
}

func TestConnectionsAreReused(t *testing.T) {
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s", r.Method, r.URL, body)
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	c := newClient(t, send.Options{})
	for i := range 5 {
		r := request(t, server.URL)
		r.Target = fmt.Sprintf("/%d", i)
		a := c.Attempt(context.Background(), r, nil)
		if want := fmt.Sprintf("POST /%d {}", i); string(a.ResponseBody) != want {
			t.Errorf("answer %q, want %q", a.ResponseBody, want)
		}
	}
	if n := opened.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
}

func TestThePasswordOfAURLIsNotRecorded(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	t.Cleanup(server.Close)
	r := request(t, strings.Replace(server.URL, "://", "://user:secret@", 1))
	if a := newClient(t, send.Options{}).Attempt(context.Background(), r, nil); strings.Contains(a.URL, "secret") || a.Status != 200 {
		t.Errorf("%+v", a)
	}
}

func TestTheEnvironmentsProxyIsNotUsed(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
	t.Cleanup(server.Close)
	if a := newClient(t, send.Options{}).Attempt(context.Background(), request(t, server.URL), nil); a.Status != 200 {
		t.Errorf("%+v", a)
	}
}

func TestCONNECTIsNotSentOn(t *testing.T) {
	r := request(t, "http://127.0.0.1:1")
	r.Method = http.MethodConnect
	if a := newClient(t, send.Options{}).Attempt(context.Background(), r, nil); a.Failure != hook.FailureBroken {
		t.Errorf("%+v", a)
	}
}

func TestAReaderThatGoesAwayDoesNotStopTheRecord(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write(make([]byte, 1<<20))
	}))
	t.Cleanup(server.Close)
	a := newClient(t, send.Options{}).Attempt(context.Background(), request(t, server.URL), func(int, http.Header) io.Writer {
		r, w := io.Pipe()
		r.Close()
		return w
	})
	if a.ResponseSize != 1<<20 || a.Failure != "" || !a.Truncated() || len(a.ResponseBody) != 256<<10 {
		t.Errorf("size %d, kept %d, failure %q", a.ResponseSize, len(a.ResponseBody), a.Failure)
	}
}

// A target that takes a request on a connection it has answered on before, and
// closes it, may have acted on the request: it must not get it again.
func TestNothingIsSentTwice(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "OPTIONS", "TRACE", "DELETE", "POST"} {
		t.Run(method, func(t *testing.T) {
			ln, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { ln.Close() })
			var taken atomic.Int32
			go func() {
				for {
					conn, err := ln.Accept()
					if err != nil {
						return
					}
					r := bufio.NewReader(conn)
					for {
						if _, err := http.ReadRequest(r); err != nil {
							break
						}
						if taken.Add(1) > 1 {
							break
						}
						io.WriteString(conn, "HTTP/1.1 204 No Content\r\n\r\n")
					}
					conn.Close()
				}
			}()
			c := newClient(t, send.Options{})
			r := request(t, "http://"+ln.Addr().String())
			r.Method, r.Body = method, nil
			if a := c.Attempt(context.Background(), r, nil); a.Status != 204 {
				t.Fatalf("first: %+v", a)
			}
			if a := c.Attempt(context.Background(), r, nil); a.Failure != hook.FailureBroken {
				t.Errorf("second: %+v", a)
			}
			if n := taken.Load(); n != 2 {
				t.Errorf("two attempts were sent %d times", n)
			}
		})
	}
}

func TestAStatusThatEndsNoExchangeIsBroken(t *testing.T) {
	for _, status := range []string{"000", "101", "999"} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { ln.Close() })
		go func() {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			http.ReadRequest(bufio.NewReader(conn))
			io.WriteString(conn, "HTTP/1.1 "+status+" Odd\r\nContent-Length: 0\r\n\r\n")
		}()
		a := newClient(t, send.Options{}).Attempt(context.Background(), request(t, "http://"+ln.Addr().String()), nil)
		if a.Failure != hook.FailureBroken || a.Status != 0 {
			t.Errorf("%s: %+v", status, a)
		}
	}
}
