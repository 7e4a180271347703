package send_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/send"
)

// What a dry run prints is what the target gets.
func TestWireIsWhatIsSent(t *testing.T) {
	for name, change := range map[string]func(*send.Request){
		"a body":                 func(*send.Request) {},
		"bytes that are no text": func(r *send.Request) { r.Body = hook.Bytes("\x00\xff\r\n") },
		"an empty body":          func(r *send.Request) { r.Body = hook.Bytes("") },
		"no body":                func(r *send.Request) { r.Body = nil },
		"a GET":                  func(r *send.Request) { r.Method, r.Body = "GET", nil },
		"names in their case": func(r *send.Request) {
			r.Header = append(r.Header, hook.Field{Name: "x-LOWER", Value: "1"}, hook.Field{Name: "X-lower", Value: ""})
		},
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			r := request(t, "http://"+listener.Addr().String())
			change(&r)
			var want bytes.Buffer
			if err := send.Wire(&want, r); err != nil {
				t.Fatal(err)
			}
			got := make(chan []byte, 1)
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					return
				}
				defer conn.Close()
				_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
				text := make([]byte, want.Len())
				_, _ = io.ReadFull(conn, text)
				got <- text
				_, _ = conn.Write([]byte("HTTP/1.1 204 No Content\r\n\r\n"))
			}()
			if a := newClient(t, send.Options{}).Attempt(context.Background(), r, nil); a.Status != 204 {
				t.Fatalf("%+v", a)
			}
			if text := <-got; !bytes.Equal(text, want.Bytes()) {
				t.Errorf("sent %q, written %q", text, want.Bytes())
			}
		})
	}
}
